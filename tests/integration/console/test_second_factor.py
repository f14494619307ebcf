"""The second factor, as pages answer it: switching on and off, signing in, recovery codes, what is audited."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.integration.console.test_access import TABLE, address
from tests.rig.scenes import PASSWORD, Scene

from sendmill.accounts import members, second_factor
from sendmill.accounts.models import AuditEntry, Member, Role

pytestmark = pytest.mark.django_db
CODES = re.compile(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>")


def url(name: str, **parts: Any) -> str:
    return reverse(f"console:{name}", kwargs=parts)


SOON_OVER = 5.0  # seconds: at the end of a step the oldest code that is still taken expires


@pytest.fixture
def member(scene: Scene) -> Member:
    scene.members[Role.SENDER].set_password(PASSWORD)
    scene.members[Role.SENDER].save()
    return scene.members[Role.SENDER]


@pytest.fixture
def codes(member: Member) -> list[str]:
    """The recovery codes of a member whose second factor is on."""
    second_factor.offer(member)
    return second_factor.switch_on(member, app_code(member))


def device_of(member: Member) -> TOTPDevice:
    return TOTPDevice.objects.get(user=member)


def app_code(member: Member) -> str:
    """The first code that was not used yet, and is good for some seconds more."""
    device = device_of(member)
    if (left := device.step - time.time() % device.step) < SOON_OVER:
        time.sleep(left)
    for step in (-1, 0, 1):
        token = totp(device.bin_key, drift=device.drift + step)
        fresh = TOTPDevice.objects.get(pk=device.pk)
        fresh.throttling_failure_count = 0
        fresh.save = fresh.throttle_increment = lambda **_: None  # looks, and uses nothing up
        if fresh.verify_token(token):
            return f"{token:06d}"
    raise AssertionError("every code of now was used")


def wrong_code(member: Member) -> str:
    device = device_of(member)
    near = {totp(device.bin_key, drift=device.drift + step) for step in range(-4, 5)}
    return next(f"{number:06d}" for number in range(100) if number not in near)


def wait(member: Member) -> None:
    """As if a day went by since the last wrong code."""
    for kind in (TOTPDevice, StaticDevice):
        kind.objects.filter(user=member, throttling_failure_count__gt=0).update(
            throttling_failure_timestamp=timezone.now() - timedelta(days=1)
        )


def give_password(client: Client, member: Member, **more: str) -> Any:
    return client.post(url("sign-in"), {"username": member.username, "password": PASSWORD, **more})


def give_code(client: Client, code: str) -> Any:
    return client.post(url("sign-in-code"), {"code": code})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions(member: Member) -> list[str]:
    entries = AuditEntry.objects.filter(object_type="member", object_id=member.pk)
    return list(entries.order_by("id").values_list("action", flat=True))


def test_switching_on_shows_the_key_and_then_ten_recovery_codes_once(client: Client, member: Member) -> None:
    client.force_login(member)
    page = client.get(url("second-factor-on")).content.decode()
    assert second_factor.key_text(device_of(member)) in page
    image = client.get(url("second-factor-image"))
    assert image["Content-Type"] == "image/svg+xml"
    assert image["Cache-Control"] == "no-store"
    assert b"<script" not in image.content
    assert b"style=" not in image.content
    assert not second_factor.is_on(member)
    shown = client.post(url("second-factor-on"), {"code": app_code(member)}).content.decode()
    codes = CODES.findall(shown)
    assert len(set(codes)) == 10
    assert second_factor.is_on(member)
    profile = client.get(url("profile")).content.decode()
    assert "10 recovery codes left" in profile
    assert not any(code in profile for code in codes)
    assert client.get(url("second-factor-image")).status_code == 410
    assert client.get(url("second-factor-on")).status_code == 302


def test_a_wrong_code_switches_nothing_on_and_the_key_stays(client: Client, member: Member) -> None:
    client.force_login(member)
    client.get(url("second-factor-on"))
    key = device_of(member).key
    answer = client.post(url("second-factor-on"), {"code": wrong_code(member)})
    assert answer.status_code == 422
    assert "This code is wrong" in answer.content.decode()
    assert (device_of(member).key, device_of(member).confirmed) == (key, False)
    again = client.post(url("second-factor-on"), {"code": app_code(member)})
    assert "Wait 1 seconds" in again.content.decode()
    wait(member)
    assert client.post(url("second-factor-on"), {"code": app_code(member)}).status_code == 200


def test_an_offered_key_grows_old(member: Member) -> None:
    key = second_factor.offer(member).key
    assert second_factor.offer(member).key == key
    TOTPDevice.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    assert second_factor.offer(member).key != key
    assert TOTPDevice.objects.filter(user=member).count() == 1


def test_a_key_that_was_never_confirmed_asks_for_nothing(client: Client, member: Member) -> None:
    second_factor.offer(member)
    assert give_password(client, member).url == url("tasks")
    assert signed_in(client)


def test_the_password_alone_does_not_sign_in(client: Client, member: Member, codes: list[str]) -> None:
    answer = give_password(client, member, next=url("members"))
    assert answer.url == url("sign-in-code")
    assert not signed_in(client)
    assert "sign_in" not in actions(member)
    assert client.get(url("sign-in-code")).status_code == 200
    answer = give_code(client, app_code(member))
    assert answer.url == url("members")
    assert signed_in(client)
    assert actions(member)[-2:] == ["sign_in_code_asked", "sign_in"]
    client.post(url("sign-out"))
    assert client.get(url("sign-in-code")).url == url("sign-in")


@pytest.mark.parametrize("name", [name for name, (who, _methods, _of) in TABLE.items() if who is not None])
def test_no_page_is_reachable_between_password_and_code(
    client: Client, scene: Scene, member: Member, codes: list[str], name: str
) -> None:
    give_password(client, member)
    for method in TABLE[name][1].split():
        answer = client.generic(method, address(name, scene))
        assert answer.status_code == 302
        assert answer.url.startswith(url("sign-in") + "?")
        assert isinstance(answer.wsgi_request.user, AnonymousUser)


def test_wrong_codes_are_refused_slowed_down_and_audited(
    client: Client, member: Member, codes: list[str]
) -> None:
    give_password(client, member)
    answer = give_code(client, wrong_code(member))
    assert answer.status_code == 422
    assert not signed_in(client)
    assert actions(member)[-1] == "sign_in_code_refused"
    entry = AuditEntry.objects.latest("id")
    assert (entry.member, entry.address) == (member, "127.0.0.1")
    right = app_code(member)
    assert "Wait 1 seconds" in give_code(client, right).content.decode()
    assert not signed_in(client)
    wait(member)
    assert give_code(client, right).status_code == 302
    assert signed_in(client)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "１２３４５６", "+12345", "abcde-fghij", "x" * 5000, "\0"]
)
def test_what_is_no_code_is_refused(client: Client, member: Member, codes: list[str], code: str) -> None:
    give_password(client, member)
    assert give_code(client, code).status_code == 422
    assert not signed_in(client)


def test_a_used_code_does_not_work_again(client: Client, member: Member, codes: list[str]) -> None:
    used = app_code(member)
    give_password(client, member)
    assert give_code(client, used).status_code == 302
    other = Client()
    give_password(other, member)
    assert give_code(other, used).status_code == 422
    assert not signed_in(other)


def test_many_wrong_codes_lock_the_sign_in(client: Client, member: Member, codes: list[str]) -> None:
    give_password(client, member)
    for _attempt in range(7):
        assert give_code(client, wrong_code(member)).status_code == 422
        wait(member)
    assert give_code(client, wrong_code(member)).status_code == 429
    wait(member)
    assert give_code(client, app_code(member)).status_code == 429
    assert client.get(url("sign-in-code")).url == url("sign-in")
    assert give_password(client, member).status_code == 429
    assert not signed_in(client)


def test_a_right_password_does_not_forgive_wrong_codes(
    client: Client, member: Member, codes: list[str]
) -> None:
    for _attempt in range(7):
        give_password(client, member)
        give_code(client, wrong_code(member))
        wait(member)
    give_password(client, member)
    assert give_code(client, wrong_code(member)).status_code == 429


def test_a_recovery_code_works_once(client: Client, member: Member, codes: list[str]) -> None:
    give_password(client, member)
    assert give_code(client, codes[0].upper().replace("-", " ")).status_code == 302
    assert signed_in(client)
    assert "9 recovery codes left" in client.get(url("profile")).content.decode()
    used = AuditEntry.objects.filter(action="recovery_code_used").latest("id")
    assert (used.before, used.after) == ({"recovery_codes": 10}, {"recovery_codes": 9})
    other = Client()
    give_password(other, member)
    assert give_code(other, codes[0]).status_code == 422
    wait(member)
    assert give_code(other, codes[1]).status_code == 302


def test_recovery_codes_cannot_be_read_in_the_database(codes: list[str]) -> None:
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}


def test_the_wait_for_a_code_ends(
    client: Client, member: Member, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(client, member)
    monkeypatch.setattr("sendmill.console.sign_in.PATIENCE", 0)
    assert give_code(client, app_code(member)).url == url("sign-in")
    assert not signed_in(client)


@pytest.mark.parametrize("change", ["password", "deactivated", "removed"])
def test_what_happens_in_between_ends_the_wait(
    client: Client, scene: Scene, member: Member, codes: list[str], change: str
) -> None:
    give_password(client, member)
    code = app_code(member)
    if change == "password":
        members.change_password(member, PASSWORD, "a-long-walk-by-the-river")
    elif change == "deactivated":
        members.deactivate(scene.members[Role.ADMIN], member)
    else:
        second_factor.remove(scene.members[Role.ADMIN], member)
    assert give_code(client, code).url == url("sign-in")
    assert not signed_in(client)


def test_a_link_for_a_new_password_asks_for_the_code_too(
    client: Client, member: Member, codes: list[str]
) -> None:
    new = {"new": "a-long-walk-by-the-river", "again": "a-long-walk-by-the-river"}
    answer = client.post(url("password-reset", link=members.reset_link(member)), new)
    assert answer.url == url("sign-in-code")
    assert not signed_in(client)
    assert give_code(client, app_code(member)).url == url("home")
    assert signed_in(client)


def test_a_code_of_somebody_else_does_not_sign_in(
    client: Client, scene: Scene, member: Member, codes: list[str]
) -> None:
    other = scene.members[Role.REVIEWER]
    second_factor.offer(other)
    theirs = second_factor.switch_on(other, app_code(other))
    give_password(client, member)
    assert give_code(client, app_code(other)).status_code == 422
    assert give_code(client, theirs[0]).status_code == 422
    assert not signed_in(client)
    assert second_factor.codes_left(other) == 10
