"""What a carrier still has to do: messages to send, and reports to bring."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from sendmill.message_store.engine.failover import CARRIER_OF


class Backlog(NamedTuple):
    """Messages without a report yet, messages not yet sent, and chunks that a sender is working on."""

    reports: int
    unsent: int
    working: int


# By the counters of chunks, and only in chunks that changed their carrier after they were begun by their rows.
_OUTSTANDING = f"""
WITH live AS (
    SELECT c.task_id, c.n, c.lo, c.hi, c.next_seq, c.state, c.carrier_id,
           coalesce(c.carrier_id, t.carrier_id) = %(carrier)s AS here,
           a.successful + a.failed + a.uncertain + a.not_sent AS known,
           t.routed AND EXISTS (SELECT FROM moved_chunk v
                                WHERE v.task_id = c.task_id AND v.n = c.n AND v.begun) AS mixed
    FROM task t JOIN chunk c ON c.task_id = t.id JOIN tally a ON a.task_id = c.task_id AND a.n = c.n
    WHERE t.status = 'executing' AND (t.carrier_id = %(carrier)s OR t.routed)
), mixed AS (
    SELECT count(*) AS reports FROM live c JOIN task t ON t.id = c.task_id
    JOIN message m ON m.task_id = c.task_id AND m.seq >= c.lo AND m.seq < c.hi
    WHERE c.mixed AND m.result = 0 AND m.submitted_at IS NOT NULL AND {CARRIER_OF} = %(carrier)s
)
SELECT (SELECT coalesce(sum(greatest(next_seq - lo - known, 0)), 0) FROM live WHERE here AND NOT mixed)
         + (SELECT reports FROM mixed),
       coalesce(sum(hi - next_seq) FILTER (WHERE here AND state <> 2), 0),
       count(*) FILTER (WHERE here AND state = 1)
FROM live
"""


def backlog_of(carrier_id: int) -> Backlog:
    """What a carrier still has to do for tasks that are being executed."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTSTANDING, {"carrier": carrier_id})
        return Backlog(*map(int, cursor.fetchone()))
