"""`import`: from an XLSX file on disk to checked message rows in PostgreSQL."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.baselines import raw_copy
from benchmarks.machine import Watch, machine
from benchmarks.material import make_draft, make_file, make_template, wait_for_check


def measure_import(rows: int, variables: int) -> dict[str, Any]:
    """Upload (already on disk), check, confirm, import; the baseline is a raw COPY of as many rows."""
    with machine() as running:
        from sendmill.catalog.demo.account import create_demo
        from sendmill.domain.task_life import ImportState
        from sendmill.tasks.drafts import confirm

        create_demo(port=1)
        make_template()
        path = running.folder / "Numbers.xlsx"
        make_file(path, rows, variables)
        baseline = raw_copy(running.dsn, rows)
        running.start("worker")
        time.sleep(3)
        watch = Watch(running)
        draft = make_draft(path, variables)
        wait_for_check(draft)
        checked = watch.seconds
        task = confirm(draft, draft.created_by)
        while task.import_state == ImportState.WAITING:
            watch.look("worker")
            time.sleep(0.05)
            task.refresh_from_db()
        seconds = watch.seconds
        if task.import_state != ImportState.IMPORTED:
            raise RuntimeError(f"the import failed: {task.reason}")
        return {
            "what": "import",
            "rows": rows,
            "seconds": round(seconds, 2),
            "rate": round(rows / seconds),
            "check_seconds": round(checked, 2),
            "copy_seconds": round(seconds - checked, 2),
            "cpu_seconds": watch.cpu(),
            "peak_mb": round(watch.peak_mb),
            "file_mb": round(path.stat().st_size / 1e6, 1),
            "baseline": "raw COPY, rows/s",
            "baseline_rate": round(baseline),
            "ratio": round(rows / seconds / baseline, 3),
        }
