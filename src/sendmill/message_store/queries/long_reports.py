"""How a carrier reports long messages, told from what it reported of the latest ones."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

TASKS, ROWS = 20, 600  # the latest tasks with long messages, and parts of each, that are looked at


class Told(NamedTuple):
    """Long messages some of whose parts were reported ten minutes ago: `once` for one part only, `whole` for all."""

    once: int
    whole: int


_TOLD = """
SELECT count(*) FILTER (WHERE told = 1), count(*) FILTER (WHERE told = parts)
FROM (SELECT t.id, t.carrier_id FROM task t
      WHERE (t.carrier_id = %(carrier)s OR t.routed) AND t.status IN ('executing', 'completed')
        AND t.parts > t.accepted AND t.started_at > now() - interval '5 days'
      ORDER BY t.id DESC LIMIT %(tasks)s) t
CROSS JOIN LATERAL (
    SELECT p.seq, count(*) AS parts, count(p.reported_at) AS told, max(p.reported_at) AS at
    FROM (SELECT * FROM part WHERE task_id = t.id ORDER BY seq LIMIT %(rows)s) p GROUP BY p.seq) m
JOIN chunk c ON c.task_id = t.id AND c.n = m.seq / 1000
WHERE coalesce(c.carrier_id, t.carrier_id) = %(carrier)s AND m.parts > 1 AND m.at < now() - interval '10 min'
"""

_UNDER_WAY = """
SELECT t.id FROM task t
WHERE t.status = 'executing' AND t.parts > t.accepted AND (t.carrier_id = %s OR t.routed) ORDER BY t.id
"""


def told_of_long_messages(carrier_id: int) -> Told:
    """How the latest long messages over a carrier were reported."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"carrier": carrier_id, "tasks": TASKS, "rows": ROWS})
        return Told(*cursor.fetchone())


def with_long_messages(carrier_id: int) -> list[int]:
    """The tasks under way that may have sent long messages over a carrier."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_WAY, [carrier_id])
        return [task_id for (task_id,) in cursor.fetchall()]
