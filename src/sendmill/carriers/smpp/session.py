"""A session with a carrier over SMPP 3.4: submits parts within the window, takes reports, asks queries."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import (
    WINDOW_FULL,
    Late,
    Outcome,
    QueryResult,
    Report,
)
from sendmill.carriers.sentences import sentence
from sendmill.carriers.smpp.configuration import CarrierConfig, address_of
from sendmill.carriers.smpp.large_reports import LARGE, LargeReports
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
    decode_query_sm_resp,
    decode_submit_sm_resp,
    encode_data_sm_resps,
    encode_deliver_sm_resps,
    encode_query_sm,
)
from sendmill.carriers.smpp.report import STATS, read_data_report, read_report
from sendmill.carriers.smpp.submitting_session import SubmittingSession
from sendmill.domain.status_codes import FINAL_WORDS

_UNANSWERED_TIMEOUTS: Final = 2
# Answers of a carrier to a part that came while too many were unanswered, within a full window.
_WINDOW_REFUSALS: Final = frozenset({command_statuses.ESME_RMSGQFUL, command_statuses.ESME_RSUBMITFAIL})


class Session(SubmittingSession):
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
        self._large = LargeReports()
        self._by_data_sm: set[int] = set()
        self._paused_at: float | None = None
        self._unanswered_since: float | None = None

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


def _without_numbers(reports: list[Report]) -> list[Report]:
    """Reports whose numbers say nothing as reports that name none: their ids alone decide. Replies keep theirs."""
    return [one._replace(number=None, destination="") if one.kind == "report" else one for one in reports]
