"""SQL of what unforeseen errors set aside: tasks over a carrier, and binds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from sendmill.postgres.connections import Connection

TRIES = 4  # times that a task set aside is taken up again by itself; after the next fault a person has to

# One fault however many lanes met it: those that had begun when it was set aside count no more. The task is paused
# when its tries are used up, which is what a person's "resume" ends.
NOTE_TASK = """
WITH noted AS (
    INSERT INTO task_fault AS f (task_id, carrier_id, error, retry_at)
    VALUES (%(task)s, %(carrier)s, %(error)s, now() + make_interval(secs => %(wait)s))
    ON CONFLICT (task_id, carrier_id) DO UPDATE SET
        times = f.times + 1, error = EXCLUDED.error, at = now(),
        retry_at = now() + make_interval(secs => %(wait)s * 2 ^ f.times)
    WHERE f.retry_at <= now()
    RETURNING times
)
UPDATE task SET paused = true FROM noted
WHERE id = %(task)s AND status = 'executing' AND noted.times > %(tries)s
"""

NOTE_BIND = """
INSERT INTO bind_fault AS f (carrier_id, slot, error) VALUES (%s, %s, %s)
ON CONFLICT (carrier_id, slot) DO UPDATE SET times = f.times + 1, error = EXCLUDED.error, at = now()
"""


async def note_task(conn: Connection, task_id: int, carrier_id: int, error: str, wait: float) -> None:
    """Set a task aside over a carrier for `wait` seconds, doubled with each fault; committed when it returns.

    Its fifth fault pauses it. `error` must hold nothing of a message.
    """
    parameters = {"task": task_id, "carrier": carrier_id, "error": error, "wait": wait, "tries": TRIES}
    await conn.execute(NOTE_TASK, parameters)


async def note_bind(conn: Connection, carrier_id: int, slot: int, error: str) -> None:
    """Note that an unforeseen error ended a bind; committed when it returns."""
    await conn.execute(NOTE_BIND, (carrier_id, slot, error))


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
