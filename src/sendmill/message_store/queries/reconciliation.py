"""Compares counters with the rows that they count."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from sendmill.message_store.engine.chunks import CHUNK

STRETCH = 200  # chunks compared by one statement, which sees one moment of both sides


class Mismatch(NamedTuple):
    """A chunk whose tally differs from its rows (messages, successful, failed, uncertain, not sent).

    `failures` is how many failed messages are listed; it has to be the failed ones of `rows`.
    """

    n: int
    tally: tuple[int, int, int, int, int]
    rows: tuple[int, int, int, int, int]
    failures: int


_COMPARE = f"""
SELECT t.n, t.messages, t.successful, t.failed, t.uncertain, t.not_sent,
       r.messages, r.successful, r.failed, r.uncertain, r.not_sent, f.failures
FROM tally t
CROSS JOIN LATERAL (
    SELECT count(*) AS messages, count(*) FILTER (WHERE result = 1) AS successful,
           count(*) FILTER (WHERE result = 2) AS failed, count(*) FILTER (WHERE result = 3) AS uncertain,
           count(*) FILTER (WHERE result = 4) AS not_sent
    FROM message m
    WHERE m.task_id = %(task)s AND m.seq >= t.n * {CHUNK} AND m.seq < (t.n + 1) * {CHUNK} OFFSET 0) r
CROSS JOIN LATERAL (
    SELECT count(*) AS failures FROM failure f
    WHERE f.task_id = %(task)s AND f.seq >= t.n * {CHUNK} AND f.seq < (t.n + 1) * {CHUNK} OFFSET 0) f
WHERE t.task_id = %(task)s AND t.n >= %(lo)s AND t.n < %(lo)s + {STRETCH}
  AND ((t.messages, t.successful, t.failed, t.uncertain, t.not_sent)
         <> (r.messages, r.successful, r.failed, r.uncertain, r.not_sent)
       OR r.failed <> f.failures)
ORDER BY t.n
"""


def mismatches(task_id: int, count: int) -> list[Mismatch]:
    """The chunks of a task of `count` messages whose counters differ from their rows."""
    found = []
    with connection.cursor() as cursor:
        for lo in range(0, -(-count // CHUNK), STRETCH):
            cursor.execute(_COMPARE, {"task": task_id, "lo": lo})
            found += [Mismatch(row[0], row[1:6], row[6:11], row[11]) for row in cursor.fetchall()]
    return found


def messages(task_id: int) -> int:
    """How many messages the counters of a task are about."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(messages), 0) FROM tally WHERE task_id = %s", [task_id])
        return int(cursor.fetchone()[0])
