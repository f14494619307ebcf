"""Tasks whose carrier counts its ids anew: messages with ids of one's own choice, and reports that name a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from tests.rig.handed_over import Sender
from tests.rig.reporting import Acknowledgements, written
from tests.rig.store import add_task, check_books, make_day

from sendmill.carriers.protocol import Report
from sendmill.delivery_reports.open_batches import CarrierMemory
from sendmill.delivery_reports.report_writer import ReportWriters
from sendmill.message_store.engine.chunks import Chunk, WindowRecord, claim, intend, record
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool


@dataclass
class Told:
    """A report as a carrier writes it: its id, who it is about, what became of the message, and its submit date."""

    id: str
    number: int | None
    stat: str = "DELIVRD"
    submitted: datetime | None = None
    destination: str = "Sendmill"


@dataclass
class Handed:
    """A task and its ids."""

    rows: psycopg.Connection[tuple[Any, ...]]
    task: int
    numbers: Sequence[int]
    ids: list[str]
    chunk: Chunk

    def results(self) -> list[int]:
        """The result of each message; the books are right."""
        check_books(self.rows, self.task)
        found = self.rows.execute("SELECT result FROM message WHERE task_id = %s ORDER BY seq", (self.task,))
        return [result for (result,) in found.fetchall()]

    def reports(self, stat: str = "DELIVRD", submitted: datetime | None = None) -> list[Told]:
        """A report about each message."""
        pairs = zip(self.ids, self.numbers, strict=True)
        return [Told(identifier, number, stat, submitted) for identifier, number in pairs]

    def age(self, before: timedelta) -> datetime:
        """Let it have been submitted that long ago; when that was."""
        then = datetime.now(UTC) - before
        make_day(self.rows, then.date())
        for table in ("submission", "message"):
            self.rows.execute(f"UPDATE {table} SET submitted_at = %s WHERE task_id = %s", (then, self.task))
        return then


class Carrier:
    """One carrier as a sender process knows it: what it handed over, and how it takes reports."""

    def __init__(self, sender: Sender, pool: Pool, faults: FaultLog) -> None:
        self._sender = sender
        self.report_writers = ReportWriters(pool, faults, sender.carrier, "as_is", CarrierMemory())

    async def submit(self, numbers: Sequence[int], ids: list[str], *, remembered: bool = True) -> Handed:
        """A task whose messages were accepted with these ids."""
        handed = await self.open(numbers, ids)
        await self.answer(handed, remembered=remembered)
        return handed

    async def open(self, numbers: Sequence[int], ids: list[str]) -> Handed:
        """A task that was handed over, and whose responses are awaited."""
        sender = self._sender
        task = add_task(sender.rows, sender.account, sender.carrier, numbers)
        chunk = await claim(sender.conn, sender.owner, task)
        assert chunk is not None
        assert await intend(sender.conn, chunk, sender.owner, chunk.hi)
        return Handed(sender.rows, task, numbers, ids, chunk)

    async def answer(self, handed: Handed, *, remembered: bool = True) -> None:
        """The responses came."""
        sender, count = self._sender, len(handed.ids)
        hi = handed.chunk.hi
        window = WindowRecord(hi, list(range(count)), [0] * count, handed.ids, None, (), (), hi)
        assert await record(sender.conn, handed.chunk, sender.owner, sender.carrier, window)
        if remembered:
            self.report_writers.inbox.remember(handed.task, window)

    async def bring(self, reports: Sequence[Told]) -> None:
        """Reports come, and are acknowledged: settled, or kept as orphans."""
        session = Acknowledgements()
        self.report_writers.inbox.arrived(session, [_written(one, at) for at, one in enumerate(reports, 1)])  # type: ignore[arg-type]
        await written(self.report_writers, session, len(reports), 20.0)

    def orphans(self) -> int:
        """Reports that are kept because they match nothing."""
        row = self._sender.rows.execute(
            "SELECT count(*) FROM orphan WHERE carrier_id = %s AND matched_at IS NULL",
            (self._sender.carrier,),
        ).fetchone()
        assert row is not None
        return int(row[0])


def _written(one: Told, sequence: int) -> Report:
    date = one.submitted.strftime("%y%m%d%H%M%S") if one.submitted else None
    raw = (
        f"id:{one.id} submit date:{date} stat:{one.stat} err:000" if date else f"id:{one.id} stat:{one.stat}"
    )
    final = one.stat not in ("ENROUTE", "ACCEPTD")
    return Report(
        "report",
        one.id,
        one.stat,
        final,
        None,
        None,
        one.number,
        raw,
        sequence,
        None,
        one.destination,
        None,
        date,
    )
