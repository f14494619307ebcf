"""The tasks and binds that unforeseen errors set aside, for diagnosis and alarms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from sendmill.message_store.engine.faults import TRIES


class TaskFault(NamedTuple):
    """A task that was set aside: how often, the kind of the error, when it is taken up again; `given_up` is whether
    that needs a person now."""

    task_id: int
    times: int
    error: str
    retry_at: datetime
    given_up: bool


class BindFaults(NamedTuple):
    """What ended binds of a carrier lately."""

    account_id: int
    carrier: str
    times: int
    error: str


_TASKS = """
SELECT DISTINCT ON (f.task_id) f.task_id, f.times, f.error, f.retry_at, t.paused AND f.times > %(tries)s
FROM task_fault f JOIN task t ON t.id = f.task_id
WHERE %(tasks)s::bigint[] IS NULL OR f.task_id = ANY(%(tasks)s::bigint[])
ORDER BY f.task_id, f.times DESC, f.retry_at DESC
"""

_BINDS = """
SELECT DISTINCT ON (c.account_id) c.account_id, c.name, f.times, f.error
FROM bind_fault f JOIN carrier c ON c.id = f.carrier_id ORDER BY c.account_id, f.at DESC
"""

# Over, or gone well for long: the task ended, or had its turn again and met no fault; the bind has stayed up.
_FORGET_TASKS = """
DELETE FROM task_fault f WHERE NOT EXISTS (
    SELECT FROM task t WHERE t.id = f.task_id AND t.status = 'executing'
      AND (t.paused OR f.retry_at > now() - make_interval(secs => %s)))
"""
_FORGET_BINDS = """
DELETE FROM bind_fault f WHERE at < now() - make_interval(secs => %s)
  OR NOT EXISTS (SELECT FROM carrier c WHERE c.id = f.carrier_id AND c.enabled)
"""


def task_faults(tasks: Sequence[int] | None = None) -> list[TaskFault]:
    """The tasks that are set aside, of these or all; one that is so over several carriers once."""
    with connection.cursor() as cursor:
        cursor.execute(_TASKS, {"tasks": None if tasks is None else list(tasks), "tries": TRIES})
        return [TaskFault._make(row) for row in cursor.fetchall()]


def bind_faults() -> list[BindFaults]:
    """The latest end of a bind in each account."""
    with connection.cursor() as cursor:
        cursor.execute(_BINDS)
        return [BindFaults._make(row) for row in cursor.fetchall()]


def forget(quiet: float) -> None:
    """Forget what is over, or has not come again for so many seconds."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_TASKS, [quiet])
        cursor.execute(_FORGET_BINDS, [quiet])


def forget_task(task_id: int) -> None:
    """A person wants the task to be tried again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM task_fault WHERE task_id = %s", [task_id])
