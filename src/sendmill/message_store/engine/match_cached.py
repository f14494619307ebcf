"""SQL of the many: final reports about messages whose place the sender still knows.

It gave them their carrier's id a moment ago, so nothing has to be looked for: this is a third of the work of
`report_matching.match`, which stays the way of every other report. Only what has no result yet, and whose number
agrees with the report's (`number_agreement`): any other report goes the other way. Tallies are locked by n, as
everywhere. The places are named only when some did not change, which is seldom. A store that a standby took over may
lack that the message was sent at all: its report proves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sendmill.message_store.engine.number_agreement import agreeing
from sendmill.message_store.partition_names import within
from sendmill.postgres.arrays import int_array, lines
from sendmill.postgres.connections import Connection

# The seqs ascend, so the number that a report names of a row is found by halving: a join of rows and reports would
# cost a fifth more.
DELIVERED = f"""
WITH changed AS (
    UPDATE <message> SET result = 1, code = 'DELIVRD', reported_at = now(),
        submitted_at = coalesce(submitted_at, now())
    WHERE task_id = %(task_id)s AND seq = ANY(%(seqs)s::int[]) AND result = 0
      AND {agreeing("number", "(%(numbers)s::bigint[])[width_bucket(seq, %(seqs)s::int[])]")}
    RETURNING seq
), held AS (
    SELECT t.n, c.successful
    FROM (SELECT seq / 1000 AS n, count(*) AS successful FROM changed GROUP BY 1) c
    JOIN <tally> t ON t.task_id = %(task_id)s AND t.n = c.n
    ORDER BY t.n FOR UPDATE OF t
), counted AS (
    UPDATE <tally> t SET successful = t.successful + h.successful
    FROM held h WHERE t.task_id = %(task_id)s AND t.n = h.n
)
SELECT count(*), CASE WHEN count(*) < %(size)s THEN array_agg(seq) END FROM changed
"""

# The same of failures, each with its code, and kept as it came: somebody will ask. `told` carries the task, so that
# the task alone is no way to its messages: to the statistics of an empty table it is the shorter one, and reads all.
FAILED = f"""
WITH told AS (
    SELECT %(task_id)s::bigint AS task_id, u.seq, u.code, u.id, u.raw, u.number
    FROM unnest(%(seqs)s::int[], string_to_array(%(codes)s, E'\\n'), string_to_array(%(ids)s, E'\\n'),
                %(raws)s::text[], %(numbers)s::bigint[]) AS u (seq, code, id, raw, number)
    ORDER BY u.seq
), changed AS (
    UPDATE <message> m SET result = 2, code = u.code, reported_at = now(),
        submitted_at = coalesce(m.submitted_at, now())
    FROM told u WHERE m.task_id = u.task_id AND m.seq = u.seq AND m.result = 0 AND {agreeing("m.number", "u.number")}
    RETURNING m.seq
), noted AS (
    INSERT INTO <failure> (task_id, seq) SELECT %(task_id)s, seq FROM changed ON CONFLICT DO NOTHING
), kept AS (
    INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, result, raw)
    SELECT %(task_id)s, seq, 0, hashtextextended(raw, 0), %(carrier_id)s, id, code, 2, raw
    FROM told WHERE seq = ANY(ARRAY(SELECT seq FROM changed)) AND raw <> ''
    ON CONFLICT DO NOTHING
), held AS (
    SELECT t.n, c.failed
    FROM (SELECT seq / 1000 AS n, count(*) AS failed FROM changed GROUP BY 1) c
    JOIN <tally> t ON t.task_id = %(task_id)s AND t.n = c.n
    ORDER BY t.n FOR UPDATE OF t
), counted AS (
    UPDATE <tally> t SET failed = t.failed + h.failed
    FROM held h WHERE t.task_id = %(task_id)s AND t.n = h.n
)
SELECT count(*), CASE WHEN count(*) < %(size)s THEN array_agg(seq) END FROM changed
"""


class Failure(NamedTuple):
    """What a report of failure said: the id in it, the code, its text as it came, and its number, 0 for none."""

    id: str
    code: str
    raw: str
    number: int = 0


async def deliver(
    conn: Connection, task_id: int, seqs: Sequence[int], numbers: Sequence[int] | None = None
) -> set[int]:
    """Settle messages of one part (`seqs`, each once) as delivered; committed when it returns.

    `numbers` are those that their reports name, 0 for none. Answers those that were left alone, because they have
    a result, another number, or are gone: their reports want to be matched as any other.
    """
    ascending = sorted(seqs)
    if numbers is None:
        numbers = [0] * len(seqs)
    elif ascending != seqs:
        told = dict(zip(seqs, numbers, strict=True))
        numbers = [told[seq] for seq in ascending]
    return await _settle(conn, DELIVERED, task_id, ascending, {"numbers": int_array(numbers)})


async def fail(
    conn: Connection, carrier_id: int, task_id: int, seqs: Sequence[int], failures: Sequence[Failure]
) -> set[int]:
    """Settle messages of one part as failed, each as its failure says; the rest is as with `deliver`.

    Ids must be written as the carrier's responses write them: they are kept as those.
    """
    ids, codes, raws, numbers = zip(*failures, strict=True)
    columns = {"ids": lines(ids), "codes": lines(codes), "raws": list(raws), "numbers": int_array(numbers)}
    return await _settle(conn, FAILED, task_id, seqs, columns | {"carrier_id": carrier_id})


async def _settle(
    conn: Connection, statement: str, task_id: int, seqs: Sequence[int], columns: dict[str, object]
) -> set[int]:
    parameters = columns | {"task_id": task_id, "seqs": int_array(seqs), "size": len(seqs)}
    cursor = await conn.execute(within(statement, task_id), parameters)
    row = await cursor.fetchone()
    if row is None or row[0] == len(seqs):
        return set()
    return set(seqs).difference(row[1] or ())
