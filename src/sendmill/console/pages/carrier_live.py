"""What a carrier does now: its binds, its pace, what it still owes, and the last hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sendmill.catalog.models import Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.charts import Chart, chart
from sendmill.console.translated import say_pieces
from sendmill.message_store.engine import failover
from sendmill.message_store.engine.bind_states import HELD_STATES
from sendmill.message_store.queries import bind_samples
from sendmill.message_store.queries.carrier_backlog import backlog_of

MINUTES = 60
STATES = {
    "bound": _("bound"),
    "connecting": _("connecting"),
    "closing": _("closing"),
    "waiting": _("waiting to connect again"),
    "idle": _("idle"),
}


@dataclass(frozen=True)
class Series:
    """A chart with its name, and its top and its last value in words."""

    name: str | Promise
    chart: Chart
    top: str
    last: str


def show_live(request: MemberRequest, pk: int) -> HttpResponse:
    """The live part of a carrier's page."""
    carrier = owned(request, Carrier, pk=pk)
    fill_binds([carrier])
    return render(request, "console/carriers/live_panel.html", {"carrier": carrier, "panel": panel(carrier)})


def fill_binds(rows: Sequence[Carrier]) -> None:
    """Gives each row the states and sentences of its binds, as living senders last told; none where nobody holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT carrier_id, state, sentence, said, since FROM ({HELD_STATES}) b "
            "WHERE carrier_id = ANY(%s) ORDER BY slot",
            [[row.pk for row in rows]],
        )
        found: dict[int, list[dict[str, Any]]] = {}
        for carrier, state, sentence, said, since in cursor.fetchall():
            bind = {
                "state": state,
                "word": STATES.get(state, state),
                "sentence": say_pieces(said) or sentence,
                "since": since,
            }
            found.setdefault(carrier, []).append(bind)
    for row in rows:
        row.bind_states = found.get(row.pk, [])  # type: ignore[attr-defined]


def panel(carrier: Carrier) -> dict[str, Any]:
    """Everything that the live part shows."""
    now, lately = bind_samples.now(carrier.pk), bind_samples.lately(carrier.pk)
    points = bind_samples.points(carrier.pk, MINUTES)
    rates = chart([point.rate for point in points])
    medians = chart([point.median for point in points], least_top=0.1)
    failures = chart([100 * point.failed / point.known if point.known else None for point in points], 5.0)
    return {
        "now": now,
        "room": carrier.window * max(now.binds, 1),
        "lately": lately,
        "failure_rate": None if lately.failure_rate is None else f"{100 * lately.failure_rate:.1f}%",
        "median": seconds(lately.median),
        "late": seconds(lately.late),
        "owes": backlog_of(carrier.pk),
        "out": _out(carrier.pk),
        "series": [
            Series(_("Parts per second"), rates, f"{rates.top:,.0f}", _whole(rates.last)),
            Series(_("From submit to report"), medians, seconds(medians.top), seconds(medians.last)),
            Series(_("Failed"), failures, f"{failures.top:.0f}%", _percent(failures.last)),
        ],
    }


def seconds(value: float | None) -> str:
    """A time in the unit that a person reads it in; a dash when it is not known."""
    if value is None:
        return "–"
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} s" if value < 90 else f"{value / 60:.0f} min"


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}%"


def _out(carrier_id: int) -> tuple[str, datetime] | None:
    """Why nothing of routed tasks goes over a carrier, and since when."""
    with connection.cursor() as cursor:
        cursor.execute(failover.OUT, [carrier_id])
        found: tuple[str, datetime] | None = cursor.fetchone()
    return found
