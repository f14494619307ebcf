"""Reports that could be taken for those of another message, and in how many statements they are settled."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from tests.rig.handed_over import DELIVERED, NUMBER, Sender
from tests.rig.reporting import Acknowledgements, hand_over, report, written
from tests.rig.store import add_task

from sendmill.carriers.protocol import Report
from sendmill.delivery_reports import report_writer as writers
from sendmill.delivery_reports.open_batches import CarrierMemory
from sendmill.delivery_reports.report_writer import ReportWriters
from sendmill.message_store.engine.chunks import WindowRecord, claim, intend, record
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool


async def test_a_report_without_an_id_settles_nothing_of_a_carrier_that_gives_no_ids(
    sender: Sender, pool: Pool, faults: FaultLog
) -> None:
    receipts = ReportWriters(pool, faults, sender.carrier, "as_is", CarrierMemory())
    task = add_task(sender.rows, sender.account, sender.carrier, [NUMBER, NUMBER + 1])
    await hand_over(sender, task, ["", ""], receipts)
    session = Acknowledgements()
    # A report about somebody else altogether, that names no id.
    receipts.inbox.arrived(session, [report(None, 4917012345678)])  # type: ignore[arg-type]
    await written(receipts, session, 1)
    rows = sender.rows.execute(
        "SELECT seq, number, result FROM message WHERE task_id = %s ORDER BY 1", (task,)
    )
    assert [result for *_, result in rows.fetchall()] == [0, 0]


@pytest.mark.parametrize("bind", ["receiver of a pair", "transceiver"])
async def test_an_early_report_is_not_taken_for_that_of_an_old_message_with_its_id(
    sender: Sender, pool: Pool, faults: FaultLog, bind: str
) -> None:
    old = add_task(sender.rows, sender.account, sender.carrier, [NUMBER])
    await hand_over(sender, old, ["00017"])
    sender.rows.execute(
        "UPDATE submission SET submitted_at = now() - interval '20 hours' WHERE task_id = %s", (old,)
    )
    receipts = ReportWriters(pool, faults, sender.carrier, "as_is", CarrierMemory())
    session = Acknowledgements()
    receipts.inbox.arrived(session, [report("00017", NUMBER)])  # type: ignore[arg-type]
    await written(receipts, session, 1)
    session.acknowledged.clear()

    # The carrier counts its ids anew. The window is open, and its response or record takes its time.
    new = add_task(sender.rows, sender.account, sender.carrier, [NUMBER + 5])
    chunk = await claim(sender.conn, sender.owner, new)
    assert chunk is not None
    assert await intend(sender.conn, chunk, sender.owner, chunk.hi)
    if bind == "transceiver":
        receipts.open_batches.open()  # another answer of the window is awaited for up to 30 seconds
    receipts.inbox.arrived(session, [report("00017", NUMBER + 5)])  # type: ignore[arg-type]
    with contextlib.suppress(TimeoutError):
        await written(receipts, session, 1, 2.5)
    acknowledged = list(session.acknowledged)
    window = WindowRecord(chunk.hi, [0], [0], ["00017"], None, (), (), chunk.hi)
    assert await record(sender.conn, chunk, sender.owner, sender.carrier, window)
    with contextlib.suppress(TimeoutError):
        await written(receipts, session, 1, 2.5)
    row = sender.rows.execute("SELECT result FROM message WHERE task_id = %s", (new,)).fetchone()
    orphans = sender.rows.execute(
        "SELECT count(*) FROM orphan WHERE carrier_id = %s", (sender.carrier,)
    ).fetchone()
    assert (acknowledged, row, orphans) != ([1], (0,), (0,)), "acknowledged, and settled nobody: it is gone"


async def test_a_report_for_an_open_window_does_not_settle_another_message_by_number(sender: Sender) -> None:
    uncertain = await sender.send([NUMBER], unknown=True)  # of yesterday's crash
    task = add_task(sender.rows, sender.account, sender.carrier, [NUMBER])
    chunk = await claim(sender.conn, sender.owner, task)
    assert chunk is not None
    assert await intend(sender.conn, chunk, sender.owner, chunk.hi)
    # Its window waits up to 30 s for the last answer; its report came, waited 3 s, became an orphan, and is tried.
    await uncertain.orphan("id of the new one", NUMBER, DELIVERED)
    await uncertain.retry()
    window = WindowRecord(chunk.hi, [0], [0], ["id of the new one"], None, (), (), chunk.hi)
    assert await record(sender.conn, chunk, sender.owner, sender.carrier, window)
    uncertain.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")
    await uncertain.retry()
    new = sender.rows.execute("SELECT result FROM message WHERE task_id = %s", (task,)).fetchone()
    assert (uncertain.message()[0], new) == (3, (1,))


async def test_reports_of_many_tasks_are_settled_in_few_statements(
    sender: Sender, pool: Pool, faults: FaultLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,000 reports that wait while a writer is busy: looked up they are one statement."""
    tasks, each = 20, 100
    receipts = ReportWriters(pool, faults, sender.carrier, "as_is", CarrierMemory(), writers=1)
    session, sequence = Acknowledgements(), 0
    for task in range(tasks):
        window = WindowRecord(
            each, list(range(each)), [0] * each, [f"{task}-{at}" for at in range(each)], None, (), ()
        )
        receipts.inbox.remember(task + 1, window)
    for at in range(each):  # a read brings one of each task
        reports = []
        for task in range(tasks):
            sequence += 1
            reports.append(
                Report("report", f"{task}-{at}", "DELIVRD", True, None, None, NUMBER, "", sequence)
            )
        receipts.inbox.arrived(session, reports)  # type: ignore[arg-type]
    statements = 0

    async def deliver(conn: Any, task: int, seqs: Any, numbers: Any) -> set[int]:
        nonlocal statements
        statements += 1
        return set()

    monkeypatch.setattr(writers, "deliver", deliver)
    writing = asyncio.create_task(receipts.write(0))
    while len(session.acknowledged) < tasks * each:
        await asyncio.sleep(0.02)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    assert statements <= 2 * tasks
