"""Another sign of an older store: reports about messages it never sent, to numbers that still wait in it.

A machine that was rolled back as a whole has its files of marks rolled back too. The carrier was not: right after a
bind it hands over reports of what was sent in the meantime.
"""

from __future__ import annotations

from sendmill.postgres.connections import Connection

NEWEST = "SELECT coalesce(max(id), 0) FROM orphan"

# Reports that matched nothing since an id, whose number waits in a task that is alive, outside of any open batch, and
# to which nothing was handed over for days: neither is it a late report of something else, nor a repeated one.
STRAY = """
SELECT count(DISTINCT o.number)
FROM orphan o
WHERE o.id > %(after)s AND o.kind = 'report' AND o.matched_at IS NULL AND o.number IS NOT NULL
  AND o.message_id IS NOT NULL
  AND EXISTS (
      SELECT FROM message m JOIN task t ON t.id = m.task_id
      JOIN chunk c ON c.task_id = m.task_id AND c.n = m.seq / 1000
      WHERE m.number = o.number AND m.result = 0 AND m.submitted_at IS NULL
        AND t.status IN ('pending', 'executing')
        AND c.state <> 2 AND m.seq >= coalesce(c.batch_hi, c.next_seq))
  AND NOT EXISTS (
      SELECT FROM message m
      LEFT JOIN chunk c ON c.task_id = m.task_id AND c.n = m.seq / 1000
      WHERE m.number = o.number
        AND (m.submitted_at > now() - interval '8 days'
             OR m.seq >= c.next_seq AND m.seq < c.batch_hi))
"""


async def newest_orphan(conn: Connection) -> int:
    """Where the reports begin that come from now on."""
    row = await (await conn.execute(NEWEST)).fetchone()
    return int(row[0]) if row else 0


async def stray_numbers(conn: Connection, after: int) -> int:
    """How many numbers that still wait were reported on since then, about messages that were never sent from here."""
    row = await (await conn.execute(STRAY, {"after": after})).fetchone()
    return int(row[0]) if row else 0
