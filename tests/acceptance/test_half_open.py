"""The way to the carrier is gone and nobody is told; and the database is slow while reports come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.rig.proxy import Proxy
from tests.rig.store import LONG, check_books

from sendmill.dispatch.rate_limiter import LARGEST_BATCH, RateLimiter
from sendmill.simulator.faults import Faults

if TYPE_CHECKING:
    from tests.rig.stage import Stage

Begin = Callable[..., Awaitable["Stage"]]
FIRST = 8613100000000
COUNT = 6_000


@pytest.mark.parametrize(
    ("to_carrier", "to_client"), [(True, False), (False, True), (True, True)], ids=["there", "back", "both"]
)
async def test_a_line_that_goes_dark_leaves_at_most_one_window_uncertain(
    begin: Begin, to_carrier: bool, to_client: bool
) -> None:
    stage = await begin(Faults(throttle_rate=20_000.0), response_timeout=1.0, enquire_interval=0.5)
    with Proxy(stage.smsc.port) as proxy:
        stage.config = replace(stage.config, port=proxy.port)
        task = stage.add(range(FIRST, FIRST + COUNT))
        async with stage.sender():
            await stage.until(lambda: stage.submitted(task) > 1_000, "a beginning")
            assert await asyncio.to_thread(proxy.go_dark, to_carrier=to_carrier, to_client=to_client) == 1
            # What never arrived stays uncertain; what did arrive is settled by its report.
            await stage.until(
                lambda: (
                    stage.books(task).sending == 0 and stage.books(task).successful == len(stage.accepted())
                ),
                "an end",
            )
    books = check_books(stage.rows, task)
    assert books.successful + books.uncertain == COUNT
    assert books.uncertain <= LARGEST_BATCH
    assert bool(books.uncertain) == to_carrier


async def test_nothing_is_acknowledged_before_it_is_committed(begin: Begin) -> None:
    stage = await begin(Faults(report_delay=(2.0, 2.0)))
    task = stage.add(range(FIRST, FIRST + 50))
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) == 50, "all sent")
        with psycopg.connect(stage.url) as other:
            # Nobody can settle a message while this lock is held.
            other.execute("LOCK TABLE message IN SHARE MODE")
            before = stage.smsc.statistics.acknowledged
            while stage.smsc.statistics.deliveries < 50:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            assert stage.smsc.statistics.acknowledged == before < 50
        await stage.finish(successful=50)
        await stage.until(lambda: stage.smsc.pending == 0, "every report acknowledged")


async def test_the_rate_counts_parts_and_not_messages(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    take = RateLimiter.take

    def note(pace: RateLimiter, parts: int) -> float:
        taken.append(parts)
        return take(pace, parts)

    monkeypatch.setattr(RateLimiter, "take", note)
    stage = await begin(rate=5_000)
    stage.add(range(FIRST, FIRST + 200), content=LONG, parts=3)
    async with stage.sender():
        await stage.finish(successful=200)
    assert sum(taken) == 600
