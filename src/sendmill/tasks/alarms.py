"""Alarms: what must not be, or wants attention, raised once and cleared when it is well again.

Administrators see them on every page of the console.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sendmill.accounts.models import Account, Budget, Charge, Package
from sendmill.billing import budgets, ledger
from sendmill.billing.ledger import Discrepancy
from sendmill.domain.pricing import plain
from sendmill.tasks.models import Alarm, Task

LEDGER = "ledger_differs"
BUDGETS = {"day": "budget_day", "month": "budget_month"}
DEAR_TASK = "budget_task"
UNSETTLED = "not_settled"
MILD = frozenset({*BUDGETS.values(), DEAR_TASK})  # worth knowing, nothing is wrong


@dataclass(frozen=True)
class Found:
    """What is wrong: a translation key and what fills its places."""

    message: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def alarms_of(account: Account) -> QuerySet[Alarm]:
    """What is wrong in an account, the latest first."""
    return Alarm.objects.filter(account=account, cleared_at=None).select_related("task").order_by("-pk")


def keep(
    account_id: int,
    found: Mapping[str, Found],
    among: Collection[str],
    now: datetime,
    task: Task | None = None,
) -> list[Alarm]:
    """Raise what was found, once, and clear those `among` the codes that were not; return what stands."""
    open_ones = Alarm.objects.filter(account_id=account_id, task=task, code__in=among, cleared_at=None)
    open_ones.exclude(code__in=found).update(cleared_at=now)
    standing = []
    for code, one in found.items():
        parameters = dict(one.parameters)
        alarm, fresh = Alarm.objects.get_or_create(
            account_id=account_id,
            task=task,
            code=code,
            cleared_at=None,
            defaults={
                "message": one.message,
                "parameters": parameters,
                "raised_at": now,
                "seen_at": now,
            },
        )
        if not fresh:
            Alarm.objects.filter(pk=alarm.pk).update(seen_at=now, message=one.message, parameters=parameters)
        standing.append(alarm)
    return standing


def watch_ledger(found: Collection[Discrepancy], now: datetime) -> list[Alarm]:
    """Raise an alarm in each account whose books do not add up, and clear those that do again."""
    differing: dict[int, list[str]] = {}
    for discrepancy in found:
        account_id = _account_of(discrepancy)
        if account_id is not None:
            differing.setdefault(account_id, []).append(str(discrepancy))
    raised = Alarm.objects.filter(code=LEDGER, cleared_at=None).values_list("account_id", flat=True)
    standing = []
    for account_id in sorted({*differing, *raised}):
        lines = differing.get(account_id, [])
        wrong = {LEDGER: Found(LEDGER_DIFFERS, {"count": len(lines), "first": lines[0]})} if lines else {}
        standing += keep(account_id, wrong, (LEDGER,), now)
    return standing


def watch_budgets(account: Account, now: datetime | None = None) -> list[Alarm]:
    """Raise an alarm for each budget of a day or month that has reached its own, and clear the others."""
    now = now or timezone.now()
    found = {
        BUDGETS[state.scope]: Found(
            REACHED[state.scope], {"alarm": plain(state.alarm), "spent": plain(state.spent)}
        )
        for state in _limited(account, now)
        if state.alarmed and state.alarm is not None
    }
    return keep(account.pk, found, BUDGETS.values(), now)


def watch_cost(task: Task, due: Decimal | None) -> list[Alarm]:
    """Raise an alarm when a task costs as much as the budget's alarm; cleared by None, when it is over."""
    found = {}
    if due is not None:
        budget = Budget.objects.filter(account=task.account_id, scope="task", alarm__lte=due).first()
        if budget is not None and budget.alarm is not None and due > 0:
            amounts = {"alarm": plain(budget.alarm), "due": plain(due)}
            found = {DEAR_TASK: Found(DEAR, amounts)}
    return keep(task.account_id, found, (DEAR_TASK,), timezone.now(), task)


def tell_unsettled(task_id: int, *, wrong: bool) -> None:
    """Raise an alarm about a task whose cost cannot be settled, or clear it when it could."""
    if not wrong and not Alarm.objects.filter(task=task_id, code=UNSETTLED, cleared_at=None).exists():
        return
    task = Task.objects.filter(pk=task_id).first()
    if task is not None:
        found = {UNSETTLED: Found(NOT_SETTLED)} if wrong else {}
        keep(task.account_id, found, (UNSETTLED,), timezone.now(), task)


def watch_open_budgets(now: datetime | None = None) -> None:
    """Clear the alarms of days and months that are over."""
    raised = Alarm.objects.filter(code__in=BUDGETS.values(), cleared_at=None)
    for account in Account.objects.filter(pk__in=raised.values("account")).order_by("pk"):
        watch_budgets(account, now)


def _limited(account: Account, now: datetime) -> list[budgets.BudgetState]:
    """The budgets of days and months; most accounts have none, and then nothing is added up."""
    if not Budget.objects.filter(account=account, scope__in=BUDGETS, alarm__isnull=False).exists():
        return []
    return [state for state in budgets.states(account, now) if state.scope in BUDGETS]


def _account_of(discrepancy: Discrepancy) -> int | None:
    if discrepancy.what in ledger.OF_ACCOUNT:
        return discrepancy.id
    if discrepancy.what in ledger.OF_TASK:
        return Charge.objects.filter(pk=discrepancy.id).values_list("account_id", flat=True).first()
    return Package.objects.filter(pk=discrepancy.id).values_list("account_id", flat=True).first()


LEDGER_DIFFERS = _(
    "The ledger does not add up in %(count)s place(s), first: %(first)s. Nothing was changed; ask who runs this server."
)
DEAR = _("This task costs up to %(due)s and has reached the budget's alarm of %(alarm)s for one task.")
NOT_SETTLED = _(
    "What this task cost cannot be charged. It is tried again every minute; the log of the worker says more."
)
REACHED = {
    "day": _("The budget of this day has reached its alarm of %(alarm)s: %(spent)s is spent or reserved."),
    "month": _(
        "The budget of this month has reached its alarm of %(alarm)s: %(spent)s is spent or reserved."
    ),
}
