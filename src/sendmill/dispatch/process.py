"""The sender as a process: signals, health and metrics."""

from __future__ import annotations

import asyncio
import gc
import signal

from sendmill.dispatch.sender import Sender
from sendmill.runtime.process_endpoints import Watchpoint
from sendmill.runtime.stuck_exit import end_without_database


async def serve(dsn: str, sender: Sender, watchpoint: Watchpoint | None = None) -> None:
    """Run a sender of the database at `dsn` until SIGTERM or SIGINT; health and metrics at `watchpoint`."""
    # Batches are many small tuples without cycles: looking for cycles took a fifth of the sender's time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    loop = asyncio.get_running_loop()

    def end() -> None:
        if not sender.stopping:
            end_without_database(dsn)
        sender.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if watchpoint is None:
        await sender.run()
        return
    async with watchpoint.serve(
        {"database": sender.unwell, "store": sender.guard.unwell}, collector=sender.metrics
    ):
        await sender.run()
