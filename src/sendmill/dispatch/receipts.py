"""Receipts: reports of one bind, matched in batches and acknowledged only after COMMIT."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from time import monotonic
from typing import NamedTuple

import structlog
from psycopg.errors import DeadlockDetected

from sendmill.carriers.base import Late, Report
from sendmill.carriers.ids import IdForm, normalise_id
from sendmill.carriers.smpp import Session
from sendmill.dispatch.measures import Measures
from sendmill.dispatch.recent import Recent
from sendmill.dispatch.verdicts import reported, verdict
from sendmill.domain.states import MessageState, Result
from sendmill.storage.connections import DATABASE_LOST, connect
from sendmill.storage.delivered import deliver
from sendmill.storage.leases import CHUNK, WindowRecord
from sendmill.storage.receipts import (
    Connection,
    LateResponse,
    Orphan,
    Receipt,
    keep_orphans,
    match,
    settle_late,
)

log = structlog.get_logger(__name__)

LARGEST_BATCH = 2000
# A writer that has some reports waits a moment for more, because a statement costs about as much as a hundred
# reports; never for few (nobody is in a hurry then), and not again for a while when none came: a carrier that
# lets few be unacknowledged sends the next ones only after these.
GATHER = 0.01
FEW, ENOUGH = 30, 250
UNGATHERED = 100  # batches written at once after a vain wait
PARKED_AT_MOST = 1.0  # seconds a report waits for the windows that were open when it came
TRY_AGAIN = 0.3
ORPHAN_AFTER = 3.0  # seconds until what matches nothing is kept as an orphan
DELIVERED = MessageState.DELIVERED.code


class Arrival(NamedTuple):
    """A report with the session that must acknowledge it."""

    session: Session
    report: Report
    key: str
    at: float


class Parked(NamedTuple):
    """What one read brought while windows were open, the latest of them with this ticket."""

    ticket: int
    session: Session
    reports: Sequence[Report]
    at: float


class Delivered(NamedTuple):
    """Reports of delivery about messages of one task whose places are known: seqs and reports belong together.

    All are of chunks that belong to one writer, so two writers never wait for one counter.
    """

    task_id: int
    session: Session
    seqs: list[int]
    reports: list[Report]
    at: float


class Submitted(NamedTuple):
    """What a window hands to the session, to know again what a late response is about."""

    ticket: int
    task_id: int
    places: Sequence[tuple[int, int]]  # seq, part (0 for a message of one part)


class Receipts:
    """Takes the reports of one bind, settles messages, and lets the carrier know.

    A report may come before its submit response, and nearly always comes before the window of its message is
    recorded. So a report waits, unacknowledged, until the windows open at its arrival are closed; then the
    writers settle it: at its place when it says "delivered" about a message that `recent` knows, else by
    matching its id. A number belongs to one writer, so two never wait for each other on the parts of one
    message.
    """

    def __init__(self, dsn: str, carrier_id: int, id_form: IdForm, recent: Recent, writers: int = 2) -> None:
        self._dsn = dsn
        self._carrier_id = carrier_id
        self._form = id_form
        self._recent = recent
        self._queues: list[deque[Arrival]] = [deque() for _ in range(writers)]
        self._delivered: list[deque[Delivered]] = [deque() for _ in range(writers)]
        self._wake = [asyncio.Event() for _ in range(writers)]
        self._busy = [False] * writers
        self._at_once = [0] * writers
        self._parked: deque[Parked] = deque()
        self._open: dict[int, None] = {}
        self._late: list[tuple[int, LateResponse]] = []
        self._ticket = 0
        self.accepted = self.refused = self.unknown = 0
        self.matched = self.orphaned = 0
        self.measures = Measures(id_form)

    def open_window(self) -> int:
        """A window is about to be submitted; answers its ticket."""
        self._ticket += 1
        self._open[self._ticket] = None
        return self._ticket

    def close_window(self, ticket: int) -> None:
        """A window was recorded (or given up): reports that waited for it may be matched."""
        self._open.pop(ticket, None)
        self._release()

    def count(self, accepted: int, refused: int, unknown: int) -> None:
        """Keep count of what windows brought, for metrics and logs."""
        self.accepted += accepted
        self.refused += refused
        self.unknown += unknown

    def remember(self, task_id: int, window: WindowRecord) -> None:
        """A window was recorded: reports about its messages of one part need no looking up."""
        seqs: Sequence[int] = window.seqs
        keys = window.ids if window.keys is None else window.keys
        if any(window.parts):
            whole = [place for place, part in enumerate(window.parts) if not part]
            seqs, keys = [seqs[place] for place in whole], [keys[place] for place in whole]
        self._recent.remember(task_id, seqs, keys)

    def arrived(self, session: Session, reports: Sequence[Report]) -> None:
        """Called by a session with what it read; never blocks."""
        parcel = Parked(self._ticket, session, reports, monotonic())
        if self._open:
            self._parked.append(parcel)
        else:
            self._sort(parcel)

    def came_late(self, session: Session, late: Sequence[Late]) -> None:
        """Responses to parts that were given up as unknown; throttled ones change nothing."""
        for one in late:
            if not isinstance(one.context, Submitted) or one.outcome.status is None:
                continue
            result, code = verdict(one.outcome.status)
            if result == int(Result.UNCERTAIN):
                continue
            seq, part = one.context.places[one.place]
            identifier = one.outcome.carrier_id
            key = normalise_id(identifier, self._form).replace("\n", " ")
            response = LateResponse(one.context.task_id, seq, part, identifier, key, result, code)
            self._late.append((one.context.ticket, response))

    def _sort(self, parcel: Parked) -> None:
        """Give each report to its writer."""
        _, session, reports, at = parcel
        take, form, writers = self._recent.take, self._form, len(self._queues)
        known: dict[tuple[int, int], Delivered] = {}
        for report in reports:
            key = report.carrier_id or ""
            if key and form != "as_is":
                key = normalise_id(key, form, reported=True)
            # Only reports have a state.
            place = take(key) if report.stat == DELIVERED and report.final else None
            if place is None:
                self._queue(Arrival(session, report, key, at))
                continue
            task_id, seq = place
            writer = seq // CHUNK % writers
            group = known.get((task_id, writer))
            if group is None:
                group = known[(task_id, writer)] = Delivered(task_id, session, [], [], at)
            group.seqs.append(seq)
            group.reports.append(report)
        for (_, writer), group in known.items():
            self._delivered[writer].append(group)
            self._wake[writer].set()

    def _queue(self, arrival: Arrival) -> None:
        # Multiplied because the numbers of a task may all be even.
        writer = ((arrival.report.number or 0) * 0x9E3779B1 >> 16) % len(self._queues)
        self._queues[writer].append(arrival)
        self._wake[writer].set()

    def _release(self) -> None:
        """Hand over what no longer waits for an open window, or has waited long enough."""
        parked = self._parked
        oldest = next(iter(self._open), self._ticket + 1)
        late = monotonic() - PARKED_AT_MOST
        while parked and (parked[0].ticket < oldest or parked[0].at < late):
            self._sort(parked.popleft())

    @property
    def waiting(self) -> int:
        """Reports not yet settled."""
        parked = sum([len(parcel.reports) for parcel in self._parked])
        pending = sum([self._pending(writer) for writer in range(len(self._queues))])
        return parked + pending + sum(self._busy)

    def oldest(self, now: float) -> float:
        """Seconds that the oldest report has waited at `now` (monotonic); 0.0 when none waits."""
        heads = [queue[0].at for queue in self._queues if queue]
        heads += [queue[0].at for queue in self._delivered if queue]
        heads += [self._parked[0].at] if self._parked else []
        return max(0.0, now - min(heads)) if heads else 0.0

    async def watch(self) -> None:
        """Hand over parked reports whose window takes long."""
        while True:
            await asyncio.sleep(PARKED_AT_MOST / 4)
            self._release()

    async def mend(self) -> None:
        """Write late responses, each after its window was recorded."""
        while True:
            await asyncio.sleep(TRY_AGAIN)
            ready = [one for one in self._late if one[0] not in self._open]
            if not ready:
                continue
            try:
                async with await connect(self._dsn, "late responses") as conn:
                    for entry in ready:
                        await settle_late(conn, self._carrier_id, entry[1])
                        self._late.remove(entry)
            except DATABASE_LOST as error:
                log.warning("late responses are tried again", reason=type(error).__name__)

    async def write(self, writer: int) -> None:
        """One report writer: commits whenever it is free, so latency is that of one commit."""
        queue, delivered, wake = self._queues[writer], self._delivered[writer], self._wake[writer]
        conn: Connection | None = None
        try:
            while True:
                if not queue and not delivered:
                    wake.clear()
                    await wake.wait()
                self._busy[writer] = True
                if conn is None or conn.closed:
                    conn = await self._reach(writer)
                await self._gather(writer)
                try:
                    await self._deliver(conn, delivered)
                    await self._match(conn, queue)
                except DATABASE_LOST as error:
                    log.warning("reports are tried again", reason=type(error).__name__)
                    if not isinstance(error, DeadlockDetected):
                        await conn.close()
                    await asyncio.sleep(TRY_AGAIN)
                self._busy[writer] = False
        finally:
            if conn is not None:
                await conn.close()

    async def _gather(self, writer: int) -> None:
        """Wait a moment for more reports where that has been worth it."""
        if self._at_once[writer]:
            self._at_once[writer] -= 1
            return
        count = self._pending(writer)
        if FEW <= count < ENOUGH:
            await asyncio.sleep(GATHER)
            if self._pending(writer) == count:
                self._at_once[writer] = UNGATHERED

    def _pending(self, writer: int) -> int:
        known = sum([len(group.reports) for group in self._delivered[writer]])
        return known + len(self._queues[writer])

    async def _reach(self, writer: int) -> Connection:
        while True:
            try:
                return await connect(self._dsn, f"reports {writer}")
            except DATABASE_LOST as error:
                log.warning("reports wait for the database", reason=type(error).__name__)
                await asyncio.sleep(TRY_AGAIN)

    async def _deliver(self, conn: Connection, queue: deque[Delivered]) -> None:
        """Settle the first of the queue at their places, and those behind them of the same task."""
        groups: list[Delivered] = []
        seqs: list[int] = []
        while queue and len(seqs) < LARGEST_BATCH and (not groups or queue[0].task_id == groups[0].task_id):
            groups.append(queue.popleft())
            seqs += groups[-1].seqs
        if not groups:
            return
        try:
            left = await deliver(conn, groups[0].task_id, seqs)
        except DATABASE_LOST:
            queue.extendleft(reversed(groups))
            raise
        self.matched += len(seqs) - len(left)
        self.measures.delivered(groups, len(seqs) - len(left))
        for group in groups:
            self._acknowledge_delivered(group, left)

    def _acknowledge_delivered(self, group: Delivered, left: set[int]) -> None:
        if left.isdisjoint(group.seqs):
            group.session.acknowledge([report.sequence for report in group.reports])
            return
        for seq, report in zip(group.seqs, group.reports, strict=True):
            if seq in left:
                key = normalise_id(report.carrier_id or "", self._form, reported=True)
                self._queue(Arrival(group.session, report, key, group.at))
            else:
                group.session.acknowledge([report.sequence])

    async def _match(self, conn: Connection, queue: deque[Arrival]) -> None:
        batch = [queue.popleft() for _ in range(min(len(queue), LARGEST_BATCH))]
        if not batch:
            return
        try:
            await self._settle(conn, batch)
        except DATABASE_LOST:
            queue.extendleft(reversed(batch))
            raise

    async def _settle(self, conn: Connection, batch: list[Arrival]) -> None:
        known = [arrival for arrival in batch if arrival.key and arrival.report.kind == "report"]
        done = [arrival for arrival in batch if not (arrival.key and arrival.report.kind == "report")]
        orphans = [self._orphan(arrival) for arrival in done]
        if known:
            places = await match(conn, self._carrier_id, [receipt_of(arrival) for arrival in known])
            self.matched += len(places)
            self.measures.settled(known, places)
            now = monotonic()
            for place, arrival in enumerate(known):
                if place in places:
                    done.append(arrival)
                elif now - arrival.at > ORPHAN_AFTER:
                    orphans.append(self._orphan(arrival))
                    done.append(arrival)
                else:
                    asyncio.get_running_loop().call_later(TRY_AGAIN, self._queue, arrival)
        if orphans:
            await keep_orphans(conn, orphans)
            self.orphaned += len(orphans)
        by_session: dict[Session, list[int]] = {}
        for arrival in done:
            by_session.setdefault(arrival.session, []).append(arrival.report.sequence)
        for session, sequences in by_session.items():
            session.acknowledge(sequences)

    def _orphan(self, arrival: Arrival) -> Orphan:
        report = arrival.report
        result = reported(report.stat, report.final) if report.stat else None
        return Orphan(
            self._carrier_id,
            report.kind,
            report.carrier_id or None,
            report.number,
            report.stat,
            result,
            report.raw,
        )


def receipt_of(arrival: Arrival) -> Receipt:
    """A report as storage wants it: temporary states have no result."""
    report = arrival.report
    stat = report.stat or "UNKNOWN"
    return Receipt(arrival.key, reported(stat, report.final), stat, report.raw)
