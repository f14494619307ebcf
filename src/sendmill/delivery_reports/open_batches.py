"""What the binds of one carrier in this process share: a report about a message may come on another bind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakMethod

from sendmill.carriers.submit_dates import SubmitClock
from sendmill.delivery_reports.report_cache import ReportCache


class OpenBatches:
    """Batches that are neither recorded nor given up, in the order in which they were opened."""

    def __init__(self) -> None:
        self._open: dict[int, None] = {}
        self._waiting: list[WeakMethod[Callable[[], None]]] = []
        self.newest = 0

    def __bool__(self) -> bool:
        return bool(self._open)

    def __contains__(self, ticket: int) -> bool:
        return ticket in self._open

    @property
    def oldest(self) -> int:
        """The ticket of the oldest that is open; one more than the newest when none is."""
        return next(iter(self._open), self.newest + 1)

    def open(self) -> int:
        """Note that a batch is about to be submitted; return its ticket."""
        self.newest += 1
        self._open[self.newest] = None
        return self.newest

    def close(self, ticket: int) -> None:
        """Note that a batch was recorded or given up, and call whoever waits for it."""
        self._open.pop(ticket, None)
        for waiting in self._waiting:
            if (tell := waiting()) is not None:
                tell()

    def tell(self, waiting: Callable[[], None]) -> None:
        """Have this method called whenever a batch is closed, for as long as its object lives."""
        self._waiting = [one for one in self._waiting if one() is not None] + [WeakMethod(waiting)]


@dataclass
class Followed:
    """When some messages were submitted whose report is awaited: by task and seq, or by id for parts."""

    by_key: dict[str, float] = field(default_factory=dict)
    by_message: dict[int, dict[int, float]] = field(default_factory=dict)
    count: int = 0


@dataclass
class CarrierMemory:
    """What the binds of one carrier in this process share."""

    report_cache: ReportCache = field(default_factory=ReportCache)
    open_batches: OpenBatches = field(default_factory=OpenBatches)
    followed: Followed = field(default_factory=Followed)
    clock: SubmitClock = field(default_factory=SubmitClock)
