"""A disk that takes nothing is told from its errors, and said once."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

import polars as pl
import psycopg
import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from sendmill.runtime.disk_full import QUIET, Disk, Shortage, shortage_of
from sendmill.worker.job_runner import WhileAway


def raised_from(cause: Exception) -> Exception:
    error = OperationalError("could not extend file")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "shortage"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Shortage.FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Shortage.QUOTA),
        (OSError(errno.EROFS, "Read-only file system"), Shortage.READ_ONLY),
        (OSError("Disk quota exceeded (os error 122)"), Shortage.QUOTA),
        (
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"),
            Shortage.READ_ONLY,
        ),
        (raised_from(psycopg.errors.DiskFull("could not extend file")), Shortage.FULL),
        (OSError(errno.EACCES, "Permission denied"), None),
        (OSError("the client went away"), None),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), None),
        (raised_from(psycopg.OperationalError("connection refused")), None),
        (ValueError("other"), None),
    ],
    ids=str,
)
def test_a_shortage_is_told_from_the_error(error: Exception, shortage: Shortage | None) -> None:
    assert shortage_of(error) is shortage


def test_what_polars_raises_is_understood() -> None:
    with pytest.raises(OSError, match="No space") as refused:
        pl.DataFrame({"a": ["x"] * 1000}).write_ipc(Path("/dev/full"))
    assert shortage_of(refused.value) is Shortage.FULL


def test_a_shortage_is_said_when_it_begins() -> None:
    now = 0.0
    disk = Disk(clock=lambda: now)
    full, other = OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EACCES, "No")
    with capture_logs() as lines:
        for _ in range(100):
            assert disk.note("upload", full) is Shortage.FULL
            assert disk.note("upload", other) is None
            now += QUIET / 2
        now += QUIET * 2
        disk.note("export", full)
    assert [(line["part"], line["why"]) for line in lines] == [
        ("upload", "disk_full"),
        ("export", "disk_full"),
    ]


@pytest.mark.parametrize(
    ("error", "logged"), [(OSError(errno.ENOSPC, "full"), False), (ValueError("x"), True)]
)
def test_jobs_that_are_tried_again_say_it_once(error: Exception, logged: bool) -> None:
    """The library logs each try with a traceback; a job that failed for good is still told."""
    record = logging.LogRecord("procrastinate.worker.worker", logging.ERROR, "", 0, "job", None, None)
    record.exc_info = (type(error), error, None)
    record.action = "job_error_retry"
    assert WhileAway().filter(record) is logged
    record.action = "job_error"
    assert WhileAway().filter(record)
