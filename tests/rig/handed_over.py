"""Tasks that were handed over to a carrier, as a sender leaves them: for tests of what reports do to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from tests.rig.store import Account, Books, add_task, check_books

from sendmill.carriers.message_ids import normalise_ids
from sendmill.message_store.engine.batches import BatchRecord, intend, record
from sendmill.message_store.engine.chunks import claim, recover
from sendmill.message_store.engine.orphans import Orphan, keep_orphans, retry_orphans
from sendmill.message_store.engine.report_matching import ReportToMatch, match
from sendmill.postgres.connections import Connection

NUMBER = 120200
DELIVERED, UNDELIVERABLE, ENROUTE = (1, "DELIVRD"), (2, "UNDELIV"), (None, "ENROUTE")


@dataclass
class Sent:
    """A task whose messages were all handed over; ids are `<task>-<seq>`, with `.<part>` for a long one."""

    conn: Connection
    rows: psycopg.Connection[tuple[Any, ...]]
    carrier: int
    task: int
    owner: int
    sequence: list[str] = field(default_factory=list)

    def key(self, seq: int, part: int = 0) -> str:
        return f"{self.task}-{seq}.{part}" if part else f"{self.task}-{seq}"

    async def report(self, *reports: tuple[str, tuple[int | None, str]]) -> set[int]:
        """A batch of reports (key, state); the books are right afterwards."""
        places = await match(self.conn, self.carrier, [ReportToMatch(key, *state) for key, state in reports])
        check_books(self.rows, self.task)
        return places

    def books(self) -> Books:
        return check_books(self.rows, self.task)

    def message(self, seq: int = 0) -> tuple[int, str | None]:
        row = self.rows.execute(
            "SELECT result, code FROM message WHERE task_id = %s AND seq = %s", (self.task, seq)
        ).fetchone()
        assert row is not None
        return row[0], row[1]

    async def orphan(self, key: str | None, number: int | None, state: tuple[int | None, str]) -> None:
        """A report that found nothing, due to be tried again now."""
        result, code = state
        await keep_orphans(self.conn, [Orphan(self.carrier, "report", key, number, code, result, "raw")])
        self.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")

    async def told(self, *reports: tuple[str, tuple[int | None, str], str]) -> None:
        """A batch of reports (key, state, text as it came)."""
        await match(self.conn, self.carrier, [ReportToMatch(key, *state, raw) for key, state, raw in reports])

    def kept(self) -> list[tuple[int, int, str | None, str]]:
        """Reports that were kept as they came: seq, part, code, raw."""
        found = self.rows.execute(
            "SELECT seq, part, code, raw FROM report WHERE task_id = %s ORDER BY seq, part, received_at",
            (self.task,),
        )
        return found.fetchall()

    async def retry(self) -> int:
        found = await retry_orphans(self.conn, self.carrier, as_they_are)
        check_books(self.rows, self.task)
        return found.found


def as_they_are(ids: Sequence[str]) -> Sequence[str]:
    return normalise_ids(ids, "as_is", reported=True)


@dataclass
class Sender:
    """Hands tasks over."""

    conn: Connection
    rows: psycopg.Connection[tuple[Any, ...]]
    account: Account
    carrier: int
    owner: int

    async def send(self, numbers: Sequence[int], *, parts: int = 1, unknown: bool = False) -> Sent:
        """A task that was sent; `unknown`: its sender died before it could write down what became of it."""
        task = add_task(self.rows, self.account, self.carrier, numbers, parts=parts)
        sent = Sent(self.conn, self.rows, self.carrier, task, self.owner)
        chunk = await claim(self.conn, self.owner, task)
        assert chunk is not None
        assert await intend(self.conn, chunk, self.owner, chunk.hi)
        if unknown:
            await recover(self.conn, {chunk.lease})
            return sent
        places = [
            (seq, part) for seq in range(len(numbers)) for part in (range(1, parts + 1) if parts > 1 else [0])
        ]
        written = BatchRecord(
            chunk.hi,
            [seq for seq, _ in places],
            [part for _, part in places],
            [sent.key(seq, part) for seq, part in places],
            None,
            [(seq, part, 0, None) for seq, part in places if part],
            [],
        )
        assert await record(self.conn, chunk, self.owner, self.carrier, written)
        sent.books()
        return sent
