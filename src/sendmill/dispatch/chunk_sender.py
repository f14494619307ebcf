"""Sends one leased chunk: several of its batches are open at a time, each message is recorded when it is answered.

A batch is opened when the window has room for it, or soon will, so no more than a window of parts and a little ahead of
it is open on a bind. Nothing waits for a straggler: it keeps only itself open, and the chunk leased.
"""

from __future__ import annotations

import asyncio
from time import monotonic

from sendmill.carriers.message_ids import normalise_ids
from sendmill.carriers.protocol import Session
from sendmill.dispatch.batch import Batch, make_batch
from sendmill.dispatch.batch_durations import note_batch
from sendmill.dispatch.bind_context import BindContext
from sendmill.dispatch.breakers import Probe
from sendmill.dispatch.compiled_task import CompiledTask, UnsendableError
from sendmill.dispatch.frequency_caps import Gate
from sendmill.dispatch.intents import Intents, Opened
from sendmill.dispatch.open_batch import Answered, OpenBatch
from sendmill.dispatch.outcomes import Weighed, weigh
from sendmill.dispatch.queue_full import FullQueues
from sendmill.dispatch.refusals import Refusals
from sendmill.message_store.engine.batches import BatchRecord
from sendmill.message_store.engine.chunks import Chunk, Recipient
from sendmill.message_store.marks.written import Slot

LARGEST = 250  # parts of a batch
BATCH_SECONDS = 0.1  # … and no more than the carrier answers in this time
AHEAD_SECONDS = 0.25  # what is opened and not written yet is answered in this time, and is …
AHEAD_SHARE = 0.5  # … at most this share of the window
RECORD_AFTER = 0.25  # seconds after which answers are recorded although others of their batch are missing
REPORTS_WAIT = 1.0  # seconds that reports wait for a batch to be recorded
LOOK_AGAIN = 0.25  # seconds between looks whether the task goes on


