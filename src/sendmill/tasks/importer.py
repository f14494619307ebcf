"""From the checked file to message rows: one transaction, all or nothing."""

from __future__ import annotations

import polars as pl
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from sendmill.domain.kinds import Violation
from sendmill.storage import bulk
from sendmill.tasks import files, routing
from sendmill.tasks.models import ImportState, Task, TaskStatus
from sendmill.tasks.starting import why

FILE_LOST = Violation(
    "file_lost", _("The checked numbers were lost before they were imported. Create the task again.")
)

_COLUMNS = {"row": pl.Int32, "number": pl.Int64, "parts": pl.Int16, "variables": pl.List(pl.String)}


def import_task(task_id: int) -> int:
    """Write the messages, chunks and tallies of a confirmed task; return how many messages.

    Safe to run again after it was killed at any point: the transaction leaves all of it or nothing. A task
    that is imported already, canceled or deleted is left alone. A task whose file is gone is canceled.
    """
    with transaction.atomic():
        task = Task.objects.select_for_update(of=("self",), no_key=True).filter(pk=task_id).first()
        if task is None or task.import_state != ImportState.WAITING or task.status not in _ALIVE:
            return 0
        try:
            frame = files.load_frame(task.draft.accepted_file)
        except FileNotFoundError:
            _give_up(task)
            return 0
        frame, cuts = _by_carrier(task, frame.select(*_COLUMNS))
        count = bulk.insert_task_rows(task_id, frame, cuts)
        if count != task.accepted:
            raise ValueError(f"task {task_id}: {count} rows in the file, {task.accepted} confirmed")
        Task.objects.filter(pk=task_id).update(import_state=ImportState.IMPORTED)
    files.remove(task.draft.accepted_file, task.draft.file)
    return count


def progress(task: Task) -> float:
    """How much of a task's import is done, from 0 to 1."""
    if task.import_state == ImportState.IMPORTED:
        return 1.0
    written = bulk.import_progress(task.pk)
    return min((written or 0) / max(task.accepted, 1), 0.99)


def _by_carrier(task: Task, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[bulk.Cut] | None]:
    return routing.split(frame, task.snapshot["routes"]) if task.routed else (frame, None)


_ALIVE = (TaskStatus.PENDING, TaskStatus.EXECUTING)


def _give_up(task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(
        import_state=ImportState.FAILED, status=TaskStatus.CANCELED, ended_at=Now(), **why(FILE_LOST)
    )
