"""Submitted parts that are not answered yet: by sequence number, with their deadlines, and those given up."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from sendmill.carriers.protocol import NOT_SENT, UNANSWERED, Late, Outcome, OutgoingPart
from sendmill.carriers.smpp.pdu import SubmitShape

UNKNOWN: Final = Outcome(None, "")
UNSENT: Final = Outcome(NOT_SENT, "")
_NONE_YET: Final = Outcome(UNANSWERED, "")

_LATE_KEPT: Final = 100_000


class Submission:
    """The parts of one call of `begin` and their outcomes; `done` resolves when every part has one.

    The first `written` of them may have left, or never will; the others wait for room.
    """

    __slots__ = ("context", "done", "left", "on_write", "outcomes", "parts", "shape", "writes", "written")

    def __init__(
        self,
        shape: SubmitShape,
        parts: Sequence[OutgoingPart],
        context: object,
        on_write: Callable[[int], None] | None,
    ) -> None:
        self.shape = shape
        self.parts = parts
        self.context = context
        self.on_write = on_write
        self.left = len(parts)
        self.written = 0
        self.outcomes: list[Outcome] = [_NONE_YET] * len(parts)
        self.writes: list[WrittenParts] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def withdraw(self) -> None:
        """Make every part that is not written NOT_SENT."""
        self.settle_unsent(self.written, UNSENT, len(self.parts) - self.written)

    def settle_unsent(self, index: int, outcome: Outcome, count: int = 1) -> None:
        """Set the outcome of `count` parts, from `index` on, that were not written and will not be."""
        if not count:
            return
        self.written = max(self.written, index + count)
        self.outcomes[index : index + count] = [outcome] * count
        self.left -= count
        if not self.left and not self.done.done():
            self.done.set_result(None)


class WrittenParts:
    """The parts of a batch that left in one write: consecutive sequence numbers, one deadline.

    `shift` is added to a sequence number to get the index of its part in the submission. `before` parts were
    unanswered when it was written.
    """

    __slots__ = ("before", "count", "deadline", "first", "shift", "submission")

    def __init__(
        self, submission: Submission, first: int, count: int, offset: int, deadline: float, before: int
    ) -> None:
        self.submission = submission
        self.first = first
        self.count = count
        self.shift = offset - first
        self.deadline = deadline
        self.before = before


class InFlight:
    """The unanswered parts of a session, by sequence number.

    `in_flight` maps the sequence number of an unanswered part to the write it left in; its length is what the window
    limits. A response costs one dictionary pop; everything else is per write or per batch.
    """

    __slots__ = ("_late", "_writes", "in_flight", "late_kept")

    def __init__(self, late_kept: int = _LATE_KEPT) -> None:
        self.in_flight: dict[int, WrittenParts] = {}
        self.late_kept = late_kept
        self._writes: dict[WrittenParts, None] = {}
        self._late: dict[int, WrittenParts] = {}

    def in_use(self, sequence: int) -> bool:
        """Return whether a response with this sequence number would be about a part, even one that was given up."""
        return sequence in self.in_flight or sequence in self._late

    def add(self, submission: Submission, first: int, count: int, offset: int, deadline: float) -> None:
        """Note that `count` parts of `submission`, from index `offset` on, are written, numbered from `first` on."""
        written = WrittenParts(submission, first, count, offset, deadline, len(self.in_flight))
        submission.writes.append(written)
        self._writes[written] = None
        self.in_flight.update(dict.fromkeys(range(first, first + count), written))

    def settle(self, sequence: int, outcome: Outcome) -> bool:
        """Set the outcome of the part with this sequence number; return False when no part in flight has it."""
        written = self.in_flight.pop(sequence, None)
        if written is None:
            return False
        submission = written.submission
        submission.outcomes[sequence + written.shift] = outcome
        submission.left -= 1
        if not submission.left:
            self._finish(submission)
        return True

    def unanswered_with(self, sequence: int) -> int:
        """Return how many parts were unanswered, itself included, when the part with this number was written."""
        written = self.in_flight.get(sequence)
        return 0 if written is None else written.before + sequence - written.first + 1

    def settle_late(self, sequence: int, outcome: Outcome) -> Late | None:
        """Return the part that a response is about which was given up before; None when no part has that number."""
        written = self._late.pop(sequence, None)
        if written is None:
            return None
        index = sequence + written.shift
        return Late(written.submission.context, index, written.submission.parts[index], outcome)

    def expire(self, now: float) -> int:
        """Give up the parts whose deadline has passed, with an unknown outcome; return how many."""
        count = 0
        for written in list(self._writes):
            if written.deadline > now:
                break
            count += self._give_up(written)
        return count

    def abandon(self, submission: Submission) -> int:
        """Give up the parts of a submission whose caller has gone away; return how many.

        Responses to them will be late ones.
        """
        return sum(self._give_up(written) for written in list(submission.writes))

    def end(self) -> int:
        """Give up every part in flight, with an unknown outcome, because the connection has ended; return how many."""
        count = sum(self._give_up(written) for written in list(self._writes))
        self._late.clear()
        return count

    def _give_up(self, written: WrittenParts) -> int:
        self._writes.pop(written, None)
        submission, count = written.submission, 0
        for sequence in range(written.first, written.first + written.count):
            if self.in_flight.get(sequence) is written:
                del self.in_flight[sequence]
                self._late[sequence] = written
                submission.outcomes[sequence + written.shift] = UNKNOWN
                count += 1
        while len(self._late) > self.late_kept:
            del self._late[next(iter(self._late))]
        if count:
            submission.left -= count
            if not submission.left:
                self._finish(submission)
        return count

    def _finish(self, submission: Submission) -> None:
        for written in submission.writes:
            self._writes.pop(written, None)
        submission.writes.clear()
        if not submission.done.done():
            submission.done.set_result(None)
