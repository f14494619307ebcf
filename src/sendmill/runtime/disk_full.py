"""A disk that takes nothing more: full, its quota used up, or read-only. Told from the errors, and said once.

Whatever fails by it says the same, so each process logs one line when it begins and none more while it lasts.
"""

from __future__ import annotations

import errno
import re
import threading
from collections.abc import Callable
from enum import StrEnum
from time import monotonic

import psycopg
import structlog

QUIET = 60.0  # seconds without a failure after which the shortage counts as over

log = structlog.get_logger(__name__)


class Shortage(StrEnum):
    """Why a disk takes nothing."""

    FULL = "disk_full"
    QUOTA = "disk_quota"
    READ_ONLY = "disk_read_only"


_OF_ERRNO = {errno.ENOSPC: Shortage.FULL, errno.EDQUOT: Shortage.QUOTA, errno.EROFS: Shortage.READ_ONLY}
_OF_SERVER = "53100"  # SQLSTATE disk_full: the server's own disk
# What is written by Rust (polars) names the number in its text only.
_IN_WORDS = re.compile(r"\(os error (\d+)\)")
_NO_FOLDER = "No usable temporary directory"  # no candidate could be written to


def shortage_of(error: BaseException | None) -> Shortage | None:
    """Which shortage this error, or what it was raised from, is of; None for every other error."""
    while error is not None:
        if isinstance(error, psycopg.Error) and error.sqlstate == _OF_SERVER:
            return Shortage.FULL
        if isinstance(error, OSError):
            return _of_os(error)
        error = error.__cause__
    return None


def _of_os(error: OSError) -> Shortage | None:
    if isinstance(error, FileNotFoundError):
        return Shortage.READ_ONLY if _NO_FOLDER in str(error) else None
    number = error.errno
    if number is None and (found := _IN_WORDS.search(str(error))):
        number = int(found[1])
    return None if number is None else _OF_ERRNO.get(number)


class Disk:
    """What this process has said of its disk; from any thread."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last: dict[Shortage, float] = {}

    def note(self, part: str, error: BaseException) -> Shortage | None:
        """The shortage that the error is of, said when it begins; None, and nothing said, for any other error."""
        shortage = shortage_of(error)
        if shortage is None:
            return None
        with self._lock:
            now = self._clock()
            begins = now - self._last.get(shortage, float("-inf")) > QUIET
            self._last[shortage] = now
        if begins:
            log.error("disk takes nothing", why=shortage.value, part=part, says=_said(error))
        return shortage


def _said(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0]


disk = Disk()
