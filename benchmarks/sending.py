"""`send`: from OK to the last committed report, over SMPP to the simulator on the same machine."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.baselines import raw_codec
from benchmarks.machine import Running, Watch, cpu_of, free_port, machine, memory_of
from benchmarks.material import make_draft, make_file, make_template, wait_for_check

PATIENCE = 3600.0


def measure_send(rows: int, variables: int) -> dict[str, Any]:
    """Create, import, send, report; the baseline is our SMPP session without a database."""
    with machine() as running:
        from sendmill.catalog.demo import create_demo
        from sendmill.tasks.drafts import confirm
        from sendmill.tasks.models import TaskStatus
        from sendmill.tasks.results import counters

        port = free_port()
        running.start("simulator", "--port", str(port), "--report-delay", "0", "0", "--no-demo-numbers")
        running.wait_for_port(port)
        baseline = raw_codec("127.0.0.1", port, min(rows, 100_000))
        create_demo(port=port)
        make_template()
        path = running.folder / "Numbers.xlsx"
        make_file(path, rows, variables)
        for name in ("worker", "sender"):
            running.start(name)
        running.start("web", "--port", str(free_port()))
        time.sleep(4)
        draft = make_draft(path, variables)
        wait_for_check(draft)
        postgres = postmaster_of(running)
        postgres_began = cpu_of(postgres)
        watch = Watch(running)
        task = confirm(draft, draft.created_by)
        imported: float | None = None
        while task.status != TaskStatus.COMPLETED:
            time.sleep(0.5)
            task.refresh_from_db()
            watch.look("web", "worker", "sender")
            if imported is None and task.import_state == "imported":
                imported = watch.seconds
            if watch.seconds > PATIENCE:
                raise RuntimeError(f"not finished: {counters([task.pk])}")
        seconds = watch.seconds
        counted = counters([task.pk])[task.pk]
        return {
            "what": "send",
            "rows": rows,
            "seconds": round(seconds, 2),
            "rate": round(rows / seconds),
            "import_seconds": round(imported or 0.0, 2),
            "send_rate": round(rows / max(seconds - (imported or 0.0), 0.001)),
            "successful": counted.successful,
            "failed": counted.failed,
            "cpu_seconds": watch.cpu() | {"postgres": round(cpu_of(postgres) - postgres_began, 2)},
            "peak_mb": round(watch.peak_mb),
            "postgres_mb": round(memory_of(postgres)),
            "baseline": "our SMPP session alone, messages/s",
            "baseline_rate": round(baseline),
            "ratio": round(rows / seconds / baseline, 3),
        }


def postmaster_of(running: Running) -> int:
    """Process id of the database server."""
    pid_file = next(Path(running.folder).rglob("postmaster.pid"))
    return int(pid_file.read_text().splitlines()[0])
