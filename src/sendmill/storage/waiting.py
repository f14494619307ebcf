"""SQL of "why isn't it sending?": who lives, which binds are up, who goes first, how fast it goes.

Reads a few rows a task, whatever its size: chunks are summed, messages are looked up by key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from sendmill.storage.leases import SENDER_LOCK

HEARTBEAT = 15  # seconds without one after which a worker counts as dead
MARKS = (1, 100, 1_000, 10_000, 100_000)
MOST = 100  # tasks of one carrier that are looked at

LIVING = (
    "(SELECT objid::integer FROM pg_locks WHERE locktype = 'advisory' AND classid = %(lock)s::bigint::oid "
    "AND objsubid = 2 AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


class Living(NamedTuple):
    """How many processes live, and the time by the clock that decides."""

    now: datetime
    senders: int
    workers: int


class Bind(NamedTuple):
    """What a living sender says of a bind."""

    carrier_id: int
    state: str
    sentence: str
    since: datetime


class Rival(NamedTuple):
    """A task that can be sent now; `unsent` and `done` count its messages."""

    id: int
    carrier_id: int
    priority: int
    unsent: int
    done: int


# Tasks of these carriers with something to send now, the most urgent first.
_RIVALS = """
SELECT t.id, t.carrier_id, t.priority, k.unsent, t.accepted - k.unsent
FROM task t
CROSS JOIN LATERAL (
    SELECT coalesce(sum(hi - next_seq), 0)::int AS unsent FROM chunk c
    WHERE c.task_id = t.id AND c.state <> 2) k
WHERE t.carrier_id = ANY(%(carriers)s) AND t.status = 'executing' AND NOT t.paused
  AND t.import_state = 'imported' AND k.unsent > 0
  AND (t.closes_at IS NULL OR (now() >= t.opens_at AND now() < t.closes_at))
ORDER BY t.priority, t.id LIMIT %(most)s
"""

# When the message was sent after which so many were: a few rows by key for each task.
_SENT_AT = """
SELECT u.task_id, b.back, m.submitted_at
FROM unnest(%(tasks)s::bigint[], %(done)s::int[]) AS u (task_id, done)
CROSS JOIN unnest(%(marks)s::int[]) AS b (back)
CROSS JOIN LATERAL (
    SELECT submitted_at FROM message m
    WHERE m.task_id = u.task_id AND m.seq = greatest(u.done - b.back, 0) OFFSET 0) m
WHERE m.submitted_at IS NOT NULL
"""


def living() -> Living:
    """Who lives now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT clock_timestamp(), (SELECT count(*) FROM {LIVING} s), (SELECT count(*) "
            "FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %(heartbeat)s))",
            {"lock": SENDER_LOCK, "heartbeat": HEARTBEAT},
        )
        return Living(*cursor.fetchone())


def binds(carriers: Sequence[int]) -> list[Bind]:
    """The binds of these carriers, as living senders hold them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT carrier_id, state, sentence, since FROM bind_state "
            f"WHERE carrier_id = ANY(%(carriers)s) AND owner IN {LIVING} ORDER BY carrier_id, slot",
            {"lock": SENDER_LOCK, "carriers": list(carriers)},
        )
        return [Bind._make(row) for row in cursor.fetchall()]


def rivals(carriers: Sequence[int]) -> list[Rival]:
    """The tasks of these carriers that can be sent now, the most urgent first, no more than `MOST`."""
    with connection.cursor() as cursor:
        cursor.execute(_RIVALS, {"carriers": list(carriers), "most": MOST})
        return [Rival._make(row) for row in cursor.fetchall()]


def sent_at(done: Mapping[int, int]) -> dict[int, dict[int, datetime]]:
    """For each task of which so many are done: when the message was sent after which 1, 100, … were."""
    found: dict[int, dict[int, datetime]] = {task_id: {} for task_id in done}
    with connection.cursor() as cursor:
        cursor.execute(_SENT_AT, {"tasks": list(done), "done": list(done.values()), "marks": list(MARKS)})
        for task_id, back, at in cursor.fetchall():
            found[task_id][back] = at
    return found
