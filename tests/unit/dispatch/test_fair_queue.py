"""Turns: urgent first, then fair between accounts, then between an account's tasks."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sendmill.dispatch import fair_queue, sendable_tasks
from sendmill.dispatch.fair_queue import FairQueue
from sendmill.dispatch.sendable_tasks import SendableTasks
from sendmill.message_store.engine.chunks import Chunk
from sendmill.message_store.engine.sendable_tasks import Live, LiveTask


class NoPool:
    """In place of the connections to a database that is not asked."""

    @asynccontextmanager
    async def use(self) -> AsyncIterator[None]:
        yield None


POOL: Any = NoPool()


def of_carrier() -> FairQueue:
    """The turns of one bind of carrier 1."""
    return FairQueue(1, 1, SendableTasks(POOL))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> dict[LiveTask, int]:
    """Free chunks per task, in place of the database."""
    free: dict[LiveTask, int] = {}

    async def live_tasks(conn: object, carriers: object) -> Live:
        return Live({1: [task for task, chunks in free.items() if chunks]}, set())

    async def claim(conn: object, owner: int, task_id: int, carrier_id: int) -> Chunk | None:
        task = next(task for task in free if task.id == task_id)
        if not free[task]:
            return None
        free[task] -= 1
        return Chunk(task_id, free[task], 1, 0, 1000, 0, 0)

    monkeypatch.setattr(sendable_tasks, "live_tasks", live_tasks)
    monkeypatch.setattr(fair_queue, "claim", claim)
    return free


async def claimed(queue: FairQueue, count: int) -> list[int]:
    ids = []
    for _ in range(count):
        chunk = await queue.next_chunk(POOL)
        if chunk is not None:
            ids.append(chunk.task_id)
    return ids


async def test_tasks_of_one_account_take_turns(store: dict[LiveTask, int]) -> None:
    store |= {LiveTask(1, 1, 2): 10, LiveTask(2, 1, 2): 10}
    assert await claimed(of_carrier(), 6) == [1, 2, 1, 2, 1, 2]


async def test_an_account_with_many_tasks_gets_no_more_than_one_with_one(store: dict[LiveTask, int]) -> None:
    store |= {LiveTask(task, 1, 2): 10 for task in range(1, 6)}
    store[LiveTask(9, 2, 2)] = 10
    counts = Counter(await claimed(of_carrier(), 20))
    assert counts[9] == 10


async def test_urgent_tasks_go_first(store: dict[LiveTask, int]) -> None:
    store |= {LiveTask(1, 1, 3): 5, LiveTask(2, 1, 1): 2, LiveTask(3, 2, 2): 2}
    assert await claimed(of_carrier(), 6) == [2, 2, 3, 3, 1, 1]


async def test_nothing_to_send(store: dict[LiveTask, int]) -> None:
    assert await claimed(of_carrier(), 3) == []


async def test_tells_when_something_more_urgent_waits(
    store: dict[LiveTask, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sendable_tasks, "LOOK_AGAIN", -1.0)
    store[LiveTask(1, 1, 3)] = 5
    queue = of_carrier()
    await queue.next_chunk(POOL)
    assert not queue.more_urgent(3)
    store[LiveTask(2, 1, 1)] = 1
    await queue.look()
    assert queue.more_urgent(3)


async def test_a_task_that_cannot_be_sent_is_left_alone_for_a_while(
    store: dict[LiveTask, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sendable_tasks, "LOOK_AGAIN", -1.0)
    store |= {LiveTask(1, 1, 1): 5, LiveTask(2, 1, 3): 5}
    queue = of_carrier()
    assert await claimed(queue, 1) == [1]
    queue.set_aside(1)
    assert await claimed(queue, 2) == [2, 2]
    assert not queue.more_urgent(3)
    monkeypatch.setattr(fair_queue, "ASIDE", -1.0)
    queue.set_aside(1)
    assert await claimed(queue, 1) == [1]
