"""A whole Sendmill at work, for measurements that need tasks which have been sent."""

from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal
from typing import TYPE_CHECKING

from benchmarks.machine import Running, cpu_of, free_port
from benchmarks.material import make_draft, make_file, make_template, wait_for_check
from benchmarks.sending import postmaster_of

if TYPE_CHECKING:
    from sendmill.tasks.models import Draft, Task

PATIENCE = 7200.0
FAILING = 0.05  # share of numbers that fail, so that lists of failed ones are not empty


def start_mill(running: Running, *names: str, failing: float = FAILING) -> dict[str, int]:
    """Start the simulated carrier and these processes, with the demo's account; their ports by name."""
    from sendmill.accounts.models import Account
    from sendmill.billing import ledger
    from sendmill.catalog.demo.account import create_demo

    ports = {"simulator": free_port()}
    running.start(
        "simulator", "--port", str(ports["simulator"]), "--report-delay", "0", "0",
        "--no-demo-numbers", "--failure-rate", str(failing),
    )  # fmt: skip
    running.wait_for_port(ports["simulator"])
    create_demo(port=ports["simulator"])
    make_template()
    ledger.top_up(Account.objects.get(name="Demo"), Decimal(100_000_000))
    for name in names:
        if name == "web":
            ports["web"] = free_port()
            running.start("web", "--port", str(ports["web"]))
            running.wait_for_port(ports["web"])
        else:
            running.start(name)
    time.sleep(4)
    return ports


def checked_draft(running: Running, rows: int, variables: int = 0) -> Draft:
    """A draft of so many numbers, checked."""
    path = running.folder / f"Numbers{rows}.xlsx"
    if not path.exists():
        make_file(path, rows, variables)
    draft = make_draft(path, variables)
    wait_for_check(draft)
    return draft


def wait_until(task: Task, status: str) -> None:
    """Until a task has a status; looked at as rarely as a person would."""
    deadline = time.monotonic() + PATIENCE
    while task.status != status:
        if time.monotonic() > deadline:
            raise RuntimeError(f"task {task.pk} is {task.status}, not {status}")
        time.sleep(0.5)
        task.refresh_from_db()


def cpu_seconds(running: Running) -> dict[str, float]:
    """Processor seconds so far by process, the database's included."""
    return running.cpu_seconds() | {"postgres": cpu_of(postmaster_of(running))}


def share(values: list[float], part: float) -> float:
    """The value below which that share of them lies, in milliseconds; 0.0 of none."""
    ordered = sorted(values)
    return round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * part))], 1) if ordered else 0.0


def run_apart(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module in a process of its own, whose memory is nobody else's."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], check=True, capture_output=True, text=True
    )
