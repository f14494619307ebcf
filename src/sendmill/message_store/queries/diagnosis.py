"""Facts for "why isn't it sending?": living senders, binds that are up, the order of tasks, the rate.

Reads a few rows a task, whatever its size: chunks are summed, messages are looked up by key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from sendmill.carriers.sentences import restored
from sendmill.message_store.engine.store_holds import NOT_HELD
from sendmill.message_store.sender_locks import SENDER_LOCK

LATELY = 16  # seconds of samples, of which each is about five
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
    """Messages of a task that can be sent over a carrier now."""

    id: int
    carrier_id: int
    priority: int
    unsent: int


class Pace(NamedTuple):
    """What a carrier took lately: parts a second, and how often it asked for less."""

    carrier_id: int
    speed: float
    throttled: int


# Tasks with something to send over these carriers now, the most urgent first. The chunks of a routed task name
# their carriers, those of any other have the task's.
_RIVALS = f"""
SELECT t.id, k.carrier_id, t.priority, k.unsent
FROM task t
CROSS JOIN LATERAL (
    SELECT coalesce(c.carrier_id, t.carrier_id) AS carrier_id, sum(c.hi - c.next_seq)::int AS unsent
    FROM chunk c WHERE c.task_id = t.id AND c.state <> 2 GROUP BY 1) k
WHERE (t.carrier_id = ANY(%(carriers)s) OR t.routed) AND k.carrier_id = ANY(%(carriers)s)
  AND t.status = 'executing' AND NOT t.paused AND t.import_state = 'imported' AND k.unsent > 0
  AND (t.closes_at IS NULL OR (now() >= t.opens_at AND now() < t.closes_at))
  AND {NOT_HELD.format(task="t")}
ORDER BY t.priority, t.id LIMIT %(most)s
"""

_PACES = """
SELECT carrier_id, sum(speed)::float, sum(throttled)::int
FROM (SELECT carrier_id, slot, sum(submitted) / sum(span) AS speed, sum(throttled) AS throttled
      FROM carrier_sample WHERE carrier_id = ANY(%(carriers)s) AND at > now() - make_interval(secs => %(lately)s)
      GROUP BY 1, 2) s
GROUP BY 1
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
    """The binds of these carriers that send, as living senders hold them; slots from `binds` on only receive."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT carrier_id, state, sentence, since, said FROM bind_state b JOIN carrier c ON c.id = carrier_id "
            "WHERE carrier_id = ANY(%(carriers)s) AND slot < c.binds "
            f"AND owner IN {LIVING} ORDER BY carrier_id, slot",
            {"lock": SENDER_LOCK, "carriers": list(carriers)},
        )
        return [
            Bind(carrier_id, state, restored(json.loads(said)) or sentence, since)
            for carrier_id, state, sentence, since, said in cursor.fetchall()
        ]


def held(carrier_id: int) -> list[tuple[int, datetime]]:
    """The slots of a carrier that living senders hold bound, those that only receive too, and since when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT slot, since FROM bind_state WHERE carrier_id = %(carrier)s AND state = 'bound' "
            f"AND owner IN {LIVING} ORDER BY slot",
            {"lock": SENDER_LOCK, "carrier": carrier_id},
        )
        return list(cursor.fetchall())


def rivals(carriers: Sequence[int]) -> list[Rival]:
    """The tasks of these carriers that can be sent now, the most urgent first, no more than `MOST`."""
    with connection.cursor() as cursor:
        cursor.execute(_RIVALS, {"carriers": list(carriers), "most": MOST})
        return [Rival._make(row) for row in cursor.fetchall()]


def paces(carriers: Sequence[int]) -> list[Pace]:
    """What these carriers took in the last seconds, by the samples of their binds."""
    with connection.cursor() as cursor:
        cursor.execute(_PACES, {"carriers": list(carriers), "lately": LATELY})
        return [Pace._make(row) for row in cursor.fetchall()]


def unsent_by_carrier(tasks: Sequence[int]) -> dict[int, dict[int, int]]:
    """For each of these routed tasks: how many messages are not sent yet, by the carrier they wait for."""
    found: dict[int, dict[int, int]] = {task_id: {} for task_id in tasks}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_id, carrier_id, sum(hi - next_seq)::int FROM chunk "
            "WHERE task_id = ANY(%s) AND state <> 2 AND carrier_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 3 DESC",
            [list(tasks)],
        )
        for task_id, carrier_id, unsent in cursor.fetchall():
            found[task_id][carrier_id] = unsent
    return found


def sent_at(done: Mapping[int, int]) -> dict[int, dict[int, datetime]]:
    """For each task of which so many are done: when the message was sent after which 1, 100, … were."""
    found: dict[int, dict[int, datetime]] = {task_id: {} for task_id in done}
    with connection.cursor() as cursor:
        cursor.execute(_SENT_AT, {"tasks": list(done), "done": list(done.values()), "marks": list(MARKS)})
        for task_id, back, at in cursor.fetchall():
            found[task_id][back] = at
    return found
