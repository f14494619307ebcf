"""An unforeseen error stays with the task, report or bind that it happened in: everything else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.rig.senders import make_sender
from tests.rig.stage import Stage
from tests.rig.store import add_carrier, check_books

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.session import Session
from sendmill.delivery_reports import report_writer as writers
from sendmill.dispatch import batch_sender as lanes
from sendmill.dispatch import failed_binds, intents, own_binds, recovery
from sendmill.dispatch import sender as senders
from sendmill.dispatch.compiled_task import CompiledTask
from sendmill.message_store import fault_log
from sendmill.message_store.engine import report_matching as store
from sendmill.simulator.faults import Faults
from sendmill.simulator.server import Smsc

Begin = Callable[..., Awaitable[Stage]]
FIRST = 12020000000


class UnforeseenError(Exception):
    """Nobody catches this by name."""


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set aside is taken up again at once."""
    monkeypatch.setattr(fault_log, "TASK_WAIT", 0.1)
    monkeypatch.setattr(failed_binds, "BACK_OFF", replace(failed_binds.BACK_OFF, first=0.1, longest=0.2))


def fault_of(stage: Stage, task: int) -> list[tuple[int, str]]:
    found = stage.rows.execute("SELECT times, error FROM task_fault WHERE task_id = %s", (task,))
    return found.fetchall()


def is_paused(stage: Stage, task: int) -> bool:
    row = stage.rows.execute("SELECT paused FROM task WHERE id = %s", (task,)).fetchone()
    assert row is not None
    return bool(row[0])


def raising_for(numbers: Sequence[int], name: str) -> Callable[..., Any]:
    """`CompiledTask.parts_of`, that raises for these numbers."""
    real = getattr(CompiledTask, name)

    def parts_of(self: CompiledTask, recipient: Any) -> Any:
        if recipient.number in numbers:
            raise UnforeseenError
        return real(self, recipient)

    return parts_of


