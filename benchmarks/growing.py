"""`growth`: what a message costs, and how long the store's pages take, while ten tasks fill one store."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks.machine import Running, machine
from benchmarks.mill import checked_draft, cpu_seconds, share, start_mill, wait_until
from benchmarks.pulse import Pulse
from benchmarks.silence import await_reports

if TYPE_CHECKING:
    from sendmill.tasks.models import Task

TASKS = 10
LOOKS = 30
BUDGET = 1.1
WAITING_TASKS = 400


def measure_growth(rows: int, variables: int) -> dict[str, Any]:
    """Send ten tasks of so many rows, one after the other into one store; processor time of each."""
    with machine() as running:
        start_mill(running, "worker", "sender", "web")
        send_one(running, min(rows, 20_000), variables)  # the first of all compiles and connects
        steps = []
        for number in range(1, TASKS + 1):
            step, task = send_one(running, rows, variables)
            steps.append({"in_store": number * rows} | step | {"pages_ms": page_times(task)})
        idle = idle_cost(running)
        await_reports(running, WAITING_TASKS)
        # The looks that find nothing in those tasks are what is asked for here: not taken for rest.
        beside, _task = send_one(running, rows, variables, idle)
        idle_beside = idle_cost(running)
        first, last = steps[0], steps[-1]
        return {
            "what": "growth",
            "rows": rows,
            "steps": steps,
            "waiting_tasks": WAITING_TASKS,
            "beside_waiting": beside,
            "idle_ms_a_second": round(1000 * sum(idle.values()), 1),
            "idle_ms_a_second_beside_waiting": round(1000 * sum(idle_beside.values()), 1),
            "cost_ratio_beside_waiting": round(beside["us_per_message"] / steps[-1]["us_per_message"], 3),
            "cost_ratio_beside_waiting_by_pulse": round(
                beside["pulses_per_message"] / steps[-1]["pulses_per_message"], 3
            ),
            "cost_ratio": round(last["us_per_message"] / first["us_per_message"], 3),
            "cost_ratio_by_pulse": round(last["pulses_per_message"] / first["pulses_per_message"], 3),
            "page_ratio": round(last["pages_ms"]["all"][1] / max(first["pages_ms"]["all"][1], 0.1), 3),
            "budget_ratio": BUDGET,
        }


def send_one(
    running: Running, rows: int, variables: int, idle: dict[str, float] | None = None
) -> tuple[dict[str, Any], Task]:
    """Send a task; what it cost, in processor time and in pieces of work of known size, less what the processes use
    at rest: measured now unless `idle` tells it."""
    from sendmill.tasks.drafts import confirm

    draft = checked_draft(running, rows, variables)
    idle = idle or idle_cost(running)
    before, began = cpu_seconds(running), time.monotonic()
    with Pulse() as pulse:
        task = confirm(draft, draft.created_by)
        wait_until(task, "completed")
    seconds, after = time.monotonic() - began, cpu_seconds(running)
    # What the processes use for looks and ticks is no cost of a message.
    used = {name: 1e6 * (after[name] - before[name] - idle[name] * seconds) / rows for name in after}
    return {
        "seconds": round(seconds, 1),
        "rate": round(rows / seconds),
        "us_per_message": round(sum(used.values()), 1),
        "by_process": {name: round(value, 1) for name, value in used.items()},
        "pulse_us": round(pulse.microseconds, 1),
        "pulses_per_message": round(sum(used.values()) / pulse.microseconds, 4),
        "memory_mb": round(running.memory_mb("web", "worker", "sender")),
    }, task


def idle_cost(running: Running) -> dict[str, float]:
    """Processor seconds a second, by process, while nothing is sent."""
    before, began = cpu_seconds(running), time.monotonic()
    time.sleep(3)
    seconds, after = time.monotonic() - began, cpu_seconds(running)
    return {name: (after[name] - before[name]) / seconds for name in after}


def page_times(task: Task) -> dict[str, list[float]]:
    """Median and 95th percentile of what the pages of a task ask of the store, in milliseconds."""
    from sendmill.domain.results import Result
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
