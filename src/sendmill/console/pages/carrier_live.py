"""What a carrier does now: its binds, its pace, what it still owes, and the last hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sendmill.catalog.carrier_warnings import warnings_of
from sendmill.catalog.models import Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.breaker_notices import refused_tasks
from sendmill.console.charts import Chart, chart
from sendmill.console.translated import explain, say_pieces
from sendmill.message_store.queries import bind_samples, breakers, carrier_states
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
    found = carrier_states.held_states([row.pk for row in rows])
    for row in rows:
        row.bind_states = [  # type: ignore[attr-defined]
            {
                "state": bind.state,
                "word": STATES.get(bind.state, bind.state),
                "sentence": say_pieces(bind.said) or bind.sentence,
                "since": bind.since,
            }
            for bind in found.get(row.pk, ())
        ]


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
        "warnings": [explain(one) for one in warnings_of(carrier)],
        "refused": refused_tasks(breakers.of_carrier(carrier.pk)),
        "out": carrier_states.out(carrier.pk),
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
