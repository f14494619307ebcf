"""Cancel and start at the same moment, from two processes: one of them wins, every time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import IO, cast

from django.db import connection
from psycopg.conninfo import make_conninfo
from tests.rig.desk import Desk, fetch

from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task

ROUNDS = 1_000
LONGEST_LEAD = 0.012  # seconds that one side is ahead at most: about as long as a move takes


@contextmanager
def racer(move: str, task: Task, desk: Desk) -> Iterator[tuple[IO[str], IO[str]]]:
    place = connection.settings_dict
    dsn = make_conninfo(
        dbname=place["NAME"], user=place["USER"], password=place["PASSWORD"], host=place["HOST"],
        port=place["PORT"],
    )  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.tasks.racer", move, str(task.pk), str(desk.sender.pk)],
        env=os.environ | {"DATABASE_URL": dsn, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        orders, answers = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
        assert answers.readline() == "ready\n"
        yield orders, answers
        orders.close()


def test_of_cancel_and_start_exactly_one_wins(committed_desk: Desk) -> None:
    task = committed_desk.scheduled_task(database_now() + timedelta(hours=1), 1)
    chance, won = random.Random(7), Counter[str]()
    with ExitStack() as stack:
        sides = {move: stack.enter_context(racer(move, task, committed_desk)) for move in ("cancel", "start")}
        for number in range(ROUNDS):
            fetch(
                "UPDATE task SET status = 'pending', scheduled_at = now() + interval '6 min', reason = '', "
                "started_at = NULL, ended_at = NULL WHERE id = %s RETURNING 1",
                task.pk,
            )
            for move in chance.sample(sorted(sides), 2):
                sides[move][0].write("go\n")
                sides[move][0].flush()
                time.sleep(chance.uniform(0, LONGEST_LEAD))
            winners = [move for move, (_orders, answers) in sides.items() if answers.readline() == "1\n"]
            assert len(winners) == 1, f"round {number}: {winners}"
            won.update(winners)
            [(status, started, ended)] = fetch(
                "SELECT status, started_at IS NOT NULL, ended_at IS NOT NULL FROM task WHERE id = %s", task.pk
            )
            expected = ("canceled", False, True) if winners == ["cancel"] else ("executing", True, False)
            assert (status, started, ended) == expected, f"round {number}"
    assert set(won) == {"cancel", "start"}, "one side never won, so nothing was raced"
