"""Metrics of a sender, read from its binds when they are scraped.

Labels are the carrier's id (`sendmill_carrier_info` of the worker has its name) and the number of the bind. Only
two durations are observed while sending, once a batch (`dispatch.batch_durations`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import monotonic

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sendmill.dispatch.bind import Bind
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool

BIND = ("carrier", "bind")

_Read = Callable[[Bind], float]


def _in_flight(bind: Bind) -> float:
    session = bind.link.session
    return 0.0 if session is None else session.statistics.in_flight


def _window(bind: Bind) -> int:
    session = bind.link.session
    return session.window if session is not None else 0


COUNTERS: dict[str, tuple[str, _Read]] = {
    "messages_accepted": ("Messages that the carrier accepted", lambda bind: bind.report_writers.accepted),
    "messages_refused": ("Messages that the carrier refused", lambda bind: bind.report_writers.refused),
    "messages_uncertain": ("Messages whose outcome nobody knows", lambda bind: bind.report_writers.unknown),
    "batches_throttled": (
        "Batches of which the carrier throttled a part",
        lambda bind: bind.rate_limiter.throttled,
    ),
    "reports_matched": ("Reports that settled a message or a part", lambda bind: bind.report_writers.matched),
    "reports_orphaned": (
        "Reports that matched nothing when they came",
        lambda bind: bind.report_writers.orphaned,
    ),
}
GAUGES: dict[str, tuple[str, _Read]] = {
    "bind_up": ("1 while the bind is up, else 0", lambda bind: bind.state == "bound"),
    "bind_window": ("Parts that may be unanswered at a time", _window),
    "bind_in_flight": ("Parts sent and not yet answered", _in_flight),
    "bind_rate_limit": (
        "Parts a second allowed now, 0 for no limit",
        lambda bind: bind.rate_limiter.limit or 0.0,
    ),
    "reports_waiting": ("Reports read and not yet recorded", lambda bind: bind.report_writers.waiting),
    "report_lag_seconds": (
        "Age of the oldest report that is not recorded",
        lambda bind: bind.report_writers.inbox.oldest(monotonic()),
    ),
}


class SenderMetrics(Collector):
    """The counters and gauges of the binds that a sender holds; counters begin anew with each bind."""

    def __init__(
        self,
        binds: Mapping[tuple[int, int], Bind],
        faults: FaultLog,
        pool: Pool,
        looked_ago: Callable[[], float],
    ) -> None:
        self._binds = binds
        self._faults = faults
        self._pool = pool
        self._looked_ago = looked_ago

    def collect(self) -> Iterable[Metric]:
        """Every metric, also of a sender that holds no bind."""
        yield GaugeMetricFamily(
            "sendmill_sender_looked_seconds",
            "Since the sender last looked at its carriers in the database",
            value=self._looked_ago(),
        )
        faults = CounterMetricFamily(
            "sendmill_faults",
            "Unforeseen errors, by carrier (0: none) and by what was set aside",
            labels=("carrier", "part"),
        )
        for (carrier, part), count in list(self._faults.counts.items()):
            faults.add_metric((str(carrier), part), float(count))
        yield faults
        yield GaugeMetricFamily(
            "sendmill_sender_connections",
            "Database connections of lanes and report writers",
            value=self._pool.open,
        )
        yield GaugeMetricFamily(
            "sendmill_sender_connections_wanted",
            "Lanes and report writers that wait for a connection",
            value=self._pool.waiting,
        )
        binds = [((str(key[0]), str(key[1])), bind) for key, bind in list(self._binds.items())]
        for name, (text, read) in COUNTERS.items():
            counter = CounterMetricFamily(f"sendmill_{name}", text, labels=BIND)
            for labels, bind in binds:
                counter.add_metric(labels, float(read(bind)))
            yield counter
        for name, (text, read) in GAUGES.items():
            gauge = GaugeMetricFamily(f"sendmill_{name}", text, labels=BIND)
            for labels, bind in binds:
                gauge.add_metric(labels, float(read(bind)))
            yield gauge
