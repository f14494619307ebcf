"""Defers jobs by name, so that no app has to import the worker. What a job does is in `worker.jobs`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procrastinate.contrib.django import app


class Job:
    """One kind of job; `defer` has the worker run it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def defer(self, *, queueing_lock: str | None = None, after_seconds: int = 0, **arguments: Any) -> None:
        """Have the job run once the current transaction is committed, `after_seconds` later.

        Raises procrastinate.exceptions.AlreadyEnqueued while one with the same `queueing_lock` waits.
        """
        options: Mapping[str, Any] = {"schedule_in": {"seconds": after_seconds}} if after_seconds else {}
        app.configure_task(self.name, queueing_lock=queueing_lock, **options).defer(**arguments)


CHECK_DRAFT = Job("check_draft")
IMPORT_TASK = Job("import_task")
DELETE_ROWS = Job("delete_rows")
END_UNSENT = Job("end_unsent")
SETTLE_CHARGE = Job("settle_charge")
MAKE_EXPORT = Job("make_export")
REMATCH_REPORTS = Job("rematch_reports")
READ_REPORTS_AGAIN = Job("read_reports_again")
SETTLE_REPORTED_ONCE = Job("settle_reported_once")
