"""A snapshot of the database at one moment, for the dump and the counts; writers do not wait for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sendmill.backup.errors import BackupRefused
from sendmill.backup.manifest import Migration
from sendmill.postgres.address import primary_only, server_version_check
from sendmill.postgres.durable_connections import DurableConnection
from sendmill.postgres.session_settings import options

Connection = psycopg.Connection[tuple[Any, ...]]

_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relpersistence = 'p'
ORDER BY relname
"""
# The locks of a transaction that creates them all: a table with out-of-line values (TOAST) needs two more.
_RELATIONS = """
SELECT count(*) + 2 * count(*) FILTER (WHERE reltoastrelid <> 0) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'i', 'I', 'S')
"""


@dataclass(frozen=True)
class Snapshot:
    """A snapshot of a database; with ``name`` pg_dump can use it too."""

    connection: Connection
    name: str
    taken_at: datetime
    server: int
    store: str
    schema: str
    migrations: tuple[Migration, ...]
    relations: int
    bytes: int

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return count_rows(self.connection)


@contextmanager
def snapshot(dsn: str) -> Iterator[Snapshot]:
    """Yield a snapshot of the database, which lasts until the block ends.

    Raises `PostgresError` when it does not answer, `BackupRefused` when it has no tables of Sendmill.
    """
    server = server_version_check(dsn)
    with connect(dsn) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        schema = _value(connection, "SELECT current_schema()")
        if _value(connection, "SELECT to_regclass('django_migrations') IS NULL"):
            raise BackupRefused("The database has no tables of Sendmill yet: there is nothing to back up.")
        yield Snapshot(
            connection,
            _value(connection, "SELECT pg_export_snapshot()"),
            _value(connection, "SELECT now()").astimezone(UTC),
            server,
            _store(connection),
            schema,
            tuple(connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()),
            _value(connection, _RELATIONS),
            _value(connection, "SELECT pg_database_size(current_database())"),
        )


def _store(connection: Connection) -> str:
    """Return the permanent id of the store; a store from before it had one is identified by its server."""
    if _value(connection, "SELECT to_regclass('store') IS NULL"):
        return str(_value(connection, "SELECT system_identifier FROM pg_control_system()"))
    return str(_value(connection, "SELECT id FROM store"))


def count_rows(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table of Sendmill, by its name; partitions count one by one."""
    names = [name for (name,) in connection.execute(_TABLES).fetchall()]
    return {
        name: _value(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        for name in names
    }


def counts_to_json(counts: Mapping[str, int]) -> bytes:
    """Return the counts as they are stored in a backup."""
    return json.dumps({"tables": counts}, indent=1).encode()


def parse_counts(text: str) -> dict[str, int]:
    """Parse the counts of a backup. Raises ValueError, KeyError, TypeError or AttributeError."""
    return {str(name): int(count) for name, count in json.loads(text)["tables"].items()}


def connect(dsn: str, *, autocommit: bool = False) -> Connection:
    """Return a connection with the settings of our sessions; it may be idle in a transaction for any time."""
    own = str(conninfo_to_dict(dsn).get("options") or "")
    return DurableConnection.connect(
        dsn, autocommit=autocommit, options=options(own, idle_in_transaction_session_timeout="0")
    )


def of_primary(dsn: str) -> str:
    """Return the address restricted to the primary, when it names several hosts."""
    return make_conninfo(dsn, **primary_only(dsn))


def _value(connection: Connection, query: str | sql.Composed) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 - each of the queries has one row
    return row[0]
