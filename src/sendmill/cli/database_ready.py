"""What a process needs of its database before it begins: that it answers, and has our tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
import typer

from sendmill.cli.errors import CommandError, NotRunningError
from sendmill.cli.startup import need_database

if TYPE_CHECKING:
    from sendmill.runtime.settings import Environment

log = structlog.get_logger(__name__)


def await_server(environment: Environment) -> None:
    """Wait for a server of one's own that is still starting, for as long as the settings say.

    Raises a PostgresError: after that time, or at once when the server refuses us.
    """
    if environment.database_url:
        from sendmill.postgres.readiness import wait_until_ready

        wait_until_ready(environment.database_url, environment.database_wait_seconds, _say)


def await_database(environment: Environment) -> None:
    """Wait for the server and check the tables; for the processes that work with them."""
    await_server(environment)
    need_database()
    need_this_version()


def look_at_database(environment: Environment) -> None:
    """Check what can be checked at once; for the console, which tells people itself that the database is away."""
    from django.db import connections

    from sendmill.postgres.embedded.server import database_dsn
    from sendmill.postgres.errors import ServerUnreachableError
    from sendmill.postgres.readiness import wait_until_ready

    try:
        wait_until_ready(database_dsn(environment), 0, _say)
        need_database()
        need_this_version()
    except ServerUnreachableError as error:
        log.warning("the database does not answer; pages say so until it does", reason=str(error))
    finally:
        # The pages are served by another process, which must not share this connection.
        connections.close_all()


def need_this_version() -> None:
    """Raise CommandError for the tables of a newer Sendmill, NotRunningError for those of an older one."""
    from sendmill.postgres.schema_versions import schema_version

    found = schema_version()
    if found.newer:
        raise CommandError(found.newer)
    if found.older:
        raise NotRunningError(found.older)


def _say(sentence: str) -> None:
    typer.secho(sentence, err=True)
