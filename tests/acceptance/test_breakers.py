"""A carrier with a fault makes nobody Failed: the task stands still on it until the carrier takes messages again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.rig.stage import Stage
from tests.rig.store import LONG

from sendmill.runtime.settings import ENV
from sendmill.simulator.faults import Faults, Outcome

Begin = Callable[..., Awaitable[Stage]]
FIRST = 12020000000
SYSERR, INVALID_BIND, NO_CREDIT, SUBMIT_FAIL, INVALID_DESTINATION = 0x08, 0x04, 0x040B, 0x45, 0x0B


def refusing(status: int) -> Faults:
    """A carrier that answers everything with one status."""
    return Faults(refuse_rate=1.0, refuse_status=status)


@pytest.fixture
def _no_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ENV, "breaker_probe_seconds", 600.0)


@pytest.fixture
def _soon_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ENV, "breaker_probe_seconds", 0.4)
    monkeypatch.setattr(ENV, "breaker_longest_seconds", 0.8)


def breaker(stage: Stage, task: int) -> tuple[str, int, bool, int] | None:
    """(cause, status, tripped, probes that failed)."""
    row: Any = stage.rows.execute(
        "SELECT cause, status, released_at IS NULL, probes FROM task_breaker WHERE task_id = %s", (task,)
    ).fetchone()
    return row


def tripped(stage: Stage, task: int) -> bool:
    found = breaker(stage, task)
    return found is not None and found[2]


def release(stage: Stage, task: int) -> None:
    """As a person's Release does it."""
    stage.rows.execute(
        "UPDATE task_breaker SET released_at = clock_timestamp(), released_by = 'person' WHERE task_id = %s",
        (task,),
    )
    stage.rows.execute("SELECT pg_notify('sendmill', 'task')")


@pytest.mark.usefixtures("_no_probe")
@pytest.mark.parametrize(
    ("status", "cause", "most"),
    [
        pytest.param(SYSERR, "retry", 3, id="system error"),
        pytest.param(NO_CREDIT, "pause", 1, id="no credit"),
        pytest.param(INVALID_BIND, "re-bind", 1, id="bind taken for closed"),
    ],
)
async def test_a_carrier_with_a_fault_makes_nobody_failed_and_a_person_releases(
    begin: Begin, status: int, cause: str, most: int
) -> None:
    stage = await begin(refusing(status))
    task = stage.add(range(FIRST, FIRST + 5_000))
    async with stage.sender():
        await stage.until(lambda: tripped(stage, task), "a breaker")
        await asyncio.sleep(1.0)
        refused = stage.smsc.statistics.refused
        # Two batch senders, each with an open batch; a message is tried three times at most.
        assert refused <= most * 2 * 500
        await asyncio.sleep(1.0)
        assert stage.smsc.statistics.refused == refused, "it goes on submitting"
        assert breaker(stage, task) == (cause, status, True, 0)
        books = stage.books(task)
        assert (books.failed, books.uncertain, books.submitted) == (0, 0, 0)
        stage.smsc.faults = Faults()
        release(stage, task)
        await stage.finish(successful=5_000)
    assert len(stage.accepted()) == 5_000


@pytest.mark.usefixtures("_soon_probed")
async def test_credit_comes_back_and_the_task_goes_on_by_itself(begin: Begin) -> None:
    stage = await begin(refusing(NO_CREDIT))
    task = stage.add(range(FIRST, FIRST + 3_000))
    other = stage.add([FIRST + 90_000])
    async with stage.sender():
        await stage.until(lambda: (breaker(stage, task) or ("", 0, True, 0))[3] >= 2, "probes that fail")
        before = stage.smsc.statistics.refused
        await asyncio.sleep(2.0)
        # One message a probe, of two tasks: no spinning.
        assert stage.smsc.statistics.refused - before <= 8
        assert stage.books(task).failed == 0
        stage.smsc.faults = Faults()
        await stage.finish(successful=3_000)
        await stage.until(lambda: stage.books(other).successful == 1, "the other task")
    assert breaker(stage, task) is not None
    assert not tripped(stage, task)
    assert len(stage.accepted()) == 3_001


