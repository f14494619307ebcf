"""The metrics of a worker: its jobs, its clock, and the health of the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from time import monotonic
from typing import Any

import structlog
from django.db import Error
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sendmill.message_store.queries import metrics_queries
from sendmill.postgres.outages import loss_of

CLOCK_STUCK = 120.0  # seconds that one tick may take before the worker counts as stuck
CLOCK_SILENT = 10.0  # seconds without a successful tick after which it counts as waiting for the database

JOBS = Counter("sendmill_jobs_ended", "Jobs that ended, by kind and outcome", ["job", "outcome"])
JOB_SECONDS = Histogram(
    "sendmill_job_seconds",
    "How long jobs took, by kind",
    ["job"],
    buckets=(0.01, 0.05, 0.2, 1, 5, 20, 60, 300, 1800),
)
LEDGER = Gauge("sendmill_ledger_discrepancies", "What did not add up when the ledger was last added up")

log = structlog.get_logger(__name__)


class Clock:
    """When the clock of the tasks ticked last (monotonic); `tried_at` also counts ticks that failed."""

    def __init__(self) -> None:
        self.tried_at = self.ticked_at = monotonic()

    def tried(self, *, worked: bool) -> None:
        """Note that a tick has ended."""
        self.tried_at = monotonic()
        if worked:
            self.ticked_at = self.tried_at

    def stuck(self) -> str | None:
        """Return why the worker should be restarted; None while it ticks."""
        seconds = monotonic() - self.tried_at
        return (
            f"The clock of the tasks has stood still for {seconds:.0f} seconds."
            if seconds > CLOCK_STUCK
            else None
        )

    def waiting(self) -> str | None:
        """Return why no task starts or ends; None while ticks succeed."""
        seconds = monotonic() - self.ticked_at
        return f"No tick has worked for {seconds:.0f} seconds." if seconds > CLOCK_SILENT else None


class WorkerMetrics(Collector):
    """The metrics that `look` read last, so that a scrape costs the database nothing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, metrics_queries.Counts] = {}

    def look(self) -> None:
        """Read all metrics. One that cannot be read is left out until it can; the others are read all the same."""
        seen = {}
        for vital in metrics_queries.VITALS:
            try:
                seen[vital.name] = metrics_queries.take(vital)
            except Error as error:
                if loss_of(error) is not None:
                    raise
                log.warning("a metric cannot be read", metric=vital.name, reason=type(error).__name__)
        self._seen = seen

    def collect(self) -> Iterable[Metric]:
        """Yield every metric that was read."""
        yield GaugeMetricFamily(
            "sendmill_clock_ticked_seconds",
            "Since the clock of the tasks last ticked",
            value=monotonic() - self._clock.ticked_at,
        )
        seen = self._seen
        for vital in metrics_queries.VITALS:
            gauge = GaugeMetricFamily(f"sendmill_{vital.name}", vital.text, labels=vital.labels)
            for labels, value in seen.get(vital.name, {}).items():
                gauge.add_metric(labels, value)
            yield gauge


async def measure_job(run: Callable[[], Awaitable[Any]], context: Any, _worker: Any) -> Any:
    """Count a job and measure its duration, whatever its outcome; wraps every job that a worker runs."""
    kind, began, outcome = context.job.task_name, monotonic(), "failed"
    try:
        result = await run()
        outcome = "succeeded"
    finally:
        JOBS.labels(kind, outcome).inc()
        JOB_SECONDS.labels(kind).observe(monotonic() - began)
    return result
