"""Budgets: limits of what a task, a day or a month may cost.

Reaching the alarm is recorded; what would go beyond the stop is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import Action, require
from sendmill.billing.ledger import LARGEST, STEP
from sendmill.billing.models import Budget, BudgetScope, Charge
from sendmill.domain.amounts import plain
from sendmill.domain.pricing import RULES
from sendmill.domain.violations import Refused, Violation

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class BudgetState:
    """A scope with its limits, null where there is none, and what is spent of it (0 for a single task)."""

    scope: str
    alarm: Decimal | None
    stop: Decimal | None
    spent: Decimal

    @property
    def label(self) -> str:
        """The scope in words."""
        return str(BudgetScope(self.scope).label)

    @property
    def alarmed(self) -> bool:
        """Whether what is spent has reached the alarm."""
        return self.scope != BudgetScope.TASK and self.alarm is not None and self.spent >= self.alarm

    @property
    def left(self) -> Decimal | None:
        """What can still be spent before the stop; null without one."""
        return None if self.stop is None else max(self.stop - self.spent, Decimal(0))


def states(account: Account, now: datetime) -> list[BudgetState]:
    """Every scope of budgets as it stands, those without limits too: task, day, month."""
    rows = {row.scope: row for row in Budget.objects.filter(account=account)}
    return [
        BudgetState(
            scope,
            rows[scope].alarm if scope in rows else None,
            rows[scope].stop if scope in rows else None,
            spent(account, scope, now),
        )
        for scope in BudgetScope.values
    ]


def set_budget(
    account: Account, scope: str, *, alarm: Decimal | None, stop: Decimal | None, member: Member | None = None
) -> Budget | None:
    """Set the budget of a scope; both None takes it away. Without a member it is the operator who does.

    Raises Refused, NotAllowed, NotYours.
    """
    if member is not None:
        require(member, Action.MANAGE_SETTINGS, Budget(account=account))
    _refuse_wrong(scope, alarm, stop)
    with transaction.atomic():
        budget = Budget.objects.filter(account=account, scope=scope).first()
        before = None if budget is None else audit.values(budget, ("alarm", "stop"))
        budget = budget or Budget(account=account, scope=scope)
        budget.alarm, budget.stop = alarm, stop
        after = {"scope": scope, "alarm": alarm, "stop": stop}
        if alarm is None and stop is None:
            if budget.pk is not None:
                audit.record(member=member, action="set_budget", subject=budget, before=before, after=after)
                budget.delete()
            return None
        budget.save()
        audit.record(member=member, action="set_budget", subject=budget, before=before, after=after)
    return budget


def spent(account: Account, scope: str, now: datetime) -> Decimal:
    """What the tasks that began in this day or month (of the account's time zone) cost at most."""
    if scope == BudgetScope.TASK:
        return Decimal(0)
    begin = now.astimezone(ZoneInfo(account.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    if scope == BudgetScope.MONTH:
        begin = begin.replace(day=1)
    rows = Charge.objects.filter(account=account, opened_at__gte=begin)
    total: Decimal | None = rows.aggregate(total=Sum(F("held") + F("charged")))["total"]
    return total or Decimal(0)


def exceeded(account: Account, due: Decimal, now: datetime) -> Violation | None:
    """Why a task that costs `due` would go beyond a budget, or None."""
    for budget in Budget.objects.filter(account=account, stop__isnull=False).order_by("id"):
        already = spent(account, budget.scope, now)
        if due > 0 and budget.stop is not None and already + due > budget.stop:
            amounts = {"due": plain(due), "spent": plain(already), "stop": plain(budget.stop)}
            code = f"budget_{budget.scope}"
            return Violation(code, RULES[code], amounts)
    return None


def raise_alarms(account: Account, due: Decimal, now: datetime) -> list[Budget]:
    """Record which alarms a task that costs `due`, about to be booked, crosses; return those budgets."""
    crossed = []
    for budget in Budget.objects.filter(account=account, alarm__isnull=False).order_by("id"):
        already = spent(account, budget.scope, now)
        if budget.alarm is not None and already < budget.alarm <= already + due:
            crossed.append(budget)
            after = {"scope": budget.scope, "alarm": budget.alarm, "spent": already + due}
            audit.record(member=None, account=account, action="budget_alarm", subject=budget, after=after)
            log.warning("budget alarm", account=account.pk, scope=budget.scope, alarm=plain(budget.alarm))
    return crossed


def _refuse_wrong(scope: str, alarm: Decimal | None, stop: Decimal | None) -> None:
    if scope not in BudgetScope.values:
        raise Refused(Violation("scope", SCOPE))
    for value in (alarm, stop):
        if value is not None and (
            not value.is_finite() or not 0 <= value < LARGEST or value != value.quantize(STEP)
        ):
            raise Refused(Violation("amount", AMOUNT))
    if alarm is not None and stop is not None and alarm > stop:
        raise Refused(Violation("order", ORDER))


SCOPE = _("A budget is one of a task, a day or a month.")
AMOUNT = _("An amount is not negative, below a million millions, and has at most six decimals.")
ORDER = _("The alarm cannot be above the stop.")