class ChunkSender:
    """Sends one chunk until nothing of it is left, or must not be sent any more, and gives it back.

    `passed_on` is set when nothing is left to open, or nothing more may be: the lane can turn to another chunk while
    what is open here is answered. Raises UnsendableError, with nothing open, when a message cannot be made.
    """

    def __init__(
        self,
        context: BindContext,
        intents: Intents,
        chunk: Chunk,
        text: CompiledTask,
        waiting: list[Recipient],
        passed_on: asyncio.Event,
        probe: Probe | None = None,
    ) -> None:
        self._refusals = Refusals(context, chunk, probe)
        self.chunk = chunk
        self._passed_on = passed_on
        self._context = context
        self._intents = intents
        self._text = text
        self._waiting = waiting  # by seq
        self._gate = Gate(chunk, context.owner, text, context.caps)
        self._full = FullQueues()
        self._window_full = FullQueues()
        self._open: list[OpenBatch] = []
        self._hi: int | None = None  # the end of what is open
        self._hi_known = True  # False: the store may have opened more
        self._known = chunk.submitted
        self._opens = True  # whether batches may be opened
        self._done = False  # nothing of the chunk is left
        self._lost = False  # somebody else has the chunk
        self._next: Batch | None = None  # made and paid for with the rate limiter, not opened
        self._due = 0.0  # when it may be submitted
        self._flaw: UnsendableError | None = None
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Send, record, and release or close the chunk."""
        try:
            while not self._lost:
                await self._look()
                batch = await self._next_batch()
                if await self._step(self._take(), batch):
                    continue
                if not self._opens or not (self._waiting or self._next):
                    self._passed_on.set()
                    if not self._open:
                        break
                await self._rest()
            await self._end()
        finally:
            for one in self._open:
                # Not recorded, so its slot goes on saying what may have left.
                one.withdraw()
                self._let_reports_go(one)

    # -- what to do next --------------------------------------------------------------------------------

    async def _look(self) -> None:
        """Stop opening when the task does not go on; what is not written is not sent then."""
        context = self._context
        await context.fair_queue.look()
        if not self._opens:
            return
        resting = context.stopping.is_set() or context.fair_queue.resting or not context.guard.open
        if resting or context.fair_queue.more_urgent(self._text.priority) or context.link.session is None:
            self._stop()

    def _stop(self) -> None:
        self._opens = False
        for one in self._open:
            one.withdraw()

    async def _next_batch(self) -> Batch | None:
        """Return the next batch, when it may be opened and submitted now."""
        session = self._context.link.session
        if not self._opens or session is None:
            return None
        if self._next is None:
            most = self._room(session)
            if most <= 0 or not self._waiting:
                return None
            await self._make(1 if self._refusals.probe else most)
        if self._next is None or monotonic() < self._due:
            return None
        return self._next

    def _room(self, session: Session) -> int:
        """Return how many parts the next batch may have; 0 while there is no room for a batch."""
        goal = self._goal(session)
        room = session.room + self._ahead(session)
        if room < goal and session.room < session.window:
            return 0
        return min(max(room, 1), goal)

    def _goal(self, session: Session) -> int:
        """Return how many parts a batch has: few where the carrier answers few, so that each soon leaves."""
        answered = session.answer_rate * BATCH_SECONDS if session.answer_rate else LARGEST
        limit = min(LARGEST, self._context.rate_limiter.batch_size)
        return max(1, min(limit, int(answered), session.window // 2))

    def _ahead(self, session: Session) -> int:
        """Return how many parts may be open and not written: while they are, the window does not run dry."""
        return int(min(session.window * AHEAD_SHARE, session.answer_rate * AHEAD_SECONDS))

    async def _make(self, most: int) -> None:
        context = self._context
        waiting = self._waiting
        if self._gate.judges:
            async with context.pool.use() as conn:
                self._waiting, ready = await self._gate.admit(conn, waiting, most)
            waiting = self._waiting[:ready]
            if not waiting:
                return
        try:
            batch = make_batch(self._text, waiting, most)
        except UnsendableError as error:
            # Said when nothing is open: what was sent before must be recorded first.
            self._flaw = error
            self._stop()
            return
        self._waiting = self._waiting[len(batch.messages) :]
        rest = max(
            self._full.rest_before(batch.messages),
            self._window_full.rest_before(batch.messages),
            self._refusals.rest_before(batch.messages),
        )
        self._next, self._due = batch, monotonic() + max(rest, context.rate_limiter.take(batch.size))

    async def _rest(self) -> None:
        """Wait until something is answered, or may be opened."""
        self._wake.clear()
        timeout = LOOK_AGAIN
        session = self._context.link.session
        if self._next is not None:
            timeout = min(timeout, max(0.0, self._due - monotonic()))
        elif self._opens and self._waiting and session is not None:
            least = self._goal(session) - self._ahead(session)
            if session.room >= least or session.room == session.window:
                return
            session.waiting_for_room[self._wake] = least
        try:
            async with asyncio.timeout(timeout):
                await self._wake.wait()
        except TimeoutError:
            pass
        finally:
            if session is not None:
                session.waiting_for_room.pop(self._wake, None)

    # -- recording and opening --------------------------------------------------------------------------

    def _take(self) -> list[tuple[OpenBatch, Answered]]:
        """Take what was answered: whole batches at once, of others what has waited long enough."""
        now, found = monotonic(), []
        for one in self._open:
            if one.answered or now - one.taken_at >= RECORD_AFTER:
                answered = one.take()
                if answered[0]:
                    found.append((one, answered))
        return found

    async def _step(self, answered: list[tuple[OpenBatch, Answered]], batch: Batch | None) -> bool:
        """Record what was answered, and open a batch; return whether there was anything to do."""
        await self._complete()
        await self._refusals.look(outcomes for _, (_, _, outcomes) in answered)
        weighed = [(one, self._weigh(taken)) for one, taken in answered]
        if await self._refusals.stop([one for _, one in weighed]):
            self._stop()
            batch = None
        for _, one in weighed:
            self._waiting = sorted([*one.unsent, *self._waiting]) if one.unsent else self._waiting
        written = [(one, outcomes) for one, outcomes in weighed if outcomes.settled]
        if not written:
            self._close_recorded(answered)
            return await self._open_batch(batch) or bool(answered)
        record = self._joined([outcomes for _, outcomes in written], batch)
        began, slot = monotonic(), self._slot_for(batch)
        self._refusals.before_intent()
        opened = await self._intents.record(self.chunk, record)
        if opened is None:
            self._lost, self._opens = True, False
            return True
        self._hi = record.still if opened.mark is None else record.ahead
        self._known, self._done = record.submitted or 0, record.next_seq >= self.chunk.hi
        self._note_recorded(written, record, began)
        self._close_recorded(answered)
        if batch is not None:
            self._submit(batch, opened, slot)
        return True

    def _slot_for(self, batch: Batch | None) -> Slot | None:
        # Before the intent is committed: see `marks.written`.
        return None if batch is None else self._intents.take_slot()

    def _weigh(self, answered: Answered) -> Weighed:
        messages, parts, outcomes = answered
        context = self._context
        accepted = context.report_writers.accepted
        given_up = self._full.given_up(accepted) | self._window_full.given_up(accepted)
        weighed = weigh(messages, parts, outcomes, given_up, self._refusals.answers, context.final)
        self._window_full.note(weighed.window_full, len(messages), accepted)
        if self._full.note(weighed.full, len(messages), accepted) or weighed.throttled:
            context.rate_limiter.slow_down()
        return weighed

    def _joined(self, written: list[Weighed], batch: Batch | None) -> BatchRecord:
        """Return one record of all outcomes, with what the chunk is like after it."""
        first, *others = (one.record for one in written)
        seqs, parts, ids = list(first.seqs), list(first.parts), list(first.ids)
        part_rows, result_rows = list(first.part_rows), list(first.result_rows)
        for one in others:
            seqs += one.seqs
            parts += one.parts
            ids += one.ids
            part_rows += one.part_rows
            result_rows += one.result_rows
        form = self._context.id_form
        unknown = [one.messages[0].seq for one in self._open if one.messages]
        left = len(self._waiting) + sum(len(one.messages) for one in self._open)
        if self._next is not None:
            unknown.append(self._next.messages[0].seq)
            left += len(self._next.messages)
        if self._waiting:
            unknown.append(self._waiting[0].seq)
        still = self._still
        return BatchRecord(
            next_seq=min(unknown, default=self.chunk.hi),
            seqs=seqs,
            parts=parts,
            ids=ids,
            keys=None if form == "as_is" else normalise_ids(ids, form),
            part_rows=part_rows,
            result_rows=result_rows,
            hi=self._hi if self._hi_known else None,
            ahead=None if batch is None else max(batch.hi, still or 0),
            still=still,
            known=self._known,
            submitted=self.chunk.hi - self.chunk.lo - left,
        )

    @property
    def _still(self) -> int | None:
        """The end of what is open and not answered; None when nothing is."""
        return self._hi if any(one.messages for one in self._open) else None

    async def _open_batch(self, batch: Batch | None) -> bool:
        """Open a batch by a statement of its own; return whether there was one."""
        if batch is None:
            return False
        still = self._still
        ahead = max(batch.hi, still or 0)
        slot = self._slot_for(batch)
        self._refusals.before_intent()
        opened = await self._intents.open(self.chunk, ahead, self._hi)
        if opened.mark is not None:
            self._hi = ahead
        self._submit(batch, opened, slot)
        return True

    def _submit(self, batch: Batch, opened: Opened, slot: Slot | None) -> None:
        """Hand an open batch to the session; one that is not open, or may not be, goes back."""
        context, session = self._context, self._context.link.session
        self._next = None
        if opened.mark is None:
            self._hi_known = self._hi_known and opened.sure
            self._intents.give_back_slot(slot)
            context.rate_limiter.give_back(batch.size)
            self._waiting = [*batch.messages, *self._waiting]
            self._waiting.sort()
            self._stop()
            return
        self._refusals.opened()
        ticket = context.report_writers.open_batches.open()
        one = OpenBatch(batch, self.chunk.task_id, ticket, slot, context.breakers.statuses)
        self._intents.begin_slot(slot, self.chunk, opened.mark, one.seqs)
        self._open.append(one)
        if session is None:
            one.end_unsent()
        else:
            one.submit(session, self._text.source)
        self._listen(one)
        if self._refusals.probe is not None:
            self._opens = False  # one message, and no more

    def _listen(self, one: OpenBatch) -> None:
        """Wake when the last part of a submission is answered."""
        for submission in one.submissions:
            submission.done.add_done_callback(lambda _done: self._wake.set())

    async def _complete(self) -> None:
        """Submit what is missing of long messages that were throttled half-way."""
        context, session = self._context, self._context.link.session
        for one in self._open:
            if not one.missing:
                continue
            if session is None or session is not one.session:
                one.give_up_completing()
                continue
            context.rate_limiter.slow_down()
            wait = context.rate_limiter.take(len(one.missing))
            await asyncio.sleep(max(wait, one.rest_before_completing))
            one.complete(self._text.source)
            self._listen(one)

    # -- what others hear of it -------------------------------------------------------------------------

    def _note_recorded(
        self, written: list[tuple[OpenBatch, Weighed]], record: BatchRecord, began: float
    ) -> None:
        writers, task_id = self._context.report_writers, self.chunk.task_id
        writers.inbox.remember(task_id, record)
        for one, outcomes in written:
            writers.count(outcomes.accepted, outcomes.refused, outcomes.unknown)
            writers.measures.sent(task_id, outcomes.record, one.began)
            note_batch(self._context.carrier_id, began - one.began, monotonic() - began)

    def _close_recorded(self, answered: list[tuple[OpenBatch, Answered]]) -> None:
        """Let reports go on that waited for what is recorded now."""
        now = monotonic()
        for one, _ in answered:
            if not one.messages:
                self._close(one)
            elif now - one.began >= REPORTS_WAIT:
                self._let_reports_go(one)
        self._open = [one for one in self._open if one.messages]

    def _close(self, one: OpenBatch) -> None:
        one.recorded.written = True
        self._intents.give_back_slot(one.slot)
        one.slot = None
        self._let_reports_go(one)

    def _let_reports_go(self, one: OpenBatch) -> None:
        if one.ticket is not None:
            self._context.report_writers.open_batches.close(one.ticket)
            one.ticket = None

    async def _end(self) -> None:
        """Give the chunk back, or close it when nothing of it is left."""
        await self._refusals.end()
        if self._lost or self._done:
            return
        if self._next is not None:
            self._context.rate_limiter.give_back(self._next.size)
            self._waiting = sorted([*self._next.messages, *self._waiting])
        if self._waiting:
            await self._intents.release(self.chunk)
        else:
            await self._intents.close(self.chunk, self._hi)
        if self._flaw is not None:
            raise self._flaw
