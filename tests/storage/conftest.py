"""A carrier and a sender of its own for each test, in one database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.rig.handed_over import Sender
from tests.rig.store import Account, add_account, add_carrier

from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.connections import connect
from sendmill.postgres.locks import register


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
