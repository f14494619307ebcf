"""Imports the checked rows of a task as messages, in one transaction.

The task is locked only in the end: whoever cancels, pauses or starts it does not wait for the rows. An import whose
task was canceled or deleted meanwhile is rolled back.
"""

from __future__ import annotations

from functools import partial

import polars as pl
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from sendmill.domain.task_life import ALIVE, ImportState
from sendmill.domain.violations import Violation
from sendmill.message_store.queries import bulk_import
from sendmill.tasks import routed_rows, stored_files, transitions
from sendmill.tasks.models import Task

FILE_LOST = Violation(
    "file_lost", _("The checked numbers were lost before they were imported. Create the task again.")
)

IMPORT_LOCK = 0x5E4D0006  # class of the lock on the import of a task; the key is its id modulo …
LARGEST_KEY = 2**31 - 1  # … this

_COLUMNS = {"row": pl.Int32, "number": pl.Int64, "parts": pl.Int16, "variables": pl.List(pl.String)}


class _NotWanted(Exception):  # noqa: N818
    """The task was canceled or deleted while its rows were written."""


def import_task(task_id: int) -> int:
    """Write the messages, chunks and tallies of a confirmed task; return how many messages.

    Safe to run again after it was killed at any point: the transaction leaves all of it or nothing. A task
    that is imported already, canceled or deleted is left alone, also when that happens during the import. A task
    whose file is gone is canceled.
    """
    try:
        with transaction.atomic():
            task = _import(task_id)
    except _NotWanted:
        return 0
    if task is None:
        return 0
    stored_files.remove(task.draft.accepted_file, task.draft.file)
    return task.accepted


def _import(task_id: int) -> Task | None:
    """Import a task in the transaction of the caller; None when there was nothing to import."""
    _lock_import(task_id)
    task = _waiting(task_id).select_related("draft").first()
    if task is None:
        return None
    try:
        frame = stored_files.load_frame(task.draft.accepted_file)
    except FileNotFoundError:
        _give_up(task_id)
        return None
    frame, cuts = _by_carrier(task, frame.select(*_COLUMNS))
    count = bulk_import.insert_task_rows(task_id, frame, cuts, at_last=partial(_lock_task, task_id))
    if count != task.accepted:
        raise ValueError(f"task {task_id}: {count} rows in the file, {task.accepted} confirmed")
    Task.objects.filter(pk=task_id).update(import_state=ImportState.IMPORTED)
    return task


def progress(task: Task) -> float:
    """How much of a task's import is done, from 0 to 1."""
    if task.import_state == ImportState.IMPORTED:
        return 1.0
    written = bulk_import.import_progress(task.pk)
    return min((written or 0) / max(task.accepted, 1), 0.99)


def _by_carrier(task: Task, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[bulk_import.Cut] | None]:
    return routed_rows.split(frame, task.snapshot["routes"]) if task.routed else (frame, None)


def _lock_import(task_id: int) -> None:
    """Be the only import of this task until the transaction ends; another one is waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [IMPORT_LOCK, task_id % LARGEST_KEY])


def _waiting(task_id: int) -> QuerySet[Task]:
    """The task, if it is there and is to be imported."""
    return Task.objects.filter(pk=task_id, import_state=ImportState.WAITING, status__in=ALIVE)


def _lock_task(task_id: int) -> None:
    """Keep the task as it is until the rows are committed. Raises _NotWanted."""
    if _waiting(task_id).select_for_update(of=("self",), no_key=True).first() is None:
        raise _NotWanted


def _give_up(task_id: int) -> None:
    reasons = transitions.why(FILE_LOST)
    transitions.cancel(_waiting(task_id), reasons, import_state=ImportState.FAILED)
