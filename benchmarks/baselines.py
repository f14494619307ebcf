"""What the parts can do alone, measured in the same run: the rates that ours are compared with."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from typing import Any

import psycopg


def raw_copy(dsn: str, rows: int) -> float:
    """Rows per second of a plain COPY into a bare table with the columns of `message` and its primary key."""
    block = "".join(f"{seq}\t{12020000000 + seq}\t{seq + 2}\t1\n" for seq in range(10_000))
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("CREATE TABLE bare (seq int, number bigint, file_row int, parts smallint)")
        try:
            began = time.monotonic()
            with conn.cursor().copy("COPY bare FROM STDIN") as copy:
                for _ in range(max(1, rows // 10_000)):
                    copy.write(block)
            return rows / (time.monotonic() - began)
        finally:
            conn.execute("DROP TABLE bare")


def raw_codec(host: str, port: int, messages: int, window: int = 500, lanes: int = 4) -> float:
    """Messages per second through our SMPP session alone, reports acknowledged at once, no database."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_codec_loop(host, port, messages, window, lanes))


async def _codec_loop(host: str, port: int, messages: int, window: int, lanes: int) -> float:
    from sendmill.carriers.protocol import OutgoingPart, Report
    from sendmill.carriers.smpp.configuration import CarrierConfig
    from sendmill.carriers.smpp.session import Session

    reported = 0
    done = asyncio.Event()

    def on_reports(reports: Sequence[Report]) -> None:
        nonlocal reported
        session.acknowledge([report.sequence for report in reports])
        reported += len(reports)
        if reported >= messages:
            done.set()

    config = CarrierConfig(host=host, port=port, system_id="demo", password="demo", window=window * lanes)
    session = Session(config, on_reports=on_reports)
    await session.open()

    async def lane(first: int) -> None:
        for at in range(first, messages, window * lanes):
            parts = [
                OutgoingPart(12_020_000_000 + at + place, b"Hello from the benchmark", False, 0, 1, 1)
                for place in range(min(window, messages - at))
            ]
            await session.submit("Sendmill", parts)

    began = time.monotonic()
    await asyncio.gather(*(lane(number * window) for number in range(lanes)))
    async with asyncio.timeout(60):
        await done.wait()
    seconds = time.monotonic() - began
    await session.close()
    return messages / seconds


def describe_machine() -> dict[str, Any]:
    """Enough to judge a figure by."""
    return {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2)}
