"""The inbox of one bind: reports wait for the batches that were open when they came, then go to a report writer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic, time
from typing import NamedTuple

from sendmill.carriers.message_ids import IdForm, normalise_id
from sendmill.carriers.protocol import Report, Session
from sendmill.carriers.report_words import NO_WORDS, ReportWords
from sendmill.carriers.smpp.report import report_in
from sendmill.carriers.status_mapping import reported
from sendmill.delivery_reports.open_batches import CarrierMemory
from sendmill.delivery_reports.report_cache import MessageKey
from sendmill.domain.results import Result
from sendmill.domain.status_codes import MessageState
from sendmill.message_store.engine.batches import BatchRecord
from sendmill.message_store.engine.chunks import CHUNK

PARKED_AT_MOST = 1.0  # seconds a report waits for the batches that were open when it came
# … and while few are parked and some matched nothing lately: a carrier that lets few be unacknowledged sends the next
# one only after these.
PARKED_HURRIED, FEW, HURRIED = 0.1, 30, 30.0  # seconds, reports, seconds
DELIVERED = MessageState.DELIVERED.code
STEP = (
    15.0  # seconds; times of batches are remembered as coarsely, so that what comes in one read is few groups
)


class Arrival(NamedTuple):
    """A report with the session that must acknowledge it; `ticket` is the newest batch that was open when it came."""

    session: Session
    report: Report
    key: str
    at: float
    ticket: int = 0


class Parked(NamedTuple):
    """The reports of one read while batches were open; `ticket` is the newest of these batches."""

    ticket: int
    session: Session
    reports: Sequence[Report]
    at: float


class KeyedReports(NamedTuple):
    """Reports of one result about messages of one task whose message keys are known.

    `seqs` and `reports` are aligned.

    All are of chunks that belong to one writer, so two writers never wait for one tally.
    """

    task_id: int
    session: Session
    seqs: list[int]
    reports: list[Report]
    at: float


@dataclass
class WriterQueue:
    """What a report writer has to write.

    Deliveries and failures with known message keys, and reports to be matched by id.
    """

    delivered: deque[KeyedReports] = field(default_factory=deque)
    failed: deque[KeyedReports] = field(default_factory=deque)
    unplaced: deque[Arrival] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def __len__(self) -> int:
        placed = sum(len(group.reports) for queue in (self.delivered, self.failed) for group in queue)
        return placed + len(self.unplaced)

    @property
    def oldest(self) -> float:
        """When the oldest report in it came (monotonic); infinite when there is none."""
        return min(
            [queue[0].at for queue in (self.delivered, self.failed, self.unplaced) if queue],
            default=float("inf"),
        )


class Inbox:
    """Divides the reports of one bind among its writers' queues.

    A report may come before its submit response, and nearly always comes before the batch of its message is
    recorded. So a report waits, unacknowledged, until all batches that were open at its arrival are closed, those
    of other binds of its carrier too. Final reports about cached messages go to the writer of their chunk with
    their message keys; all others go to the writer of their number, so two writers never wait for each other on the
    parts of one message.
    """

    def __init__(
        self,
        form: IdForm,
        memory: CarrierMemory,
        writers: int,
        words: ReportWords = NO_WORDS,
        *,
        plain: bool = False,
    ) -> None:
        self._form, self._words, self._plain = form, words, plain
        self._report_cache = memory.report_cache
        self._clock = memory.clock
        self._open_batches = memory.open_batches
        self._open_batches.tell(self.release)
        self._parked: deque[Parked] = deque()
        self._parked_reports = 0
        self._hurried_until = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self.inboxes = [WriterQueue() for _ in range(writers)]

    def remember(self, task_id: int, batch: BatchRecord) -> None:
        """Cache the message keys of a recorded batch, for its messages of one part."""
        seqs: Sequence[int] = batch.seqs
        keys = batch.ids if batch.keys is None else batch.keys
        if any(batch.parts):
            whole = [index for index, part in enumerate(batch.parts) if not part]
            seqs, keys = [seqs[index] for index in whole], [keys[index] for index in whole]
        self._report_cache.remember(task_id, seqs, keys, time() // STEP * STEP + STEP / 2)

    def arrived(self, session: Session, reports: Sequence[Report]) -> None:
        """Take what a session has read. Never blocks."""
        if self._plain:
            reports = [report_in(report) for report in reports]
        if self._words:
            reports = self._words.translate(reports)
        parcel = Parked(self._open_batches.newest, session, reports, monotonic())
        if self._open_batches:
            self._parked.append(parcel)
            self._parked_reports += len(reports)
            self._limit_wait()
        else:
            self._sort(parcel)

    def release(self) -> None:
        """Hand over what no longer waits for an open batch, or has waited long enough."""
        parked = self._parked
        oldest = self._open_batches.oldest
        late = monotonic() - self._patience
        while parked and (parked[0].ticket < oldest or parked[0].at < late):
            parcel = parked.popleft()
            self._parked_reports -= len(parcel.reports)
            self._sort(parcel)

    def hurry(self) -> None:
        """Note that a report matched nothing: for a while, few reports wait a shorter time for open batches."""
        self._hurried_until = monotonic() + HURRIED
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._limit_wait()

    @property
    def _patience(self) -> float:
        """Seconds that what is parked may wait."""
        hurried = self._parked_reports < FEW and monotonic() < self._hurried_until
        return PARKED_HURRIED if hurried else PARKED_AT_MOST

    def _limit_wait(self) -> None:
        """Hand over what is parked once it has waited long enough."""
        if self._timer is None and self._parked:
            wait = max(0.0, self._parked[0].at + self._patience - monotonic()) + 0.01
            self._timer = asyncio.get_running_loop().call_later(wait, self._wait_is_over)

    def _wait_is_over(self) -> None:
        self._timer = None
        self.release()
        self._limit_wait()

    def queue(self, arrival: Arrival) -> None:
        """Have a report matched by id."""
        # Multiplied because the numbers of a task may all be even.
        inbox = self.inboxes[((arrival.report.number or 0) * 0x9E3779B1 >> 16) % len(self.inboxes)]
        inbox.unplaced.append(arrival)
        inbox.wake.set()

    def __len__(self) -> int:
        return sum(len(parcel.reports) for parcel in self._parked) + sum(map(len, self.inboxes))

    def oldest(self, now: float) -> float:
        """Return how many seconds the oldest report has waited at `now` (monotonic); 0.0 when none waits."""
        came = min(
            [inbox.oldest for inbox in self.inboxes] + [parcel.at for parcel in list(self._parked)[:1]]
        )
        return max(0.0, now - came)

    def _sort(self, parcel: Parked) -> None:
        """Give each report to its writer."""
        ticket, session, reports, at = parcel
        form, writers = self._form, len(self.inboxes)
        known: dict[tuple[int, int, bool, float, str | None], KeyedReports | None] = {}
        for report in reports:
            key = report.carrier_id or ""
            if key and form != "as_is":
                key = normalise_id(key, form, reported=True)
            delivered = report.stat == DELIVERED and report.final
            remembered = self._remembered(report, key, delivered=delivered)
            if remembered is None:
                self.queue(Arrival(session, report, key, at, ticket))
                continue
            task_id, seq, sent_at = remembered
            group_key = task_id, seq // CHUNK % writers, delivered, sent_at, report.submitted
            group = known.get(group_key)
            if group is None:
                if group_key not in known and self._of_then(report, sent_at):
                    group = known[group_key] = KeyedReports(task_id, session, [], [], at)
                else:
                    known[group_key] = None
                    self.queue(Arrival(session, report, key, at, ticket))
                    continue
            group.seqs.append(seq)
            group.reports.append(report)
        for (_, writer, delivered, *_rest), group in known.items():
            if group is not None:
                inbox = self.inboxes[writer]
                (inbox.delivered if delivered else inbox.failed).append(group)
                inbox.wake.set()

    def _of_then(self, report: Report, at: float) -> bool:
        """Return whether a report may be about a message sent `at`, by its submit date where it names one.

        If not, its id may be that of an earlier message too, which only the database knows.
        """
        return report.submitted is None or self._clock.fits(report.submitted, at) is not False

    def _remembered(self, report: Report, key: str, *, delivered: bool) -> MessageKey | None:
        """Return the cached message key of the message that a final report is about, else None.

        Reports of failure only where ids are the same in responses and reports: the id is kept with them.
        """
        if not key:
            return None
        # Only reports have a state.
        if delivered:
            return self._report_cache.take(key)
        if self._form == "as_is" and report.stat and reported(report.stat, report.final) == Result.FAILED:
            return self._report_cache.take(key)
        return None
