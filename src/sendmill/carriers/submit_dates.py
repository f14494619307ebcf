"""Compares the submit date in a report with our own time: which of two messages with one id the report is about."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from statistics import median
from typing import Final, NamedTuple

TOLERANCE: Final = 120.0
"""The most seconds between a carrier's submit date, corrected by its lag, and our own time of the submit: the response
may take half a minute, clocks differ a little, and most dates have no seconds."""

OBSERVED: Final = 20  # reports that fix a carrier's lag when they agree about it
# Reports that disagree, after which a carrier's dates are not used until some agree again.
IN_VAIN: Final = 200


class _ReadDate(NamedTuple):
    """A date as written, read as UTC.

    `at` is the middle of the minute or second it names, in Unix seconds; `slack` is how exact that is, in seconds.
    """

    at: float
    slack: float


class SubmitClock:
    """How far the submit dates of one carrier are ahead of our times: its time zone, and the error of its clock.

    Carriers do not say which zone they write dates in. It is learnt from reports that are certainly about a known
    message; until then dates are read as UTC. Times are Unix seconds.
    """

    def __init__(self) -> None:
        self._lags: deque[float] = deque(maxlen=OBSERVED)
        self._lag = 0.0
        self._vain = 0
        self.known = False

    def teach(self, submitted: str, at: float) -> None:
        """Learn from a report with this submit date that is certainly about the message submitted at `at`."""
        told = _read(submitted)
        if told is None:
            return
        lags = self._lags
        lags.append(told.at - at)
        if len(lags) == OBSERVED and max(lags) - min(lags) <= 2 * TOLERANCE:
            self._lag, self.known, self._vain = median(lags), True, 0
        else:
            self._vain += 1
            self.known = self.known and self._vain <= IN_VAIN

    def distance(self, submitted: str, at: float) -> float | None:
        """Return the seconds between a report's submit date and a submit at `at`; None when the date is of no use."""
        told = _read(submitted)
        return None if told is None or self._vain > IN_VAIN else abs(told.at - self._lag - at)

    def fits(self, submitted: str, at: float) -> bool | None:
        """Return whether a report with this submit date can be about a message submitted at `at`; None when unknown."""
        distance = self.distance(submitted, at)
        return None if distance is None else distance <= TOLERANCE

    def slack(self, submitted: str) -> float:
        """Return the seconds by more than which two distances have to differ to tell two messages apart."""
        told = _read(submitted)
        return told.slack if told is not None else 0.0


@lru_cache(maxsize=4096)
def _read(submitted: str) -> _ReadDate | None:
    date = read_date(submitted, UTC)
    if date is None:
        return None
    unit = 60.0 if len(submitted) == 10 else 1.0
    return _ReadDate(date.timestamp() + unit / 2, unit / 2 + 1.0)


def read_date(text: str | None, zone: tzinfo) -> datetime | None:
    """Read a report's date of 10, 12 or 14 digits, in the carrier's time zone; None for zeros or no date."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) not in (10, 12, 14):
        return None
    if len(text) == 14:
        year, rest = int(text[:4]), text[4:]
    else:
        year, rest = 2000 + int(text[:2]), text[2:]
    numbers = [int(rest[at : at + 2]) for at in range(0, len(rest), 2)]
    try:
        month, day, hour, minute, second = [*numbers, 0][:5]
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
