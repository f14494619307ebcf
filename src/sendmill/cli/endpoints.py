"""Where each process serves health and metrics, by the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sendmill.cli.ports import need_port
from sendmill.cli.startup import read_environment

if TYPE_CHECKING:
    from sendmill.runtime.process_endpoints import Watchpoint

BELOW_SUPERVISOR = {"SENDMILL_METRICS_PORT": "0", "SENDMILL_DATABASE_WAIT_SECONDS": "86400"}
"""For the processes below a supervisor: it has the port of the settings itself, and brings the database back."""


def watchpoint(process: str) -> Watchpoint | None:
    """Where this process is to serve health and metrics; None when it is not to.

    Raises CommandError when the port of the settings is taken.
    """
    from sendmill.runtime.process_endpoints import Watchpoint

    environment = read_environment()
    if not environment.metrics_host:
        return None
    if environment.metrics_port:
        need_port(environment.metrics_host, environment.metrics_port, "SENDMILL_METRICS_PORT")
    return Watchpoint(process, environment.metrics_host, environment.metrics_port, environment.data_dir)