async def test_a_task_whose_text_cannot_be_rendered_is_set_aside_and_others_are_sent(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await begin()
    good = stage.add(range(FIRST, FIRST + 1_500))
    bad = stage.add(range(FIRST + 5_000, FIRST + 7_000), priority=1)
    monkeypatch.setattr(CompiledTask, "parts_of", raising_for([FIRST + 5_700], "parts_of"))
    async with stage.sender() as sender:
        await stage.finish(successful=1_500)
        await stage.until(lambda: bool(fault_of(stage, bad)), "a fault")
        assert len(sender.binds) == 1
    ((times, error),) = fault_of(stage, bad)
    assert times == 1
    assert error.startswith("UnforeseenError (")
    assert str(FIRST)[:8] not in error
    assert fault_of(stage, good) == []
    accepted = {entry.destination for entry in stage.accepted()}
    assert accepted >= set(range(FIRST, FIRST + 1_500))
    assert FIRST + 5_700 not in accepted
    check_books(stage.rows, bad)


@pytest.mark.usefixtures("_soon")
async def test_a_task_is_taken_up_again_a_bounded_number_of_times_then_a_person_has_to(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await begin()
    task = stage.add(range(FIRST, FIRST + 300))
    broken = True
    tries = 0
    real = CompiledTask.parts_of

    def parts_of(self: CompiledTask, recipient: Any) -> Any:
        nonlocal tries
        if broken and recipient.number == FIRST:
            tries += 1
            raise UnforeseenError
        return real(self, recipient)

    monkeypatch.setattr(CompiledTask, "parts_of", parts_of)
    monkeypatch.setattr("sendmill.dispatch.fair_queue.ASIDE", 0.1)
    async with stage.sender():
        await stage.until(lambda: is_paused(stage, task), "a pause")
        assert tries == 5
        assert stage.submitted(task) == 0
        broken = False
        stage.rows.execute("DELETE FROM task_fault WHERE task_id = %s", (task,))
        stage.rows.execute("UPDATE task SET paused = false WHERE id = %s", (task,))
        await stage.finish(successful=300)
    assert len(stage.accepted()) == 300


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("when", ["before the first byte", "after the last byte"])
async def test_what_may_have_been_written_becomes_uncertain_and_is_not_sent_again(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    stage = await begin(Faults(report_delay=(0.5, 0.6)))
    task = stage.add(range(FIRST, FIRST + 2_000))
    real = Session.begin
    raised = 0

    def begin_submission(self: Session, source: str, parts: Any, **options: Any) -> Any:
        nonlocal raised
        if raised < 2:
            raised += 1
            if when == "after the last byte":
                real(self, source, parts, **options)
            raise UnforeseenError
        return real(self, source, parts, **options)

    monkeypatch.setattr(Session, "begin", begin_submission)
    monkeypatch.setattr("sendmill.dispatch.fair_queue.ASIDE", 0.1)
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) == 2_000, "an end of sending")
        # Those that left are settled by their reports, which name the number; the others never.
        await stage.until(
            lambda: all(books.sending == 0 for books in stage.all_books()), "an answer for each message"
        )
        if when == "after the last byte":
            await stage.finish(successful=2_000)
    books = check_books(stage.rows, task)
    accepted = stage.accepted()  # nothing twice
    assert books.successful == len(accepted)
    assert books.uncertain == 2_000 - len(accepted)
    assert (books.uncertain > 0) == (when == "before the first byte")
    assert fault_of(stage, task)[0][1].startswith("UnforeseenError")


@pytest.mark.usefixtures("_soon")
async def test_an_outcome_that_the_database_refuses_sets_its_task_aside(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await begin()
    task = stage.add(range(FIRST, FIRST + 500))
    other = stage.add(range(FIRST + 10_000, FIRST + 10_500))
    real = intents.record
    refused = 0

    async def record(conn: Any, chunk: Any, owner: int, carrier: int, window: Any) -> Any:
        nonlocal refused
        if chunk.task_id == task and refused == 0:
            refused += 1
            window = window._replace(ids=[f"{one}\0" for one in window.ids])
        return await real(conn, chunk, owner, carrier, window)

    monkeypatch.setattr(intents, "record", record)
    monkeypatch.setattr("sendmill.dispatch.fair_queue.ASIDE", 0.1)
    async with stage.sender():
        # Uncertain by the recovery, then settled by reports that name the number.
        await stage.finish(successful=500)
        await stage.until(lambda: stage.books(other).successful == 500, "the other task")
    assert refused == 1
    assert fault_of(stage, task)[0][1].startswith("DataError")
    assert fault_of(stage, other) == []
    assert len(stage.accepted()) == 1_000


async def test_a_report_that_the_database_refuses_is_kept_as_unreadable_and_the_others_are_settled(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await begin(Faults(report_delay=(0.1, 0.2)))
    task = stage.add(range(FIRST, FIRST + 2_000))
    poison = {FIRST + 3, FIRST + 1_500}
    real = store.match

    async def match(conn: Any, carrier: int, receipts: Any, **rest: Any) -> Any:
        poisoned = [one._replace(number=2**70) if one.number in poison else one for one in receipts]
        return await real(conn, carrier, poisoned, **rest)

    async def deliver(conn: Any, task_id: int, seqs: Sequence[int]) -> set[int]:
        return set(seqs)  # nothing is known by its place: all are looked up

    monkeypatch.setattr(writers, "match", match)
    monkeypatch.setattr(writers, "deliver", deliver)
    async with stage.sender() as sender:
        await stage.finish(successful=1_998)
        await stage.until(lambda: len(stage.orphans("unreadable")) == 2, "two that are kept")
        await stage.until(lambda: not sender.binds[0].report_writers.waiting, "everything acknowledged")
        assert len(sender.binds) == 1
    assert stage.books(task).sending == 2


async def test_reports_and_replies_with_what_no_database_holds_are_kept(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A NUL and half a character in what a carrier says, unreadable numbers, and codes that are whole books."""
    stage = await begin()
    task = stage.add(range(FIRST, FIRST + 100))
    async with stage.sender() as sender:
        await stage.finish(successful=100)
        (bind,) = sender.binds
        session = bind.link.session
        assert session is not None
        acknowledged: list[int] = []
        monkeypatch.setattr(session, "acknowledge", acknowledged.extend)
        from tests.rig.reporting import report

        odd = [
            report("id\0with", 1, 9_000_001)._replace(raw="a\0b"),
            report("x" * 100_000, 2, 9_000_002),
            report("id", 2**65, 9_000_003),
            report("id", 3, 9_000_004)._replace(raw="\ud800", kind="reply"),
            report("id", 4, 9_000_005, stat="S\0TAT"),
            report("\ud800", 5, 9_000_006),
        ]
        bind.report_writers.inbox.arrived(session, odd)
        await stage.until(lambda: {one.sequence for one in odd} <= set(acknowledged), "an answer to each")
        assert sender.binds == [bind]
    kept = stage.rows.execute(
        "SELECT count(*) FROM orphan WHERE carrier_id = %s", (stage.carrier,)
    ).fetchone()
    assert kept == (len(odd),)
    check_books(stage.rows, task)


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("part", ["writer", "link", "lane"])
async def test_a_bind_that_breaks_is_started_again_and_other_carriers_do_not_notice(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    stage = await begin(Faults(report_delay=(0.2, 0.3)))
    smsc = Smsc()
    await smsc.start()
    other = add_carrier(stage.rows, stage.account, port=smsc.port)
    stage.others[other] = CarrierConfig(host="127.0.0.1", port=smsc.port, system_id="demo", password="demo")
    task = stage.add(range(FIRST, FIRST + 2_000))
    broke = 0

    def once(name: str, owner: Any, own: Callable[[Any], bool]) -> None:
        real = getattr(owner, name)

        async def broken(self: Any, *args: Any) -> Any:
            nonlocal broke
            if broke == 0 and own(self):
                broke += 1
                raise UnforeseenError
            return await real(self, *args)

        monkeypatch.setattr(owner, name, broken)

    if part == "writer":
        once("_gather", writers.ReportWriters, lambda self: self._carrier_id == stage.carrier)
    elif part == "link":
        from sendmill.carriers.smpp.reconnecting_bind import ReconnectingBind

        once("_hold_session", ReconnectingBind, lambda self: self.config is not stage.others[other])
    else:
        once("_turn", lanes.BatchSender, lambda self: self._context.carrier_id == stage.carrier)
    async with stage.sender() as sender:
        await stage.until(
            lambda: any(key[1] == "bind" for key in sender._faults.counts), "a bind that was set aside"
        )
        await stage.finish(successful=2_000)
        assert sum(sender._faults.counts.values()) == 1
        noted = stage.rows.execute(
            "SELECT times, error FROM bind_fault WHERE carrier_id = %s", (stage.carrier,)
        ).fetchall()
        assert [(times, error.split()[0]) for times, error in noted] == [(1, "UnforeseenError")]
        await stage.until(lambda: [one[1] for one in stage.state()] == ["bound"], "a bind again")
        assert {bind.carrier_id for bind in sender.binds} == {stage.carrier, other}
    await smsc.stop()
    assert len(stage.accepted()) == 2_000
    check_books(stage.rows, task)


async def test_a_look_that_fails_keeps_the_locks_and_the_binds(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await begin()
    failing = ["recovery", "orphans", "wanted", "samples"]
    seen: set[str] = set()

    def poisoned(name: str) -> Callable[..., Any]:
        async def step(*_: Any, **__: Any) -> None:
            seen.add(name)
            raise UnforeseenError(name)

        return step

    def wanted() -> Any:
        if "recovery" in seen:
            seen.add("wanted")
            raise UnforeseenError
        return stage.wanted()

    monkeypatch.setattr(recovery, "abandoned", poisoned("recovery"))
    monkeypatch.setattr(recovery, "retry_orphans", poisoned("orphans"))
    monkeypatch.setattr(own_binds, "keep", poisoned("samples"))
    monkeypatch.setattr(senders, "SAMPLE", 0.1)
    stage.add(range(FIRST, FIRST + 1_000))
    stage.rows.execute("UPDATE task SET paused = true WHERE id = %s", (stage.tasks[0],))
    stage.rows.execute(
        "INSERT INTO orphan (carrier_id, kind, raw, retry_at) VALUES (%s, 'report', 'raw', now())",
        (stage.carrier,),
    )
    sender = make_sender(stage.url, wanted)
    running = asyncio.create_task(sender.run())
    try:
        await stage.until(lambda: seen == set(failing), "all of them")
        stage.rows.execute("UPDATE task SET paused = false WHERE id = %s", (stage.tasks[0],))
        await stage.finish(successful=1_000)
        assert len(sender.binds) == 1
        assert not running.done()
    finally:
        sender.stop()
        await running


async def test_an_error_of_another_connection_does_not_drop_the_senders_locks(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen: a deadlock, or Django's connection that was lost, made a sender give its locks up; another one then
    opened the same bind, and the carrier had one more than it allows."""
    from django.db import OperationalError as DjangoOperationalError
    from psycopg import OperationalError
    from psycopg.errors import DeadlockDetected

    stage = await begin()
    errors: list[Exception] = []

    def wanted() -> Any:
        if errors:
            raise errors[0]
        return stage.wanted()

    def locks() -> list[Any]:
        found = stage.rows.execute(
            "SELECT pid, objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1, 2"
        )
        return found.fetchall()

    real, calls = recovery.retry_orphans, 0

    async def deadlocked(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if errors:
            raise DeadlockDetected
        return await real(*args)

    monkeypatch.setattr(recovery, "retry_orphans", deadlocked)
    sender = make_sender(stage.url, wanted)
    running = asyncio.create_task(sender.run())
    try:
        await stage.until(lambda: [one[1] for one in stage.state()] == ["bound"], "a bind")
        stage.rows.execute(
            "INSERT INTO orphan (carrier_id, kind, raw, retry_at) VALUES (%s, 'report', 'raw', now())",
            (stage.carrier,),
        )
        before = locks()
        assert len(before) == 2
        lost = DjangoOperationalError("server closed the connection")
        lost.__cause__ = OperationalError("server closed the connection")
        errors.append(lost)
        since = calls
        await stage.until(lambda: calls > since + 3, "some looks")
        errors[0] = OperationalError("as raised by a look-up of another kind")
        await stage.until(lambda: calls > since + 6, "some more looks")
        assert locks() == before
    finally:
        sender.stop()
        await running
