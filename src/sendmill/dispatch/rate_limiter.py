"""The rate limiter of a bind: how many parts a second are submitted, and how large a batch may be."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

LARGEST_BATCH = 500  # the batches of a bind's lanes together
BATCH_SECONDS = 0.5  # … and no more than is sent in this time
CREDIT_SECONDS = 0.1  # of a pause that may be made up for: a carrier counts the parts of each second
SLOWER = 0.7
FASTER_PER_SECOND = 0.05
# After so many seconds without throttling the limit was far off, perhaps guessed from a first burst.
CAREFUL_SECONDS = 5.0
BOLDER_PER_SECOND = 0.25
SLOWEST = 1.0
UNLIMITED = 1_000_000.0  # parts a second: a limit that has grown so far is none


class RateLimiter:
    """A token bucket over parts.

    A carrier that throttles is slowed down by 30%; it is sped up by 5% a second, and by 25% once it has not throttled
    for a while.

    `rate` is the carrier's setting in parts a second, 0 for no limit. Then a limit exists only after the carrier
    throttled, and is lifted when it has not throttled for long. `lanes` batch senders share the rate, each with a
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
        """The most parts of one batch now."""
        parts: float = LARGEST_BATCH
        if self._limit is not None:
            parts = min(parts, self._limit * BATCH_SECONDS)
        return max(1, int(parts / self._lanes))

    def take(self, parts: int) -> float:
        """Count `parts`; return the seconds after which they may be submitted.

        A batch may overdraw the bucket, so a long message is never stuck.
        """
        self.taken += parts
        self._measure(parts)
        self._refill()
        if self._limit is None:
            return 0.0
        self._tokens -= parts
        return max(0.0, -self._tokens / self._limit)

    def give_back(self, parts: int) -> None:
        """Count parts off that were taken and are not submitted now."""
        self.taken -= parts
        self._tokens += parts

    def slow_down(self) -> None:
        """Take 30% off the rate, at most once in half a second: the carrier throttled."""
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
