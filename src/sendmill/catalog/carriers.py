"""Carriers: create, edit, switch on and off, drain, delete."""

from __future__ import annotations

from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog import rematching
from sendmill.catalog.bind_settings import KINDS
from sendmill.catalog.models import Carrier
from sendmill.catalog.sender_ids import sender_violations
from sendmill.domain.violations import Refused, Violation, refuse_if

EDITABLE = (
    "name",
    "enabled",
    "draining",
    "host",
    "port",
    "tls",
    "tls_verify",
    "system_id",
    "password",
    "system_type",
    "bind",
    "binds",
    "window",
    "rate",
    "default_alphabet",
    "long_messages",
    "source_ton",
    "source_npi",
    "dest_ton",
    "dest_npi",
    "id_form",
    "default_source",
    "queries",
)
CHOICES = {
    "bind": KINDS,
    "default_alphabet": ("gsm7", "latin1"),
    "long_messages": ("udh", "sar", "payload"),
    "id_form": ("as_is", "fold_case", "strip_zeros", "hex_to_dec", "dec_to_hex"),
}
RANGES = {
    "port": (1, 65535),
    "binds": (1, 32),
    "window": (1, 5000),
    "rate": (0, 1_000_000),
    "source_ton": (0, 6),
    "source_npi": (0, 18),
    "dest_ton": (0, 6),
    "dest_npi": (0, 18),
}
LENGTHS = {"name": 64, "host": 255, "system_id": 15, "password": 64, "system_type": 12}
REQUIRED = ("name", "host", "system_id")


def carrier_violations(carrier: Carrier) -> list[Violation]:
    """Every rule that the settings of a carrier break."""
    missing = [name for name in REQUIRED if not getattr(carrier, name)]
    broken = [Violation("required", REQUIRED_FIELD, {"field": name}) for name in missing]
    for name, limit in LENGTHS.items():
        if len(getattr(carrier, name)) > limit:
            broken.append(Violation("too_long", TOO_LONG, {"field": name, "limit": limit}))
    for name, choices in CHOICES.items():
        if getattr(carrier, name) not in choices:
            broken.append(Violation("choice", NO_CHOICE, {"field": name, "choices": ", ".join(choices)}))
    for name, (low, high) in RANGES.items():
        value = getattr(carrier, name)
        if value is not None and not low <= value <= high:
            broken.append(Violation("range", OUT_OF_RANGE, {"field": name, "low": low, "high": high}))
    if carrier.default_source:
        broken += sender_violations(carrier.default_source)
    if _name_taken(carrier):
        broken.append(Violation("name_taken", NAME_TAKEN, {"name": carrier.name}))
    return broken


def create(member: Member, **settings: Any) -> Carrier:
    """Create a carrier of the member's account from fields of EDITABLE. Raises Refused."""
    require(member, Action.MANAGE_CARRIERS)
    carrier = Carrier(account=member.account)
    _assign(carrier, settings)
    refuse_if(carrier_violations(carrier))
    with transaction.atomic():
        _save(carrier)
        audit.record(member=member, action="create", subject=carrier, after=audit.values(carrier, EDITABLE))
    return carrier


def edit(member: Member, carrier: Carrier, **settings: Any) -> Carrier:
    """Change fields of EDITABLE and return the carrier as saved. Raises Refused.

    The entry in the audit log tells that the password changed, not what it is.
    """
    require(member, Action.MANAGE_CARRIERS, carrier)
    with transaction.atomic():
        row = Carrier.objects.select_for_update().get(pk=carrier.pk)
        before = audit.values(row, EDITABLE)
        _assign(row, settings)
        refuse_if(carrier_violations(row))
        was, now = audit.difference(before, audit.values(row, EDITABLE))
        if now:
            _save(row)
            audit.record(member=member, action="edit", subject=row, before=was, after=now)
        if "id_form" in now:
            rematching.begin(row)
    return row


def switch(member: Member, carrier: Carrier, to: Literal["on", "draining", "off"]) -> Carrier:
    """Switch a carrier on, off, or let it drain: send nothing new, finish, and bring reports. Raises Refused."""
    return edit(member, carrier, enabled=to != "off", draining=to == "draining")


def delete(member: Member, carrier: Carrier) -> None:
    """Delete a carrier that no application or task refers to; else raise Refused."""
    require(member, Action.MANAGE_CARRIERS, carrier)
    try:
        with transaction.atomic():
            before = audit.values(carrier, EDITABLE)
            audit.record(member=member, action="delete", subject=carrier, before=before)
            carrier.delete()
    except ProtectedError as error:
        raise Refused(Violation("in_use", IN_USE, {"name": carrier.name})) from error


def _assign(carrier: Carrier, settings: dict[str, Any]) -> None:
    unknown = set(settings) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not settings of a carrier: {', '.join(sorted(unknown))}")
    for name, value in settings.items():
        strip = isinstance(value, str) and name != "password"
        setattr(carrier, name, value.strip() if strip else value)


def _save(carrier: Carrier) -> None:
    try:
        with transaction.atomic():
            carrier.save()
    except IntegrityError as error:
        raise Refused(Violation("name_taken", NAME_TAKEN, {"name": carrier.name})) from error


def _name_taken(carrier: Carrier) -> bool:
    rows = Carrier.objects.filter(account_id=carrier.account_id, name=carrier.name)
    return rows.exclude(pk=carrier.pk).exists()


REQUIRED_FIELD = _("%(field)s is required.")
TOO_LONG = _("%(field)s has at most %(limit)s characters.")
NO_CHOICE = _("%(field)s is one of: %(choices)s.")
OUT_OF_RANGE = _("%(field)s lies between %(low)s and %(high)s.")
NAME_TAKEN = _("Your account already has a carrier named “%(name)s”.")
IN_USE = _("“%(name)s” carries applications or tasks, so it cannot be deleted. Switch it off instead.")
