"""`answers`: how much of the window is used behind carriers that answer late, in four ways.

Due is window / mean answer time, measured a minute after the first message, over another minute.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from benchmarks.machine import Running, free_port, machine
from benchmarks.material import make_draft, make_file, make_template, wait_for_check
from benchmarks.mill import run_apart

WINDOW = 500
GROWING, MEASURED = 60.0, 60.0  # seconds
MEANS = {"slow-answers": 0.7, "very-slow-answers": 5.0, "answers-vary": 1.2, "answers-in-two-humps": 1.65}


def measure_answers(rows: int, _variables: int) -> dict[str, Any]:
    """Send behind each habit for two minutes; `rows` have to last."""
    found = {
        habit: json.loads(run_apart("benchmarks.answering", habit, str(rows)).stdout.splitlines()[-1])
        for habit in MEANS
    }
    return {"what": "answers", "window": WINDOW} | found


def measure(habit: str, rows: int) -> dict[str, float]:
    """Messages a second behind one habit, and their share of what is due."""
    with machine() as running:
        start(running, habit)
        path = running.folder / "Numbers.xlsx"
        make_file(path, rows, 0)
        draft = make_draft(path, 0)
        wait_for_check(draft)
        from sendmill.tasks.drafts import confirm
        from sendmill.tasks.results import counters

        task = confirm(draft, draft.created_by)

        def results() -> int:
            return int(counters([task.pk])[task.pk].successful)

        while not results():
            time.sleep(0.1)
        time.sleep(GROWING)
        before, began = results(), time.monotonic()
        time.sleep(MEASURED)
        rate = (results() - before) / (time.monotonic() - began)
        return {"rate": round(rate, 1), "of_due": round(rate * MEANS[habit] / WINDOW, 3)}


def start(running: Running, habit: str) -> None:
    """Start the simulated carrier with a habit, the worker and the sender."""
    from sendmill.catalog.demo.account import create_demo
    from sendmill.catalog.models import Carrier

    port = free_port()
    running.start(
        "simulator", "--port", str(port), "--report-delay", "0", "0", "--no-demo-numbers", "--habit", habit
    )
    running.wait_for_port(port)
    create_demo(port=port)
    Carrier.objects.update(rate=0, binds=1, window=WINDOW)
    make_template()
    for name in ("worker", "sender"):
        running.start(name)
    time.sleep(4)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
