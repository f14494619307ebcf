"""What a supervisor tells of the processes that it keeps running."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sendmill.postgres.embedded.keeper import Keeper
from sendmill.runtime.supervisor import State

Check = Callable[[], str | None]


class Programs(Collector):
    """The processes that a supervisor keeps running, and the embedded database beside them."""

    def __init__(self, states: Mapping[str, State], keeper: Keeper | None = None) -> None:
        self._states = states
        self._keeper = keeper

    def collect(self) -> Iterable[Metric]:
        """Whether each runs, and how often it was started."""
        up = GaugeMetricFamily("sendmill_process_up", "1 while the process runs, else 0", labels=["process"])
        starts = CounterMetricFamily(
            "sendmill_process_starts", "How often the process was started", labels=["process"]
        )
        for name, state in self._states.items():
            up.add_metric([name], float(state.pid is not None))
            starts.add_metric([name], float(state.starts))
        if self._keeper is not None:
            up.add_metric(["postgres"], float(self._keeper.running))
            starts.add_metric(["postgres"], float(self._keeper.starts))
        yield from (up, starts)

    def live(self) -> dict[str, Check]:
        """Why the supervisor should be started again: nobody would bring the database back."""
        return {} if self._keeper is None else {"postgres": self._keeper.stuck}

    def ready(self) -> dict[str, Check]:
        """A check for each process: why it does not run, or None. The last one is the embedded database's."""

        def check(name: str) -> Check:
            return lambda: (
                None if self._states[name].pid is not None else "It does not run; it is started again."
            )

        checks = {name: check(name) for name in self._states}
        return checks if self._keeper is None else checks | {"postgres": self._keeper.unwell}
