"""`export`: large downloads, each in a process of its own, as the worker makes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from benchmarks.mill import checked_draft, run_apart, start_mill

FILES = (("failed", "xlsx"), ("results", "xlsx"), ("failed", "csv"), ("results", "csv"))
BUDGET_SECONDS, BUDGET_MB = 10, 300

# Every message failed, as reports would have left them: what is measured is reading and writing, not sending.
_FAIL = (
    "UPDATE message SET result = 2, code = CASE WHEN seq % 3 = 0 THEN 'UNDELIV' WHEN seq % 3 = 1 THEN 'EXPIRED' "
    "ELSE 'SMPP-0x0000000B' END, submitted_at = now() - interval '1 min', reported_at = now() WHERE task_id = {0}",
    "INSERT INTO failure (task_id, seq) SELECT {0}, seq FROM message WHERE task_id = {0}",
    "UPDATE tally SET failed = messages WHERE task_id = {0}",
    "UPDATE chunk SET state = 2, next_seq = hi WHERE task_id = {0}",
)


def measure_export(rows: int, variables: int) -> dict[str, Any]:
    """The files of a task of which every message failed."""
    with machine() as running:
        from django.db import connection

        from sendmill.tasks.drafts import confirm
        from sendmill.tasks.models import Task

        start_mill(running, "worker")
        draft = checked_draft(running, rows, variables)
        task = confirm(draft, draft.created_by)
        # Not a sender runs, so the task waits imported.
        while task.import_state != "imported":
            task.refresh_from_db()
        Task.objects.filter(pk=task.pk).update(paused=True)
        with connection.cursor() as cursor:
            for statement in _FAIL:
                cursor.execute(statement.format(task.pk))
            cursor.execute("VACUUM ANALYZE message, failure")
        figures: dict[str, Any] = {
            "what": "export",
            "rows": rows,
            "budget_seconds": BUDGET_SECONDS,
            "budget_mb": BUDGET_MB,
        }
        for what, kind in FILES:
            target = running.folder / f"{what}.{kind}"
            told = json.loads(
                run_apart("benchmarks.exporting", str(task.pk), what, kind, str(target)).stdout.splitlines()[
                    -1
                ]
            )
            for name, value in told.items():
                figures[f"{what}_{kind}_{name}"] = value
        return figures


def make(task_id: int, what: str, kind: str, target: Path) -> dict[str, float]:
    """Write one file; seconds, peak memory of this process, size."""
    import resource
    import time

    import django

    django.setup()
    from sendmill.tasks import result_files
    from sendmill.tasks.models import Task

    task = Task.objects.select_related("account").get(pk=task_id)
    began, busy = time.monotonic(), time.process_time()
    found = result_files.content(what, task)  # type: ignore[arg-type]
    with target.open("wb") as file:
        result_files.write(kind, file, found.header, found.frames)  # type: ignore[arg-type]
    return {
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(time.process_time() - busy, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_mb": round(target.stat().st_size / 1e6, 1),
    }


if __name__ == "__main__":
    import os
    import sys

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sendmill.django_settings")
    print(json.dumps(make(int(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))))
