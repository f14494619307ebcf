"""Names of the partitions that hold a task's rows, and statements that name them."""

from __future__ import annotations

import re
from functools import lru_cache

RANGE = 1_000  # task ids of one partition
BY_TASK = ("message", "part", "chunk", "tally", "failure")  # tables that are partitioned by task id

_NAMED = re.compile(rf"<({'|'.join(BY_TASK)})>")


def table_of(parent: str, task_id: int) -> str:
    """Name of the partition of a table that holds the rows of a task."""
    return f"{parent}_p{task_id // RANGE}"


def within(statement: str, task_id: int) -> str:
    """A statement about a task (or tasks of its range), with tables named <so> replaced by their partitions.

    For statements whose plan is kept. One that names the parent locks and looks at every partition that there is
    each time it is executed, though it touches one; and when there are hundreds, the locks run out.
    """
    return _within(statement, task_id // RANGE)


@lru_cache(maxsize=4096)
def _within(statement: str, number: int) -> str:
    return _NAMED.sub(lambda found: table_of(found[1], number * RANGE), statement)
