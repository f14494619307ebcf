"""The SQL of sending: what only the holder of a chunk may do, what recovery does, and who holds a slot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.integration.message_store.test_chunks_machine import (
    ACCEPTED,
    HELD_BACK,
    REFUSED,
    UNKNOWN,
    window_record,
)
from tests.rig.store import Account, add_task, check_books

from sendmill.message_store.engine.batches import BatchRecord, intend, record
from sendmill.message_store.engine.chunks import (
    Chunk,
    abandoned,
    claim,
    recipients,
    recover,
    release,
)
from sendmill.message_store.engine.sendable_tasks import live_tasks, pulse
from sendmill.message_store.sender_locks import leave_slot, register, take_slot
from sendmill.postgres.connections import Connection, connect


@pytest.fixture
async def lane(store_url: str) -> AsyncIterator[Connection]:
    async with await connect(store_url, "lane") as conn:
        yield conn


@pytest.fixture
async def owner(lane: Connection) -> int:
    return await register(lane, "here", 1, uuid4())


@pytest.fixture
def task(rows: psycopg.Connection[tuple[Any, ...]], account: Account, carrier: int) -> int:
    return add_task(rows, account, carrier, range(120300, 120310), chunk_size=6)


async def claimed(lane: Connection, owner: int, task: int) -> Chunk:
    chunk = await claim(lane, owner, task)
    assert chunk is not None
    return chunk


async def test_two_owners_get_different_chunks_and_then_none(
    lane: Connection, owner: int, task: int, store_url: str
) -> None:
    async with await connect(store_url, "other") as other:
        second = await register(other, "there", 2, uuid4())
        chunks = await asyncio.gather(claim(lane, owner, task), claim(other, second, task))
        assert sorted(chunk.n for chunk in chunks if chunk) == [0, 1]
        assert await claim(other, second, task) is None
        assert (await pulse(lane)).senders >= 2


async def test_a_paused_task_is_neither_announced_nor_listed(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    assert task in [live.id for live in (await live_tasks(lane, [carrier])).tasks.get(carrier, [])]
    rows.execute("UPDATE task SET paused = true WHERE id = %s", (task,))
    assert not await intend(lane, chunk, owner, 3)
    assert task not in [live.id for live in (await live_tasks(lane, [carrier])).tasks.get(carrier, [])]
    rows.execute("UPDATE task SET paused = false WHERE id = %s", (task,))
    assert await intend(lane, chunk, owner, 3)


async def test_a_window_is_recorded_once_and_only_when_it_was_announced(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    window = (await recipients(lane, chunk))[:3]
    written = window_record(chunk, window, [ACCEPTED, REFUSED, UNKNOWN], 3)
    assert not await record(lane, chunk, owner, carrier, written)
    assert await intend(lane, chunk, owner, 3)
    assert not await intend(lane, chunk, owner, 4)
    assert await record(lane, chunk, owner, carrier, written)
    assert not await record(lane, chunk, owner, carrier, written)
    books = check_books(rows, task)
    assert (books.submitted, books.failed, books.uncertain, books.sending) == (3, 1, 1, 8)


async def test_the_next_window_is_opened_with_the_record_of_the_one_before(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    messages = await recipients(lane, chunk)
    first = window_record(chunk, messages[:2], [ACCEPTED] * 2, 2)._replace(hi=2, ahead=4)
    assert await intend(lane, chunk, owner, 2)
    recorded = await record(lane, chunk, owner, carrier, first)
    assert recorded is not None
    assert recorded.opened
    # Nobody heard that it was committed: once more, and the window behind it stays open.
    assert await record(lane, chunk, owner, carrier, first._replace(ahead=None)) is None
    assert await recover(lane, {chunk.lease}) == (1, 2)
    again = await claimed(lane, owner, task)
    assert again.next_seq == 4
    books = check_books(rows, task)
    assert (books.submitted, books.uncertain, books.sending) == (4, 2, 8)


async def test_a_paused_task_opens_no_window_with_a_record(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    messages = await recipients(lane, chunk)
    assert await intend(lane, chunk, owner, 2)
    rows.execute("UPDATE task SET paused = true WHERE id = %s", (task,))
    first = window_record(chunk, messages[:2], [ACCEPTED] * 2, 2)._replace(hi=2, ahead=4)
    recorded = await record(lane, chunk, owner, carrier, first)
    assert recorded is not None
    assert not recorded.opened
    assert await recover(lane, {chunk.lease}) == (1, 0)
    assert check_books(rows, task).submitted == 2


async def test_a_lost_lease_can_neither_announce_nor_record_nor_release(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    window = (await recipients(lane, chunk))[:3]
    assert await intend(lane, chunk, owner, 3)
    assert await recover(lane, {chunk.lease}) == (1, 3)
    assert not await record(lane, chunk, owner, carrier, window_record(chunk, window, [ACCEPTED] * 3, 3))
    again = await claimed(lane, owner, task)
    assert (again.n, again.next_seq, again.attempt) == (0, 3, 2)
    await release(lane, chunk, owner)
    assert not await intend(lane, chunk, owner, 6)
    assert await intend(lane, again, owner, 6)
    assert check_books(rows, task).uncertain == 3


async def test_an_earlier_lease_of_the_same_sender_is_lost_too(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    stale = await claimed(lane, owner, task)
    window = (await recipients(lane, stale))[:3]
    await release(lane, stale, owner)
    fresh = await claimed(lane, owner, task)
    assert (fresh.n, fresh.attempt) == (stale.n, stale.attempt + 1)
    assert await intend(lane, fresh, owner, 3)
    assert not await record(lane, stale, owner, carrier, window_record(stale, window, [REFUSED] * 3, 3))
    await release(lane, stale, owner)
    assert await recover(lane, {stale.lease}) == (0, 0)
    assert await record(lane, fresh, owner, carrier, window_record(fresh, window, [ACCEPTED] * 3, 3))
    assert not await intend(lane, stale, owner, 6)
    assert check_books(rows, task).failed == 0


async def test_recovery_leaves_alone_what_a_half_recorded_window_says(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    window = (await recipients(lane, chunk))[:4]
    assert await intend(lane, chunk, owner, 4)
    fates = [HELD_BACK, ACCEPTED, REFUSED, HELD_BACK]
    written = window_record(chunk, window, fates, 4)
    assert written.next_seq == 0
    assert await record(lane, chunk, owner, carrier, written)
    waiting = await recipients(lane, chunk)
    assert [one.seq for one in waiting] == [0, 3, 4, 5]
    assert await intend(lane, chunk, owner, 5)
    assert await recover(lane, {chunk.lease}) == (1, 3)
    unknown = rows.execute(
        "SELECT seq, code FROM message WHERE task_id = %s AND result = 3 ORDER BY seq", (task,)
    ).fetchall()
    assert unknown == [(0, "UNCERTAIN"), (3, "UNCERTAIN"), (4, "UNCERTAIN")]
    again = await claimed(lane, owner, task)
    assert [one.seq for one in await recipients(lane, again)] == [5]
    check_books(rows, task)


async def test_a_recovery_that_comes_too_late_changes_nothing(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    window = await recipients(lane, chunk)
    assert await intend(lane, chunk, owner, chunk.hi)
    assert await record(lane, chunk, owner, carrier, window_record(chunk, window, [ACCEPTED] * 6, chunk.hi))
    assert await recover(lane, {chunk.lease}) == (0, 0)
    assert await recover(lane, set()) == (0, 0)
    assert check_books(rows, task).uncertain == 0


async def test_only_leases_that_nobody_works_on_are_abandoned(
    lane: Connection, owner: int, task: int, store_url: str
) -> None:
    mine = await claimed(lane, owner, task)
    async with await connect(store_url, "other") as other:
        second = await register(other, "there", 2, uuid4())
        theirs = await claimed(other, second, task)
        assert not {mine.lease, theirs.lease} & await abandoned(lane, owner, {mine.lease})
        assert mine.lease in await abandoned(lane, owner, set())
    while theirs.lease not in await abandoned(lane, owner, {mine.lease}):
        await asyncio.sleep(0.01)
    assert mine.lease not in await abandoned(lane, owner, {mine.lease})


async def test_a_carrier_without_ids_is_no_reason_to_fail(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    for seqs, ids in (([0], [""]), ([1, 2], ["", "an id"]), ([3, 4, 5], ["", "", ""])):
        assert await intend(lane, chunk, owner, seqs[-1] + 1)
        written = BatchRecord(seqs[-1] + 1, seqs, [0] * len(seqs), ids, None, [], [])
        assert await record(lane, chunk, owner, carrier, written)
    assert check_books(rows, task).submitted == 6
    found = rows.execute("SELECT seq, message_id FROM submission WHERE task_id = %s", (task,)).fetchall()
    assert found == [(2, "an id")]


async def test_an_id_with_a_line_end_does_not_shift_the_others(
    lane: Connection, owner: int, task: int, carrier: int, rows: psycopg.Connection[tuple[Any, ...]]
) -> None:
    chunk = await claimed(lane, owner, task)
    assert await intend(lane, chunk, owner, 2)
    assert await record(
        lane, chunk, owner, carrier, BatchRecord(2, [0, 1], [0, 0], ["a\nb", "c"], None, [], [])
    )
    query = "SELECT seq, message_id FROM submission WHERE task_id = %s ORDER BY seq"
    assert rows.execute(query, (task,)).fetchall() == [(0, "a b"), (1, "c")]


async def test_a_slot_has_one_holder_until_it_is_left_or_its_holder_dies(
    lane: Connection, carrier: int, store_url: str
) -> None:
    async with await connect(store_url, "other") as other:
        assert await take_slot(other, carrier, 1)
        assert not await take_slot(lane, carrier, 1)
        assert await take_slot(lane, carrier, 0)
        await leave_slot(lane, carrier, 0)
        assert await take_slot(other, carrier, 0)
    while not await take_slot(lane, carrier, 1):
        await asyncio.sleep(0.01)
