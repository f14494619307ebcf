"""A task that is ended while its sender still has windows open: what left is known, the rest is Not sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tests.acceptance.conftest import Begin
from tests.rig.in_django import InDjango
from tests.rig.stage import Stage
from tests.rig.store import check_books

from sendmill.message_store.queries import unsent_messages
from sendmill.simulator.faults import Faults

FIRST = 120_255_500_000
COUNT = 6_000


@pytest.fixture
def in_django(store_url: str, django_db_blocker: Any) -> InDjango:
    return InDjango(store_url, django_db_blocker)


async def end(stage: Stage, in_django: InDjango, task: int) -> None:
    """As the page does it: mark, settle, and settle again what senders gave back since."""
    stage.rows.execute("UPDATE task SET ending = true, paused = true WHERE id = %s", (task,))
    await asyncio.to_thread(in_django, unsent_messages.end_unsent, task)


async def settled(stage: Stage, in_django: InDjango, task: int) -> None:
    """Until no chunk is left, as the worker's clock does it."""
    while (await asyncio.to_thread(in_django, unsent_messages.chunks_left, task))[0]:
        await asyncio.to_thread(in_django, unsent_messages.end_unsent, task)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(Faults(report_delay=(0.1, 0.4)), id="reports to come"),
        pytest.param(Faults(response_delay=(0.05, 0.3)), id="slow answers"),
        pytest.param(Faults(throttle_rate=1_500.0), id="throttled"),
    ],
)
async def test_what_left_before_the_end_is_known_and_the_rest_is_not_sent(
    begin: Begin, in_django: InDjango, faults: Faults
) -> None:
    stage = await begin(faults)
    stage.config = replace(stage.config, rate=2_000)
    task = stage.add(range(FIRST, FIRST + COUNT))
    other = stage.add(range(FIRST + COUNT, FIRST + COUNT + 200), priority=3)
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) > 0, "a beginning")
        await end(stage, in_django, task)
        await asyncio.wait_for(settled(stage, in_django, task), 60)
        await stage.until(lambda: stage.books(task).sending == 0, "the reports of what left")
        # The sender goes on with the next task.
        await stage.until(lambda: stage.books(other).successful == 200, "the other task")
    books = check_books(stage.rows, task)
    assert 0 < books.successful == books.submitted < COUNT
    assert books.successful + books.not_sent == COUNT
    assert (books.uncertain, books.failed) == (0, 0)
    reached = {int(entry.destination) for entry in stage.accepted()}
    ended = stage.rows.execute("SELECT number FROM message WHERE task_id = %s AND result = 4", (task,))
    assert not reached & {number for (number,) in ended.fetchall()}
