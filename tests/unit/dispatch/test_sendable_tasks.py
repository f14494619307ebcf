"""What there is to send, while the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
import structlog
from psycopg import OperationalError

from sendmill.dispatch import sendable_tasks
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.outages import Outage


class AwayPool:
    """A pool of a database that is away; `tried` is set at the fifth try."""

    def __init__(self) -> None:
        self.tries = 0
        self.tried = asyncio.Event()

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Any]:
        self.tries += 1
        if self.tries == 5:
            self.tried.set()
        raise OperationalError("the server is away")
        yield


def test_looks_that_fail_are_said_once_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sendable_tasks, "LOOK_AGAIN", 0.001)
    monkeypatch.setattr(sendable_tasks, "database", Outage())

    async def look_in_vain() -> None:
        pool = AwayPool()
        looking = sendable_tasks.SendableTasks(cast(Pool, pool))
        looking.join(1)
        resting = asyncio.create_task(looking.news())
        running = asyncio.create_task(looking.run())
        await asyncio.wait_for(pool.tried.wait(), 30)
        for task in (running, resting):
            task.cancel()
        await asyncio.gather(running, resting, return_exceptions=True)

    with structlog.testing.capture_logs() as lines:
        asyncio.run(look_in_vain())
    assert [line["event"] for line in lines] == ["database lost"]
