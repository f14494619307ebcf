"""One side of a race, in a process of its own: `python -m tests.integration.tasks.racer cancel|start TASK MEMBER`.

For every line on its standard input it makes its move once, and answers 1 when it won and 0 when it did not.
The clock of the side that starts is ahead, so that by time alone both moves are possible.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import django

from sendmill.tasks.database_clock import database_now

django.setup()

from sendmill.accounts.models import Member  # noqa: E402
from sendmill.domain.violations import Refused  # noqa: E402
from sendmill.tasks import lifecycle  # noqa: E402
from sendmill.tasks.models import Task  # noqa: E402


def cancel(task: Task, member: Member) -> bool:
    try:
        lifecycle.cancel(task, member)
    except Refused:
        return False
    return True


def start(task: Task, member: Member) -> bool:
    return task.pk in lifecycle.tick(database_now() + timedelta(minutes=10)).started


def main(move: str, task_id: str, member_id: str) -> None:
    """Answer lines until the input ends."""
    task, member = Task.objects.get(pk=int(task_id)), Member.objects.get(pk=int(member_id))
    sides = {"cancel": cancel, "start": start}
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _line in sys.stdin:
        sys.stdout.write(f"{int(sides[move](task, member))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
