"""Binds that an unforeseen error ended: they are started again after a while, longer after each failure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from sendmill.carriers.back_off import BackOff

BACK_OFF = BackOff(first=1.0, longest=60.0, steady=60.0)

Slot = tuple[int, int]


@dataclass(frozen=True)
class _Waiting:
    ending: asyncio.Task[None]
    until: float


class FailedBinds:
    """The binds that wait to be started again. This sender keeps their slots: another one would meet the same fault."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._waiting: dict[Slot, _Waiting] = {}
        self._failures: dict[Slot, int] = {}

    def __contains__(self, slot: Slot) -> bool:
        return slot in self._waiting

    def __iter__(self) -> Iterator[Slot]:
        return iter(self._waiting)

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, slot: Slot, ending: asyncio.Task[None], lasted: float) -> float:
        """Add a bind that is `ending` after it ran for `lasted` seconds.

        Return after how many seconds it is started again.
        """
        failures = 1 if lasted >= BACK_OFF.steady else self._failures.get(slot, 0) + 1
        self._failures[slot] = failures
        wait = BACK_OFF.wait(failures, 0.0)
        self._waiting[slot] = _Waiting(ending, self._now() + wait)
        return wait

    def due(self) -> list[Slot]:
        """Return the binds that are to be started now, and forget them."""
        now = self._now()
        due = [key for key, one in self._waiting.items() if one.until <= now and one.ending.done()]
        for slot in due:
            del self._waiting[slot]
        return due

    def give_up(self, slot: Slot) -> asyncio.Task[None]:
        """Forget a bind that is no longer wanted; return the task that ends it."""
        self._failures.pop(slot, None)
        return self._waiting.pop(slot).ending
