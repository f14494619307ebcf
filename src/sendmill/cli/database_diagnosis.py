"""Why the database does not answer, and what to do about it: for `sendmill doctor`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sendmill.cli.one_instance import holder

if TYPE_CHECKING:
    from sendmill.runtime.settings import Environment

# Less than one segment of PostgreSQL's log: it cannot go on, nor start.
FULL = 16 * 1024**2
START = "Run `sendmill up`, or set DATABASE_URL to a server of your own."


def why_away(environment: Environment) -> str:
    """A sentence or two for a database that has just not answered."""
    if environment.database_url:
        return _why_own_server(environment.database_url)
    from sendmill.postgres.embedded.server import Embedded

    server = Embedded(environment.data_dir)
    status, who = server.status(), holder(environment.data_dir)
    logs = environment.data_dir / "postgres" / "log"
    if status.running and not status.ready:
        return "PostgreSQL is starting; after a crash it recovers first. Wait: nothing is to be done."
    if status.running and _is_full(environment.data_dir):
        return (
            f"The disk of {environment.data_dir} is full, and PostgreSQL (process {status.pid}) takes nobody in. Free "
            "some space; nothing else is to be done."
        )
    if status.running:
        return (
            f"PostgreSQL runs (process {status.pid}) and does not answer. Look at the load of this machine and "
            f"at the log in {logs}."
        )
    if _is_full(environment.data_dir):
        then = f"{who} starts it again by itself" if who else "then run `sendmill up`"
        return (
            f"The disk of {environment.data_dir} is full, and PostgreSQL has ended. Free some space; {then}."
        )
    if who:
        return (
            f"PostgreSQL has ended; {who} starts it again by itself. If it is not back within a minute, the log in "
            f"{logs} says why."
        )
    return f"It does not run. {START}"


def _why_own_server(dsn: str) -> str:
    from sendmill.postgres.errors import PostgresError
    from sendmill.postgres.readiness import wait_until_ready

    try:
        wait_until_ready(dsn, 0, str)
    except PostgresError as error:
        return str(error)
    return "It did not answer, and does so again now."


def _is_full(folder: Path) -> bool:
    return folder.exists() and shutil.disk_usage(folder).free < FULL
