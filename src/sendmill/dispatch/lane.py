"""A lane: one database connection with one window outstanding. Claim, intent, submit, record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog
from psycopg import OperationalError

from sendmill.carriers.base import NOT_SENT, OutgoingPart, Outcome
from sendmill.carriers.ids import normalise_ids
from sendmill.carriers.link import Link
from sendmill.carriers.smpp import Session
from sendmill.dispatch.pacing import Pace
from sendmill.dispatch.receipts import Receipts
from sendmill.dispatch.texts import TaskText, Texts, take_window
from sendmill.dispatch.turns import LOOK_AGAIN, Turns
from sendmill.domain.codes import refusal
from sendmill.domain.states import Result
from sendmill.storage.connections import connect
from sendmill.storage.leases import (
    Chunk,
    Connection,
    Recipient,
    WindowRecord,
    intend,
    record,
    recipients,
    release,
)

log = structlog.get_logger(__name__)

THROTTLED = frozenset({0x58, 0x14})  # ESME_RTHROTTLED, ESME_RMSGQFUL: known not sent
COMPLETE_LONG_MESSAGE = 20  # tries to send the rest of a message of which a part was throttled


@dataclass
class BindContext:
    """What the lanes of one bind share."""

    dsn: str
    owner: int
    carrier_id: int
    link: Link
    pace: Pace
    turns: Turns
    texts: Texts
    receipts: Receipts
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Weighed:
    """The outcomes of a window, sorted into what is written and what is still to be sent."""

    record: WindowRecord
    unsent: list[Recipient]
    throttled: bool
    accepted: int
    refused: int
    unknown: int


def weigh(
    window: Sequence[Recipient],
    parts: Sequence[Sequence[OutgoingPart]],
    outcomes: Sequence[Outcome],
    window_hi: int,
) -> Weighed:
    """Sort outcomes (flat, aligned with the parts) by message.

    Unknown wins over refused, refused over accepted: a message is as certain as its least certain part.
    A message whose parts were all throttled or never written is still to be sent.
    """
    seqs: list[int] = []
    numbers: list[int] = []
    ids: list[str] = []
    part_rows: list[tuple[int, int, int, str | None]] = []
    result_rows: list[tuple[int, int, str | None]] = []
    unsent: list[Recipient] = []
    throttled = False
    accepted = refused = unknown = 0
    place = 0
    for recipient, own in zip(window, parts, strict=True):
        seq = recipient.seq
        if len(own) == 1:
            status, carrier_id = outcomes[place]
            place += 1
            if status == 0:
                seqs.append(seq)
                numbers.append(0)
                ids.append(carrier_id)
                accepted += 1
                continue
            statuses: list[int | None] = [status]
        else:
            answers = outcomes[place : place + len(own)]
            place += len(own)
            statuses = [answer.status for answer in answers]
            if any(status == 0 or not_sent(status) is False for status in statuses):
                for number, answer in enumerate(answers, 1):
                    part_rows.append((seq, number, *verdict(answer.status)))
                    if answer.status == 0:
                        seqs.append(seq)
                        numbers.append(number)
                        ids.append(answer.carrier_id)
        throttled = throttled or any(status in THROTTLED for status in statuses)
        final = [status for status in statuses if not not_sent(status)]
        if not final:
            unsent.append(recipient)
        elif None in final or len(final) < len(statuses):
            result_rows.append((seq, int(Result.UNCERTAIN), None))
            unknown += 1
        elif any(final):
            result_rows.append((seq, int(Result.FAILED), verdict(next(s for s in final if s))[1]))
            refused += 1
        else:
            accepted += 1
    next_seq = unsent[0].seq if unsent else window_hi
    ids = [one.replace("\n", " ") if "\n" in one else one for one in ids]
    written = WindowRecord(next_seq, seqs, numbers, ids, None, part_rows, result_rows)
    return Weighed(written, unsent, throttled, accepted, refused, unknown)


def not_sent(status: int | None) -> bool:
    """Known not to have been sent."""
    return status == NOT_SENT or status in THROTTLED


def verdict(status: int | None) -> tuple[int, str | None]:
    """Result and status code of one submitted part."""
    if status == 0:
        return int(Result.SENDING), None
    if status is None or not_sent(status):
        return int(Result.UNCERTAIN), None
    return int(Result.FAILED), refusal(status)


Step = Callable[[Connection], Awaitable[None]]


class Lane:
    """Sends chunk after chunk until told to stop; survives the loss of carrier and database."""

    def __init__(self, context: BindContext, name: str) -> None:
        self._context = context
        self._name = name
        self._conn: Connection | None = None

    async def run(self) -> None:
        """Until `stopping` is set: claim a chunk and send it."""
        context = self._context
        while not context.stopping.is_set():
            try:
                if self._conn is None or self._conn.closed:
                    self._conn = await connect(context.dsn, self._name)
                await self._turn(self._conn)
            except OperationalError as error:
                log.warning("database lost", lane=self._name, error=type(error).__name__)
                await self._drop()
                await asyncio.sleep(0.5)
        await self._drop()

    async def _drop(self) -> None:
        if self._conn is not None:
            await self._conn.close()
            self._conn = None

    async def _turn(self, conn: Connection) -> None:
        context = self._context
        if context.link.session is None:
            await asyncio.sleep(0.1)
            return
        chunk = await context.turns.next_chunk(conn)
        if chunk is None:
            await asyncio.sleep(LOOK_AGAIN)
            return
        await self._send(conn, chunk)

    async def _send(self, conn: Connection, chunk: Chunk) -> None:
        context = self._context
        text = await context.texts.of(conn, chunk.task_id)
        waiting = await recipients(conn, chunk)
        if not waiting:
            await self._close(conn, chunk)
            return
        while waiting:
            session = context.link.session
            await context.turns.look(conn)
            if session is None or context.stopping.is_set() or context.turns.more_urgent(text.priority):
                await release(conn, chunk, context.owner)
                return
            rest = await self._window(conn, session, chunk, text, waiting)
            if rest is None:
                return
            waiting = rest

    async def _close(self, conn: Connection, chunk: Chunk) -> None:
        """Nothing is left to send: say so through the same two steps as a window."""
        owner = self._context.owner
        if await intend(conn, chunk, owner, chunk.hi):
            nothing = WindowRecord(chunk.hi, (), (), (), None, (), ())
            await record(conn, chunk, owner, self._context.carrier_id, nothing)
        else:
            await release(conn, chunk, owner)

    async def _window(
        self, conn: Connection, session: Session, chunk: Chunk, text: TaskText, waiting: list[Recipient]
    ) -> list[Recipient] | None:
        """Send one window; what is still waiting after it, or None when the chunk is no longer ours."""
        context = self._context
        count, parts = take_window(text, waiting, context.pace.window)
        flat = [part for own in parts for part in own]
        window, behind = waiting[:count], waiting[count:]
        window_hi = behind[0].seq if behind else chunk.hi
        await context.pace.take(len(flat))
        try:
            if not await intend(conn, chunk, context.owner, window_hi):
                await release(conn, chunk, context.owner)
                return None
        except OperationalError:
            await self._again(lambda again: release(again, chunk, context.owner))
            return None
        ticket = context.receipts.open_window()
        try:
            outcomes = await self._submit(session, text.source, parts, flat)
            weighed = weigh(window, parts, outcomes, window_hi)
            if weighed.throttled:
                context.pace.slow_down()
            if not await self._record(conn, chunk, weighed.record):
                return None
        finally:
            context.receipts.close_window(ticket)
        context.receipts.count(weighed.accepted, weighed.refused, weighed.unknown)
        return weighed.unsent + behind

    async def _submit(
        self, session: Session, source: str, parts: list[list[OutgoingPart]], flat: list[OutgoingPart]
    ) -> list[Outcome]:
        """Submit a window. A long message that was throttled half-way is completed, part by part."""
        outcomes = await session.submit(source, flat)
        if len(flat) == len(parts):
            return outcomes
        for _ in range(COMPLETE_LONG_MESSAGE):
            missing = self._half_sent(parts, outcomes)
            if not missing or session is not self._context.link.session:
                break
            self._context.pace.slow_down()
            await self._context.pace.take(len(missing))
            again = await session.submit(source, [flat[place] for place in missing])
            for place, outcome in zip(missing, again, strict=True):
                outcomes[place] = outcome
        return outcomes

    @staticmethod
    def _half_sent(parts: list[list[OutgoingPart]], outcomes: list[Outcome]) -> list[int]:
        missing: list[int] = []
        place = 0
        for own in parts:
            places = range(place, place + len(own))
            place += len(own)
            held_back = [at for at in places if not_sent(outcomes[at].status)]
            if 0 < len(held_back) < len(own):
                missing.extend(held_back)
        return missing

    async def _record(self, conn: Connection, chunk: Chunk, window: WindowRecord) -> bool:
        """Record a window; when the database is lost in between, as soon as it is back."""
        context = self._context
        form = context.link.config.id_form
        keys = None if form == "as_is" else normalise_ids(window.ids, form)
        window = window._replace(keys=keys)
        try:
            return await record(conn, chunk, context.owner, context.carrier_id, window)
        except OperationalError:
            log.warning("database lost while recording a window", lane=self._name)

        async def once_more(again: Connection) -> None:
            # Refused also when the first try had been committed: the chunk is ours then, and its window
            # closed. Either way nothing of a window is open now, so the rest can be given back; when the
            # lease was lost neither statement does anything.
            await record(again, chunk, context.owner, context.carrier_id, window)
            await release(again, chunk, context.owner)

        await self._again(once_more)
        return False

    async def _again(self, step: Step) -> None:
        """Do a step on a new connection, trying until it works."""
        while True:
            await self._drop()
            try:
                self._conn = await connect(self._context.dsn, self._name)
                await step(self._conn)
            except OperationalError:
                await asyncio.sleep(0.5)
            else:
                return
