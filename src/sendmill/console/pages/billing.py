"""Money: what the account owns and what is held, the ledger with its file, top-ups and adjustments."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.accounts import audit
from sendmill.billing import budgets, charges, ledger, packages
from sendmill.billing.models import Charge, EntryKind, LedgerEntry
from sendmill.console import typed_values
from sendmill.console.access import MemberRequest
from sendmill.console.form_errors import Errors
from sendmill.console.listing import whole, window
from sendmill.console.translated import explain
from sendmill.domain.pricing import plain
from sendmill.domain.violations import Refused
from sendmill.spreadsheets.csv import guard_cell
from sendmill.tasks.models import Task

LATEST = 8  # entries on the first page
RESERVED = 20  # tasks on the first page that hold money
MOVES = (
    ("top_up", gettext_lazy("Top-up: add money")),
    ("withdraw", gettext_lazy("Withdrawal: take money out")),
)


def show(request: MemberRequest) -> HttpResponse:
    """What the account owns, what is held and for which tasks, budgets, packages, the latest entries."""
    account, now = request.user.account, timezone.now()
    held = list(charges.reserved(account).annotate(parts_held=Sum("uses__held"))[: RESERVED + 1])
    latest = list(ledger.entries(account)[:LATEST])
    _name_tasks(latest)
    _name_tasks(held)
    context = {
        "standing": ledger.standing(account),
        "reserved": held[:RESERVED],
        "more_reserved": len(held) > RESERVED,
        "budgets": [state for state in budgets.states(account, now) if state.alarm or state.stop],
        "packages": list(packages.alive(account, now)[:RESERVED]),
        "entries": latest,
    }
    return render(request, "console/billing/overview.html", context)


def show_ledger(request: MemberRequest) -> HttpResponse:
    """Every movement, by kind, task and days in the account's time zone."""
    page = window(_entries(request), request.GET)
    _name_tasks(page.rows)
    context = {
        "window": page,
        "kinds": EntryKind.choices,
        "currency": request.user.account.currency,
        "time_zone": request.user.account.time_zone,
    }
    return render(request, "console/billing/ledger.html", context)


def ledger_file(request: MemberRequest) -> HttpResponseBase:
    """The entries that the filters leave as CSV, read while they are sent."""
    account = request.user.account
    chosen = {name: request.GET[name] for name in ("kind", "task", "from", "to") if request.GET.get(name)}
    after = {"what": "ledger", "kind": "csv", "filter": chosen}
    audit.record(member=request.user, action="download", subject=account, after=after)
    lines = _lines(_entries(request).iterator(chunk_size=2_000), account.currency, account.time_zone)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger{account.pk}.csv"'
    return response


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
    except Refused as refused:
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
    return render(request, "console/billing/move.html", context, status=status)


def _entries(request: MemberRequest) -> QuerySet[LedgerEntry]:
    """The entries that the query asks for."""
    kind, last = request.GET.get("kind", ""), typed_values.day(request.GET.get("to"))
    return ledger.entries(
        request.user.account,
        task_id=whole(request.GET.get("task")),
        kinds=[kind] if kind in EntryKind.values else (),
        since=typed_values.start(typed_values.day(request.GET.get("from"))),
        until=typed_values.start(last + timedelta(days=1) if last else None),
    )


def _name_tasks(rows: Iterable[LedgerEntry | Charge]) -> None:
    """Give each row the name of its task; empty when the task was deleted."""
    shown = list(rows)
    keys = {row.task_id for row in shown if row.task_id is not None}
    names = dict(Task.objects.filter(pk__in=keys).values_list("pk", "name"))
    for row in shown:
        row.task_name = names.get(row.task_id or 0, "")  # type: ignore[union-attr]


def _lines(entries: Iterable[LedgerEntry], currency: str, zone: str) -> Iterator[str]:
    """The file, line by line: amounts in plain digits, times in the account's zone, no cell a formula."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    head = [_("Number"), f"{_('Time')} ({zone})", _("Kind"), f"{_('Amount')} ({currency})"]
    head += [_("Reserved"), _("Owned after"), _("Reserved after"), _("Package"), _("Parts")]
    head += [_("Parts reserved"), _("Task"), _("Member"), _("Note")]
    yield "\ufeff" + writer.writerow(head)
    for entry in entries:
        yield writer.writerow(
            [
                entry.pk,
                f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
                entry.get_kind_display(),
                *map(_digits, (entry.amount, entry.held, entry.amount_after, entry.held_after)),
                guard_cell(entry.package.name if entry.package else ""),
                entry.parts or "",
                entry.parts_held or "",
                entry.task_id or "",
                guard_cell(entry.member.username if entry.member else ""),
                guard_cell(entry.note),
            ]
        )


def _digits(value: Decimal) -> str:
    return plain(value) if value else "0"


class _Echo:
    """A file for csv.writer that answers what is written to it."""

    def write(self, line: str) -> str:
        return line
