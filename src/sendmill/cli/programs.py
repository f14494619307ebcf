"""What a supervisor tells of the processes that it keeps running."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sendmill.supervise import State


class Programs(Collector):
    """The processes that a supervisor keeps running."""

    def __init__(self, states: Mapping[str, State]) -> None:
        self._states = states

    def collect(self) -> Iterable[Metric]:
        """Whether each runs, and how often it was started."""
        up = GaugeMetricFamily("sendmill_process_up", "1 while the process runs, else 0", labels=["process"])
        starts = CounterMetricFamily(
            "sendmill_process_starts", "How often the process was started", labels=["process"]
        )
        for name, state in self._states.items():
            up.add_metric([name], float(state.pid is not None))
            starts.add_metric([name], float(state.starts))
        yield from (up, starts)

    def checks(self) -> dict[str, Callable[[], str | None]]:
        """A check for each process: why it does not run, or None."""

        def check(name: str) -> Callable[[], str | None]:
            return lambda: (
                None if self._states[name].pid is not None else "It does not run; it is started again."
            )

        return {name: check(name) for name in self._states}
