"""Common case: final delivery reports for messages whose key (task_id, seq) the sender still has in memory.

Nothing has to be looked up, so this is a third of the work of `report_matching.match`. It applies a report only
where the message has no result yet and its number agrees with the report's (`phone_number_agreement`); the caller
must match every other report by carrier id. The seqs that changed are returned by the database only when some did
not, which is seldom.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sendmill.message_store.partition_names import within
from sendmill.message_store.result_changes import DELIVERED, UNDELIVERED
from sendmill.postgres.arrays import int_array, lines
from sendmill.postgres.connections import Connection

DELIVER = f"""
WITH {DELIVERED}
SELECT count(*), CASE WHEN count(*) < %(size)s THEN array_agg(seq) END FROM changed
"""

# The same for failures, each with its code, and kept as it came: somebody will ask. `told` carries the task, so that
# the plan does not reach the messages by the task alone: with the statistics of an empty table that looks cheaper, and
# reads all.
FAIL = f"""
WITH told AS (
    SELECT %(task_id)s::bigint AS task_id, u.seq, u.code, u.id, u.raw, u.number
    FROM unnest(%(seqs)s::int[], string_to_array(%(codes)s, E'\\n'), string_to_array(%(ids)s, E'\\n'),
                %(raws)s::text[], %(numbers)s::bigint[]) AS u (seq, code, id, raw, number)
    ORDER BY u.seq
), {UNDELIVERED}, kept AS (
    INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, result, raw)
    SELECT %(task_id)s, seq, 0, hashtextextended(raw, 0), %(carrier_id)s, id, code, 2, raw
    FROM told WHERE seq = ANY(ARRAY(SELECT seq FROM changed)) AND raw <> ''
    ON CONFLICT DO NOTHING
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
    """Make messages of one part (`seqs`, each once) Successful; committed when it returns.

    `numbers` are those that their reports name, 0 for none. Returns the seqs that did not change, because they have
    a result, another number, or are gone: the caller must match their reports by carrier id.
    """
    ascending = sorted(seqs)
    if numbers is None:
        numbers = [0] * len(seqs)
    elif ascending != seqs:
        told = dict(zip(seqs, numbers, strict=True))
        numbers = [told[seq] for seq in ascending]
    return await _settle(conn, DELIVER, task_id, ascending, {"numbers": int_array(numbers)})


async def fail(
    conn: Connection, carrier_id: int, task_id: int, seqs: Sequence[int], failures: Sequence[Failure]
) -> set[int]:
    """Make messages of one part Failed, each with the code of its failure; the rest is as with `deliver`.

    Ids must be written as the carrier's responses write them: they are kept as those.
    """
    ids, codes, raws, numbers = zip(*failures, strict=True)
    columns = {"ids": lines(ids), "codes": lines(codes), "raws": list(raws), "numbers": int_array(numbers)}
    return await _settle(conn, FAIL, task_id, seqs, columns | {"carrier_id": carrier_id})


async def _settle(
    conn: Connection, statement: str, task_id: int, seqs: Sequence[int], columns: dict[str, object]
) -> set[int]:
    parameters = columns | {"task_id": task_id, "seqs": int_array(seqs), "size": len(seqs)}
    cursor = await conn.execute(within(statement, task_id), parameters)
    row = await cursor.fetchone()
    if row is None or row[0] == len(seqs):
        return set()
    return set(seqs).difference(row[1] or ())
