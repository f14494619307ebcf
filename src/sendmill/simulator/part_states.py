"""The state of every part that the service centre took, and the second it became final."""

from array import array
from typing import NamedTuple

from sendmill.simulator.faults import State


class Known(NamedTuple):
    """The state of a part; `settled` is the Unix second at which it became final, 0 before."""

    state: State
    settled: int


class States:
    """States by serial number, counted upwards from `first`.

    They take five octets each: ten million fit in memory.
    """

    def __init__(self, first: int) -> None:
        self._first = first
        self._states = bytearray()
        self._settled = array("I")

    @property
    def count(self) -> int:
        """The number of parts that were taken."""
        return len(self._states)

    @property
    def next_serial(self) -> int:
        """The serial number of the next part."""
        return self._first + len(self._states)

    def grow(self, parts: int) -> None:
        """Add `parts` parts that were just taken; they are ENROUTE."""
        self._states += bytes((State.ENROUTE,)) * parts
        self._settled.frombytes(bytes(parts * self._settled.itemsize))

    def settle(self, serial: int, state: int, second: int) -> None:
        """Set the final state of a part; a serial number that was never taken is ignored."""
        at = serial - self._first
        if 0 <= at < len(self._states):
            self._states[at] = state
            self._settled[at] = second

    def find(self, serial: int) -> Known | None:
        """Return the state of a part, or None when no such part was taken since the start."""
        at = serial - self._first
        if not 0 <= at < len(self._states):
            return None
        return Known(State(self._states[at]), self._settled[at])
