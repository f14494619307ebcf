"""Receipts: reports of one bind, matched in batches and acknowledged only after COMMIT."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import NamedTuple

import structlog
from psycopg.errors import DeadlockDetected

from sendmill.carriers.base import Late, Report
from sendmill.carriers.ids import IdForm, normalise_id
from sendmill.carriers.smpp import Session
from sendmill.dispatch.arrivals import PARKED_AT_MOST, Arrival, Arrivals, Inbox, Placed
from sendmill.dispatch.measures import Measures
from sendmill.dispatch.outgoing import Outgoing
from sendmill.dispatch.verdicts import reported, verdict
from sendmill.domain.states import Result
from sendmill.storage.candidates import Receipt
from sendmill.storage.connections import DATABASE_LOST, Connection, connect
from sendmill.storage.outages import database
from sendmill.storage.placed import Failure, deliver, fail
from sendmill.storage.receipts import LateResponse, Orphan, keep_orphans, match, settle_late

log = structlog.get_logger(__name__)

LARGEST_BATCH = 2000
# A writer that has some reports waits a moment for more, because a statement costs about as much as a hundred
# reports; never for few (nobody is in a hurry then), and not again for a while when none came: a carrier that
# lets few be unacknowledged sends the next ones only after these.
GATHER = 0.01
FEW, ENOUGH = 30, 250
UNGATHERED = 100  # batches written at once after a vain wait
TRY_AGAIN = 0.3
ORPHAN_AFTER = 3.0  # seconds until what matches nothing is kept as an orphan

_NUMBER = re.compile(r"[1-9][0-9]{6,17}", re.ASCII)  # no short code

Settle = Callable[[Connection, int, Sequence[int], Sequence[Report]], Awaitable[set[int]]]


class Submitted(NamedTuple):
    """What a window hands to the session, to know again what a late response is about."""

    ticket: int
    task_id: int
    places: Sequence[tuple[int, int]]  # seq, part (0 for a message of one part)


class Receipts:
    """Takes the reports of one bind, settles messages, and lets the carrier know.

    Its writers settle what `arrivals` gives them: at its place where that is remembered, else by matching its id.
    """

    def __init__(
        self, dsn: str, carrier_id: int, id_form: IdForm, outgoing: Outgoing, writers: int = 2
    ) -> None:
        self._dsn = dsn
        self._carrier_id = carrier_id
        self._form = id_form
        self._busy = [False] * writers
        self._at_once = [0] * writers
        self._late: list[tuple[int, LateResponse]] = []
        self.arrivals = Arrivals(id_form, outgoing, writers)
        self.windows = outgoing.windows
        self._clock = outgoing.clock
        self.accepted = self.refused = self.unknown = 0
        self.matched = self.orphaned = 0
        self.measures = Measures(id_form, followed=outgoing.followed)

    def count(self, accepted: int, refused: int, unknown: int) -> None:
        """Keep count of what windows brought, for metrics and logs."""
        self.accepted += accepted
        self.refused += refused
        self.unknown += unknown

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

    @property
    def waiting(self) -> int:
        """Reports and late responses not yet settled."""
        return len(self.arrivals) + len(self._late) + sum(self._busy)

    async def watch(self) -> None:
        """Hand over parked reports whose window takes long."""
        while True:
            await asyncio.sleep(PARKED_AT_MOST / 4)
            self.arrivals.release()

    async def mend(self) -> None:
        """Write late responses, each after its window was recorded."""
        while True:
            await asyncio.sleep(TRY_AGAIN)
            ready = [one for one in self._late if one[0] not in self.windows]
            if not ready:
                continue
            try:
                async with await connect(self._dsn, "late responses") as conn:
                    for entry in ready:
                        await settle_late(conn, self._carrier_id, entry[1])
                        self._late.remove(entry)
            except DATABASE_LOST as error:
                if not database.on:
                    log.warning("late responses are tried again", reason=type(error).__name__)

    async def write(self, writer: int) -> None:
        """One report writer: commits whenever it is free, so latency is that of one commit."""
        inbox = self.arrivals.inboxes[writer]
        conn: Connection | None = None
        try:
            while True:
                if not inbox:
                    inbox.wake.clear()
                    await inbox.wake.wait()
                self._busy[writer] = True
                if conn is None or conn.closed:
                    conn = await self._reach(writer)
                await self._gather(writer, inbox)
                try:
                    await self._settle_placed(conn, inbox.delivered, self._deliver, failed=False)
                    await self._settle_placed(conn, inbox.failed, self._fail, failed=True)
                    await self._match(conn, inbox.unplaced)
                    database.back(self._part(writer))
                except DATABASE_LOST as error:
                    database.lost(self._part(writer), error)
                    if not isinstance(error, DeadlockDetected):
                        await conn.close()
                    await asyncio.sleep(TRY_AGAIN)
                self._busy[writer] = False
        finally:
            database.forget(self._part(writer))
            if conn is not None:
                await conn.close()

    def _part(self, writer: int) -> str:
        return f"reports {self._carrier_id}.{writer}"

    async def _gather(self, writer: int, inbox: Inbox) -> None:
        """Wait a moment for more reports where that has been worth it."""
        if self._at_once[writer]:
            self._at_once[writer] -= 1
            return
        count = len(inbox)
        if FEW <= count < ENOUGH:
            await asyncio.sleep(GATHER)
            if len(inbox) == count:
                self._at_once[writer] = UNGATHERED

    async def _reach(self, writer: int) -> Connection:
        while True:
            try:
                return await connect(self._dsn, f"reports {writer}")
            except DATABASE_LOST as error:
                database.lost(self._part(writer), error)
                await asyncio.sleep(TRY_AGAIN)

    async def _settle_placed(
        self, conn: Connection, queue: deque[Placed], settle: Settle, *, failed: bool
    ) -> None:
        """Settle the first of the queue at their places, and all of the same task with them: each task that is
        being sent has some in every read, and a statement costs about as much as a hundred reports."""
        if not queue:
            return
        groups: list[Placed] = []
        seqs: list[int] = []
        reports: list[Report] = []
        others: list[Placed] = []
        for group in queue:
            if group.task_id != queue[0].task_id or len(seqs) >= LARGEST_BATCH:
                others.append(group)
                continue
            groups.append(group)
            seqs += group.seqs
            reports += group.reports
        queue.clear()
        queue.extend(others)
        try:
            left = await settle(conn, groups[0].task_id, seqs, reports)
        except DATABASE_LOST:
            queue.extendleft(reversed(groups))
            raise
        self.matched += len(seqs) - len(left)
        self.measures.placed(groups, len(seqs) - len(left), failed=failed)
        for group in groups:
            self._acknowledge_placed(group, left)

    async def _deliver(
        self, conn: Connection, task_id: int, seqs: Sequence[int], reports: Sequence[Report]
    ) -> set[int]:
        return await deliver(conn, task_id, seqs, [one.number or 0 for one in reports])

    async def _fail(
        self, conn: Connection, task_id: int, seqs: Sequence[int], reports: Sequence[Report]
    ) -> set[int]:
        failures = [
            Failure(one.carrier_id or "", one.stat or "UNKNOWN", one.raw, one.number or 0) for one in reports
        ]
        return await fail(conn, self._carrier_id, task_id, seqs, failures)

    def _acknowledge_placed(self, group: Placed, left: set[int]) -> None:
        if left.isdisjoint(group.seqs):
            group.session.acknowledge([report.sequence for report in group.reports])
            return
        for seq, report in zip(group.seqs, group.reports, strict=True):
            if seq in left:
                key = normalise_id(report.carrier_id or "", self._form, reported=True)
                self.arrivals.queue(Arrival(group.session, report, key, group.at))
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
            told = [receipt_of(arrival) for arrival in known]
            places = await match(conn, self._carrier_id, told, clock=self._clock)
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
                    asyncio.get_running_loop().call_later(TRY_AGAIN, self.arrivals.queue, arrival)
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
    result = reported(stat, report.final)
    other = int(report.destination) if _NUMBER.fullmatch(report.destination) else 0
    return Receipt(arrival.key, result, stat, report.raw, report.number or 0, report.submitted or "", other)
