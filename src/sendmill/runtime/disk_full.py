"""Recognises a disk that cannot be written (full, over its quota, read-only), and logs that once.

Everything that fails because of it fails with the same error, so each process logs one line when the shortage begins
and none more while it lasts.
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
    """The reason why a disk cannot be written."""

    FULL = "disk_full"
    QUOTA = "disk_quota"
    READ_ONLY = "disk_read_only"


_OF_ERRNO = {errno.ENOSPC: Shortage.FULL, errno.EDQUOT: Shortage.QUOTA, errno.EROFS: Shortage.READ_ONLY}
_OF_SERVER = "53100"  # SQLSTATE disk_full: the server's own disk
# Errors of Rust code (polars) have the number in their text only.
_IN_WORDS = re.compile(r"\(os error (\d+)\)")
_NO_FOLDER = "No usable temporary directory"  # no candidate could be written to


def shortage_of(error: BaseException | None) -> Shortage | None:
    """Return the shortage behind an error or the errors that caused it; None for every other error."""
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
    """The shortages that this process has logged. May be used from any thread."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last: dict[Shortage, float] = {}

    def note(self, part: str, error: BaseException) -> Shortage | None:
        """Return the shortage behind an error, and log it when it begins.

        None for other errors, which are not logged.
        """
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
