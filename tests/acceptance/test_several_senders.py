"""Senders as processes of their own, sharing the binds of one carrier."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.rig.processes import SenderProcess, SimulatorProcess
from tests.rig.store import add_account, add_carrier, add_task, check_books

from sendmill.simulator.journal import audit

PATIENCE = 60.0
FIRST = 12020000000
Rows = psycopg.Connection[tuple[Any, ...]]


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.05)


def owners(rows: Rows) -> list[int]:
    """Who holds the bound slots, by slot."""
    return [
        row[0] for row in rows.execute("SELECT owner FROM bind_state WHERE state = 'bound' ORDER BY slot")
    ]


@pytest.mark.crash
def test_two_senders_share_a_carrier_and_one_takes_over_when_the_other_dies(
    store_url: str, rows: Rows, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        simulator = stack.enter_context(SimulatorProcess(tmp_path / "journal"))
        account = add_account(rows, "Several")
        carrier = add_carrier(rows, account, port=simulator.port, binds=2, rate=4_000)
        first, second = (SenderProcess(store_url, tmp_path, tmp_path / name) for name in ("1.log", "2.log"))
        stack.callback(first.kill)
        stack.callback(second.kill)

        first.start()
        until(lambda: len(set(owners(rows))) == 1 and len(owners(rows)) == 2, "one sender on both binds")
        [alone] = set(owners(rows))
        second.start()
        until(lambda: len(set(owners(rows))) == 2, "a bind for each")

        task = add_task(rows, account, carrier, range(FIRST, FIRST + 20_000))
        submitted = "SELECT count(submitted_at) FROM message WHERE task_id = %s"
        until(lambda: (rows.execute(submitted, (task,)).fetchone() or (0,))[0] > 2_000, "a beginning")
        first.kill()
        until(lambda: len(owners(rows)) == 2 and alone not in owners(rows), "a takeover")

        sending = "SELECT sum(messages - successful - failed - uncertain) FROM tally WHERE task_id = %s"
        until(lambda: (rows.execute(sending, (task,)).fetchone() or (1,))[0] == 0, "an end")
        books = check_books(rows, task)
        assert books.successful + books.uncertain == 20_000
        told = audit(simulator.journal)
        assert (told.parts_twice, told.numbers_twice) == ([], [])
        # A clean end gives the binds back at once, and is no failure.
        assert second.stop() == 0
        until(lambda: owners(rows) == [], "no binds")
