"""Carriers: create, edit, switch on and off, drain, delete."""

from __future__ import annotations

from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.carriers.report_words import TableError, read_table
from sendmill.catalog import long_reports, message_id_form, report_meanings
from sendmill.catalog.carrier_fields import CARRIER_FIELDS, FIELD, CarrierField
from sendmill.catalog.models import Carrier
from sendmill.catalog.sender_ids import sender_violations
from sendmill.domain.status_map import read_status_map
from sendmill.domain.violations import Refused, Violation, refuse_if

EDITABLE = tuple(FIELD)


def carrier_violations(carrier: Carrier) -> list[Violation]:
    """Every rule that the settings of a carrier break."""
    broken = [one for field in CARRIER_FIELDS for one in _violations(field, getattr(carrier, field.name))]
    if 0 < carrier.silence_seconds <= carrier.enquire_seconds:
        broken.append(Violation("silence", SILENCE_TOO_SHORT, {"field": "silence_seconds"}))
    if _name_taken(carrier):
        broken.append(Violation("name_taken", NAME_TAKEN, {"name": carrier.name}))
    return broken


def _violations(field: CarrierField, value: Any) -> list[Violation]:
    """The rules of its row in the table that a value breaks."""
    if field.required and not value:
        return [Violation("required", REQUIRED_FIELD, {"field": field.name})]
    if field.kind == "sender":
        return sender_violations(value) if value else []
    if field.length and len(value) > field.length:
        return [Violation("too_long", TOO_LONG, {"field": field.name, "limit": field.length})]
    if field.kind == "statuses":
        wrong = read_status_map(value)[1]
        return [Violation(one.code, one.message, {**one.parameters, "field": field.name}) for one in wrong]
    if field.kind == "ascii" and not (value.isascii() and value.isprintable()):
        return [Violation("ascii", NOT_ASCII, {"field": field.name})]
    if field.kind == "table":
        return _table_violations(field, value)
    if field.choices and value not in field.choices:
        choices = ", ".join(field.choices)
        return [Violation("choice", NO_CHOICE, {"field": field.name, "choices": choices})]
    if field.limits and value is not None and not field.limits[0] <= value <= field.limits[1]:
        low, high = field.limits
        return [Violation("range", OUT_OF_RANGE, {"field": field.name, "low": low, "high": high})]
    return []


def _table_violations(field: CarrierField, value: str) -> list[Violation]:
    """An entry that says nothing about a word."""
    try:
        read_table(value)
    except TableError as error:
        return [Violation("table", NO_ENTRY, {"field": field.name, "entry": str(error)})]
    return []


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
            message_id_form.begin(row)
        if {"report_words", "report_errors"} & set(now):
            report_meanings.begin(row)
        if "long_reports" in now:
            long_reports.begin(row)
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
        strip = isinstance(value, str) and FIELD[name].kind != "secret"
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
NOT_ASCII = _("%(field)s takes ASCII characters only.")
NO_CHOICE = _("%(field)s is one of: %(choices)s.")
OUT_OF_RANGE = _("%(field)s lies between %(low)s and %(high)s.")
NO_ENTRY = _(
    "%(field)s: “%(entry)s” cannot be read. Write word=not final, word=delivered or word=failed, with commas between "
    "them; a text can follow behind a colon."
)
SILENCE_TOO_SHORT = _(
    "%(field)s is 0 or longer than the enquire interval, or enquire_link would never be sent."
)
NAME_TAKEN = _("Your account already has a carrier named “%(name)s”.")
IN_USE = _("“%(name)s” carries applications or tasks, so it cannot be deleted. Switch it off instead.")
