"""A bounded number of connections: in turn, never more, and dead ones are not handed out for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import OperationalError

from sendmill.postgres import connection_pool as pools
from sendmill.postgres.connection_pool import Pool


@pytest.fixture
async def small(store_url: str) -> AsyncIterator[Pool]:
    small = Pool(store_url, "small", 2)
    yield small
    await small.close()


async def pid_of(pool: Pool) -> int:
    async with pool.use() as conn:
        return conn.info.backend_pid


async def test_no_more_connections_than_allowed_and_first_come_first_served(small: Pool) -> None:
    order: list[int] = []
    at_once = most = 0

    async def work(number: int) -> None:
        nonlocal at_once, most
        async with small.use() as conn:
            at_once += 1
            most = max(most, at_once)
            order.append(number)
            await conn.execute("SELECT pg_sleep(0.002)")
            at_once -= 1

    async with small.use(), small.use():
        pass  # both are made: which of two is made first is no matter of turns
    await asyncio.gather(*(work(number) for number in range(40)))
    assert most == small.open == 2
    assert order == list(range(40))


async def test_one_that_gave_up_waiting_leaves_its_turn_to_the_next(small: Pool) -> None:
    async with small.use(), small.use():
        first, second = asyncio.create_task(pid_of(small)), asyncio.create_task(pid_of(small))
        while small.waiting < 2:
            await asyncio.sleep(0)
        first.cancel()
    assert await second
    with pytest.raises(asyncio.CancelledError):
        await first
    assert small.waiting == 0
    assert small.open == 2


async def test_after_the_server_ended_the_connections_one_failure_is_enough(
    small: Pool, rows: psycopg.Connection[tuple[object, ...]]
) -> None:
    async with small.use() as one, small.use() as other:
        pids = [one.info.backend_pid, other.info.backend_pid]
    rows.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS u (pid)", (pids,))
    with pytest.raises(OperationalError):
        async with small.use() as conn:
            await conn.execute("SELECT 1")
    async with small.use() as one, small.use() as other:
        assert {one.info.backend_pid, other.info.backend_pid}.isdisjoint(pids)
        await one.execute("SELECT 1")
        await other.execute("SELECT 1")


async def test_one_that_is_left_within_a_transaction_is_not_handed_out_again(small: Pool) -> None:
    async with small.use() as conn:
        await conn.execute("BEGIN")
        pid = conn.info.backend_pid
    assert await pid_of(small) != pid


async def test_what_is_above_a_smaller_limit_is_closed_as_it_comes_back(small: Pool) -> None:
    small.limit = 4
    async with small.use(), small.use(), small.use(), small.use():
        small.limit = 2
        assert small.open == 4
    assert small.open == 2


async def test_what_nobody_needs_is_closed(small: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    await pid_of(small)
    await small.trim()
    assert small.open == 1
    monkeypatch.setattr(pools, "IDLE", -1.0)
    await small.trim()
    assert small.open == 0
