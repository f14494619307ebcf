"""What one batch sender does in the store: open batches, record outcomes, release chunks.

Each step takes a connection of the process's pool and gives it back. A step that may have been committed although its
connection was lost is repeated until the store says how it ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from psycopg import Error

from sendmill.dispatch.bind_context import BindContext
from sendmill.dispatch.mark_writer import NotNotedError
from sendmill.dispatch.store_guard import StoreChangedError
from sendmill.message_store.engine.batches import BatchRecord, Lane, intend, record
from sendmill.message_store.engine.chunks import Chunk, release
from sendmill.message_store.marks.written import Slot
from sendmill.postgres.connections import Connection
from sendmill.postgres.error_kinds import passes
from sendmill.postgres.outages import database

AGAIN = 0.5  # seconds between tries to reach the database


class Opened(NamedTuple):
    """What came of the wish to open a batch. Nothing may be submitted of one that is not open.

    It is open with a `mark`, which is noted. `sure` is False when it may be open in the store although nothing may
    be submitted.
    """

    mark: int | None
    sure: bool = True


NOT_OPENED = Opened(None)  # the lease was lost, or the task does not go on
NOBODY_KNOWS = Opened(None, sure=False)


class Intents:
    """The intents of one lane. `name` is what the lane is called where a lost database is logged."""

    def __init__(self, context: BindContext, name: str) -> None:
        self._context = context
        self._name = name
        notes = context.guard.notes
        self._lane = Lane(notes.run, notes.add_lane())
        self._known_to: datetime | None = None  # the life of the server that has this lane's mark

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Connection]:
        """Yield a connection on which batches may be opened: it leads to a server that was examined.

        Raises StoreChangedError otherwise, and the errors of a connection that has to be made anew.
        """
        guard = self._context.guard
        async with self._context.pool.use() as conn:
            server = await guard.admit(conn)
            if self._known_to != server:
                await guard.add_lane(conn, self._lane.lane)
                self._known_to = server
            yield conn

    async def open(self, chunk: Chunk, hi: int, was_hi: int | None) -> Opened:
        """Commit that the messages of a chunk below `hi` may be sent from now on, and note it outside of the store."""
        try:
            async with self.store() as conn:
                opened = await intend(conn, chunk, self._context.owner, hi, self._lane, was_hi=was_hi)
        except StoreChangedError:
            return NOT_OPENED
        except Error as error:
            if not passes(error):
                raise
            database.lost(self._name, error)
            return NOBODY_KNOWS
        return await self._note(opened.mark) if opened else NOT_OPENED

    async def record(self, chunk: Chunk, batch: BatchRecord) -> Opened | None:
        """Commit outcomes, and with them the intent of the next batch if `batch.ahead` says so.

        Returns what came of that intent, when the outcomes are committed, however long the database is away; None
        when they are refused.
        """
        owner, carrier_id = self._context.owner, self._context.carrier_id
        opens = batch.ahead is not None
        ahead = batch._replace(lane=self._lane) if opens else batch
        try:
            async with self.store() if opens else self._context.pool.use() as conn:
                recorded = await record(conn, chunk, owner, carrier_id, ahead)
        except StoreChangedError:
            pass
        except Error as error:
            if not passes(error):
                raise
            database.lost(self._name, error, recording=True)
        else:
            if recorded is None:
                return None
            return await self._note(recorded.mark) if recorded.opened else NOT_OPENED

        async def once_more(again: Connection) -> None:
            # Refused when the first try had been committed, or the lease was lost; what is next to be written in
            # this chunk tells the one from the other.
            await record(again, chunk, owner, carrier_id, batch._replace(ahead=None))

        await self._again(once_more)
        return NOBODY_KNOWS

    def take_slot(self) -> Slot | None:
        """Return a slot of the file of what may have left, for the next batch; None where there is none."""
        written = self._context.guard.written
        return written.take() if written is not None else None

    def begin_slot(self, slot: Slot | None, chunk: Chunk, mark: int, seqs: Sequence[int]) -> None:
        """Note an open batch: the seq of each of its parts. Nothing of it may have left before."""
        if slot is not None:
            slot.begin(chunk.lease, self._lane.lane, mark, seqs)

    def give_back_slot(self, slot: Slot | None) -> None:
        """Let a slot be used again: its batch was recorded, or was not opened."""
        if slot is not None and self._context.guard.written is not None:
            self._context.guard.written.give_back(slot)

    async def close(self, chunk: Chunk, hi: int | None) -> None:
        """Record that nothing of a chunk is left to send, through the same two statements as a batch.

        `hi` is the end of what is open in the store.
        """
        owner = self._context.owner
        async with self._context.pool.use() as conn:
            if await intend(conn, chunk, owner, chunk.hi, was_hi=hi):
                nothing = BatchRecord(chunk.hi, (), (), (), None, (), ())
                await record(conn, chunk, owner, self._context.carrier_id, nothing)
            else:
                await release(conn, chunk, owner)

    async def release(self, chunk: Chunk) -> None:
        """Give a chunk back of which nothing is open, however long the database is away."""
        await self._again(lambda conn: release(conn, chunk, self._context.owner))

    async def _note(self, mark: int | None) -> Opened:
        """Write a committed mark to the files outside of the store, before the first byte of its batch is written.

        Otherwise the batch is open in the store, and must not be submitted.
        """
        if mark is None:
            return NOBODY_KNOWS
        try:
            await self._context.guard.notes.note(self._lane.lane, mark)
        except NotNotedError as error:
            self._context.guard.stop(str(error))
            return NOBODY_KNOWS
        return Opened(mark)

    async def _again(self, step: Callable[[Connection], Awaitable[None]]) -> None:
        """Do a step, on one connection after another until it succeeds."""
        while True:
            try:
                async with self._context.pool.use() as conn:
                    await step(conn)
            except Error as error:
                if not passes(error):
                    raise
                database.lost(self._name, error)
                await asyncio.sleep(AGAIN)
            else:
                database.back(self._name)
                return
