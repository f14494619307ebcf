"""Entries of the audit log, translated: actions, fields and values in words, ids as names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sendmill.accounts import audit
from sendmill.accounts.audit import HIDDEN, Names
from sendmill.accounts.models import AuditEntry, Member, Role
from sendmill.billing.models import SERVICE_TYPES, BudgetScope
from sendmill.catalog.carrier_fields import CARRIER_FIELDS
from sendmill.catalog.models import (
    APPLICATION_TYPES,
    REVIEW_STATES,
    Application,
    Carrier,
    Signature,
    Template,
)
from sendmill.tasks.models import TASK_STATUSES, Task

Label = str | Promise
MOST = 6  # items of a list that are shown

ACTIONS: dict[str, Label] = {
    "create": _("added"),
    "edit": _("changed"),
    "delete": _("deleted"),
    "submit": _("submitted for review"),
    "withdraw": _("withdrawn"),
    "approve": _("approved"),
    "reject": _("rejected"),
    "set_channel": _("channel number set"),
    "activate": _("activated"),
    "deactivate": _("deactivated"),
    "reactivate": _("reactivated"),
    "rotate_secret": _("secret replaced"),
    "set_price": _("price set"),
    "invite": _("invited"),
    "accept_invitation": _("accepted the invitation"),
    "change_role": _("role changed"),
    "change_password": _("password changed"),
    "reset_password": _("password reset"),
    "sign_in": _("signed in"),
    "sign_out": _("signed out"),
    "sign_in_refused": _("sign-in refused"),
    "sign_in_code_asked": _("password right, code asked for"),
    "sign_in_code_refused": _("sign-in code refused"),
    "second_factor_on": _("second factor switched on"),
    "second_factor_off": _("second factor switched off"),
    "second_factor_removed": _("second factor removed"),
    "new_recovery_codes": _("new recovery codes"),
    "recovery_code_used": _("recovery code used"),
    "create_task": _("task created"),
    "cancel_task": _("task canceled"),
    "delete_task": _("task deleted"),
    "pause_task": _("task paused"),
    "resume_task": _("task resumed"),
    "end_task": _("task ended"),
    "release_breaker": _("released: the carrier is tried again"),
    "release_task": _("held task released"),
    "release_store": _("held store released"),
    "confirm_place": _("confirmed that no other copy of the store lives"),
    "settle_task": _("uncertain messages settled"),
    "download": _("downloaded"),
    "order_download": _("file ordered"),
    "top_up": _("money added"),
    "withdraw_money": _("money taken out"),
    "grant_package": _("package added"),
    "set_budget": _("budget set"),
    "budget_alarm": _("budget alarm reached"),
    "import_prices": _("prices imported"),
    "remove_price": _("price removed"),
}
OBJECTS: dict[str, tuple[Label, type[Model] | None]] = {
    "account": (_("Account"), None),
    "application": (_("Application"), Application),
    "budget": (_("Budget"), None),
    "carrier": (_("Carrier"), Carrier),
    "draft": (_("Draft"), None),
    "member": (_("Member"), Member),
    "package": (_("Package"), None),
    "price": (_("Price"), None),
    "route": (_("Route"), None),
    "signature": (_("Signature"), Signature),
    "task": (_("Task"), Task),
    "template": (_("Template"), Template),
}
FIELDS: dict[str, Label] = {
    **{field.name: _(field.label) for field in CARRIER_FIELDS},
    "active": _("activated"),
    "add_86": _("prefix +86"),
    "alarm": _("alarm"),
    "allow_landlines": _("allow landlines"),
    "application": _("application"),
    "amount": _("amount"),
    "attributes": _("attributes"),
    "balance": _("owned after"),
    "by": _("by"),
    "carrier": _("carrier"),
    "channel_number": _("channel number"),
    "content": _("content"),
    "count": _("count"),
    "currency": _("currency"),
    "delete_unusual": _("delete unusual numbers"),
    "email": _("e-mail"),
    "expires_at": _("expires"),
    "four_eyes": _("four eyes"),
    "is_active": _("active"),
    "kind": _("format"),
    "name": _("name"),
    "note": _("reason"),
    "parts": _("parts"),
    "position": _("position"),
    "prefix": _("prefix"),
    "price": _("price"),
    "prices": _("prices"),
    "reason": _("reason"),
    "recovery_codes": _("recovery codes left"),
    "region": _("country"),
    "role": _("role"),
    "scope": _("scope"),
    "scheduled_at": _("scheduled"),
    "sender_id": _("sender ID"),
    "signature": _("signature"),
    "spent": _("spent"),
    "state": _("state"),
    "status": _("status"),
    "stop": _("stop"),
    "submitted_by": _("submitted by"),
    "template": _("template"),
    "time_zone": _("time zone"),
    "type": _("type"),
    "universal": _("universal"),
    "username": _("user name"),
    "valid_from": _("valid from"),
    "what": _("file"),
}
CHOICES: dict[str, Mapping[str, Label]] = {
    **{
        field.name: {value: _(words) for value, words in field.choices.items()}
        for field in CARRIER_FIELDS
        if field.choices
    },
    "role": dict(Role.choices),
    "scope": dict(BudgetScope.choices),
    "state": dict(REVIEW_STATES),
    "status": dict(TASK_STATUSES),
    "type": {**dict(APPLICATION_TYPES), **dict(SERVICE_TYPES)},
}
RELATIONS: dict[str, type[Model]] = {
    "application": Application,
    "carrier": Carrier,
    "signature": Signature,
    "submitted_by": Member,
    "template": Template,
}


@dataclass(frozen=True)
class Change:
    """One field: its name and its values before and after in words, None where there is or was none."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Line:
    """One entry in words; `url` leads to the object where it still exists."""

    at: datetime
    member: str
    action: str
    kind: str
    name: str
    url: str
    address: str
    changes: list[Change]


