"""The ledger: every movement of money and of prepaid parts, as a list and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sendmill.accounts import audit
from sendmill.billing import ledger
from sendmill.billing.models import Charge, EntryKind, LedgerEntry
from sendmill.console import typed_values
from sendmill.console.access import MemberRequest
from sendmill.console.listing import row_page, whole
from sendmill.domain.amounts import plain
from sendmill.spreadsheets.csv import guard_cell
from sendmill.tasks.listing import task_names


def show_list(request: MemberRequest) -> HttpResponse:
    """Every movement, by kind, task and days in the account's time zone."""
    page = row_page(_entries(request), request.GET)
    name_tasks(page.rows)
    context = {
        "page": page,
        "kinds": EntryKind.choices,
        "currency": request.user.account.currency,
        "time_zone": request.user.account.time_zone,
    }
    return render(request, "console/ledger/list.html", context)


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


def name_tasks(rows: Iterable[LedgerEntry | Charge]) -> None:
    """Give each row the name of its task; empty when the task was deleted."""
    shown = list(rows)
    keys = {row.task_id for row in shown if row.task_id is not None}
    names = task_names(keys)
    for row in shown:
        row.task_name = names.get(row.task_id or 0, "")  # type: ignore[union-attr]


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
