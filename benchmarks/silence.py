"""Tasks that only await reports which never come: everything was sent, and the carrier is silent about it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.machine import Running
from benchmarks.mill import PATIENCE, checked_draft

if TYPE_CHECKING:
    from sendmill.tasks.models import Task

NUMBERS = 20_000  # of each, in twenty chunks

# What sender and carrier leave of such a task, as far as looks for work and for ends read it: never the messages.
_COPIED = {
    "chunk": "n, lo, hi, next_seq, state, attempt",
    "tally": "n, messages",
}


def await_reports(running: Running, count: int) -> None:
    """Leave so many executing tasks in the store of which everything was sent and nothing reported.

    They are copies of one that was sent, without its messages.
    """
    from django.db import connection

    from sendmill.message_store.partitions import ensure_partitions
    from sendmill.tasks.drafts import confirm
    from sendmill.tasks.models import Task

    draft = checked_draft(running, NUMBERS)
    task = confirm(draft, draft.created_by)
    _until_sent(task)
    model = Task.objects.get(pk=task.pk)
    for _ in range(count):
        model.pk, model.status, model.sent_at, model.ended_at = None, "executing", None, None
        model.save(force_insert=True)
        ensure_partitions(model.pk)
        with connection.cursor() as cursor:
            for table, columns in _COPIED.items():
                cursor.execute(
                    f"INSERT INTO {table} (task_id, {columns}) SELECT %s, {columns} FROM {table} WHERE task_id = %s",
                    [model.pk, task.pk],
                )
    with connection.cursor() as cursor:
        for table in _COPIED:
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _until_sent(task: Task) -> None:
    deadline = time.monotonic() + PATIENCE
    while task.status != "completed":
        if time.monotonic() > deadline:
            raise RuntimeError(f"task {task.pk} is not sent")
        time.sleep(0.1)
        task.refresh_from_db()