def tell(entries: Iterable[AuditEntry]) -> list[Line]:
    """The entries of one account in words, in their order; names are looked up once for all of them."""
    rows = list(entries)
    names = _names(rows)
    return [_line(row, names) for row in rows]


def _line(entry: AuditEntry, names: Names) -> Line:
    label, model = OBJECTS.get(entry.object_type, (entry.object_type, None))
    found = model is not None and entry.object_id in names.get(model, {})
    url = reverse(f"console:{entry.object_type}", kwargs={"pk": entry.object_id}) if found else ""
    return Line(
        at=entry.at,
        member=entry.member.username if entry.member else "",
        action=str(ACTIONS.get(entry.action, entry.action)),
        kind=str(label),
        name=entry.object_name,
        url=url,
        address=entry.address or "",
        changes=_changes(entry, names),
    )


def _changes(entry: AuditEntry, names: Names) -> list[Change]:
    before, after = entry.before or {}, entry.after or {}
    changes = []
    for name in {**before, **after}:
        was = _value(name, before.get(name), names)
        now = _value(name, after.get(name), names)
        if was or now:
            changes.append(Change(str(FIELDS.get(name, name)), was, now))
    return changes


def _value(name: str, value: Any, names: Names) -> str | None:
    if value is None or value == "" or value == {}:
        return None
    if value == HIDDEN:
        return str(_("(hidden)"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name in RELATIONS and isinstance(value, int):
        return names.get(RELATIONS[name], {}).get(value, f"#{value}")
    if name in CHOICES and value in CHOICES[name]:
        return str(CHOICES[name][value])
    if isinstance(value, list):
        shown = [" ".join(map(str, item)) if isinstance(item, list) else str(item) for item in value[:MOST]]
        return ", ".join([*shown, "…"] if len(value) > MOST else shown)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return str(value)


def _names(entries: Iterable[AuditEntry]) -> Names:
    """What the keys in the entries stand for; what belongs to another account is never looked up."""
    keys: dict[type[Model], set[int]] = {}
    account = None
    for entry in entries:
        account = entry.account_id
        model = OBJECTS.get(entry.object_type, ("", None))[1]
        if model is not None and entry.object_id is not None:
            keys.setdefault(model, set()).add(entry.object_id)
        for values in (entry.before or {}, entry.after or {}):
            for name, related in RELATIONS.items():
                if isinstance(values.get(name), int):
                    keys.setdefault(related, set()).add(values[name])
    return audit.names_of(account, keys)
