"""Two carriers: what waits for one that is out goes over the next one, and nothing is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.rig.stage import Stage
from tests.rig.store import Books, add_carrier, check_books

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.runtime.settings import ENV
from sendmill.simulator.faults import Faults, Outcome, State
from sendmill.simulator.journal import read_journal
from sendmill.simulator.server import Smsc

Begin = Callable[..., Awaitable[Stage]]
FIRST = 12020000000


@dataclass
class Second:
    """Another carrier of the stage."""

    smsc: Smsc
    journal: Path
    carrier: int

    def accepted(self) -> set[int]:
        """The numbers that it accepted, none of them twice."""
        numbers = [entry.destination for entry in read_journal(self.journal)]
        assert len(numbers) == len(set(numbers)), "something was accepted twice"
        return set(numbers)


AddSecond = Callable[..., Awaitable[Second]]


@pytest.fixture
async def second(tmp_path: Path) -> AsyncIterator[AddSecond]:
    """Give a stage another carrier."""
    running: list[Smsc] = []

    async def make(stage: Stage, faults: Faults | None = None) -> Second:
        journal = tmp_path / "second"
        smsc = Smsc(faults=faults, log_path=journal)
        await smsc.start()
        running.append(smsc)
        carrier = add_carrier(stage.rows, stage.account, port=smsc.port)
        stage.others[carrier] = CarrierConfig(
            host="127.0.0.1", port=smsc.port, system_id="demo", password="demo"
        )
        return Second(smsc, journal, carrier)

    yield make
    for smsc in running:
        await smsc.stop()


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    from sendmill.dispatch import sender

    monkeypatch.setattr(sender, "SAMPLE", 0.1)
    monkeypatch.setattr(ENV, "failover_seconds", 1)


def fix_apart(stage: Stage, other: Second) -> tuple[set[int], set[int]]:
    """What each carrier accepted; no number went over both."""
    first = {entry.destination for entry in stage.accepted()}
    second = other.accepted()
    assert not first & second, "a number went over both carriers"
    return first, second


def moves(stage: Stage, task: int) -> list[tuple[int, int, str]]:
    found = stage.rows.execute(
        "SELECT DISTINCT from_carrier, to_carrier, reason FROM moved_chunk WHERE task_id = %s", (task,)
    )
    return found.fetchall()


async def finished(stage: Stage, task: int) -> Books:
    def done() -> bool:
        books = stage.books(task)
        return books.sending == 0

    await stage.until(done, "an end")
    return check_books(stage.rows, task)


async def test_each_carrier_gets_its_own_chunks(begin: Begin, second: AddSecond) -> None:
    stage = await begin()
    other = await second(stage)
    task = stage.add(range(FIRST, FIRST + 4_000), via=[stage.carrier, other.carrier])
    stage.rows.execute(
        "UPDATE chunk SET carrier_id = %s WHERE task_id = %s AND n >= 2", (other.carrier, task)
    )
    async with stage.sender():
        await stage.finish(successful=4_000)
    first, over_second = fix_apart(stage, other)
    assert (len(first), len(over_second)) == (2_000, 2_000)
    assert max(first) < min(over_second)
    assert moves(stage, task) == []


async def test_what_waits_for_a_carrier_that_is_down_goes_over_the_next(
    begin: Begin, second: AddSecond
) -> None:
    stage = await begin()
    other = await second(stage)
    await stage.smsc.stop()
    task = stage.add(range(FIRST, FIRST + 3_000), via=[stage.carrier, other.carrier])
    async with stage.sender():
        await stage.finish(successful=3_000)
        assert moves(stage, task) == [(stage.carrier, other.carrier, "down")]
        reason = "SELECT reason FROM carrier_out WHERE carrier_id = %s"
        assert stage.rows.execute(reason, (stage.carrier,)).fetchall() == [("down",)]
        assert stage.rows.execute(reason, (other.carrier,)).fetchall() == []
    assert len(other.accepted()) == 3_000


async def test_a_pair_that_only_receives_is_down(begin: Begin, second: AddSecond) -> None:
    stage = await begin()
    other = await second(stage)
    stage.receiver = replace(stage.config, bind="receiver")
    stage.config = replace(stage.config, bind="transmitter", port=1)
    task = stage.add(range(FIRST, FIRST + 1_000), via=[stage.carrier, other.carrier])
    async with stage.sender():
        await stage.finish(successful=1_000)
        assert [state for _slot, state, _sentence in stage.state()][1:] == ["bound"]
    assert moves(stage, task) == [(stage.carrier, other.carrier, "down")]
    assert len(other.accepted()) == 1_000


async def test_a_carrier_that_dies_in_the_middle_loses_nothing_and_nothing_is_sent_twice(
    begin: Begin, second: AddSecond
) -> None:
    stage = await begin(Faults(response_delay=(0.02, 0.05)))
    other = await second(stage)
    stage.config = replace(stage.config, rate=2_000)
    task = stage.add(range(FIRST, FIRST + 8_000), via=[stage.carrier, other.carrier])
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) > 1_500, "a beginning")
        await stage.smsc.stop()
        await stage.until(lambda: stage.submitted(task) == 8_000, "the rest")
        books = await finished_or_unsure(stage, task)
    assert moves(stage, task) == [(stage.carrier, other.carrier, "down")]
    first, over_second = fix_apart(stage, other)
    assert len(over_second) >= 2_000
    # What was under way when the carrier died is Uncertain; it was never offered to the second one.
    results = stage.results(task)
    uncertain = {number for number, (result, _code) in results.items() if result == 3}
    assert not uncertain & over_second
    assert set(results) == first | over_second | uncertain
    assert books.uncertain <= 500


async def finished_or_unsure(stage: Stage, task: int) -> Books:
    """The reports of the first carrier never come: wait for those of the second."""
    before = -1
    while (now := stage.books(task).successful) != before or now == 0:
        before = now
        await asyncio.sleep(0.5)
    return check_books(stage.rows, task)


async def test_a_drained_carrier_begins_nothing_finishes_and_still_brings_reports(begin: Begin) -> None:
    stage = await begin(Faults(report_delay=(1.0, 1.5)))
    stage.config = replace(stage.config, rate=1_000)
    task = stage.add(range(FIRST, FIRST + 4_000))
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) > 300, "a beginning")
        stage.rows.execute("UPDATE carrier SET draining = true WHERE id = %s", (stage.carrier,))
        leased = "SELECT FROM chunk WHERE task_id = %s AND state = 1"
        await stage.until(lambda: not stage.rows.execute(leased, (task,)).fetchall(), "a rest")
        sent = stage.submitted(task)
        await stage.until(lambda: stage.books(task).successful == sent, "the reports of what was sent")
        assert stage.submitted(task) == sent < 4_000
        assert [state for _slot, state, _sentence in stage.state()] == ["bound"]
        stage.rows.execute("UPDATE carrier SET draining = false WHERE id = %s", (stage.carrier,))
        stage.config = replace(stage.config, rate=0)
        await stage.finish(successful=4_000)
    assert len(stage.accepted()) == 4_000


async def test_draining_moves_what_waits_to_the_next_carrier(begin: Begin, second: AddSecond) -> None:
    stage = await begin(Faults(report_delay=(0.5, 1.0)))
    other = await second(stage)
    stage.config = replace(stage.config, rate=1_000)
    task = stage.add(range(FIRST, FIRST + 5_000), via=[stage.carrier, other.carrier])
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) > 300, "a beginning")
        stage.rows.execute("UPDATE carrier SET draining = true WHERE id = %s", (stage.carrier,))
        books = await finished(stage, task)
    assert (books.successful, books.uncertain) == (5_000, 0)
    first, over_second = fix_apart(stage, other)
    assert len(first) + len(over_second) == 5_000
    assert moves(stage, task) == [(stage.carrier, other.carrier, "resting")]


async def test_a_carrier_that_fails_far_more_than_usual_is_passed_over(
    begin: Begin, second: AddSecond
) -> None:
    stage = await begin(Faults(suffixes={str(digit): Outcome(state=State.REJECTED) for digit in range(9)}))
    other = await second(stage)
    stage.config = replace(stage.config, rate=1_500)
    task = stage.add(range(FIRST, FIRST + 9_000), via=[stage.carrier, other.carrier])
    async with stage.sender():
        books = await finished(stage, task)
    assert moves(stage, task) == [(stage.carrier, other.carrier, "failing")]
    first, over_second = fix_apart(stage, other)
    assert len(over_second) >= 2_000
    assert books.failed < 0.95 * len(first)
    assert books.successful + books.failed == 9_000


async def test_alone_a_bad_carrier_keeps_what_it_has(begin: Begin, second: AddSecond) -> None:
    stage = await begin(Faults(suffixes={str(digit): Outcome(state=State.REJECTED) for digit in range(9)}))
    other = await second(stage)
    stage.rows.execute("UPDATE carrier SET enabled = false WHERE id = %s", (other.carrier,))
    task = stage.add(range(FIRST, FIRST + 1_500), via=[stage.carrier, other.carrier])
    async with stage.sender():
        books = await finished(stage, task)
    assert books.failed == 1_350
    assert moves(stage, task) == []


async def test_a_report_without_id_settles_by_number_over_the_carrier_that_had_it(
    begin: Begin, second: AddSecond
) -> None:
    """A chunk that changed its carrier: a report of the first one is about what was sent before, and only that."""
    stage = await begin()
    other = await second(stage)
    task = stage.add(range(FIRST, FIRST + 10), via=[stage.carrier, other.carrier])
    rows = stage.rows
    rows.execute(
        "UPDATE message SET result = 3, code = 'UNCERTAIN', submitted_at = now() - interval '2 min' "
        "WHERE task_id = %s AND seq < 2",
        (task,),
    )
    rows.execute("UPDATE tally SET uncertain = 2 WHERE task_id = %s", (task,))
    rows.execute(
        "UPDATE chunk SET carrier_id = %s, next_seq = 10, state = 2 WHERE task_id = %s", (other.carrier, task)
    )
    rows.execute(
        "UPDATE message SET submitted_at = now(), result = 1, code = 'DELIVRD' WHERE task_id = %s AND seq >= 2",
        (task,),
    )
    rows.execute("UPDATE tally SET successful = 8 WHERE task_id = %s", (task,))
    rows.execute(
        "INSERT INTO moved_chunk VALUES (%s, 0, now() - interval '1 min', %s, %s, true, 'down')",
        (task, stage.carrier, other.carrier),
    )
    orphans: list[tuple[int, int]] = [(stage.carrier, FIRST), (other.carrier, FIRST + 1)]
    for carrier, number in orphans:
        rows.execute(
            "INSERT INTO orphan (carrier_id, kind, message_id, number, code, result, raw, retry_at) "
            "VALUES (%s, 'report', 'x', %s, 'DELIVRD', 1, 'report', now())",
            (carrier, number),
        )

    def results() -> list[Any]:
        found = rows.execute(
            "SELECT result FROM message WHERE task_id = %s AND seq < 2 ORDER BY seq", (task,)
        )
        return [result for (result,) in found.fetchall()]

    async with stage.sender():
        await stage.until(lambda: results() == [1, 3], "the first one settled, the other not")
        tried = "SELECT tries FROM orphan WHERE carrier_id = %s"
        await stage.until(
            lambda: rows.execute(tried, (other.carrier,)).fetchall()[0][0] >= 1, "a try of the other"
        )
    assert results() == [1, 3]
