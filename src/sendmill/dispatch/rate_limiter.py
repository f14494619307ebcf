"""Pace: how many parts a carrier gets a second, and how it slows when the carrier says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

# The batches of a bind's lanes together: what a kill can leave uncertain, and an urgent task may wait for.
LARGEST_BATCH = 500
BATCH_SECONDS = 0.5  # … and no more than is sent in this time
CREDIT_SECONDS = 0.1  # of a pause that may be made up for: a carrier counts the parts of each second
FIRST_BATCH = 50  # while a lane does not know how fast its carrier answers
SLOWER = 0.7
FASTER_PER_SECOND = 0.05
# After so many seconds without throttling the limit was far off, perhaps guessed from a first burst.
CAREFUL_SECONDS = 5.0
BOLDER_PER_SECOND = 0.25
SLOWEST = 1.0
UNLIMITED = 1_000_000.0  # parts a second: a limit that has grown so far is none


class RateLimiter:
    """A token bucket over parts. A throttled carrier is slowed by 30% and sped up by 5% a second, and by 25%
    when it has not throttled for a while.

    `rate` is the carrier's setting in parts per second, 0 for no limit; then a limit exists only after
    the carrier throttled, and goes when it has not throttled for long. `lanes` share the pace, each with a
    batch of its own.
    """

    def __init__(self, rate: float, lanes: int = 1, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lanes = lanes
        self._setting = float(rate)
        self._limit: float | None = self._setting or None
        self._tokens = 0.0
        self._filled_at = self._changed_at = self._throttled_at = now()
        self._sent = 0
        self._since = now()
        self._recent = 0.0
        self.throttled = self.taken = 0

    @property
    def limit(self) -> float | None:
        """Parts per second allowed now; None: no limit."""
        return self._limit

    @property
    def batch_size(self) -> int:
        """The most parts of one lane's batch now."""
        parts: float = LARGEST_BATCH
        if self._limit is not None:
            parts = min(parts, self._limit * BATCH_SECONDS)
        return max(1, int(parts / self._lanes))

    async def take(self, parts: int) -> None:
        """Wait until `parts` may be sent. Debts are allowed, so a long message is never stuck."""
        self.taken += parts
        self._measure(parts)
        self._refill()
        if self._limit is None:
            return
        self._tokens -= parts
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / self._limit)

    def free(self, parts: int) -> bool:
        """Whether `take` would not wait for so many now."""
        self._refill()
        return self._limit is None or self._tokens >= parts

    def slow_down(self) -> None:
        """The carrier throttled: at most once in half a second, take 30% off."""
        self.throttled += 1
        now = self._now()
        if self._limit is not None and now - self._changed_at < BATCH_SECONDS and self.throttled > 1:
            return
        current = self._limit if self._limit is not None else self._speed(now)
        self._limit = max(SLOWEST, current * SLOWER)
        self._tokens = min(self._tokens, 0.0)
        self._changed_at = self._throttled_at = now

    def _speed(self, now: float) -> float:
        """Parts a second lately; a quarter of a second is the least that tells anything."""
        return max(self._recent, self._sent / max(now - self._since, 0.25))

    def _measure(self, parts: int) -> None:
        now = self._now()
        if now - self._since >= 1.0:
            self._recent = self._sent / (now - self._since)
            self._sent, self._since = 0, now
        self._sent += parts

    def _refill(self) -> None:
        now = self._now()
        if self._limit is None:
            return
        self._speed_up(now)
        limit = self._limit
        if limit is None:
            return
        credit = max(1.0, limit * CREDIT_SECONDS)
        self._tokens = min(credit, self._tokens + (now - self._filled_at) * limit)
        self._filled_at = now

    def _speed_up(self, now: float) -> None:
        ceiling = self._setting or UNLIMITED
        if self._limit is None or self._limit >= ceiling:
            return
        seconds = now - self._changed_at
        if seconds >= 1.0:
            # Bounded, for after hours without work the power is beyond any float.
            careful = now - self._throttled_at < CAREFUL_SECONDS
            faster = (1 + (FASTER_PER_SECOND if careful else BOLDER_PER_SECOND)) ** min(seconds, 1000.0)
            self._limit = min(ceiling, self._limit * faster)
            self._changed_at = now
            if self._limit >= UNLIMITED and not self._setting:
                self._limit = None


class BatchSize:
    """How large the next batch of a lane may be, by how fast the last one was answered.

    A carrier with a small window or far away takes long for a few messages, whatever its rate: a lane's
    batch holds no more than it had answered in half a second.
    """

    def __init__(self) -> None:
        self.most = FIRST_BATCH

    def measure(self, parts: int, seconds: float) -> None:
        """A batch of so many parts was answered in so many seconds."""
        speed = parts / max(seconds, 0.001)
        self.most = max(1, min(LARGEST_BATCH, int(speed * BATCH_SECONDS)))
