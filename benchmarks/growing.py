"""`growth`: what a message costs, and how long the store's pages take, at one, five and ten times the rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks.machine import machine
from benchmarks.mill import checked_draft, cpu_seconds, share, start_mill, wait_until

if TYPE_CHECKING:
    from sendmill.tasks.models import Task

TIMES = (1, 5, 10)
LOOKS = 30
BUDGET = 1.1


def measure_growth(rows: int, variables: int) -> dict[str, Any]:
    """Send tasks of 1, 5 and 10 times `rows`, one after the other into one store; processor time of each."""
    with machine() as running:
        from sendmill.tasks.drafts import confirm

        start_mill(running, "worker", "sender", "web")
        warm = checked_draft(running, min(rows, 20_000), variables)
        wait_until(confirm(warm, warm.created_by), "completed")
        steps = []
        for times in TIMES:
            draft = checked_draft(running, rows * times, variables)
            idle = idle_cost(running)
            before, began = cpu_seconds(running), time.monotonic()
            task = confirm(draft, draft.created_by)
            wait_until(task, "completed")
            seconds, after = time.monotonic() - began, cpu_seconds(running)
            # A step that takes ten times as long must not pay for ten times as many looks and ticks.
            used = {name: after[name] - before[name] - idle[name] * seconds for name in after}
            steps.append(
                {
                    "rows": rows * times,
                    "seconds": round(seconds, 1),
                    "rate": round(rows * times / seconds),
                    "us_per_message": round(1e6 * sum(used.values()) / (rows * times), 1),
                    "by_process": {
                        name: round(1e6 * value / (rows * times), 1) for name, value in used.items()
                    },
                    "memory_mb": round(running.memory_mb("web", "worker", "sender")),
                    "pages_ms": page_times(task),
                }
            )
        first, last = steps[0], steps[-1]
        return {
            "what": "growth",
            "rows": rows,
            "steps": steps,
            "cost_ratio": round(last["us_per_message"] / max(first["us_per_message"], 0.1), 3),
            "page_ratio": round(last["pages_ms"]["all"][1] / max(first["pages_ms"]["all"][1], 0.1), 3),
            "budget_ratio": BUDGET,
        }


def idle_cost(running: Any) -> dict[str, float]:
    """Processor seconds a second, by process, while nothing is sent."""
    before, began = cpu_seconds(running), time.monotonic()
    time.sleep(3)
    seconds, after = time.monotonic() - began, cpu_seconds(running)
    return {name: (after[name] - before[name]) / seconds for name in after}


def page_times(task: Task) -> dict[str, list[float]]:
    """Median and 95th percentile of what the pages of a task ask of the store, in milliseconds."""
    from sendmill.domain.states import Result
    from sendmill.tasks import results

    middle = task.accepted // 2
    asked: dict[str, Callable[[], object]] = {
        "counters": lambda: results.counters([task]),
        "first": lambda: results.messages(task),
        "later": lambda: results.messages(task, after=f">{middle}"),
        "failed": lambda: results.messages(task, result=Result.FAILED),
        "failed_later": lambda: results.messages(task, result=Result.FAILED, after=f">{middle}"),
        "successful_later": lambda: results.messages(task, result=Result.SUCCESSFUL, after=f">{middle}"),
        "number": lambda: results.messages(task, number=f"+{6_580_000_000 + middle}"),
    }
    took: dict[str, list[float]] = {}
    for name, look in asked.items():
        look()
        took[name] = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            look()
            took[name].append(time.perf_counter() - began)
    everything = [value for values in took.values() for value in values]
    return {
        name: [share(values, 0.5), share(values, 0.95)]
        for name, values in {**took, "all": everything}.items()
    }
