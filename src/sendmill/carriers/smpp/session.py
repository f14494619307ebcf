"""A session with a carrier over SMPP 3.4: submits parts within the window, takes reports, asks queries."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import (
    WINDOW_FULL,
    CarrierError,
    Late,
    Outcome,
    OutgoingPart,
    QueryResult,
    Report,
)
from sendmill.carriers.sentences import sentence
from sendmill.carriers.smpp.configuration import CarrierConfig, address_of, shape_of
from sendmill.carriers.smpp.in_flight import InFlight, Submission
from sendmill.carriers.smpp.large_reports import LARGE, LargeReports
from sendmill.carriers.smpp.latin1 import write_latin1
from sendmill.carriers.smpp.pdu import (
    DATA_SM,
    DELIVER_SM,
    GENERIC_NACK,
    QUERY_SM,
    RESPONSE,
    SUBMIT_SM_RESP,
    Pdu,
    PduError,
    Query,
    SubmitShape,
    decode_query_sm_resp,
    decode_submit_sm_resp,
    encode_data_sm_resps,
    encode_deliver_sm_resps,
    encode_query_sm,
    encode_submit_batch,
    flaw_of,
)
from sendmill.carriers.smpp.report import STATS, read_data_report, read_report
from sendmill.carriers.smpp.session_base import SessionBase
from sendmill.carriers.smpp.window import Window
from sendmill.domain.status_codes import FINAL_WORDS

_SHAPES_KEPT: Final = 256
_MOST_A_WRITE: Final = 1000
_UNANSWERED_TIMEOUTS: Final = 2
# Answers of a carrier to a part that came while too many were unanswered, within a full window.
_WINDOW_REFUSALS: Final = frozenset({command_statuses.ESME_RMSGQFUL, command_statuses.ESME_RSUBMITFAIL})


@dataclass(slots=True)
class Statistics:
    """Counts since the session was opened, in parts unless the name says otherwise."""

    in_flight: int = 0
    submitted: int = 0
    accepted: int = 0
    throttled: int = 0
    refused: int = 0
    unknown: int = 0
    late: int = 0
    reports: int = 0
    unacknowledged: int = 0


class Session(SessionBase):
    """One bind. It is opened once and closed once; every call that waits returns when the connection ends.

    `on_reports` gets all reports, replies and unreadable messages of one read together; each has to be acknowledged
    by `acknowledge`, and is not before. `on_late` gets responses to parts whose outcome was already given as unknown.
    `on_state` gets "connecting", "bound", "closing", "closed", each with a sentence. None of the three may block.
    """

    def __init__(
        self,
        config: CarrierConfig,
        *,
        on_reports: Callable[[list[Report]], None],
        on_state: Callable[[str, str], None] | None = None,
        on_late: Callable[[list[Late]], None] | None = None,
        first_sequence: int = 1,
    ) -> None:
        super().__init__(config, on_state=on_state, first_sequence=first_sequence)
        self._on_reports = on_reports
        self._on_late = on_late
        self._counts = Statistics()
        self._in_flight = InFlight()
        self._shapes: dict[str, SubmitShape] = {}
        self._window = Window(config.window)
        self._queue: deque[Submission] = deque()  # those of which some parts are not written
        self.waiting_for_room: dict[asyncio.Event, int] = {}
        self._drained: asyncio.Future[None] | None = None
        self._large = LargeReports()
        self._by_data_sm: set[int] = set()
        self._paused_at: float | None = None
        self._unanswered_since: float | None = None
        self._closing = False

    @property
    def statistics(self) -> Statistics:
        """The counts as they are now."""
        self._counts.in_flight = len(self._in_flight.in_flight)
        return self._counts

    async def close(self, drain: float = 5.0) -> None:
        """Wait at most `drain` seconds for the parts in flight to be answered, unbind, and close.

        Parts that wait for room in the window are NOT_SENT at once. Safe to call twice and at any time.
        """
        if self.closed.is_set() or self._closing:
            await self.closed.wait()
            return
        self._closing = True
        try:
            if self.bound:
                self._tell("closing", sentence("Waiting for the last responses."))
                self._make_room()
                await self._drain(drain)
                await self._unbind(min(self.config.response_timeout, max(drain, 1.0)))
            elif self._unbound_by is not None:
                await self._drain(drain)
                self._answer_unbind()
        finally:
            self._lose(sentence("Closed by us."))
        await self._transport.gone.wait()

    async def _drain(self, seconds: float) -> None:
        if self._in_flight.in_flight:
            self._drained = asyncio.get_running_loop().create_future()
            await asyncio.wait((self._drained,), timeout=seconds)

    # -- submitting ------------------------------------------------------------------------------------

    async def submit(
        self, source: str, parts: Sequence[OutgoingPart], *, context: object = None
    ) -> list[Outcome]:
        """Submit `parts` from the sender ID `source`; return their outcomes in the order of `parts`.

        As with `begin`. If the caller is cancelled, what is in flight becomes late.
        """
        submission = self.begin(source, parts, context=context)
        try:
            await submission.done
        except BaseException:
            submission.withdraw()
            self._counts.unknown += self._in_flight.abandon(submission)
            self._make_room()
            raise
        return submission.outcomes

    def begin(
        self,
        source: str,
        parts: Sequence[OutgoingPart],
        *,
        context: object = None,
        on_write: Callable[[int], None] | None = None,
    ) -> Submission:
        """Submit `parts` from the sender ID `source` without waiting for their outcomes.

        Parts are pipelined within the window, which calls share, first come first served. Statuses are returned as
        the carrier gave them, throttling too; only what may be refused because the window was full is WINDOW_FULL. A
        part that no PDU can hold is refused here, with the status a carrier would use. `context` comes back with
        late responses. `on_write` is called before bytes may leave, with the number of parts that may have left then.
        Raises CarrierError on a receiver bind and ValueError for an impossible source, with nothing written.
        """
        if self.config.bind == "receiver":
            raise CarrierError(
                sentence("This bind only receives: messages need a transmitter or transceiver bind.")
            )
        shape = self._shape(source)
        if self.config.default_alphabet == "latin1":
            parts = write_latin1(parts)
        submission = Submission(shape, parts, context, on_write)
        if parts:
            self._queue.append(submission)
            self._write_queued()
        else:
            submission.done.set_result(None)
        return submission

    @property
    def room(self) -> int:
        """How many more parts `begin` can take that are written at once; below 0 when parts wait to be written."""
        return self._window.size - len(self._in_flight.in_flight) - self._unwritten

    @property
    def window(self) -> int:
        """How many parts may be unanswered now."""
        return self._window.size

    @property
    def answer_rate(self) -> float:
        """Answers a second lately; 0.0 while that is not known."""
        return self._window.rate

    @property
    def _unwritten(self) -> int:
        return sum(len(one.parts) - one.written for one in self._queue)

    def _shape(self, source: str) -> SubmitShape:
        shape = self._shapes.get(source)
        if shape is None:
            shape = shape_of(source, self.config)
            if len(self._shapes) >= _SHAPES_KEPT:
                self._shapes.clear()
            self._shapes[source] = shape
        return shape

    def _write_queued(self) -> None:
        """Write what waits and may be written now; what never will be is NOT_SENT."""
        if not self.bound or self._closing:
            while self._queue:
                self._queue.popleft().withdraw()
            return
        wrote = False
        while self._queue:
            submission = self._queue[0]
            left = len(submission.parts) - submission.written
            if not left:
                self._queue.popleft()
                continue
            if not self._transport.writable or self._in_doubt:
                break
            room = min(left, self._window.size - len(self._in_flight.in_flight), _MOST_A_WRITE)
            if room < min(left, self._window.least_room):
                break
            self._write_parts(submission, room)
            wrote = True
        if wrote:
            self._window.note_written(len(self._in_flight.in_flight))

    def _write_parts(self, submission: Submission, room: int) -> None:
        at = submission.written
        first, count = self._take_sequences(room)
        chosen = submission.parts[at : at + count]
        try:
            data = encode_submit_batch(submission.shape, first, chosen)
        except PduError:
            self._write_flawed(submission, count)
            return
        deadline = asyncio.get_running_loop().time() + self.config.response_timeout
        submission.written = at + count
        if submission.on_write is not None:
            submission.on_write(submission.written)
        self._in_flight.add(submission, first, count, at, deadline)
        self._counts.submitted += count
        self._transport.write(data)

    def _write_flawed(self, submission: Submission, count: int) -> None:
        """Write the parts before the first one that no PDU can hold; when that one is the first, refuse it here."""
        at, good = submission.written, 0
        while good < count and flaw_of(submission.parts[at + good]) is None:
            good += 1
        if good:
            self._write_parts(submission, good)
            return
        flaw = submission.parts[at]
        fits = 0 < flaw.destination < 10**20
        status = command_statuses.ESME_RINVMSGLEN if fits else command_statuses.ESME_RINVDSTADR
        self._counts.refused += 1
        submission.settle_unsent(at, Outcome(status, ""))

    # -- reports ---------------------------------------------------------------------------------------

    def acknowledge(self, sequences: Sequence[int]) -> None:
        """Acknowledge these reports in one write. Call it only after they are committed.

        After the connection has ended nothing is written, and the carrier will send them again.
        """
        if self.closed.is_set() or not sequences:
            return
        self._large.forget(sequences)
        data = b""
        if self._by_data_sm:
            others = [sequence for sequence in sequences if sequence in self._by_data_sm]
            sequences = [sequence for sequence in sequences if sequence not in self._by_data_sm]
            self._by_data_sm.difference_update(others)
            data = encode_data_sm_resps(others)
            self._counts.unacknowledged -= len(others)
        self._counts.unacknowledged -= len(sequences)
        self._transport.write(encode_deliver_sm_resps(sequences) + data)
        few = self._counts.unacknowledged <= self.config.unacknowledged // 2 and not self._large.full
        if self._paused_at is not None and few:
            self._paused_at = self._unanswered_since = None
            self._heard = asyncio.get_running_loop().time()
            self._transport.resume_reading()

    async def query(self, carrier_id: str, source: str) -> QueryResult | None:
        """Ask for the state of a message (query_sm); None when the carrier does not know it or does not answer.

        Raises ValueError when the id or the source cannot be written into a PDU.
        """
        if not self.bound:
            return None
        text, ton, npi = address_of(source, self.config)
        query = Query(carrier_id, text, ton, npi)
        answer = await self._ask(QUERY_SM, lambda sequence: encode_query_sm(sequence, query))
        if answer is None or answer.status:
            return None
        try:
            told = decode_query_sm_resp(answer.body)
        except PduError:
            return None
        if told.state >= len(STATS):
            return None
        stat = STATS[told.state]
        return QueryResult(told.message_id, stat, stat in FINAL_WORDS, told.error_code, told.final_date)

    # -- PDUs that arrive -------------------------------------------------------------------------------

    def _take_pdus(self, pdus: list[Pdu]) -> None:
        self._heard = asyncio.get_running_loop().time()
        self._in_doubt = False
        settle, alphabet = self._in_flight.settle, self.config.default_alphabet
        accepted, new = 0, tuple.__new__
        unanswered = len(self._in_flight.in_flight)
        reports: list[Report] = []
        late: list[Late] = []
        for pdu in pdus:
            command, status, sequence, body = pdu
            if command == SUBMIT_SM_RESP:
                self._unanswered_since = None
                # Straight to the tuple, as for reports: once for every part.
                outcome: Outcome = new(Outcome, (status, decode_submit_sm_resp(body)))
                if status in _WINDOW_REFUSALS and self._is_for_the_window(sequence):
                    outcome = Outcome(WINDOW_FULL, str(status))
                if not settle(sequence, outcome):
                    self._take_late(sequence, outcome, late)
                elif status:
                    self._count_refusal(status)
                else:
                    accepted += 1
            elif command == DELIVER_SM:
                if len(body) > LARGE:
                    self._large.note(sequence, len(body))
                reports.append(read_report(sequence, body, alphabet))
            elif command == DATA_SM:
                self._by_data_sm.add(sequence)
                if len(body) > LARGE:
                    self._large.note(sequence, len(body))
                reports.append(read_data_report(sequence, body, alphabet))
            elif command & RESPONSE:
                self._take_response(pdu, late)
            else:
                self._take_request(pdu)
        self._counts.accepted += accepted
        left = len(self._in_flight.in_flight)
        self._window.note_answers(unanswered - left, left)
        if late:
            self._counts.late += len(late)
            if self._on_late is not None:
                self._on_late(late)
        if reports:
            self._hand_over(_without_numbers(reports) if self.config.match_by_id_alone else reports)
        self._make_room()

    def _hand_over(self, reports: list[Report]) -> None:
        counts = self._counts
        counts.reports += len(reports)
        counts.unacknowledged += len(reports)
        many = counts.unacknowledged > self.config.unacknowledged or self._large.full
        if many and self._paused_at is None:
            self._paused_at = self._heard
            self._transport.pause_reading()
        self._on_reports(reports)

    def _is_for_the_window(self, sequence: int) -> bool:
        return self._window.note_refusal(self._in_flight.unanswered_with(sequence))

    def _take_late(self, sequence: int, outcome: Outcome, late: list[Late]) -> None:
        found = self._in_flight.settle_late(sequence, outcome)
        if found is not None:
            late.append(found)

    def _count_refusal(self, status: int) -> None:
        if status in command_statuses.THROTTLES:
            self._counts.throttled += 1
        else:
            self._counts.refused += 1

    def _take_response(self, pdu: Pdu, late: list[Late]) -> None:
        if self._take_answer(pdu) or pdu.command_id != GENERIC_NACK:
            return
        self._unanswered_since = None
        outcome = Outcome(pdu.status or command_statuses.ESME_RUNKNOWNERR, "")
        if self._in_flight.settle(pdu.sequence, outcome):
            self._count_refusal(pdu.status)
        else:
            self._take_late(pdu.sequence, outcome, late)

    # -- what SessionBase asks for --------------------------------------------------------------------

    def _make_room(self) -> None:
        if self._queue:
            self._write_queued()
        if self.waiting_for_room:
            room = self.room
            ended = not self.bound or self._closing
            for event in [one for one, least in self.waiting_for_room.items() if ended or room >= least]:
                del self.waiting_for_room[event]
                event.set()
        if self._drained is not None and not self._drained.done() and not self._in_flight.in_flight:
            self._drained.set_result(None)
        if self._unbound_by is not None and not self._in_flight.in_flight:
            self._answer_unbind()

    def _check_deadlines(self, now: float) -> bool:
        if self._paused_at is not None and now - self._paused_at < self.config.response_timeout:
            # While reading is paused, the responses may be in our own buffers: the carrier is not late.
            return False
        expired = self._in_flight.expire(now)
        if expired:
            self._counts.unknown += expired
            # The peer may be gone: whatever is written before it proves alive may end as unknown too.
            self._in_doubt = now - self._heard >= self.config.response_timeout
            self._close_if_unanswered(now)
            self._make_room()
        return self._paused_at is None

    def _close_if_unanswered(self, now: float) -> None:
        # An SMSC's front end can outlive what is behind it, and would take window after window unanswered.
        if self._paused_at is not None:
            return
        if self._unanswered_since is None:
            self._unanswered_since = now
        elif now - self._unanswered_since >= _UNANSWERED_TIMEOUTS * self.config.response_timeout:
            self._lose(sentence("The carrier answers enquire_link, but no message any more."), "unanswered")

    def _end(self) -> None:
        self._counts.unknown += self._in_flight.end()

    def _in_use(self, sequence: int) -> bool:
        return super()._in_use(sequence) or self._in_flight.in_use(sequence)


def _without_numbers(reports: list[Report]) -> list[Report]:
    """Reports whose numbers say nothing as reports that name none: their ids alone decide. Replies keep theirs."""
    return [one._replace(number=None, destination="") if one.kind == "report" else one for one in reports]
