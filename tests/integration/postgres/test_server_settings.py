"""A server of one's own whose settings endanger the promise: what our sessions set, what is refused, what is said."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.rig.databases import migrate

from sendmill.postgres.connections import connect
from sendmill.postgres.durable_connections import DurableConnection, UnreplicatedCommitError
from sendmill.postgres.embedded.folders import SUPERUSER
from sendmill.postgres.embedded.server import Embedded, django_database
from sendmill.postgres.server_settings import find_shortcomings, read_server


@pytest.fixture(scope="module")
def server() -> Iterator[Embedded]:
    """A server with every default against us."""
    folder = Path(tempfile.mkdtemp(prefix="sendmill-server-"))
    folder.chmod(0o755)
    with Embedded(folder, durable=False, dies_with_parent=True) as running:
        for name, value in {
            "synchronous_commit": "off",
            "default_transaction_isolation": "repeatable read",
            "default_transaction_read_only": "on",
            "statement_timeout": "1ms",
            "lock_timeout": "1ms",
            "idle_session_timeout": "10min",
            "timezone": "Asia/Tokyo",
            "DateStyle": "german",
        }.items():
            administer(running, f"ALTER ROLE sendmill SET {name} = '{value}'")
        yield running
    shutil.rmtree(folder, ignore_errors=True)


def administer(server: Embedded, *statements: str) -> None:
    with psycopg.connect(make_conninfo(server.dsn, user=SUPERUSER), autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement)


SHOWN = (
    "synchronous_commit",
    "default_transaction_isolation",
    "default_transaction_read_only",
    "statement_timeout",
    "lock_timeout",
    "idle_session_timeout",
    "timezone",
    "DateStyle",
)
WANTED = ["on", "read committed", "off", "0", "0", "0", "UTC", "ISO, YMD"]


def shown(rows: list[Any]) -> list[Any]:
    return [row[0] for row in rows]


def test_the_sessions_of_the_engine_set_what_the_promise_needs(server: Embedded) -> None:
    async def look() -> list[Any]:
        conn = await connect(server.dsn, "test")
        async with conn:
            return [await (await conn.execute(f"SHOW {name}")).fetchone() for name in SHOWN]

    assert shown(asyncio.run(look())) == WANTED


def test_options_of_the_address_are_kept_and_cannot_weaken_the_promise(server: Embedded) -> None:
    dsn = make_conninfo(server.dsn, options="-c synchronous_commit=off -c work_mem=12MB")

    async def look() -> list[Any]:
        conn = await connect(dsn, "test")
        async with conn:
            return [
                await (await conn.execute(f"SHOW {name}")).fetchone()
                for name in ("synchronous_commit", "work_mem")
            ]

    assert shown(asyncio.run(look())) == ["on", "12MB"]


def test_the_sessions_of_django_do_as_well(server: Embedded, django_db_blocker: Any) -> None:
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.db.utils import load_backend

    entry = connections.configure_settings({DEFAULT_DB_ALIAS: django_database(server.dsn)})[DEFAULT_DB_ALIAS]
    wrapper = load_backend(entry["ENGINE"]).DatabaseWrapper(entry, "foreign")
    try:
        with django_db_blocker.unblock(), wrapper.cursor() as cursor:
            rows = []
            for name in SHOWN:
                cursor.execute(f"SHOW {name}")
                rows.append(cursor.fetchone())
        assert shown(rows) == WANTED
        assert isinstance(wrapper.connection, DurableConnection)
    finally:
        wrapper.close()


def test_several_hosts_mean_the_primary(server: Embedded) -> None:
    entry = django_database("postgresql://a@one,two/b")
    assert entry["OPTIONS"]["target_session_attrs"] == "read-write"
    said = django_database("postgresql://a@one,two/b?target_session_attrs=any")
    assert said["OPTIONS"]["target_session_attrs"] == "any"


@pytest.mark.parametrize("kind", ["blocking", "asyncio"])
def test_a_canceled_wait_for_the_standby_is_no_commit(server: Embedded, kind: str) -> None:
    """The server says COMMIT with a warning; a promotion would lose it."""
    administer(
        server,
        "CREATE TABLE IF NOT EXISTS promised (n int)",
        "GRANT ALL ON promised TO sendmill",
        "ALTER SYSTEM SET synchronous_standby_names = 'nobody'",
        "SELECT pg_reload_conf()",
    )
    try:
        if kind == "blocking":
            from threading import Thread

            conn = DurableConnection.connect(
                server.dsn,
                autocommit=True,
                options="-c synchronous_commit=on -c default_transaction_read_only=off",
            )
            canceling = Thread(target=cancel_wait, args=(server, conn.info.backend_pid))
            canceling.start()
            with pytest.raises(UnreplicatedCommitError):
                conn.execute("INSERT INTO promised VALUES (1)")
            canceling.join()
            assert conn.closed
        else:

            async def promise() -> bool:
                conn = await connect(server.dsn, "test")
                canceling = asyncio.create_task(asyncio.to_thread(cancel_wait, server, conn.info.backend_pid))
                with pytest.raises(UnreplicatedCommitError):
                    await conn.execute("INSERT INTO promised VALUES (1)")
                await canceling
                return conn.closed

            assert asyncio.run(promise())
    finally:
        administer(server, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")


def cancel_wait(server: Embedded, pid: int) -> None:
    """Cancel what a session does once it waits for a standby."""
    with psycopg.connect(
        make_conninfo(server.dsn, user=SUPERUSER), autocommit=True, options="-c synchronous_commit=off"
    ) as conn:
        while True:
            row = conn.execute("SELECT wait_event FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone()
            if row is not None and row[0] == "SyncRep":
                conn.execute("SELECT pg_cancel_backend(%s)", [pid])
                return


def test_a_server_without_fsync_is_said_and_refused(server: Embedded, tmp_path: Path) -> None:
    with psycopg.connect(make_conninfo(server.dsn, user=SUPERUSER)) as conn:
        found = {one.code for one in find_shortcomings(read_server(conn.cursor())) if one.refuse}
    assert {"fsync", "full_page_writes"} <= found
    environment = os.environ | {"DATABASE_URL": server.dsn, "SENDMILL_DATA_DIR": str(tmp_path)}
    migrate(server.dsn)
    environment.pop("SENDMILL_ALLOW_UNSAFE_SERVER", None)
    for command in ("worker", "sender", "migrate"):
        done = subprocess.run(
            [sys.executable, "-m", "sendmill", command],
            env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 4, done.stderr
        assert "fsync is off" in done.stderr
        assert "SENDMILL_ALLOW_UNSAFE_SERVER" in done.stderr
