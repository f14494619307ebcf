"""`send`: from OK to the last committed report, over SMPP to the simulator on the same machine.

`paced`: the carrier's rate, to see how soon reports are seen when the machine is not at its limit.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.baselines import raw_codec
from benchmarks.latency import percentiles, taken_at
from benchmarks.machine import Running, Watch, cpu_of, free_port, machine, memory_of
from benchmarks.material import make_draft, make_file, make_template, wait_for_check

if TYPE_CHECKING:
    from sendmill.tasks.models import Task
    from sendmill.tasks.results import Counters

PATIENCE = 3600.0
LOOK, LOOK_CLOSELY = 0.1, 0.02  # seconds between looks at the counters; closely when paced


def measure_send(rows: int, variables: int, paced: int = 0, binds: int = 1) -> dict[str, Any]:
    """Create, import, send, report; the baseline is our SMPP session without a database."""
    with machine() as running:
        from sendmill.catalog.demo.account import create_demo
        from sendmill.catalog.models import Carrier
        from sendmill.domain.task_life import TaskStatus
        from sendmill.tasks.drafts import confirm

        port = free_port()
        journal = running.folder / "journal"
        arguments = ["--port", str(port), "--report-delay", "0", "0", "--no-demo-numbers"]
        running.start("simulator", *arguments, *(["--log", str(journal)] if paced else []))
        running.wait_for_port(port)
        baseline = 0.0 if paced else raw_codec("127.0.0.1", port, min(rows, 100_000))
        create_demo(port=port)
        Carrier.objects.update(rate=paced, binds=binds)
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
        imported, counted, seen = follow(task, rows, watch, LOOK_CLOSELY if paced else LOOK)
        seconds = watch.seconds
        used = watch.cpu() | {"postgres": round(cpu_of(postgres) - postgres_began, 2)}
        while task.status != TaskStatus.COMPLETED:
            time.sleep(LOOK)
            task.refresh_from_db()
        return {
            "what": "send",
            "rows": rows,
            "binds": binds,
            "seconds": round(seconds, 2),
            "rate": round(rows / seconds),
            "import_seconds": round(imported, 2),
            "send_rate": round(rows / max(seconds - imported, 0.001)),
            "successful": counted.successful,
            "failed": counted.failed,
            "completed_after": round(watch.seconds - seconds, 2),
            "cpu_seconds": used,
            "peak_mb": round(watch.peak_mb),
            "postgres_mb": round(memory_of(postgres)),
        } | (
            {"paced": paced} | percentiles(taken_at(journal), seen)
            if paced
            else {
                "baseline": "our SMPP session alone, messages/s",
                "baseline_rate": round(baseline),
                "ratio": round(rows / seconds / baseline, 3),
            }
        )


def follow(task: Task, rows: int, watch: Watch, look: float) -> tuple[float, Counters, list[tuple[int, int]]]:
    """Until every message has a result: when the import was done, the counters, and the looks at them."""
    from sendmill.tasks.results import counters

    imported: float | None = None
    seen: list[tuple[int, int]] = []
    counted = counters([task.pk])[task.pk]
    while imported is None or counted.successful + counted.failed < rows:
        time.sleep(look)
        if imported is None:
            task.refresh_from_db()
            imported = watch.seconds if task.import_state == "imported" else None
        counted = counters([task.pk])[task.pk]
        seen.append((time.monotonic_ns(), counted.successful + counted.failed))
        if len(seen) % 10 == 0:
            watch.look("web", "worker", "sender")
        if watch.seconds > PATIENCE:
            raise RuntimeError(f"not finished: {counted}")
    return imported, counted, seen


def postmaster_of(running: Running) -> int:
    """Process id of the database server."""
    pid_file = next(Path(running.folder).rglob("postmaster.pid"))
    return int(pid_file.read_text().splitlines()[0])
