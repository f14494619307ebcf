"""Writes the reports of one bind: matched in batches, settled, and acknowledged only after COMMIT."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import structlog
from psycopg import Error

from sendmill.carriers.message_ids import IdForm, normalise_id
from sendmill.carriers.protocol import Late, Report, Session
from sendmill.carriers.report_words import NO_WORDS, ReportWords
from sendmill.carriers.status_mapping import reported, verdict
from sendmill.delivery_reports.early_reports import EarlyReports
from sendmill.delivery_reports.inbox import Arrival, Inbox, KeyedReports, WriterQueue
from sendmill.delivery_reports.open_batches import CarrierMemory
from sendmill.delivery_reports.report_measurements import ReportMeasurements
from sendmill.domain.results import Result
from sendmill.domain.status_map import STANDARD
from sendmill.message_store.engine.late_refusals import wait_again
from sendmill.message_store.engine.match_cached import Failure, deliver, fail
from sendmill.message_store.engine.orphans import Orphan, keep_orphans
from sendmill.message_store.engine.report_candidates import ReportToMatch
from sendmill.message_store.engine.report_matching import LateResponse, match, settle_late
from sendmill.message_store.engine.report_words import count_unknown_words
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.connections import Connection
from sendmill.postgres.error_kinds import passes
from sendmill.postgres.outages import database

log = structlog.get_logger(__name__)

LARGEST_BATCH = 2000
# A writer that has some reports waits a moment for more, because a statement costs about as much as a hundred
# reports; never for few (nobody is in a hurry then), and not again for a while when none came: a carrier that
# lets few be unacknowledged sends the next ones only after these.
GATHER = 0.01
FEW, ENOUGH = 30, 250
UNGATHERED = 100  # batches written at once after a vain wait
TRY_AGAIN = 0.3

_NUMBER = re.compile(r"[1-9][0-9]{6,17}", re.ASCII)  # no short code

Settle = Callable[[Connection, int, Sequence[int], Sequence[Report]], Awaitable[set[int]]]


class Record:
    """Whether all messages of a batch are recorded."""

    __slots__ = ("written",)

    def __init__(self) -> None:
        self.written = False


class Submitted(NamedTuple):
    """What is handed to the session with a batch, to know again what a late response is about."""

    record: Record
    task_id: int
    part_keys: Sequence[tuple[int, int]]  # seq, part (0 for a message of one part)


class ReportWriters:
    """Settles the reports of one bind, and acknowledges them to the carrier.

    Reports with known message keys are settled by them, all others are matched by id. A report that the database
    refuses is kept as unreadable and acknowledged; it does not keep others from being settled.
    """

    def __init__(
        self,
        pool: Pool,
        faults: FaultLog,
        carrier_id: int,
        id_form: IdForm,
        memory: CarrierMemory,
        writers: int = 2,
        words: ReportWords = NO_WORDS,
        *,
        plain_reports: bool = False,
    ) -> None:
        self._pool = pool
        self._faults = faults
        self._carrier_id = carrier_id
        self._form = id_form
        self.statuses = STANDARD  # what the command statuses of the carrier mean
        self._busy = [False] * writers
        self._at_once = [0] * writers
        self._late: list[tuple[Record, LateResponse]] = []
        self._late_came = asyncio.Event()
        self._words = words
        self.inbox = Inbox(id_form, memory, writers, words, plain=plain_reports)
        self.open_batches = memory.open_batches
        self._clock = memory.clock
        self.accepted = self.refused = self.unknown = 0
        self.matched = self.orphaned = 0
        self.measures = ReportMeasurements(id_form, followed=memory.followed)
        self.early_reports = EarlyReports(pool, faults, carrier_id, id_form, memory, self._tried_again)

    def count(self, accepted: int, refused: int, unknown: int) -> None:
        """Count the messages of a batch by outcome, for metrics and samples."""
        self.accepted += accepted
        self.refused += refused
        self.unknown += unknown

    def came_late(self, session: Session, late: Sequence[Late]) -> None:
        """Take responses to parts that were given up as unknown.

        One that proves that a message of one part was not sent lets it wait again; a part of a long one that was not
        sent changes nothing, for the others were.
        """
        for one in late:
            if not isinstance(one.context, Submitted) or one.outcome.status is None:
                continue
            result, code = verdict(one.outcome.status, self.statuses)
            seq, part = one.context.part_keys[one.position]
            if result == int(Result.UNCERTAIN) and part:
                continue
            identifier = one.outcome.carrier_id
            key = normalise_id(identifier, self._form).replace("\n", " ")
            response = LateResponse(one.context.task_id, seq, part, identifier, key, result, code)
            self._late.append((one.context.record, response))
            self._late_came.set()

    @property
    def waiting(self) -> int:
        """Reports and late responses not yet settled."""
        return len(self.inbox) + len(self._late) + sum(self._busy)

    async def mend(self) -> None:
        """Write late responses, each after its batch was recorded. Never returns."""
        while True:
            await self._late_came.wait()
            await asyncio.sleep(TRY_AGAIN)
            try:
                await self._mend([one for one in self._late if one[0].written])
            except Error as error:
                if not passes(error):
                    raise
                if not database.on:
                    log.warning("late responses are tried again", reason=type(error).__name__)
            if not self._late:
                self._late_came.clear()

    async def _mend(self, ready: Sequence[tuple[Record, LateResponse]]) -> None:
        for entry in ready:
            try:
                if not await self._settle_late(entry[1]):
                    continue
            except Exception as error:
                if passes(error):
                    raise
                # Its message stays Uncertain, as without a late response.
                self._faults.count("report", error, self._carrier_id)
            self._late.remove(entry)

    async def _settle_late(self, late: LateResponse) -> bool:
        """Apply a late response; return False when it has to wait until nobody holds the chunk of its message."""
        async with self._pool.use() as conn:
            if late.result == int(Result.UNCERTAIN):
                return await wait_again(conn, late.task_id, late.seq)
            await settle_late(conn, self._carrier_id, late)
            return True

    async def write(self, writer: int) -> None:
        """Run one report writer: it commits whenever it is free, so a report waits for one commit at most.

        Never returns.
        """
        inbox = self.inbox.inboxes[writer]
        while True:
            if not inbox:
                inbox.wake.clear()
                await inbox.wake.wait()
            self._busy[writer] = True
            await self._gather(writer, inbox)
            try:
                async with self._pool.use() as conn:
                    await self._settle_placed(conn, inbox.delivered, self._deliver, failed=False)
                    await self._settle_placed(conn, inbox.failed, self._fail, failed=True)
                    await self._match(conn, inbox.unplaced)
                database.back(self._part(writer))
            except Error as error:
                if not passes(error):
                    raise
                database.lost(self._part(writer), error)
                await asyncio.sleep(TRY_AGAIN)
            self._busy[writer] = False

    def _part(self, writer: int) -> str:
        return f"reports {self._carrier_id}.{writer}"

    async def _gather(self, writer: int, inbox: WriterQueue) -> None:
        """Wait a moment for more reports where that has been worth it."""
        if self._at_once[writer]:
            self._at_once[writer] -= 1
            return
        count = len(inbox)
        if FEW <= count < ENOUGH:
            await asyncio.sleep(GATHER)
            if len(inbox) == count:
                self._at_once[writer] = UNGATHERED

    async def _settle_placed(
        self, conn: Connection, queue: deque[KeyedReports], settle: Settle, *, failed: bool
    ) -> None:
        """Settle the first group of a queue by message keys, and all groups of the same task with it.

        Each task that is being sent has some reports in every read, and a statement costs about as much as a
        hundred reports.
        """
        if not queue:
            return
        groups: list[KeyedReports] = []
        seqs: list[int] = []
        reports: list[Report] = []
        others: list[KeyedReports] = []
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
        except Exception as error:
            if passes(error):
                queue.extendleft(reversed(groups))
                raise
            self._faults.count("report", error, self._carrier_id)
            self._look_up(groups)
            return
        self.matched += len(seqs) - len(left)
        self.measures.placed(groups, len(seqs) - len(left), failed=failed)
        for group in groups:
            self._acknowledge_placed(group, left)

    def _look_up(self, groups: Sequence[KeyedReports]) -> None:
        """Match reports by id, and find the one that cannot be settled."""
        for group in groups:
            for report in group.reports:
                key = normalise_id(report.carrier_id or "", self._form, reported=True)
                self.inbox.queue(Arrival(group.session, report, key, group.at))

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

    def _acknowledge_placed(self, group: KeyedReports, left: set[int]) -> None:
        if left.isdisjoint(group.seqs):
            group.session.acknowledge([report.sequence for report in group.reports])
            return
        for seq, report in zip(group.seqs, group.reports, strict=True):
            if seq in left:
                key = normalise_id(report.carrier_id or "", self._form, reported=True)
                self.inbox.queue(Arrival(group.session, report, key, group.at))
            else:
                group.session.acknowledge([report.sequence])

    async def _match(self, conn: Connection, queue: deque[Arrival]) -> None:
        batch = [queue.popleft() for _ in range(min(len(queue), LARGEST_BATCH))]
        if not batch:
            return
        left = [batch]
        try:
            while left:
                try:
                    await self._settle(conn, left[-1])
                except Exception as error:
                    if passes(error):
                        raise
                    await self._divide(conn, left, error)
                else:
                    left.pop()
        except BaseException:
            for part in left:
                queue.extendleft(reversed(part))
            raise

    async def _divide(self, conn: Connection, left: list[list[Arrival]], error: Exception) -> None:
        """The last of `left` cannot be settled: halve it; a single report is kept as unreadable."""
        part = left[-1]
        if len(part) > 1:
            middle = len(part) // 2
            left[-1:] = [part[middle:], part[:middle]]
            return
        (arrival,) = part
        self._faults.count("report", error, self._carrier_id)
        raw = arrival.report.raw.replace("\0", "").encode("utf-8", "backslashreplace").decode()
        await keep_orphans(conn, [Orphan(self._carrier_id, "unreadable", None, None, None, None, raw)])
        self.orphaned += 1
        arrival.session.acknowledge([arrival.report.sequence])
        left.pop()

    async def _settle(self, conn: Connection, batch: list[Arrival]) -> None:
        """Settle or keep each report, and acknowledge it. After an error nothing is done that must not be repeated."""
        oldest = self.open_batches.oldest
        known = [arrival for arrival in batch if arrival.report.kind == "report"]
        strange = [arrival for arrival in batch if arrival.report.kind != "report"]
        matched: set[int] = set()
        if known:
            told = [self._to_match(arrival) for arrival in known]
            matched = await match(conn, self._carrier_id, told, clock=self._clock)
            strange += [arrival for index, arrival in enumerate(known) if index not in matched]
        # Of batches that were open at its arrival, and not recorded when it was looked for.
        early = [one.ticket >= oldest and one.report.kind == "report" for one in strange]
        orphans = [self._orphan(one, early=soon) for one, soon in zip(strange, early, strict=True)]
        await count_unknown_words(
            conn, self._carrier_id, self._words.unknown(arrival.report for arrival in batch)
        )
        ids = await keep_orphans(conn, orphans)
        for orphan_id, arrival, soon in zip(ids, strange, early, strict=True):
            if soon:
                self.early_reports.add(orphan_id, arrival)
        if any(one.report.kind == "report" for one in strange):
            self.inbox.hurry()
        self.matched += len(matched)
        self.orphaned += len(orphans) - sum(early)
        self.measures.settled(known, matched)
        by_session: dict[Session, list[int]] = {}
        for arrival in batch:
            by_session.setdefault(arrival.session, []).append(arrival.report.sequence)
        for session, sequences in by_session.items():
            session.acknowledge(sequences)

    def _tried_again(self, arrivals: Sequence[Arrival], found: set[int]) -> None:
        """Count early reports whose batches were recorded."""
        self.matched += len(found)
        self.orphaned += len(arrivals) - len(found)
        self.measures.settled(arrivals, found)

    def _to_match(self, arrival: Arrival) -> ReportToMatch:
        """Convert a report for the message store; temporary states have no result."""
        report = arrival.report
        stat = report.stat or "UNKNOWN"
        return ReportToMatch(
            arrival.key,
            reported(stat, report.final),
            stat,
            report.raw,
            report.number or 0,
            report.submitted or "",
            other_number(report),
            # What its word means may be said later.
            keep=not report.final and not self._words.is_known(stat),
        )

    def _orphan(self, arrival: Arrival, *, early: bool) -> Orphan:
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
            other_number(report) or None,
            early,
        )


def other_number(report: Report) -> int:
    """Return the number at a report's other end, which it is about where addresses are not exchanged; 0 for none."""
    return int(report.destination) if _NUMBER.fullmatch(report.destination) else 0
