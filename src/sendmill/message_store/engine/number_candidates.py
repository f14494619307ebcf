"""Finds the message that a report is about by number and time, for a carrier whose reports name no id of ours.

It is the one message to the report's number that went over the carrier within some minutes before the report. Where
two did, neither is meant: that would be a guess. Neither is one whose batch is still open: the report is early then.
"""

from __future__ import annotations

from collections.abc import Sequence

from sendmill.message_store.engine.failover import CARRIER_OF
from sendmill.message_store.engine.report_candidates import Chosen, ReportToMatch
from sendmill.message_store.result_changes import CHUNK
from sendmill.postgres.connections import Connection

# Nothing of a carrier whose reports name ids. OFFSET keeps the look-up by number a look-up.
FIND = f"""
SELECT u.ord::int, m.task_id, m.seq, extract(epoch FROM m.submitted_at)::float8,
       ARRAY(SELECT p.part FROM part p WHERE p.task_id = m.task_id AND p.seq = m.seq
             ORDER BY p.reported_at IS NOT NULL, p.part)
FROM carrier y
CROSS JOIN unnest(%(numbers)s::bigint[], %(times)s::float8[]) WITH ORDINALITY AS u (number, received, ord)
CROSS JOIN LATERAL (
    SELECT *, count(*) OVER () AS messages FROM (
        SELECT m.task_id, m.seq, m.submitted_at FROM message m JOIN task t ON t.id = m.task_id
        JOIN chunk c ON c.task_id = m.task_id AND c.n = m.seq / {CHUNK}
        WHERE m.number = u.number
          AND (t.carrier_id = %(carrier_id)s OR t.routed) AND {CARRIER_OF} = %(carrier_id)s
          AND (m.submitted_at > coalesce(to_timestamp(u.received), now()) - make_interval(mins => y.number_minutes)
                 AND m.submitted_at < coalesce(to_timestamp(u.received), now()) + interval '1 min'
               OR m.submitted_at IS NULL AND m.result = 0
                 AND c.state = 1 AND m.seq >= c.next_seq AND m.seq < c.batch_hi)
        LIMIT 2 OFFSET 0) m) m
WHERE y.id = %(carrier_id)s AND y.reports = 'by_number' AND u.number > 0
  AND m.messages = 1 AND m.submitted_at IS NOT NULL
"""


async def find_by_number(
    conn: Connection, carrier_id: int, reports: Sequence[ReportToMatch], indexes: Sequence[int]
) -> list[Chosen]:
    """The messages, or parts, that the reports at these indexes of a batch are about.

    Of a long message each report is about a further part: which one it does not say.
    """
    chosen = [reports[index] for index in indexes]
    parameters = {
        "carrier_id": carrier_id,
        "numbers": [report.number for report in chosen],
        "times": [report.received for report in chosen],
    }
    cursor = await conn.execute(FIND, parameters)
    left: dict[tuple[int, int], list[int]] = {}
    found: list[Chosen] = []
    for ord_, task_id, seq, at, parts in await cursor.fetchall():
        own = left.setdefault((task_id, seq), list(parts))
        part = own[0] if own else 0
        if len(own) > 1:
            del own[0]
        found.append(Chosen(indexes[ord_ - 1], task_id, seq, part, at, fits=None, sure=True, only=False))
    return found
