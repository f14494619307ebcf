"""The role and the database of Sendmill in a server that has just been started."""

from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from sendmill.postgres.embedded.configuration import PORT
from sendmill.postgres.embedded.folders import SUPERUSER
from sendmill.postgres.errors import StartError

ROLE = "sendmill"
DATABASE = "sendmill"


def create_database(sockets: Path, logs: Path) -> None:
    """Create the role and the database in the server of this socket folder, unless they exist.

    Raises `StartError`, which names the folder of the server's ``logs``.
    """
    address = make_conninfo(host=str(sockets), port=PORT, dbname="postgres", user=SUPERUSER)
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=30) as connection:
            if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount == 0:
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB IN ROLE pg_monitor")
            # The text of an error can quote a phone number (“invalid input: …”): the session gets it, the
            # server's log does not. Messages of the server's own processes are still logged.
            connection.execute(f"ALTER ROLE {ROLE} SET log_min_messages = 'log'")
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount == 0:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    except psycopg.Error as error:
        raise StartError(
            f"PostgreSQL runs but its database could not be prepared: {str(error).strip()}. "
            f"Its log is in {logs}."
        ) from error
