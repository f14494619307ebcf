"""Parts of Uncertain messages that a carrier can be asked about with query_sm, because their id is known."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sendmill.message_store.engine.failover import CARRIER_OF
from sendmill.postgres.connections import Connection

# A message is Uncertain with a known id when a part of it was accepted and another one never answered, or when
# its response came and the connection was lost before its batch was recorded. Only executing tasks are looked at,
# by their counters; messages nobody knows anything of have no row in submission. An id that the carrier gave once
# more since is not asked for: the answer would be about the later message.
ASKABLE = f"""
SELECT s.message_id, t.snapshot ->> 'source', t.snapshot -> 'sources' ->> %(carrier_id)s::text,
       m.number, m.submitted_at, m.task_id, m.seq, s.part
FROM task t JOIN tally a ON a.task_id = t.id AND a.uncertain > 0
JOIN chunk c ON c.task_id = a.task_id AND c.n = a.n
CROSS JOIN LATERAL (
    SELECT m.task_id, m.seq, m.number, m.submitted_at, m.parts FROM message m
    WHERE m.task_id = a.task_id AND m.seq >= a.n * 1000 AND m.seq < (a.n + 1) * 1000 AND m.result = 3
    OFFSET 0) m
CROSS JOIN LATERAL (
    SELECT message_id, part FROM submission s
    WHERE s.task_id = m.task_id AND s.seq = m.seq AND s.carrier_id = %(carrier_id)s
      AND s.submitted_at >= m.submitted_at AND s.submitted_at < m.submitted_at + interval '10 min'
      AND NOT EXISTS (
        SELECT FROM submission o WHERE o.id_hash = s.id_hash AND o.carrier_id = s.carrier_id
          AND o.submitted_at >= s.submitted_at AND (o.task_id, o.seq) <> (s.task_id, s.seq))
    OFFSET 0) s
LEFT JOIN part p ON p.task_id = m.task_id AND p.seq = m.seq AND p.part = s.part
WHERE t.status = 'executing' AND (t.carrier_id = %(carrier_id)s OR t.routed)
  AND (p.part IS NULL OR p.result IN (0, 3)) AND {CARRIER_OF} = %(carrier_id)s
  AND (%(at)s::timestamptz IS NULL
       OR (m.submitted_at, m.task_id, m.seq, s.part) > (%(at)s, %(task_id)s::bigint, %(seq)s::int, %(part)s::smallint))
ORDER BY m.submitted_at, m.task_id, m.seq, s.part LIMIT %(limit)s
"""


class Position(NamedTuple):
    """How far a round of questions has come; the oldest submission is asked for first."""

    at: datetime | None = None
    task_id: int = 0
    seq: int = 0
    part: int = 0


class Askable(NamedTuple):
    """One part to ask for: its id as the carrier gave it, the sender ID it was submitted with, and its number."""

    message_id: str
    source: str
    number: int
    position: Position


async def askable(conn: Connection, carrier_id: int, limit: int, after: Position) -> list[Askable]:
    """Parts of Uncertain messages that a carrier could tell about, the oldest first of those behind `after`."""
    cursor = await conn.execute(ASKABLE, {"carrier_id": carrier_id, "limit": limit} | after._asdict())
    return [
        Askable(identifier, own or source or "", number, Position(*position))
        for identifier, source, own, number, *position in await cursor.fetchall()
    ]
