"""The life of a task: its statuses, and when it can be canceled, deleted, paused, started or scheduled.

Times are aware datetimes; limits are arguments because they are settings (`runtime.settings`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sendmill.domain.violations import Violation

RULES: dict[str, str] = {
    "schedule_past": "The scheduled time must be in the future.",
    "schedule_too_far": "The scheduled time must be within %(days)d days from now.",
    "cannot_render": "The messages of this task cannot be made: its template and the values of its file do not fit "
    "together. Nothing of the rest is sent. Copy the task and create it again; the log of the sender says more.",
}


class TaskStatus(StrEnum):
    """Where a task is in its life."""

    PENDING = "pending"
    EXECUTING = "executing"
    CANCELED = "canceled"
    COMPLETED = "completed"


class ImportState(StrEnum):
    """Whether the messages of a task are written; a failed import cancels the task."""

    WAITING = "waiting"
    IMPORTED = "imported"
    FAILED = "failed"


ALIVE = (TaskStatus.PENDING, TaskStatus.EXECUTING)


def can_cancel(status: TaskStatus, scheduled_at: datetime | None, now: datetime, margin: timedelta) -> bool:
    """Tell whether a task can be canceled: pending, with at least `margin` left before its time."""
    return status is TaskStatus.PENDING and scheduled_at is not None and scheduled_at - now >= margin


def can_delete(status: TaskStatus) -> bool:
    """Tell whether a task can be deleted: only a canceled one."""
    return status is TaskStatus.CANCELED


def can_copy(status: TaskStatus) -> bool:
    """Tell whether a task can be copied: every one can."""
    return status in TaskStatus


def can_pause(status: TaskStatus) -> bool:
    """Tell whether what is not sent yet of a task can be held back: while it is executing."""
    return status is TaskStatus.EXECUTING


def is_overdue(status: TaskStatus, scheduled_at: datetime | None, now: datetime, limit: timedelta) -> bool:
    """Tell whether a scheduled task was not executed within `limit` of its time and is to be canceled."""
    return status is TaskStatus.PENDING and scheduled_at is not None and now - scheduled_at > limit


def check_schedule(at: datetime, now: datetime, horizon: timedelta) -> Violation | None:
    """Return why a task cannot be scheduled at a time: strictly in the future and within `horizon` it can."""
    if at <= now:
        return Violation("schedule_past", RULES["schedule_past"])
    if at - now > horizon:
        return Violation("schedule_too_far", RULES["schedule_too_far"], {"days": horizon.days})
    return None


def copied_schedule(at: datetime | None, now: datetime) -> datetime | None:
    """Return the schedule of a copied task: a past one is dropped."""
    return at if at is not None and at > now else None


def can_download_failed(executed_at: datetime | None, now: datetime, limit: timedelta) -> bool:
    """Tell whether the failed numbers of a task can be downloaded: executed within the latest `limit`."""
    return executed_at is not None and now - executed_at <= limit
