"""Where each process serves health and metrics, by the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sendmill.cli.environment import read_environment
from sendmill.cli.ports import need_port

if TYPE_CHECKING:
    from sendmill.supervise import State
    from sendmill.watchpoints import Watchpoint

FREE_PORT = {"SENDMILL_METRICS_PORT": "0"}
"""For the processes below a supervisor, which has the port of the settings itself."""


def watchpoint(process: str) -> Watchpoint | None:
    """Where this process is to serve health and metrics; None when it is not to.

    Raises CommandError when the port of the settings is taken.
    """
    from sendmill.watchpoints import Watchpoint

    environment = read_environment()
    if not environment.metrics_host:
        return None
    if environment.metrics_port:
        need_port(environment.metrics_host, environment.metrics_port, "SENDMILL_METRICS_PORT")
    return Watchpoint(process, environment.metrics_host, environment.metrics_port, environment.data_dir)


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
