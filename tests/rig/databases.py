"""Databases of one test's own, with the tables, on the session's server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from psycopg.conninfo import make_conninfo

TEMPLATE = "store_template"
_numbers = count(1)


def migrate(dsn: str) -> None:
    """Make the tables in the database at `dsn`, in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "sendmill", "migrate"],
        env=os.environ | {"DATABASE_URL": dsn, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def make_template(dsn: str) -> str:
    """Make the database that `own_database` copies; its name."""
    with psycopg.connect(_beside(dsn, "postgres"), autocommit=True) as conn:
        drop_database(conn, TEMPLATE)
        conn.execute(f'CREATE DATABASE "{TEMPLATE}"')
    migrate(_beside(dsn, TEMPLATE))
    return TEMPLATE


@contextmanager
def own_database(dsn: str, template: str) -> Iterator[str]:
    """The address of a copy of the database `template`, dropped at the end."""
    name = f"{template}_{next(_numbers)}"
    with psycopg.connect(_beside(dsn, "postgres"), autocommit=True) as conn:
        drop_database(conn, name)
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            with psycopg.connect(_beside(dsn, name), autocommit=True) as own:
                # A store of its own, not a copy of one: copies are noticed.
                own.execute("UPDATE store SET id = gen_random_uuid()")
            yield _beside(dsn, name)
        finally:
            drop_database(conn, name)


def drop_database(conn: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Drop the database `name` if it is there, under whoever is still connected to it.

    Not WITH (FORCE): without superuser that is refused while an autovacuum worker is at work in there, which a plain
    DROP ends by itself.
    """
    conn.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        (name,),
    )
    conn.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _beside(dsn: str, name: str) -> str:
    return make_conninfo(dsn, dbname=name)
