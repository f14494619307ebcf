"""The octets of large reports and replies that were read and are not acknowledged yet.

Thousands of ordinary reports may wait; a peer that sends PDUs of 64 KiB or more would fill the memory with as many.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LARGE: Final = 4096  # octets of a body: far more than a report has
MOST: Final = 16 * 1024 * 1024


class LargeReports:
    """The large ones of a session by sequence number; `full` tells that reading has to pause."""

    __slots__ = ("_octets", "_waiting")

    def __init__(self) -> None:
        self._waiting: dict[int, int] = {}
        self._octets = 0

    @property
    def full(self) -> bool:
        """True while their bodies together are longer than 16 MiB."""
        return self._octets > MOST

    def note(self, sequence: int, octets: int) -> None:
        """Count a large one that was read; a sequence number that comes again replaces the one before."""
        self._octets += octets - self._waiting.get(sequence, 0)
        self._waiting[sequence] = octets

    def forget(self, sequences: Iterable[int]) -> None:
        """Forget those that are acknowledged now."""
        if self._waiting:
            for sequence in sequences:
                self._octets -= self._waiting.pop(sequence, 0)