@pytest.mark.usefixtures("_no_probe")
async def test_a_carrier_that_loses_its_credit_half_way(begin: Begin) -> None:
    stage = await begin(Faults())
    stage.config = replace(stage.config, rate=2_000)
    task = stage.add(range(FIRST, FIRST + 6_000))
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) > 500, "a beginning")
        stage.smsc.faults = refusing(NO_CREDIT)
        await stage.until(lambda: tripped(stage, task), "a breaker")
        stage.smsc.faults = Faults()
        release(stage, task)
        await stage.finish(successful=6_000)
    assert len(stage.accepted()) == 6_000


@pytest.mark.usefixtures("_no_probe")
async def test_a_run_of_equal_refusals_fails_no_more_than_the_run(begin: Begin) -> None:
    stage = await begin(refusing(SUBMIT_FAIL))
    task = stage.add(range(FIRST, FIRST + 5_000))
    async with stage.sender():
        await stage.until(lambda: tripped(stage, task), "a breaker")
        await asyncio.sleep(1.0)
        assert breaker(stage, task) == ("run", SUBMIT_FAIL, True, 0)
        assert stage.books(task).failed == 50
        stage.smsc.faults = Faults()
        release(stage, task)
        await stage.finish(successful=4_950, failed=50)
    assert len(stage.accepted()) == 4_950


@pytest.mark.usefixtures("_no_probe")
async def test_a_list_of_bad_numbers_is_no_fault_of_the_carrier(begin: Begin) -> None:
    stage = await begin(Faults(prefixes={"120200000": Outcome(refuse=INVALID_DESTINATION)}))
    task = stage.add(range(FIRST, FIRST + 400))
    async with stage.sender():
        await stage.finish(failed=100, successful=300)
    assert breaker(stage, task) is None


@pytest.mark.usefixtures("_no_probe")
async def test_only_the_refused_task_stands_still(begin: Begin) -> None:
    """Only the messages of one task are refused: the others of the carrier are not touched."""
    stage = await begin(Faults(prefixes={"1202": Outcome(refuse=NO_CREDIT)}))
    task = stage.add(range(FIRST, FIRST + 1_500), priority=1)
    other = stage.add(range(FIRST + 10_000_000, FIRST + 10_001_500))
    async with stage.sender():
        await stage.until(lambda: stage.books(other).successful == 1_500, "the other task")
        assert tripped(stage, task)
        assert not tripped(stage, other)
    assert stage.books(task).failed == 0


@pytest.mark.usefixtures("_no_probe")
async def test_a_carriers_own_map_says_what_its_statuses_mean(begin: Begin) -> None:
    stage = await begin(refusing(SUBMIT_FAIL), status_map="0x45=pause no credit")
    task = stage.add(range(FIRST, FIRST + 2_000))
    async with stage.sender():
        await stage.until(lambda: tripped(stage, task), "a breaker")
        await asyncio.sleep(0.5)
    assert stage.books(task).failed == 0
    words = stage.rows.execute("SELECT words FROM task_breaker WHERE task_id = %s", (task,)).fetchone()
    assert words == ("no credit",)


@pytest.mark.usefixtures("_no_probe")
async def test_now_and_then_a_system_error_is_tried_again(begin: Begin) -> None:
    stage = await begin(Faults(suffixes={"77": Outcome(refuse=SYSERR, once=True)}))
    stage.add(range(FIRST, FIRST + 1_000))
    async with stage.sender():
        await stage.finish(successful=1_000)
    assert len(stage.accepted()) == 1_000
    assert breaker(stage, stage.tasks[0]) is None


@pytest.mark.usefixtures("_soon_probed")
async def test_long_messages_wait_whole(begin: Begin) -> None:
    stage = await begin(refusing(NO_CREDIT))
    task = stage.add(range(FIRST, FIRST + 40), content=LONG, parts=3)
    async with stage.sender():
        await stage.until(lambda: (breaker(stage, task) or ("", 0, True, 0))[3] >= 1, "a probe that fails")
        stage.smsc.faults = Faults()
        await stage.finish(successful=40)
    stage.accepted()


@pytest.mark.usefixtures("_no_probe")
async def test_a_late_refusal_for_a_fault_of_the_carrier_makes_nobody_failed(begin: Begin) -> None:
    faults = replace(refusing(SUBMIT_FAIL), response_delay=(1.0, 1.0))
    stage = await begin(faults, response_timeout=0.4, status_map="0x45=pause")
    task = stage.add(range(FIRST, FIRST + 5))
    async with stage.sender():
        await stage.until(lambda: stage.books(task).uncertain == 5, "messages without an answer")
        await asyncio.sleep(1.5)
        assert stage.books(task).failed == 0
