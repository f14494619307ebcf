"""The window of a bind: parts under way, whose answer is whose, what is given up, what comes late."""

import asyncio
from collections.abc import Sequence
from typing import Final

from sendmill.carriers.protocol import NOT_SENT, Late, Outcome, OutgoingPart

UNKNOWN: Final = Outcome(None, "")
UNSENT: Final = Outcome(NOT_SENT, "")

_LATE_KEPT: Final = 100_000


class Batch:
    """One call's parts and their outcomes; `done` resolves when every part has one."""

    __slots__ = ("context", "done", "flights", "left", "outcomes", "parts")

    def __init__(self, parts: Sequence[OutgoingPart], context: object) -> None:
        self.parts = parts
        self.context = context
        self.left = len(parts)
        self.outcomes: list[Outcome] = [UNSENT] * len(parts)
        self.flights: list[Flight] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Flight:
    """The parts of a batch that left in one write: consecutive sequence numbers, one deadline."""

    __slots__ = ("batch", "count", "deadline", "first", "shift")

    def __init__(self, batch: Batch, first: int, count: int, offset: int, deadline: float) -> None:
        self.batch = batch
        self.first = first
        self.count = count
        self.shift = offset - first
        self.deadline = deadline


class Outstanding:
    """The parts behind sequence numbers.

    `in_flight` maps a sequence number to its flight and is what the window counts. A response costs one
    dictionary pop; everything else is per write or per batch.
    """

    __slots__ = ("_flights", "_late", "in_flight", "late_kept")

    def __init__(self, late_kept: int = _LATE_KEPT) -> None:
        self.in_flight: dict[int, Flight] = {}
        self.late_kept = late_kept
        self._flights: dict[Flight, None] = {}
        self._late: dict[int, Flight] = {}

    def in_use(self, sequence: int) -> bool:
        """Whether a response with this number would mean a part."""
        return sequence in self.in_flight or sequence in self._late

    def launch(self, batch: Batch, first: int, count: int, offset: int, deadline: float) -> None:
        """`count` parts of `batch` from `offset` on are being written under the numbers from `first` on."""
        flight = Flight(batch, first, count, offset, deadline)
        batch.flights.append(flight)
        self._flights[flight] = None
        self.in_flight.update(dict.fromkeys(range(first, first + count), flight))

    def settle(self, sequence: int, outcome: Outcome) -> bool:
        """The part behind `sequence` has its outcome; False when none in flight has that number."""
        flight = self.in_flight.pop(sequence, None)
        if flight is None:
            return False
        batch = flight.batch
        batch.outcomes[sequence + flight.shift] = outcome
        batch.left -= 1
        if not batch.left:
            self._finish(batch)
        return True

    def settle_unsent(self, batch: Batch, index: int, outcome: Outcome, count: int = 1) -> None:
        """`count` parts of `batch` from `index` on were never written and will not be."""
        batch.outcomes[index : index + count] = [outcome] * count
        batch.left -= count
        if not batch.left:
            self._finish(batch)

    def settle_late(self, sequence: int, outcome: Outcome) -> Late | None:
        """What a response belongs to that comes after its part was given up; None for a stranger."""
        flight = self._late.pop(sequence, None)
        if flight is None:
            return None
        index = sequence + flight.shift
        return Late(flight.batch.context, index, flight.batch.parts[index], outcome)

    def expire(self, now: float) -> int:
        """Give up the parts whose deadline has passed: their outcome is unknown. Returns how many."""
        count = 0
        for flight in list(self._flights):
            if flight.deadline > now:
                break
            count += self._give_up(flight)
        return count

    def forsake(self, batch: Batch) -> int:
        """Nobody waits for `batch` any more: its slots are free, its responses will be late ones."""
        return sum([self._give_up(flight) for flight in list(batch.flights)])

    def end(self) -> int:
        """The connection is gone: every part in flight has an unknown outcome. Returns how many."""
        count = sum([self._give_up(flight) for flight in list(self._flights)])
        self._late.clear()
        return count

    def _give_up(self, flight: Flight) -> int:
        self._flights.pop(flight, None)
        batch, count = flight.batch, 0
        for sequence in range(flight.first, flight.first + flight.count):
            if self.in_flight.get(sequence) is flight:
                del self.in_flight[sequence]
                self._late[sequence] = flight
                batch.outcomes[sequence + flight.shift] = UNKNOWN
                count += 1
        while len(self._late) > self.late_kept:
            del self._late[next(iter(self._late))]
        if count:
            batch.left -= count
            if not batch.left:
                self._finish(batch)
        return count

    def _finish(self, batch: Batch) -> None:
        for flight in batch.flights:
            self._flights.pop(flight, None)
        batch.flights.clear()
        if not batch.done.done():
            batch.done.set_result(None)
