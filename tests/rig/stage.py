"""A sender in this process against a carrier in this process, over real SMPP, with a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from tests.rig.senders import make_sender
from tests.rig.store import Account, Books, add_task, check_books

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.catalog.wanted_binds import Wanted
from sendmill.dispatch.sender import Sender
from sendmill.simulator.journal import Entry, read_journal
from sendmill.simulator.server import Smsc

PATIENCE = 60.0


@dataclass
class Stage:
    """What a test has: rows, one carrier, and the sender that is to hold its binds."""

    url: str
    rows: psycopg.Connection[tuple[Any, ...]]
    account: Account
    smsc: Smsc
    journal: Path
    carrier: int
    config: CarrierConfig
    binds: int = 1
    receiver: CarrierConfig | None = None
    tasks: list[int] = field(default_factory=list)
    others: dict[int, CarrierConfig] = field(default_factory=dict)

    def add(self, numbers: Sequence[int], **settings: Any) -> int:
        """A task to these numbers."""
        task = add_task(self.rows, self.account, self.carrier, numbers, **settings)
        self.tasks.append(task)
        return task

    def wanted(self) -> Wanted:
        """The binds that should exist: those of the carrier, and one of each other one."""
        own = {(self.carrier, slot): self.config for slot in range(self.binds)}
        if self.receiver is not None:
            own[(self.carrier, self.binds)] = self.receiver
        return own | {(key, 0): config for key, config in self.others.items()}

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[Sender]:
        """A running sender; it ends as an operator ends it."""
        process = make_sender(self.url, self.wanted)
        running = asyncio.create_task(process.run())
        try:
            yield process
            assert not running.done(), running.exception()
        finally:
            process.stop()
            await running

    async def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something to come true, while orphans wait for their time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while not condition():
            assert loop.time() < deadline, f"{what} did not happen: {self.all_books()}, {self.state()}"
            await asyncio.sleep(0.05)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something to come true; orphans are tried as if their time had come."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while not condition():
            assert loop.time() < deadline, f"{what} did not happen: {self.all_books()}, {self.state()}"
            await asyncio.sleep(0.05)
            self.rows.execute(
                "UPDATE orphan SET retry_at = now() WHERE retry_at > now() AND carrier_id = %s",
                (self.carrier,),
            )

    async def finish(self, **counts: int) -> Books:
        """Wait until the books of the first task say so, and check them."""
        task = self.tasks[0]

        def done() -> bool:
            books = self.books(task)
            return all(getattr(books, name) == count for name, count in counts.items())

        await self.until(done, f"{counts}")
        return check_books(self.rows, task)

    def books(self, task: int) -> Books:
        """The books of a task as the counters have them now."""
        row = self.rows.execute(
            "SELECT sum(messages), sum(messages - successful - failed - uncertain - not_sent), "
            "sum(successful), sum(failed), sum(uncertain), sum(not_sent) FROM tally WHERE task_id = %s",
            (task,),
        ).fetchone()
        assert row is not None
        *counts, not_sent = map(int, row)
        return Books(*counts, submitted=self.submitted(task), not_sent=not_sent)

    def submitted(self, task: int) -> int:
        """How many messages of a task were handed over."""
        row = self.rows.execute(
            "SELECT count(submitted_at) FROM message WHERE task_id = %s", (task,)
        ).fetchone()
        assert row is not None
        return int(row[0])

    def all_books(self) -> list[Books]:
        """The books of all tasks."""
        return [self.books(task) for task in self.tasks]

    def state(self) -> list[tuple[int, str, str]]:
        """Slot, state and sentence of the carrier's binds, as the carriers page has them."""
        return self.rows.execute(
            "SELECT slot, state, sentence FROM bind_state WHERE carrier_id = %s ORDER BY slot",
            (self.carrier,),
        ).fetchall()

    def results(self, task: int) -> dict[int, tuple[int, str | None]]:
        """(result, code) by number."""
        found = self.rows.execute("SELECT number, result, code FROM message WHERE task_id = %s", (task,))
        return {number: (result, code) for number, result, code in found.fetchall()}

    def orphans(self, kind: str) -> list[tuple[str, bool]]:
        """Raw text of orphans, and whether they found their message."""
        found = self.rows.execute(
            "SELECT raw, matched_at IS NOT NULL FROM orphan WHERE carrier_id = %s AND kind = %s",
            (self.carrier, kind),
        )
        return found.fetchall()

    def accepted(self) -> list[Entry]:
        """What the carrier accepted, part by part; nothing of it twice."""
        entries = list(read_journal(self.journal))
        parts = {(entry.destination, entry.digest, entry.number) for entry in entries}
        assert len(parts) == len(entries), "something was accepted twice"
        return entries
