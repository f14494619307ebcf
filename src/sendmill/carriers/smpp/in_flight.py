"""Submitted parts that are not answered yet: by sequence number, with their deadlines, and those given up."""

import asyncio
from collections.abc import Sequence
from typing import Final

from sendmill.carriers.protocol import NOT_SENT, Late, Outcome, OutgoingPart

UNKNOWN: Final = Outcome(None, "")
UNSENT: Final = Outcome(NOT_SENT, "")

_LATE_KEPT: Final = 100_000


class Batch:
    """The parts of one call of `submit` and their outcomes; `done` resolves when every part has one."""

    __slots__ = ("context", "done", "left", "outcomes", "parts", "writes")

    def __init__(self, parts: Sequence[OutgoingPart], context: object) -> None:
        self.parts = parts
        self.context = context
        self.left = len(parts)
        self.outcomes: list[Outcome] = [UNSENT] * len(parts)
        self.writes: list[WrittenParts] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class WrittenParts:
    """The parts of a batch that left in one write: consecutive sequence numbers, one deadline.

    `shift` is added to a sequence number to get the index of its part in the batch.
    """

    __slots__ = ("batch", "count", "deadline", "first", "shift")

    def __init__(self, batch: Batch, first: int, count: int, offset: int, deadline: float) -> None:
        self.batch = batch
        self.first = first
        self.count = count
        self.shift = offset - first
        self.deadline = deadline


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

    def add(self, batch: Batch, first: int, count: int, offset: int, deadline: float) -> None:
        """Note that `count` parts of `batch`, from index `offset` on, are written, numbered from `first` on."""
        written = WrittenParts(batch, first, count, offset, deadline)
        batch.writes.append(written)
        self._writes[written] = None
        self.in_flight.update(dict.fromkeys(range(first, first + count), written))

    def settle(self, sequence: int, outcome: Outcome) -> bool:
        """Set the outcome of the part with this sequence number; return False when no part in flight has it."""
        written = self.in_flight.pop(sequence, None)
        if written is None:
            return False
        batch = written.batch
        batch.outcomes[sequence + written.shift] = outcome
        batch.left -= 1
        if not batch.left:
            self._finish(batch)
        return True

    def settle_unsent(self, batch: Batch, index: int, outcome: Outcome, count: int = 1) -> None:
        """Set the outcome of `count` parts of `batch`, from `index` on, that were not written and will not be."""
        batch.outcomes[index : index + count] = [outcome] * count
        batch.left -= count
        if not batch.left:
            self._finish(batch)

    def settle_late(self, sequence: int, outcome: Outcome) -> Late | None:
        """Return the part that a response is about which was given up before; None when no part has that number."""
        written = self._late.pop(sequence, None)
        if written is None:
            return None
        index = sequence + written.shift
        return Late(written.batch.context, index, written.batch.parts[index], outcome)

    def expire(self, now: float) -> int:
        """Give up the parts whose deadline has passed, with an unknown outcome; return how many."""
        count = 0
        for written in list(self._writes):
            if written.deadline > now:
                break
            count += self._give_up(written)
        return count

    def abandon(self, batch: Batch) -> int:
        """Give up the parts of a batch whose caller has gone away; return how many.

        Responses to them will be late ones.
        """
        return sum(self._give_up(written) for written in list(batch.writes))

    def end(self) -> int:
        """Give up every part in flight, with an unknown outcome, because the connection has ended; return how many."""
        count = sum(self._give_up(written) for written in list(self._writes))
        self._late.clear()
        return count

    def _give_up(self, written: WrittenParts) -> int:
        self._writes.pop(written, None)
        batch, count = written.batch, 0
        for sequence in range(written.first, written.first + written.count):
            if self.in_flight.get(sequence) is written:
                del self.in_flight[sequence]
                self._late[sequence] = written
                batch.outcomes[sequence + written.shift] = UNKNOWN
                count += 1
        while len(self._late) > self.late_kept:
            del self._late[next(iter(self._late))]
        if count:
            batch.left -= count
            if not batch.left:
                self._finish(batch)
        return count

    def _finish(self, batch: Batch) -> None:
        for written in batch.writes:
            self._writes.pop(written, None)
        batch.writes.clear()
        if not batch.done.done():
            batch.done.set_result(None)
