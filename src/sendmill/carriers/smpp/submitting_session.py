"""The submitting side of a session: parts wait in a queue, and are written as the window has room."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import CarrierError, Outcome, OutgoingPart
from sendmill.carriers.sentences import sentence
from sendmill.carriers.smpp.configuration import CarrierConfig, shape_of
from sendmill.carriers.smpp.in_flight import InFlight, Submission
from sendmill.carriers.smpp.latin1 import write_latin1
from sendmill.carriers.smpp.pdu import PduError, SubmitShape, encode_submit_batch, flaw_of
from sendmill.carriers.smpp.session_base import SessionBase
from sendmill.carriers.smpp.window import Window

_SHAPES_KEPT: Final = 256
_MOST_A_WRITE: Final = 1000


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


class SubmittingSession(SessionBase):
    """One bind that submits; what it receives is the subclass's part."""

    def __init__(
        self, config: CarrierConfig, *, on_state: Callable[[str, str], None] | None, first_sequence: int
    ) -> None:
        super().__init__(config, on_state=on_state, first_sequence=first_sequence)
        self._counts = Statistics()
        self._in_flight = InFlight()
        self._shapes: dict[str, SubmitShape] = {}
        self._window = Window(config.window)
        self._queue: deque[Submission] = deque()  # those of which some parts are not written
        self.waiting_for_room: dict[asyncio.Event, int] = {}
        self._drained: asyncio.Future[None] | None = None
        self._closing = False

    @property
    def statistics(self) -> Statistics:
        """The counts as they are now."""
        self._counts.in_flight = len(self._in_flight.in_flight)
        return self._counts

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

    def _in_use(self, sequence: int) -> bool:
        return super()._in_use(sequence) or self._in_flight.in_use(sequence)
