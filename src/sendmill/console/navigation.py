"""Context of every page: the entries of the navigation, open alarms, and why the store is held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, allowed
from sendmill.alarms.models import Alarm
from sendmill.alarms.open_alarms import alarms_of
from sendmill.billing.money_alarms import BUDGETS, MILD
from sendmill.catalog.report_health import ALARMING
from sendmill.console.translated import say
from sendmill.tasks.hold_release import open_hold
from sendmill.worker.breaker_alarms import REFUSED
from sendmill.worker.carrier_alarms import carrier_of, lost_code
from sendmill.worker.fault_alarms import BIND
from sendmill.worker.server_alarms import SERVER_CODES

ALARMS = 3  # shown on a page


@dataclass(frozen=True)
class Entry:
    """An entry of the navigation: `pages` are the names of the routes it stands for, the first its target."""

    label: str | Promise
    icon: str
    needs: Action
    pages: tuple[str, ...]


ENTRIES = (
    Entry(
        _("Task Management"),
        "send",
        Action.VIEW,
        ("tasks", "task-new", "draft", "task", "task-copy", "task-message", "export"),
    ),
    Entry(
        _("Applications"),
        "stack-2",
        Action.VIEW,
        ("applications", "application", "application-new", "application-edit", "application-secret"),
    ),
    Entry(
        _("Signatures"),
        "writing-sign",
        Action.VIEW,
        ("signatures", "signature", "signature-new", "signature-edit"),
    ),
    Entry(
        _("Templates"), "template", Action.VIEW, ("templates", "template", "template-new", "template-edit")
    ),
    Entry(_("Review"), "shield-check", Action.REVIEW, ("review",)),
    Entry(
        _("Carriers"),
        "building-broadcast-tower",
        Action.VIEW,
        ("carriers", "carrier", "carrier-new", "carrier-edit", "routes"),
    ),
    Entry(
        _("Billing"),
        "wallet",
        Action.VIEW,
        (
            "billing",
            "billing-move",
            "ledger",
            "packages",
            "package-new",
            "budgets",
            "budget-edit",
            "prices",
            "price-new",
            "price-import",
            "price-apply",
        ),
    ),
    Entry(_("Status codes"), "help-circle", Action.VIEW, ("codes",)),
    Entry(
        _("Members"),
        "users",
        Action.MANAGE_MEMBERS,
        ("members", "member", "member-invite", "member-invite-again"),
    ),
    Entry(_("Audit"), "history", Action.VIEW_AUDIT, ("audit",)),
    Entry(_("Settings"), "settings", Action.MANAGE_SETTINGS, ("settings",)),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the entries this member may open, the present one marked."""
    user = getattr(request, "user", None)
    if not isinstance(user, Member):
        return {"navigation": []}
    match = request.resolver_match
    here = match.url_name if match else None
    entries = [
        {
            "label": entry.label,
            "icon": entry.icon,
            "url": reverse(f"console:{entry.pages[0]}"),
            "here": here in entry.pages,
        }
        for entry in ENTRIES
        if allowed(user, entry.needs)
    ]
    subject = match.kwargs.get("pk", 0) if match else 0
    alarms = []
    if allowed(user, Action.MANAGE_SETTINGS):
        found = alarms_of(user.account)[:ALARMS]
        alarms = [alarm for alarm in found if not _is_said_by(here, subject, alarm)]
    for alarm in alarms:
        alarm.label, alarm.url = _subject(alarm)  # type: ignore[attr-defined]
        alarm.mild = alarm.code in MILD  # type: ignore[attr-defined]
    return {"navigation": entries, "may": Permissions(user), "alarms": alarms, "held": banner()}


def banner() -> str:
    """The sentence at the top of every page while the store is held; empty otherwise."""
    hold = open_hold()
    return say(hold.message, hold.parameters) if hold is not None else ""


def _is_said_by(page: str | None, subject: int, alarm: Alarm) -> bool:
    """Return whether this page says by itself what the alarm says: that of the carrier or the task it is about."""
    if page == "task":
        return alarm.code == REFUSED and alarm.task_id == subject
    if page != "carrier":
        return False
    named = alarm.code == REFUSED or alarm.code in ALARMING
    return (named and alarm.parameters.get("carrier_id") == subject) or alarm.code == lost_code(subject)


def _subject(alarm: Alarm) -> tuple[str | Promise, str]:
    """What an alarm is about, and the page that shows it."""
    if alarm.task is not None:
        return alarm.task.name, reverse("console:task", kwargs={"pk": alarm.task_id})
    if alarm.code in BUDGETS.values():
        return _("Budgets"), reverse("console:budgets")
    if (carrier := carrier_of(alarm.code)) is not None:
        return alarm.parameters["carrier"], reverse("console:carrier", kwargs={"pk": carrier})
    if alarm.code in SERVER_CODES:
        return _("Database server"), ""
    if alarm.code in ALARMING:
        return _("Carriers"), reverse("console:carrier", kwargs={"pk": alarm.parameters["carrier_id"]})
    if alarm.code == BIND:
        return _("Carriers"), reverse("console:carriers")
    return _("Ledger"), reverse("console:ledger")


class Permissions:
    """`may.create_task` in a template: whether the member's role includes that action."""

    def __init__(self, member: Member) -> None:
        self.member = member

    def __getitem__(self, name: str) -> bool:
        return allowed(self.member, Action(name))
