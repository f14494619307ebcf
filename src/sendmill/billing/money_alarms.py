"""Alarms about money: a budget that was reached, a ledger that does not add up, a task that cannot be settled."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sendmill.accounts.models import Account
from sendmill.alarms.models import Alarm
from sendmill.alarms.open_alarms import Found, keep
from sendmill.billing import budgets, ledger
from sendmill.billing.ledger import Discrepancy
from sendmill.billing.models import Budget, Charge, Package
from sendmill.domain.amounts import plain

LEDGER = "ledger_differs"
BUDGETS = {"day": "budget_day", "month": "budget_month"}
DEAR_TASK = "budget_task"
UNSETTLED = "not_settled"
MILD = frozenset({*BUDGETS.values(), DEAR_TASK})  # worth knowing, nothing is wrong


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


def watch_cost(account_id: int, task_id: int, due: Decimal | None) -> list[Alarm]:
    """Raise an alarm when a task costs as much as the budget's alarm; cleared by None, when it is over."""
    found = {}
    if due is not None:
        budget = Budget.objects.filter(account=account_id, scope="task", alarm__lte=due).first()
        if budget is not None and budget.alarm is not None and due > 0:
            amounts = {"alarm": plain(budget.alarm), "due": plain(due)}
            found = {DEAR_TASK: Found(DEAR, amounts)}
    return keep(account_id, found, (DEAR_TASK,), timezone.now(), task_id)


def tell_unsettled(task_id: int, *, wrong: bool) -> None:
    """Raise an alarm about a task whose cost cannot be settled, or clear it when it could."""
    if not wrong and not Alarm.objects.filter(task=task_id, code=UNSETTLED, cleared_at=None).exists():
        return
    account_id = Charge.objects.filter(pk=task_id).values_list("account_id", flat=True).first()
    if account_id is not None:
        found = {UNSETTLED: Found(NOT_SETTLED)} if wrong else {}
        keep(account_id, found, (UNSETTLED,), timezone.now(), task_id)


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
