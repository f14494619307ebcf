"""The metrics of the simulated carrier, read at each scrape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sendmill.simulator.server import Smsc


class SimulatorMetrics(Collector):
    """The counts of a service centre since it started, in parts and PDUs."""

    def __init__(self, smsc: Smsc) -> None:
        self._smsc = smsc

    def collect(self) -> Iterable[Metric]:
        """Yield a counter for each statistic, and a gauge of the reports that are still to be sent."""
        for name, value in asdict(self._smsc.statistics).items():
            text = f"Statistic of the simulated carrier: {name}"
            yield CounterMetricFamily(f"sendmill_simulator_{name}", text, value=float(value))
        yield GaugeMetricFamily(
            "sendmill_simulator_reports_pending", "Reports still to be sent", value=float(self._smsc.pending)
        )
