"""SQL of the many: reports of delivery about messages whose place the sender still knows.

It gave them their carrier's id a moment ago, so nothing has to be looked for: this is a third of the work of
`storage.receipts.match`, which stays the way of every other report.
"""

from __future__ import annotations

from collections.abc import Sequence

from sendmill.storage.arrays import int_array
from sendmill.storage.leases import Connection

# Only what has no result yet: a report that changes a result is kept as it came, by the other way. Tallies are
# locked by n, as everywhere. The places are named only when some did not change, which is seldom.
DELIVERED = """
WITH changed AS (
    UPDATE message SET result = 1, code = 'DELIVRD', reported_at = now()
    WHERE task_id = %(task_id)s AND seq = ANY(%(seqs)s::int[]) AND result = 0
    RETURNING seq
), held AS (
    SELECT t.n, c.successful
    FROM (SELECT seq / 1000 AS n, count(*) AS successful FROM changed GROUP BY 1) c
    JOIN tally t ON t.task_id = %(task_id)s AND t.n = c.n
    ORDER BY t.n FOR UPDATE OF t
), counted AS (
    UPDATE tally t SET successful = t.successful + h.successful
    FROM held h WHERE t.task_id = %(task_id)s AND t.n = h.n
)
SELECT count(*), CASE WHEN count(*) < %(size)s THEN array_agg(seq) END FROM changed
"""


async def deliver(conn: Connection, task_id: int, seqs: Sequence[int]) -> set[int]:
    """Settle messages of one part (`seqs`, each once) as delivered; committed when it returns.

    Answers those that were left alone, because they have a result or are gone: their reports want to be
    matched as any other.
    """
    cursor = await conn.execute(DELIVERED, {"task_id": task_id, "seqs": int_array(seqs), "size": len(seqs)})
    row = await cursor.fetchone()
    if row is None or row[0] == len(seqs):
        return set()
    return set(seqs).difference(row[1] or ())
