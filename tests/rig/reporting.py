"""Reports as a session brings them, and writers that settle them, without a line to a carrier."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.rig.handed_over import Sender

from sendmill.carriers.protocol import Report
from sendmill.delivery_reports.report_writer import ReportWriters
from sendmill.message_store.engine.chunks import WindowRecord, claim, intend, record


class Acknowledgements:
    """In place of a session: what it was told to acknowledge."""

    def __init__(self) -> None:
        self.acknowledged: list[int] = []

    def acknowledge(self, sequences: Any) -> None:
        self.acknowledged += sequences


def report(identifier: str | None, number: int, sequence: int = 1, stat: str = "DELIVRD") -> Report:
    """A final report."""
    return Report(
        "report", identifier, stat, True, None, None, number, f"id:{identifier} stat:{stat}", sequence
    )


async def hand_over(sender: Sender, task: int, ids: list[str], receipts: ReportWriters | None = None) -> None:
    """Claim, intend, record as a lane does."""
    chunk = await claim(sender.conn, sender.owner, task)
    assert chunk is not None
    assert await intend(sender.conn, chunk, sender.owner, chunk.hi)
    window = WindowRecord(chunk.hi, list(range(len(ids))), [0] * len(ids), ids, None, (), (), chunk.hi)
    assert await record(sender.conn, chunk, sender.owner, sender.carrier, window)
    if receipts is not None:
        receipts.inbox.remember(task, window)


async def written(
    receipts: ReportWriters, session: Acknowledgements, count: int, seconds: float = 5.0
) -> None:
    """Let the writers work until so many reports were acknowledged; TimeoutError when they were not."""
    tasks = [asyncio.create_task(receipts.write(writer)) for writer in range(2)]
    try:
        async with asyncio.timeout(seconds):
            while len(session.acknowledged) < count:
                await asyncio.sleep(0.02)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
