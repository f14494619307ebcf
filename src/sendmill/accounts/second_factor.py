"""The second factor of a sign-in: codes of an authenticator app (TOTP, RFC 6238), and recovery codes.

Each member switches it on for themselves. At most one app counts for a member; the row of the member is
locked for every step, so that two steps at once cannot both happen.
"""

from __future__ import annotations

import math
import re
import secrets
from base64 import b32encode
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.domain.violations import Refused, Violation

RECOVERY_CODES = 10
# Without those that are mistaken for each other on paper: 10 of 31 are 49 bits.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
APP_CODE = re.compile(r"[0-9]{6}")
OFFER = timedelta(minutes=15)


def is_on(member: Member) -> bool:
    """Whether a sign-in of the member needs a code."""
    return bool(TOTPDevice.objects.devices_for_user(member, confirmed=True).exists())


def offer(member: Member) -> TOTPDevice:
    """The app's key that waits to be confirmed; a new one when there is none or it is older than 15 minutes.

    Raises Refused when the second factor is on.
    """
    with transaction.atomic():
        _lock(member)
        _require_off(member)
        waiting = TOTPDevice.objects.devices_for_user(member, confirmed=False)
        waiting.filter(created_at__lt=timezone.now() - OFFER).delete()
        found = waiting.order_by("-pk").first()
        return found or TOTPDevice.objects.create(user=member, name="app", confirmed=False)


def offered(member: Member) -> TOTPDevice | None:
    """The app's key that waits to be confirmed, or None."""
    return TOTPDevice.objects.devices_for_user(member, confirmed=False).order_by("-pk").first()


def key_text(device: TOTPDevice) -> str:
    """The key for typing it in: base 32 in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def switch_on(member: Member, code: str) -> list[str]:
    """Confirm the offered key with a code of the app, and return the recovery codes, this once.

    Raises Refused when the code is wrong, or a second factor is on already.
    """
    with transaction.atomic():
        _lock(member)
        _require_off(member)
        device = offered(member)
        wait = _wait(device) if device is not None else 0
        right = device is not None and not wait and device.verify_token(_plain(code))
        codes: list[str] = []
        if device is not None and right:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            codes = _renew_codes(member)
            audit.record(
                member=member, action="second_factor_on", subject=member, after={"recovery_codes": len(codes)}
            )
    # Outside: what counts wrong codes must not be undone with the rest.
    if not right:
        raise _refusal(wait)
    return codes


def check_code(member: Member, code: str) -> None:
    """Use up a code of the app or a recovery code. Raises Refused; each code works once.

    After each wrong code the next is looked at only after a wait, which doubles from one second on.
    """
    with transaction.atomic():
        _lock(member)
        wait, right = _use(member, code)
    if not right:
        raise _refusal(wait)


def switch_off(member: Member, proof: str) -> None:
    """Switch one's own second factor off; the proof is the password or a code. Raises Refused."""
    with transaction.atomic():
        _lock(member)
        wait, right = _prove(member, proof)
        if right:
            _delete(member)
            audit.record(member=member, action="second_factor_off", subject=member)
    if not right:
        raise _refusal(wait, WRONG_PROOF)


def renew_codes(member: Member, proof: str) -> list[str]:
    """New recovery codes, this once; earlier ones stop working. Proof and errors as in `switch_off`."""
    codes: list[str] = []
    with transaction.atomic():
        _lock(member)
        wait, right = _prove(member, proof)
        if right:
            codes = _renew_codes(member)
            audit.record(
                member=member,
                action="new_recovery_codes",
                subject=member,
                after={"recovery_codes": len(codes)},
            )
    if not right:
        raise _refusal(wait, WRONG_PROOF)
    return codes


def remove(member: Member, other: Member) -> None:
    """Remove the second factor of somebody who lost it; for administrators. Raises Refused."""
    require(member, Action.MANAGE_MEMBERS, other)
    with transaction.atomic():
        _lock(other)
        if not is_on(other):
            raise Refused(Violation("off", IS_OFF))
        _delete(other)
        audit.record(member=member, action="second_factor_removed", subject=other)


def codes_left(member: Member) -> int:
    """How many recovery codes were not used yet."""
    return int(StaticToken.objects.filter(device__user=member).count())


def _use(member: Member, code: str) -> tuple[int, bool]:
    """(seconds to wait, whether the code was right): only one of both says something."""
    plain = _plain(code)
    if APP_CODE.fullmatch(plain):
        device = TOTPDevice.objects.devices_for_user(member, confirmed=True).first()
        wait = _wait(device) if device is not None else 0
        return wait, device is not None and not wait and device.verify_token(plain)
    box = StaticDevice.objects.devices_for_user(member, confirmed=True).first()
    wait = _wait(box) if box is not None else 0
    right = box is not None and not wait and box.verify_token(_kept(member, plain))
    if right:
        left = codes_left(member)
        audit.record(
            member=member,
            action="recovery_code_used",
            subject=member,
            before={"recovery_codes": left + 1},
            after={"recovery_codes": left},
        )
    return wait, right


def _prove(member: Member, proof: str) -> tuple[int, bool]:
    """As `_use`, and the password counts too. Guesses of it wait like guesses of recovery codes."""
    if not is_on(member):
        raise Refused(Violation("off", IS_OFF))
    box = StaticDevice.objects.devices_for_user(member, confirmed=True).first()
    if not APP_CODE.fullmatch(_plain(proof)) and box is not None and (wait := _wait(box)):
        return wait, False
    return (0, True) if member.check_password(proof) else _use(member, proof)


def _renew_codes(member: Member) -> list[str]:
    StaticDevice.objects.filter(user=member).delete()
    box = StaticDevice.objects.create(user=member, name="recovery codes")
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        codes.add("".join(secrets.choice(LETTERS) for _letter in range(10)))
    StaticToken.objects.bulk_create(StaticToken(device=box, token=_kept(member, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _kept(member: Member, code: str) -> str:
    """What is kept of a recovery code: who reads the database cannot sign in with it."""
    return salted_hmac("sendmill.recovery_code", f"{member.pk}:{code}", algorithm="sha256").hexdigest()[:16]


def _plain(code: str) -> str:
    """A code as people write it, with spaces, hyphens and capitals, in its one form."""
    return re.sub(r"[\s-]", "", code).lower()


def _wait(device: TOTPDevice | StaticDevice) -> int:
    allowed, why = device.verify_is_allowed()
    if allowed:
        return 0
    return max(1, math.ceil(float((why["locked_until"] - timezone.now()).total_seconds())))


def _refusal(wait: int, sentence: str = "") -> Refused:
    if wait:
        return Refused(Violation("wait", WAIT, {"seconds": wait}))
    return Refused(Violation("wrong", sentence or WRONG_CODE))


def _require_off(member: Member) -> None:
    if is_on(member):
        raise Refused(Violation("on", IS_ON))


def _delete(member: Member) -> None:
    TOTPDevice.objects.filter(user=member).delete()
    StaticDevice.objects.filter(user=member).delete()


def _lock(member: Member) -> None:
    Member.objects.select_for_update().get(pk=member.pk)


IS_ON = _("The second factor is on already.")
IS_OFF = _("The second factor is off.")
WRONG_CODE = _("This code is wrong, too old or used already. Wait for the app to show the next one.")
WRONG_PROOF = _("This is neither your password nor a code that still works.")
WAIT = _("Too many wrong codes. Wait %(seconds)s seconds, then try again.")
