"""A timing wheel: items that are due within one tick are handed over in one call.

A timer per report would cost more than the report. The wheel keeps one timer, for its earliest bucket.
"""

import asyncio
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Generic, TypeVar

T = TypeVar("T")
TICK = 0.005
_SLACK = 1e-6  # a loop may fire a timer one clock step early


def ticks(seconds: float) -> int:
    """Return a delay in whole ticks, rounded up."""
    return -int(-seconds // TICK)


class Wheel(Generic[T]):
    """Calls `turn` with the list of items that are due, by bucket and then in the order they were added.

    While the loop is idle, an item comes at most one tick after its time, and never before it.
    """

    def __init__(self, turn: Callable[[list[T]], None]) -> None:
        self._turn = turn
        self._loop = asyncio.get_running_loop()
        self._buckets: dict[int, list[T]] = {}
        self._order: list[int] = []
        self._timer: asyncio.TimerHandle | None = None
        self.size = 0

    def add(self, delay: int, items: Sequence[T]) -> None:
        """Hand over `items` after `delay` ticks and the rest of the current one."""
        number = int(self._loop.time() / TICK) + 1 + delay
        bucket = self._buckets.get(number)
        if bucket is None:
            bucket = self._buckets[number] = []
            heappush(self._order, number)
            if self._order[0] == number:
                self._arm()
        bucket += items
        self.size += len(items)

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._order[0] * TICK, self._fire)

    def _fire(self) -> None:
        self._timer = None
        limit = self._loop.time() + _SLACK
        due: list[T] = []
        while self._order and self._order[0] * TICK <= limit:
            due += self._buckets.pop(heappop(self._order))
        self.size -= len(due)
        if self._order:
            self._arm()
        if due:
            self._turn(due)

    def stop(self) -> list[T]:
        """Stop the timer; return everything that was not due yet, earliest first."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        left = [item for number in sorted(self._order) for item in self._buckets[number]]
        self._buckets.clear()
        self._order.clear()
        self.size = 0
        return left
