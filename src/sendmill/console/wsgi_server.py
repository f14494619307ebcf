"""The WSGI application of `sendmill web`: the console, with the endpoints of health and metrics in the same process."""

from __future__ import annotations

import psycopg

from sendmill.console.error_pages import watch_database
from sendmill.console.wsgi import application
from sendmill.postgres.embedded.server import database_dsn
from sendmill.runtime.process_endpoints import Watchpoint
from sendmill.runtime.settings import ENV

__all__ = ["application"]


def database_unwell() -> str | None:
    """The health check of the database: why no page can be shown, None while it answers."""
    try:
        with psycopg.connect(database_dsn(ENV), connect_timeout=3, autocommit=True) as conn:
            conn.execute("SELECT 1")
    except psycopg.OperationalError:
        return "The database does not answer."
    return None


watch_database()
if ENV.metrics_host:
    Watchpoint("web", ENV.metrics_host, ENV.metrics_port, ENV.data_dir).serve_in_thread(
        {"database": database_unwell}
    )
