"""Several machines against one database: each has a sender, two have a worker and a console; each dies once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.crash.rig import Rig, own_folder
from tests.rig.processes import Program, SenderProcess, SimulatorProcess
from tests.rig.store import add_account, add_carrier, add_task

from sendmill.simulator.journal import read_journal

PATIENCE = 120.0
SENDERS = 3
FIRST, URGENT = 12020000000, 12030000000
Rows = psycopg.Connection[tuple[Any, ...]]

OWNERS = "SELECT owner FROM bind_state WHERE state = 'bound' ORDER BY slot"
OWNER_OF = "SELECT id FROM sender WHERE pid = %s ORDER BY id DESC LIMIT 1"
JOBS = "SELECT id FROM procrastinate_jobs WHERE status = 'doing'"
JOBS_LEFT = "SELECT id FROM procrastinate_jobs WHERE id = ANY(%s)"
BEGUN = re.compile(r"Starting job \w+\[(\d+)\]")


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.01)


def ask(rows: Rows, query: str, *values: Any) -> list[Any]:
    """The first column."""
    return [row[0] for row in rows.execute(query, values).fetchall()]  # type: ignore[arg-type]


def jobs_of(rows: Rows, worker: Program) -> list[int]:
    """The jobs that a worker has begun and not ended."""
    begun = {int(found[1]) for event in worker.events() if (found := BEGUN.match(event["event"]))}
    return [job for job in ask(rows, JOBS) if job in begun]


def taken_over(rows: Rows, owner: int) -> bool:
    """Whether every bind is bound again, none of them by `owner`."""
    owners = ask(rows, OWNERS)
    return len(owners) == SENDERS and owner not in owners


@pytest.mark.crash
def test_what_a_dead_machine_held_goes_on_on_the_others() -> None:
    with (
        own_folder() as folder,
        Rig(folder, seed=3, senders=SENDERS, workers=2, consoles=2, carriers=1, sizes=range(200, 600)) as rig,
        psycopg.connect(rig.dsn, autocommit=True) as rows,
    ):
        rig.begin()
        until(lambda: len(set(ask(rows, OWNERS))) == SENDERS, "a bind for each sender")
        machines: list[list[Program]] = [
            [rig.senders[0], rig.workers[0], rig.consoles[0]],
            [rig.senders[1], rig.workers[1], rig.consoles[1]],
            [rig.senders[2]],
        ]
        orphaned: list[int] = []
        for machine in machines:
            rig.feed()
            [owner] = ask(rows, OWNER_OF, machine[0].pid)
            if len(machine) > 1:
                until(partial(jobs_of, rows, machine[1]), "a job of its worker")
            for program in machine:
                program.kill()
            # What the dead one was doing when it died; its last job may have ended after the look.
            orphaned += jobs_of(rows, machine[1]) if len(machine) > 1 else []
            until(partial(taken_over, rows, owner), "a takeover of its bind")
            for program in machine:
                program.start()
            until(lambda: len(set(ask(rows, OWNERS))) == SENDERS, "a bind for the new sender")
        until(lambda: not ask(rows, JOBS_LEFT, orphaned), "an end of the jobs of dead workers")
        rig.rest()
        verdict = rig.verdict()
        assert rig.person.orders
        assert verdict.clean, (rig.describe(), verdict.describe())


@pytest.mark.crash
def test_a_small_urgent_task_goes_before_the_rest_of_a_large_one(store_url: str, tmp_path: Path) -> None:
    """Told from the carrier's journal: what it took of the large task between the urgent one's creation and its
    last message is no more than it takes in two seconds."""
    rate, large, urgent = 3_000, 40_000, 100
    with ExitStack() as stack:
        rows = stack.enter_context(psycopg.connect(store_url, autocommit=True))
        simulator = stack.enter_context(SimulatorProcess(tmp_path / "journal"))
        account = add_account(rows, "Large")
        hurried = add_account(rows, "Urgent")
        carrier = add_carrier(rows, account, port=simulator.port, binds=SENDERS, rate=rate)
        for number in range(SENDERS):
            sender = SenderProcess(store_url, tmp_path, tmp_path / f"{number}.log")
            stack.callback(sender.kill)
            sender.start()
        until(lambda: len(set(ask(rows, OWNERS))) == SENDERS, "a bind for each sender")
        add_task(rows, account, carrier, range(FIRST, FIRST + large), priority=2)
        until(lambda: simulator.tell(statistics=True)["statistics"]["accepted"] > 2 * rate, "a beginning")
        before = simulator.tell(statistics=True)["statistics"]["accepted"]
        task = add_task(rows, hurried, carrier, range(URGENT, URGENT + urgent), priority=1)
        sent = "SELECT count(submitted_at) FROM message WHERE task_id = %s"
        until(lambda: ask(rows, sent, task) == [urgent], "an end of the urgent task")
        journal = list(read_journal(simulator.journal))
        places = [place for place, entry in enumerate(journal) if entry.destination >= URGENT]
        assert len(places) == urgent
        assert places[-1] - before - urgent <= 2 * rate
        assert len(journal) < large, "the large task was still being sent"
