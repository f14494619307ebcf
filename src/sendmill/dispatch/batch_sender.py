"""Sends batches over one bind, one at a time: claim a chunk, commit the intent, submit, record.

Each of these steps takes a connection of the process's pool and gives it back before the carrier is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic

import structlog
from psycopg import Error

from sendmill.carriers.message_ids import normalise_ids
from sendmill.carriers.protocol import Outcome, OutgoingPart, Session
from sendmill.carriers.status_mapping import not_sent
from sendmill.delivery_reports.report_writer import Submitted
from sendmill.dispatch.batch import Batch, make_batch, part_keys
from sendmill.dispatch.batch_durations import note_batch
from sendmill.dispatch.bind_context import BindContext
from sendmill.dispatch.compiled_task import CompiledTask, UnsendableError, tell_unsendable
from sendmill.dispatch.fair_queue import ClaimError
from sendmill.dispatch.frequency_caps import Gate
from sendmill.dispatch.mark_writer import NotNotedError
from sendmill.dispatch.outcomes import weigh
from sendmill.dispatch.queue_full import FullQueues
from sendmill.dispatch.rate_limiter import BatchSize
from sendmill.dispatch.store_guard import StoreChangedError
from sendmill.message_store.engine.batches import BatchRecord, Mark, Recorded, intend, record
from sendmill.message_store.engine.chunks import Chunk, Recipient, recipients, release
from sendmill.postgres.connections import Connection
from sendmill.postgres.error_kinds import passes
from sendmill.postgres.outages import database

log = structlog.get_logger(__name__)

INVALID_SOURCE = 0x0A  # ESME_RINVSRCADR
UNEXAMINED = 0.1  # seconds between looks whether the store was examined
COMPLETE_LONG_MESSAGE = 20  # tries to send the rest of a message of which a part was throttled


Step = Callable[[Connection], Awaitable[None]]


class BatchSender:
    """Sends one chunk after another until `stopping` is set; survives the loss of the carrier and of the database.

    After an unforeseen error the task is set aside. Its chunk is left to the recovery, like that of a sender that
    died: the open batch becomes Uncertain, and the rest is sent when the task goes on.
    """

    def __init__(self, context: BindContext, name: str) -> None:
        self._context = context
        self._name = name
        self._stride = BatchSize()
        self._full = FullQueues()
        self._number = context.guard.notes.add_lane()
        self._marks = 0
        self._known_to: datetime | None = None  # the life of the server that has this lane's mark

    async def run(self) -> None:
        """Until `stopping` is set: claim a chunk and send it."""
        try:
            while not self._context.stopping.is_set():
                try:
                    await self._turn()
                    database.back(self._name)
                except StoreChangedError:
                    await asyncio.sleep(UNEXAMINED)
                except Error as error:
                    if not passes(error):
                        raise
                    database.lost(self._name, error)
                    await asyncio.sleep(0.5)
        finally:
            database.forget(self._name)

    @asynccontextmanager
    async def _store(self) -> AsyncIterator[Connection]:
        """Yield a connection on which batches may be opened: it leads to a server that was examined.

        Raises StoreChangedError otherwise, and the errors of a connection that has to be made anew.
        """
        guard = self._context.guard
        async with self._context.pool.use() as conn:
            server = await guard.admit(conn)
            if self._known_to != server:
                await guard.add_lane(conn, self._number)
                self._known_to = server
            yield conn

    async def _turn(self) -> None:
        context = self._context
        if not context.guard.open:
            await asyncio.sleep(UNEXAMINED)
            return
        if context.link.session is None:
            await self._rest()  # until it is bound, too
            return
        try:
            chunk = await context.fair_queue.next_chunk(context.pool)
        except ClaimError as error:
            await self._set_aside(error.task_id, error.__cause__ or error)
            return
        if chunk is None:
            await self._rest()
            return
        # Whatever ends the work on a chunk, a lost database too: a lease that is held no longer and still
        # stands in the database is one that the recovery ends.
        context.held.add(chunk.lease)
        try:
            await self._send(chunk)
        except UnsendableError as error:
            log.error("task cannot be sent", task=chunk.task_id, reason=str(error))
            context.fair_queue.set_aside(chunk.task_id)
            async with context.pool.use() as conn:
                await tell_unsendable(conn, chunk.task_id)
                await release(conn, chunk, context.owner)
        except Exception as error:
            if passes(error):
                raise
            await self._set_aside(chunk.task_id, error)
        finally:
            context.held.discard(chunk.lease)

    async def _rest(self) -> None:
        """Wait until there may be something to send."""
        if not self._context.stopping.is_set():
            await self._context.work.news()

    async def _set_aside(self, task_id: int, error: BaseException) -> None:
        """Stop sending a task after a fault: in this process at once, in all processes through the store."""
        self._context.fair_queue.set_aside(task_id)
        await self._context.faults.of_task(error, task_id, self._context.carrier_id)

    @property
    def _most(self) -> int:
        """The most parts of the next batch."""
        return min(self._context.rate_limiter.batch_size, self._stride.most)

    async def _send(self, chunk: Chunk) -> None:
        context = self._context
        async with self._store() as conn:
            text = await context.compiled_tasks.of(conn, chunk.task_id)
            waiting = await recipients(conn, chunk)
        gate = Gate(chunk, context.owner, text, context.caps)
        self._full = FullQueues()
        batch: Batch | None = None  # opened already, nothing of it sent
        while True:
            session = context.link.session
            await context.fair_queue.look()
            if session is None or not self._goes_on(text):
                async with context.pool.use() as conn:
                    await release(conn, chunk, context.owner)
                return
            if batch is None:
                if gate.judges:
                    async with context.pool.use() as conn:
                        waiting, ready = await gate.admit(conn, waiting, self._most)
                else:
                    ready = len(waiting)
                if not ready:
                    await self._close(chunk)
                    return
                batch = make_batch(text, waiting, ready, self._most, chunk.hi)
                if rest := self._full.rest_before(batch.messages):
                    await asyncio.sleep(rest)
                await context.rate_limiter.take(len(batch.flat))
                if not await self._open(chunk, batch):
                    return
            else:
                await context.rate_limiter.take(len(batch.flat))
            left = await self._through(session, chunk, text, batch, judged=gate.judges)
            if left is None:
                return
            waiting, batch = left

    def _goes_on(self, text: CompiledTask) -> bool:
        """Return whether another batch of this task may be opened."""
        context = self._context
        resting = context.stopping.is_set() or context.fair_queue.resting or not context.guard.open
        return not (resting or context.fair_queue.more_urgent(text.priority))

    async def _close(self, chunk: Chunk) -> None:
        """Record that nothing of the chunk is left to send, through the same two statements as a batch."""
        owner = self._context.owner
        async with self._context.pool.use() as conn:
            if await intend(conn, chunk, owner, chunk.hi):
                nothing = BatchRecord(chunk.hi, (), (), (), None, (), ())
                await record(conn, chunk, owner, self._context.carrier_id, nothing)
            else:
                await release(conn, chunk, owner)

    async def _open(self, chunk: Chunk, batch: Batch) -> bool:
        """Commit the intent of a batch. False: it is not open, and the chunk was released."""
        owner, mark = self._context.owner, self._next_mark()
        try:
            async with self._store() as conn:
                opened = await intend(conn, chunk, owner, batch.hi, mark)
            if opened and await self._note(mark):
                return True
            async with self._context.pool.use() as conn:
                await release(conn, chunk, owner)
        except Error as error:
            if not passes(error):
                raise
            await self._again(lambda again: release(again, chunk, owner))
        return False

    def _next_mark(self) -> Mark:
        self._marks += 1
        return Mark(self._context.guard.notes.run, self._number, self._marks)

    async def _note(self, mark: Mark) -> bool:
        """Write a committed mark to the files outside of the store, before the first byte of its batch is written.

        False: it could not be written, and the batch must not be submitted.
        """
        try:
            await self._context.guard.notes.note(mark.lane, mark.reached)
        except NotNotedError as error:
            self._context.guard.stop(str(error))
            return False
        return True

    async def _through(
        self,
        session: Session,
        chunk: Chunk,
        text: CompiledTask,
        batch: Batch,
        *,
        judged: bool,
    ) -> tuple[list[Recipient], Batch | None] | None:
        """Submit an open batch and record it.

        Returns the messages that are still to be sent, and the next batch when the record opened it too; None when
        nothing of the chunk is left to do here.
        """
        context = self._context
        ticket = context.report_writers.open_batches.open()
        try:
            submitted = Submitted(ticket, chunk.task_id, part_keys(batch.messages, batch.parts))
            began = monotonic()
            outcomes = await self._submit(session, text.source, batch.parts, batch.flat, submitted)
            answered = monotonic()
            self._stride.measure(len(batch.flat), answered - began)
            taken = context.report_writers.accepted
            weighed = weigh(
                batch.messages, batch.parts, outcomes, batch.hi, self._full.given_up(taken), context.final
            )
            if self._full.note(weighed.full, len(batch.messages), taken) or weighed.throttled:
                context.rate_limiter.slow_down()
            behind: Batch | None = None
            if batch.behind and not (weighed.unsent or judged or session is not context.link.session):
                behind = self._next(text, batch.behind, chunk.hi)
            recorded = await self._record(chunk, weighed.record, behind)
            note_batch(context.carrier_id, answered - began, monotonic() - answered)
        finally:
            context.report_writers.open_batches.close(ticket)
        if not recorded:
            return None
        context.report_writers.count(weighed.accepted, weighed.refused, weighed.unknown)
        context.report_writers.measures.sent(chunk.task_id, weighed.record, began)
        left = weighed.unsent + batch.behind
        if not left:
            return None
        return left, behind if recorded is Recorded.OPENED else None

    def _next(self, text: CompiledTask, waiting: list[Recipient], chunk_hi: int) -> Batch | None:
        """Return the next batch when it may be submitted at once, else None."""
        if not self._goes_on(text):
            return None
        try:
            batch = make_batch(text, waiting, len(waiting), self._most, chunk_hi)
        except UnsendableError:
            # Said when its turn comes: what was sent before it must be recorded first.
            return None
        return batch if self._context.rate_limiter.free(len(batch.flat)) else None

    async def _submit(
        self,
        session: Session,
        source: str,
        parts: list[list[OutgoingPart]],
        flat: list[OutgoingPart],
        submitted: Submitted,
    ) -> list[Outcome]:
        """Submit a batch and return the outcome of each part.

        A long message that was throttled half-way is completed.
        """
        try:
            outcomes = await session.submit(source, flat, context=submitted)
        except ValueError:
            # No carrier could take this sender; nothing was written, and the carrier would answer this.
            return [Outcome(INVALID_SOURCE, "")] * len(flat)
        if len(flat) == len(parts):
            return outcomes
        for _ in range(COMPLETE_LONG_MESSAGE):
            missing = self._half_sent(parts, outcomes)
            if not missing or session is not self._context.link.session:
                break
            self._context.rate_limiter.slow_down()
            await self._context.rate_limiter.take(len(missing))
            rest = submitted._replace(part_keys=[submitted.part_keys[index] for index in missing])
            again = await session.submit(source, [flat[index] for index in missing], context=rest)
            for index, outcome in zip(missing, again, strict=True):
                outcomes[index] = outcome
        return outcomes

    @staticmethod
    def _half_sent(parts: list[list[OutgoingPart]], outcomes: list[Outcome]) -> list[int]:
        missing: list[int] = []
        index = 0
        for own in parts:
            indexes = range(index, index + len(own))
            index += len(own)
            held_back = [at for at in indexes if not_sent(outcomes[at].status)]
            if 0 < len(held_back) < len(own):
                missing.extend(held_back)
        return missing

    async def _record(self, chunk: Chunk, batch: BatchRecord, behind: Batch | None) -> Recorded:
        """Record a batch, and open the next one in the same statement.

        When the database is lost in between, the batch is recorded as soon as the database is back, and the rest of
        the chunk is released.
        """
        context = self._context
        form = context.id_form
        keys = None if form == "as_is" else normalise_ids(batch.ids, form)
        batch = batch._replace(keys=keys)
        mark = self._next_mark() if behind else None
        ahead = batch._replace(ahead=behind.hi if behind else None, mark=mark)
        try:
            async with self._store() if behind else context.pool.use() as conn:
                recorded = await record(conn, chunk, context.owner, context.carrier_id, ahead)
            if mark is not None and recorded is Recorded.OPENED and not await self._note(mark):
                # Nothing of the batch behind has left.
                async with context.pool.use() as conn:
                    await release(conn, chunk, context.owner)
                recorded = Recorded.CLOSED
        except Error as error:
            if not passes(error):
                raise
            database.lost(self._name, error, recording=True)
        else:
            if recorded:
                context.report_writers.inbox.remember(chunk.task_id, batch)
            return recorded

        async def once_more(again: Connection) -> None:
            # Refused also when the first try had been committed: the chunk is ours then, and of the batch
            # that may be open nothing was sent. Either way the rest can be given back; when the lease was
            # lost neither statement does anything.
            await record(again, chunk, context.owner, context.carrier_id, batch)
            await release(again, chunk, context.owner)

        await self._again(once_more)
        return Recorded.NOTHING

    async def _again(self, step: Step) -> None:
        """Repeat a step on other connections until it succeeds."""
        while True:
            try:
                async with self._context.pool.use() as conn:
                    await step(conn)
            except Error as error:
                if not passes(error):
                    raise
                database.lost(self._name, error)
                await asyncio.sleep(0.5)
            else:
                database.back(self._name)
                return
