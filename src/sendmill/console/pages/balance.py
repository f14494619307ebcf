"""The balance: what the account owns and what is held for tasks; top-ups and withdrawals."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.forms import CharField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.billing import budgets, charges, ledger, packages
from sendmill.billing.models import LedgerEntry
from sendmill.console import typed_values
from sendmill.console.access import MemberRequest
from sendmill.console.forms import PlainForm, TypedField, text
from sendmill.console.pages.ledger import name_tasks
from sendmill.domain.amounts import plain

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


class MoveForm(PlainForm):
    """A top-up or a withdrawal; the ledger keeps the reason."""

    move = text()
    amount = TypedField(typed_values.amount, gettext_lazy("Enter an amount such as 250 or 12.50."))
    note = CharField(error_messages={"required": gettext_lazy("Say what it is for: the ledger keeps it.")})
    field_of_others = "amount"


def move(request: MemberRequest) -> HttpResponse:
    """The form of a top-up or a withdrawal; POST books it."""
    account = request.user.account
    form = MoveForm.of(request, {"move": "top_up"})

    def book(move: str, amount: Decimal, note: str) -> LedgerEntry:
        step = ledger.withdraw if move == "withdraw" else ledger.top_up
        return step(account, amount, member=request.user, note=note[:255])

    if not form.carry_out(book):
        standing = ledger.standing(account)
        return form.page(request, "console/balance/move.html", moves=MOVES, standing=standing)
    said = _("Done. The account owns %(amount)s %(currency)s now.")
    shown = {"amount": plain(form.result.amount_after), "currency": account.currency}
    messages.success(request, said % shown)
    return redirect("console:billing")
