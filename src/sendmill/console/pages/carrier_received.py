"""What came from a carrier and belongs to no message: reports, replies, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from sendmill.catalog.models import Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.listing import SIZE, whole
from sendmill.message_store.queries import orphans
from sendmill.message_store.queries.orphans import Received

NEWEST = 10
KINDS = {"report": _("report"), "reply": _("reply"), "unreadable": _("unreadable")}


@dataclass(frozen=True)
class Page:
    """Rows with the keys of the pages beside them, as the pager takes them."""

    rows: list[Received]
    older: int | None = None
    newer: int | None = None

    @property
    def lines(self) -> list[tuple[Received, str]]:
        """Each row with its kind in words."""
        return [(row, str(KINDS.get(row.kind, row.kind))) for row in self.rows]


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """The newest as a part of the carrier's page; by itself all of them, by kind and paged."""
    carrier = owned(request, Carrier, pk=pk)
    if request.htmx:
        page = Page(orphans.received(carrier.pk, limit=NEWEST))
        return render(request, "console/carriers/received_table.html", {"carrier": carrier, "page": page})
    kind = request.GET.get("kind", "")
    context = {
        "carrier": carrier,
        "page": _page(carrier, [kind] if kind in KINDS else orphans.KINDS, request.GET),
        "kinds": KINDS.items(),
        "time_zone": request.user.account.time_zone,
    }
    return render(request, "console/carriers/received.html", context)


def _page(carrier: Carrier, kinds: Sequence[str], query: Mapping[str, str]) -> Page:
    before, after = whole(query.get("before")), whole(query.get("after"))
    if after is not None:
        found = orphans.received(carrier.pk, kinds, after=after, limit=SIZE + 1)
        shown = found[:SIZE][::-1]
        return Page(shown, shown[-1].id if shown else None, shown[0].id if len(found) > SIZE else None)
    found = orphans.received(carrier.pk, kinds, before=before, limit=SIZE + 1)
    shown = found[:SIZE]
    older = shown[-1].id if len(found) > SIZE else None
    return Page(shown, older, shown[0].id if shown and before is not None else None)
