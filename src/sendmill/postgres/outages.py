"""Logs a lost database once for each process, and its return once, however many parts of it notice.

A part has a connection of its own and tries again soon: a batch sender, a report writer, the control connection,
the clock of a worker. The first that loses the database logs it; it is back when all that lost it work again.
A connection from before an outage may be found dead long after it: that is the same outage.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import psycopg
import structlog

# Errors of single statements: deadlocks and serialization failures, locks that are not available, canceled
# statements. The database is there.
OF_STATEMENTS = ("40", "55", "57014")
# Disk full, out of memory, too many connections: the server is there and refuses some statements, then others.
SHORTAGE = "53"
QUIET = 60.0  # seconds without a refusal after which a shortage counts as over

log = structlog.get_logger(__name__)


def loss_of(error: BaseException) -> psycopg.Error | None:
    """Return the driver's error when an error, or what caused it, means that the database is away; else None."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, psycopg.OperationalError | psycopg.InterfaceError):
            return None if (seen.sqlstate or "").startswith(OF_STATEMENTS) else seen
        if isinstance(seen, psycopg.Error):
            return None
        seen = seen.__cause__
    return None


class Outage:
    """Whether this process is without its database, as its parts report it. May be used from any thread."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._away: set[str] = set()
        self._worked: dict[str, float] = {}
        self._since: float | None = None
        self._ended = float("-inf")  # when the previous outage was over
        self._noticed: set[str] = set()  # the parts that noticed it
        self._short = float("-inf")  # when a shortage was seen last

    @property
    def on(self) -> bool:
        """True while the database is away."""
        return self._since is not None

    def lost(self, part: str, error: BaseException, **context: Any) -> None:
        """Note that a part has lost the database, or still cannot reach it; log it when it is new.

        An error that is about a statement only is logged each time.
        """
        loss = loss_of(error)
        if loss is None:
            log.warning("tried again", part=part, reason=type(error).__name__, **context)
            return
        if (loss.sqlstate or "").startswith(SHORTAGE):
            self._refused(part, loss)
            return
        with self._lock:
            again = part in self._away
            self._away.add(part)
            if self.on:
                self._noticed.add(part)
            if self.on or not (again or self._is_news(part)):
                return
            self._since = self._clock()
            self._noticed = set(self._away)
        log.warning("database lost", part=part, **_said(loss), **context)

    def back(self, part: str) -> None:
        """Note that a part has worked with the database."""
        self._worked[part] = self._clock()
        if part in self._away:
            self._leave(part)

    def forget(self, part: str) -> None:
        """Note that a part has ended."""
        self._worked.pop(part, None)
        if part in self._away:
            self._leave(part)

    def note(self, part: str, error: BaseException) -> bool:
        """Call `lost` when the error means that the database is away; return whether it does."""
        if loss_of(error) is None:
            return False
        self.lost(part, error)
        return True

    def _refused(self, part: str, loss: psycopg.Error) -> None:
        """Log a shortage when it begins; refusals come and go while it lasts."""
        with self._lock:
            now = self._clock()
            begins, self._short = now - self._short > QUIET, now
        if begins:
            log.warning("database refuses", part=part, **_said(loss))

    def _is_news(self, part: str) -> bool:
        """Return False when the part missed the last outage and has not worked since: it notices that one late.

        A server's processes outlive its main one for a moment: a part may have worked while others were cut off.
        """
        if self._ended == float("-inf") or part in self._noticed:
            return True
        return self._worked.get(part, float("-inf")) > self._ended

    def _leave(self, part: str) -> None:
        with self._lock:
            self._away.discard(part)
            if self._away or self._since is None:
                return
            self._ended = self._clock()
            seconds, self._since = self._ended - self._since, None
        log.info("database back", away_seconds=round(seconds, 1))


def _said(loss: psycopg.Error) -> dict[str, str]:
    return {"reason": type(loss).__name__, "says": (str(loss).strip().splitlines() or [""])[0]}


database = Outage()
