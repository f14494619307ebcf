"""Carriers that answer slowly: the window stays full, nothing waits for a straggler, urgent tasks do not wait long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.rig.stage import Stage
from tests.rig.store import check_books

from sendmill.carriers.command_statuses import ESME_RMSGQFUL, ESME_RSUBMITFAIL
from sendmill.dispatch.sender import Sender
from sendmill.simulator.faults import Faults

Begin = Callable[..., Awaitable[Stage]]
FIRST = 12020000000
WINDOW = 500


def in_flight(sender: Sender) -> int:
    session = sender.binds[0].link.session if sender.binds else None
    return session.statistics.in_flight if session is not None else 0


async def test_the_window_is_filled_behind_a_carrier_that_answers_late(begin: Begin) -> None:
    """Batches that waited for their last answer sent 1.4 messages a second here."""
    stage = await begin(Faults(answer_time=0.7), window=WINDOW)
    stage.add(range(FIRST, FIRST + 6_000))
    most = 0
    async with stage.sender() as sender:
        for _ in range(200):
            await asyncio.sleep(0.05)
            most = max(most, in_flight(sender))
            if most > 0.9 * WINDOW:
                break
        assert 0.9 * WINDOW < most <= WINDOW
        await stage.finish(successful=6_000)
    assert len(stage.accepted()) == 6_000


async def test_a_lost_answer_keeps_only_itself_open(begin: Begin) -> None:
    stage = await begin(Faults(drop_responses=0.01), response_timeout=20.0)
    task = stage.add(range(FIRST, FIRST + 3_000))
    async with stage.sender() as sender:
        await stage.wait(lambda: len(stage.accepted()) == 3_000, "everything is handed over")
        open_ones = in_flight(sender)
        assert 0 < open_ones < 100
        await stage.wait(lambda: stage.submitted(task) == 3_000 - open_ones, "what is answered is recorded")
        assert stage.books(task).uncertain == 0, "nobody waited for the timeout"
        await stage.wait(lambda: stage.submitted(task) == 3_000, "the timeout")
        await stage.finish(successful=3_000)


@pytest.mark.parametrize("status", [ESME_RMSGQFUL, ESME_RSUBMITFAIL])
@pytest.mark.parametrize("most", [1, 10])
async def test_a_small_window_of_the_carrier_is_found(begin: Begin, most: int, status: int) -> None:
    faults = Faults(server_window=most, server_window_status=status, answer_time=0.02)
    stage = await begin(faults, window=WINDOW)
    count = 30 * most
    stage.add(range(FIRST, FIRST + count))
    async with stage.sender() as sender:
        await stage.finish(successful=count)
        session = sender.binds[0].link.session
        assert session is not None
        assert session.window <= most + 1
    assert len(stage.accepted()) == count


async def test_an_urgent_task_goes_next(begin: Begin) -> None:
    stage = await begin(Faults(answer_time=2.0), window=100)
    bulk = stage.add(range(FIRST, FIRST + 3_000), priority=3)
    async with stage.sender() as sender:
        await stage.until(lambda: in_flight(sender) == 100, "the window is full")
        before = len(stage.accepted())
        urgent = stage.add([FIRST + 50_000], priority=1)
        await stage.until(lambda: stage.books(urgent).successful == 1, "the urgent one")
        order = [entry.destination for entry in stage.accepted()]
        # One answer time passes until there is room; what is opened ahead is withdrawn.
        assert order.index(FIRST + 50_000) - before <= 100 + 10
        stage.rows.execute("UPDATE task SET paused = true WHERE id = %s", (bulk,))


async def test_what_is_not_written_when_a_task_is_paused_is_not_sent(begin: Begin) -> None:
    stage = await begin(Faults(answer_time=1.0), window=100)
    task = stage.add(range(FIRST, FIRST + 3_000))
    async with stage.sender() as sender:
        await stage.until(lambda: in_flight(sender) == 100, "the window is full")
        stage.rows.execute("UPDATE task SET paused = true WHERE id = %s", (task,))
        await stage.until(lambda: in_flight(sender) == 0, "the last answers")
        await stage.until(lambda: not leased(stage, task), "the chunk is given back")
        sent = len(stage.accepted())
        assert sent < 1_500
        await stage.until(lambda: stage.books(task).successful == sent, "every report")
        books = check_books(stage.rows, task)
        assert (books.submitted, books.uncertain) == (sent, 0)
        stage.rows.execute("UPDATE task SET paused = false WHERE id = %s", (task,))
        stage.smsc.faults = Faults()
        await stage.finish(successful=3_000)
    assert len(stage.accepted()) == 3_000


async def test_what_a_chunk_has_handed_over_is_counted(begin: Begin) -> None:
    stage = await begin(Faults(answer_time=0.3), window=50)
    task = stage.add(range(FIRST, FIRST + 1_200))
    async with stage.sender():
        for _ in range(10):
            await asyncio.sleep(0.3)
            submitted, counted = counts(stage, task)
            assert submitted == counted
        stage.smsc.faults = Faults()
        await stage.finish(successful=1_200)
    assert counts(stage, task) == (1_200, 1_200)


def leased(stage: Stage, task: int) -> bool:
    row: Any = stage.rows.execute(
        "SELECT EXISTS (SELECT FROM chunk WHERE task_id = %s AND state = 1)", (task,)
    ).fetchone()
    return bool(row[0])


def counts(stage: Stage, task: int) -> tuple[int, int]:
    """Messages that are no longer waiting, as they say and as the chunks count them; at one moment."""
    row: Any = stage.rows.execute(
        "SELECT (SELECT count(*) FROM message WHERE task_id = %(task)s AND submitted_at IS NOT NULL),"
        " (SELECT sum(submitted) FROM chunk WHERE task_id = %(task)s)",
        {"task": task},
    ).fetchone()
    return int(row[0]), int(row[1])
