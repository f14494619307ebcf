"""The balance: what the account owns and what is held for tasks; top-ups and withdrawals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.billing import budgets, charges, ledger, packages
from sendmill.billing.ledger import MoneyRefused
from sendmill.console import typed_values
from sendmill.console.access import MemberRequest
from sendmill.console.form_errors import Errors
from sendmill.console.pages.ledger import name_tasks
from sendmill.console.translated import explain
from sendmill.domain.pricing import plain

LATEST = 8  # entries on the first page
RESERVED = 20  # tasks on the first page that hold money
MOVES = (
    ("top_up", gettext_lazy("Top-up: add money")),
    ("withdraw", gettext_lazy("Withdrawal: take money out")),
)


def show(request: MemberRequest) -> HttpResponse:
    """What the account owns, what is held and for which tasks, budgets, packages, the latest entries."""
    account, now = request.user.account, timezone.now()
    held = list(charges.reserved(account)[: RESERVED + 1])
    latest = list(ledger.entries(account)[:LATEST])
    name_tasks(latest)
    name_tasks(held)
    context = {
        "standing": ledger.standing(account),
        "reserved": held[:RESERVED],
        "more_reserved": len(held) > RESERVED,
        "budgets": [state for state in budgets.states(account, now) if state.alarm or state.stop],
        "packages": list(packages.alive(account, now)[:RESERVED]),
        "entries": latest,
    }
    return render(request, "console/balance/show.html", context)


def move(request: MemberRequest) -> HttpResponse:
    """The form of a top-up or an adjustment; each needs a reason, which the ledger keeps."""
    if request.method != "POST":
        return _form(request, {"move": "top_up"})
    values = {name: request.POST.get(name, "").strip() for name in ("move", "amount", "note")}
    errors: Errors = {}
    if not values["note"]:
        errors["note"] = [_("Say what it is for: the ledger keeps it.")]
    value = typed_values.amount(values["amount"])
    if value is None:
        errors["amount"] = [_("Enter an amount such as 250 or 12.50.")]
    if errors or value is None:
        return _form(request, values, errors, status=422)
    step = ledger.withdraw if values["move"] == "withdraw" else ledger.top_up
    try:
        entry = step(request.user.account, value, member=request.user, note=values["note"][:255])
    except MoneyRefused as refused:
        return _form(request, values, {"amount": [explain(refused.violation)]}, status=422)
    said = _("Done. The account owns %(amount)s %(currency)s now.")
    shown = {"amount": plain(entry.amount_after), "currency": request.user.account.currency}
    messages.success(request, said % shown)
    return redirect("console:billing")


def _form(
    request: MemberRequest, values: Mapping[str, Any], errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "values": values,
        "errors": errors or {},
        "moves": MOVES,
        "standing": ledger.standing(request.user.account),
    }
    return render(request, "console/balance/move.html", context, status=status)
