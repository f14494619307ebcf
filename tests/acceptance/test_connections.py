"""Many binds and few connections: everything is sent and settled, and a command finds a connection meanwhile."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from tests.acceptance.test_faults import FIRST, Begin
from tests.rig.databases import migrate
from tests.rig.store import add_account, add_carrier, check_books

from sendmill.postgres.connection_budget import budget
from sendmill.postgres.embedded.server import Embedded
from sendmill.simulator.faults import Faults

ALLOWED = 40
BINDS = 28


@pytest.fixture(scope="module")
def small_server() -> Iterator[str]:
    """A server of its own that allows few connections."""
    folder = Path(tempfile.mkdtemp(prefix="sendmill-small-"))
    folder.chmod(0o755)
    try:
        with Embedded(folder, durable=False, dies_with_parent=True):
            pass
        (local,) = folder.rglob("local.conf")
        local.write_text(f"max_connections = {ALLOWED}\n")
        with Embedded(folder, durable=False, dies_with_parent=True) as server:
            migrate(server.dsn)
            yield server.dsn
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def test_twenty_eight_busy_binds_leave_connections_to_others(begin: Begin, small_server: str) -> None:
    stage = await begin(Faults(report_delay=(0.05, 0.3)), binds=BINDS)
    with psycopg.connect(small_server, autocommit=True) as rows:
        account = add_account(rows, "Many binds")
        carrier = add_carrier(rows, account, port=stage.smsc.port, binds=BINDS)
        stage = replace(stage, url=small_server, rows=rows, account=account, carrier=carrier)
        share = budget(ALLOWED - 3, 1)
        most = 0

        def beside() -> bool:
            """As many as the senders leave, opened anew: what console, worker and commands need."""
            nonlocal most
            others = [psycopg.connect(small_server, autocommit=True) for _ in range(ALLOWED // 2 - 6)]
            try:
                found = (
                    others[0]
                    .execute(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sendmill sending'"
                    )
                    .fetchone()
                )
                assert found is not None
                most = max(most, found[0])
            finally:
                for other in others:
                    other.close()
            return stage.books(task).successful == 28_000

        async with stage.sender() as sender:
            await stage.until(lambda: [one[1] for one in stage.state()] == ["bound"] * BINDS, "all binds up")
            task = stage.add(range(FIRST, FIRST + 28_000))
            await stage.until(beside, "everything sent and reported")
            assert sender.metrics is not None
        check_books(rows, task)
    assert 2 <= most <= share
    assert len(stage.accepted()) == 28_000
