"""Accounts at work for tests that use Django, and a carrier and a sender of its own for each test of the engine's SQL.

Nothing of Django is imported here: this file is read before the settings are there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from pytest_django import Settings
from tests.rig.handed_over import Sender
from tests.rig.store import Account, add_account, add_carrier
from tests.rig.workbooks import read_in_this_process

from sendmill.message_store.fault_log import FaultLog
from sendmill.message_store.sender_locks import register
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.connections import connect

if TYPE_CHECKING:
    from tests.rig.desk import Desk
    from tests.rig.paper_mill import Mill


@pytest.fixture(scope="module")
def rows(store_url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(store_url, autocommit=True) as conn:
        yield conn


@pytest.fixture(scope="module")
def account(rows: psycopg.Connection[tuple[Any, ...]]) -> Account:
    return add_account(rows, "Sending")


@pytest.fixture
async def sender(
    store_url: str, rows: psycopg.Connection[tuple[Any, ...]], account: Account
) -> AsyncIterator[Sender]:
    port = rows.execute("SELECT count(*) FROM carrier").fetchone()
    assert port is not None
    carrier = add_carrier(rows, account, port=port[0] + 3000)
    async with await connect(store_url, "test") as conn:
        yield Sender(conn, rows, account, carrier, await register(conn, "here", 1, uuid4()))


@pytest.fixture
async def pool(store_url: str) -> AsyncIterator[Pool]:
    pool = Pool(store_url, "test", 4)
    yield pool
    await pool.close()


@pytest.fixture
def faults(pool: Pool) -> FaultLog:
    return FaultLog(pool)


@pytest.fixture(autouse=True)
def _files_are_read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each file takes most of a check's time; its own tests are in acceptance."""
    if request.node.get_closest_marker("reading_process") is None:
        read_in_this_process(monkeypatch)


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def mill(db: None) -> Mill:
    """An account with a team and resources of each kind."""
    from tests.rig.paper_mill import build

    return build("mill")


@pytest.fixture
def neighbour(db: None) -> Mill:
    """Another account."""
    from tests.rig.paper_mill import build

    return build("neighbour")


@pytest.fixture
def desk(db: None, settings: Settings, tmp_path: Path) -> Desk:
    """An account with tasks, for tests that need no commit."""
    from tests.rig.desk import furnish

    settings.MEDIA_ROOT = tmp_path / "files"
    return furnish()


@pytest.fixture
def committed_desk(transactional_db: None, settings: Settings, tmp_path: Path) -> Desk:
    """An account with tasks, for tests with several connections."""
    from tests.rig.desk import furnish

    settings.MEDIA_ROOT = tmp_path / "files"
    return furnish()
