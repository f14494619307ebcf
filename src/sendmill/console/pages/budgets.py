"""Budgets: what a task, a day or a month may cost, and how much of it is spent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.billing import budgets, money_alarms
from sendmill.billing.budgets import BudgetState
from sendmill.billing.models import BudgetScope
from sendmill.console import typed_values
from sendmill.console.access import MemberRequest
from sendmill.console.form_errors import Errors, by_field
from sendmill.console.translated import say
from sendmill.domain.pricing import plain
from sendmill.domain.violations import Refused

EXPLAINED = {
    BudgetScope.TASK: gettext_lazy("What a single task may cost at most."),
    BudgetScope.DAY: gettext_lazy("What the tasks that begin on one day may cost together."),
    BudgetScope.MONTH: gettext_lazy("What the tasks that begin in one month may cost together."),
}
FIELDS = {"order": "alarm", "amount": "stop"}


def show(request: MemberRequest) -> HttpResponse:
    """The three budgets with what is spent of them."""
    account = request.user.account
    rows = [_row(state) for state in budgets.states(account, timezone.now())]
    context = {"rows": rows, "currency": account.currency, "time_zone": account.time_zone}
    return render(request, "console/billing/budgets.html", context)


def edit(request: MemberRequest, scope: str) -> HttpResponse:
    """The form of one budget; two empty fields take it away."""
    if scope not in BudgetScope.values:
        raise Http404
    account = request.user.account
    state = next(row for row in budgets.states(account, timezone.now()) if row.scope == scope)
    if request.method != "POST":
        return _form(request, state, {"alarm": _text(state.alarm), "stop": _text(state.stop)})
    values = {name: request.POST.get(name, "").strip() for name in ("alarm", "stop")}
    limits: dict[str, Decimal | None] = {"alarm": None, "stop": None}
    errors: Errors = {}
    for name, text in values.items():
        if text and (value := typed_values.amount(text)) is not None:
            limits[name] = value
        elif text:
            errors[name] = [_("Enter an amount such as 250 or 12.50.")]
    if errors:
        return _form(request, state, values, errors, status=422)
    try:
        budgets.set_budget(account, scope, alarm=limits["alarm"], stop=limits["stop"], member=request.user)
    except Refused as refused:
        return _form(request, state, values, by_field(refused.violations, FIELDS), status=422)
    money_alarms.watch_budgets(account)
    messages.success(request, _("The budget was saved."))
    return redirect("console:budgets")


def _row(state: BudgetState) -> dict[str, Any]:
    """A budget as the page shows it; the bar is full at the stop, or at the alarm when there is no stop."""
    full = state.stop if state.stop is not None else state.alarm
    share = float(min(state.spent / full, Decimal(1))) if full else 0.0
    mark = float(state.alarm / full) if full and state.alarm is not None and state.alarm < full else None
    return {
        "state": state,
        "label": BudgetScope(state.scope).label,
        "text": EXPLAINED[BudgetScope(state.scope)],
        "width": f"{100 * share:.2f}",
        "mark": None if mark is None else f"{100 * mark:.2f}",
    }


def _text(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _form(
    request: MemberRequest,
    state: BudgetState,
    values: Mapping[str, Any],
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    scope = BudgetScope(state.scope)
    context = {
        "values": values,
        "errors": errors or {},
        "label": scope.label,
        "text": say(str(EXPLAINED[scope])),
        "currency": request.user.account.currency,
    }
    return render(request, "console/billing/budget.html", context, status=status)
