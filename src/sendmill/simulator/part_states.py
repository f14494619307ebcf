"""What the service centre knows of every part it took: one octet of state and the second it became final."""

from array import array
from typing import NamedTuple

from sendmill.simulator.faults import State


class Known(NamedTuple):
    """The state of a part; `settled` is the Unix second of a final state, else 0."""

    state: State
    settled: int


class States:
    """States by serial number, counted upwards from `first`; five octets each: ten million fit in memory."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._states = bytearray()
        self._settled = array("I")

    @property
    def count(self) -> int:
        """How many parts were taken."""
        return len(self._states)

    @property
    def next_serial(self) -> int:
        """The serial number of the part that is taken next."""
        return self._first + len(self._states)

    def grow(self, parts: int) -> None:
        """Note `parts` parts just taken; they are ENROUTE."""
        self._states += bytes((State.ENROUTE,)) * parts
        self._settled.frombytes(bytes(parts * self._settled.itemsize))

    def settle(self, serial: int, state: int, second: int) -> None:
        """Note the final state of a part; a serial number never taken is passed over."""
        at = serial - self._first
        if 0 <= at < len(self._states):
            self._states[at] = state
            self._settled[at] = second

    def find(self, serial: int) -> Known | None:
        """What is known of a part, or None when no such part was taken since the start."""
        at = serial - self._first
        if not 0 <= at < len(self._states):
            return None
        return Known(State(self._states[at]), self._settled[at])
