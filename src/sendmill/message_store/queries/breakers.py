"""Breakers of tasks on carriers, for pages, commands, alarms and a person's release."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection


class Breaker(NamedTuple):
    """A carrier that takes nothing of a task, or took nothing until `released_at`; see schema/breakers.sql."""

    task_id: int
    task: str
    carrier_id: int
    carrier: str
    cause: str
    status: int
    words: str
    refusals: int
    tripped_at: datetime
    probes: int
    probe_at: datetime
    released_at: datetime | None
    released_by: str


_COLUMNS = (
    "b.task_id, t.name, b.carrier_id, c.name, b.cause, b.status, b.words, b.refusals, b.tripped_at, b.probes, "
    "b.probe_at, b.released_at, b.released_by"
)
_OF_TASKS = f"""
SELECT {_COLUMNS} FROM task_breaker b JOIN carrier c ON c.id = b.carrier_id JOIN task t ON t.id = b.task_id
WHERE b.task_id = ANY(%(tasks)s) AND (b.released_at IS NULL OR NOT %(tripped)s)
ORDER BY b.task_id, b.tripped_at, b.carrier_id
"""
_TRIPPED = f"""
SELECT {_COLUMNS} FROM task_breaker b JOIN carrier c ON c.id = b.carrier_id JOIN task t ON t.id = b.task_id
WHERE b.released_at IS NULL AND t.status = 'executing' AND t.sent_at IS NULL AND NOT t.ending
ORDER BY b.task_id, b.tripped_at, b.carrier_id
"""
_OF_CARRIER = f"""
SELECT {_COLUMNS} FROM task_breaker b JOIN carrier c ON c.id = b.carrier_id JOIN task t ON t.id = b.task_id
WHERE b.carrier_id = %(carrier)s AND b.released_at IS NULL AND t.status = 'executing' AND t.sent_at IS NULL
  AND NOT t.ending
ORDER BY b.tripped_at, b.task_id
"""

# Every chunk that is not done waits for a carrier that takes nothing of the task.
_STOPPED = """
SELECT t.id FROM task t
WHERE t.id = ANY(%(tasks)s)
  AND EXISTS (SELECT FROM task_breaker b WHERE b.task_id = t.id AND b.released_at IS NULL)
  AND NOT EXISTS (
      SELECT FROM chunk c WHERE c.task_id = t.id AND c.state < 2 AND NOT EXISTS (
          SELECT FROM task_breaker b WHERE b.task_id = t.id AND b.released_at IS NULL
          AND b.carrier_id = coalesce(c.carrier_id, t.carrier_id)))
"""

_RELEASE = """
UPDATE task_breaker SET released_at = clock_timestamp(), released_by = 'person', told = true,
    probe_n = NULL, probe_attempt = NULL
WHERE task_id = %(task)s AND released_at IS NULL
"""
_UNTOLD = f"""
WITH told AS (
    UPDATE task_breaker SET told = true WHERE released_by = 'probe' AND NOT told RETURNING *
)
SELECT {_COLUMNS} FROM told b JOIN carrier c ON c.id = b.carrier_id JOIN task t ON t.id = b.task_id
ORDER BY b.task_id, b.carrier_id
"""
_FORGET = """
DELETE FROM task_breaker b
WHERE (b.told OR b.released_by <> 'probe')
  AND NOT EXISTS (SELECT FROM task t WHERE t.id = b.task_id AND t.status = 'executing')
"""


def of_tasks(tasks: Sequence[int], *, tripped: bool = True) -> list[Breaker]:
    """Return the breakers of these tasks, or those too that were released; the oldest of a task first."""
    return _read(_OF_TASKS, {"tasks": list(tasks), "tripped": tripped}) if tasks else []


def all_tripped() -> list[Breaker]:
    """Return the tripped breakers of every task that has something to send."""
    return _read(_TRIPPED, {})


def of_carrier(carrier_id: int) -> list[Breaker]:
    """Return what a carrier takes nothing of now, the oldest first."""
    return _read(_OF_CARRIER, {"carrier": carrier_id})


def stopped(tasks: Collection[int]) -> set[int]:
    """Return those of these tasks of which no carrier takes anything."""
    if not tasks:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_STOPPED, {"tasks": list(tasks)})
        return {task_id for (task_id,) in cursor.fetchall()}


def release(task_id: int) -> list[Breaker]:
    """Release the breakers of a task and tell the senders; return those that were tripped."""
    found = of_tasks([task_id])
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"task": task_id})
        cursor.execute("SELECT pg_notify('sendmill', 'task')")
    return found


def newly_released_by_probe() -> list[Breaker]:
    """Return the breakers that a probe released and of which nobody was told yet; each is returned once."""
    return _read(_UNTOLD, {})


def forget() -> None:
    """Remove the breakers of tasks that are over."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)


def _read(query: str, parameters: dict[str, Any]) -> list[Breaker]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [Breaker._make(row) for row in cursor.fetchall()]
