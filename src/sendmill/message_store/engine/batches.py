"""Batches: commit the intent to send one, record what became of it, and open the next if the task may go on.

A batch is a range of messages of a leased chunk that are opened, submitted and recorded together. `intend` and `record`
are fenced by the lease: a sender that lost it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from sendmill.message_store.engine.chunks import Chunk, fence
from sendmill.message_store.engine.store_holds import NOT_HELD
from sendmill.message_store.partition_names import within
from sendmill.message_store.result_changes import ANSWERED, SENT
from sendmill.postgres.arrays import int_array, lines
from sendmill.postgres.connections import Connection


class Mark(NamedTuple):
    """What an intent is marked with: the run of the sender, a lane of it, and how many marks that lane is at."""

    run: UUID
    lane: int
    reached: int


# A batch may be opened: the task executes, is not paused or held, and it is within its hours (quiet hours).
GOES_ON = f"""EXISTS (
    SELECT 1 FROM task t WHERE t.id = %(task_id)s AND t.status = 'executing' AND NOT t.paused
    AND (t.closes_at IS NULL OR (now() >= t.opens_at AND now() < t.closes_at))
    AND {NOT_HELD.format(task="t")})"""

# The promise before the first byte: from now on [next_seq, batch_hi) may have been sent.
# Nothing opened: the lease was lost, or the task does not go on. The lane's mark is counted up with it; it has to be
# noted outside of the store before anything leaves. No mark: the store does not know this run, and nothing may leave.
INTEND = f"""
WITH opened AS (
    UPDATE <chunk> SET batch_hi = %(batch_hi)s
    WHERE task_id = %(task_id)s AND n = %(n)s AND owner = %(owner)s AND attempt = %(attempt)s
      AND state = 1 AND batch_hi IS NULL AND {GOES_ON}
    RETURNING task_id
), marked AS (
    UPDATE stamp SET count = %(mark)s FROM opened WHERE run = %(run)s AND lane = %(lane)s RETURNING run
)
SELECT (SELECT count(*) FROM opened) = 1 AND (%(run)s::uuid IS NULL OR (SELECT count(*) FROM marked) = 1)
"""

# The outcome of a batch, in one statement: the fenced chunk row feeds the submissions and the messages.
# seqs and ids belong together, ids joined by line feeds; `keys` are the ids in the form that reports are
# compared in, NULL when that is the id itself; `parts` is NULL when every message had one. Parts of one
# message repeat its seq. A message to which the carrier gave no id is marked as sent, and that is all.
# `ahead` is the end of the next batch: its intent is committed with this one's outcome, which saves a commit
# a batch, and the lane's mark is counted up as in INTEND.
# `hi` is the end of this batch: a record that is tried again, because nobody knows whether it was committed, must
# not close the batch behind it.
RECORD = f"""
WITH fence AS (
    UPDATE <chunk> SET next_seq = %(next_seq)s,
        batch_hi = CASE WHEN {GOES_ON} THEN %(ahead)s::int END,
        state = CASE WHEN %(next_seq)s >= hi THEN 2 ELSE 1 END
    WHERE task_id = %(task_id)s AND n = %(n)s AND owner = %(owner)s AND attempt = %(attempt)s AND state = 1
      AND batch_hi = coalesce(%(hi)s, batch_hi)
    RETURNING batch_hi
), kept AS (
    INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id)
    SELECT hashtextextended(coalesce(u.key, u.id), %(carrier_id)s), %(task_id)s, u.seq, coalesce(u.part, 0),
           %(carrier_id)s, u.id
    FROM fence, unnest(%(seqs)s::int[], %(parts)s::smallint[], string_to_array(%(ids)s, E'\\n'),
                       string_to_array(%(keys)s, E'\\n')) AS u (seq, part, id, key)
    WHERE u.id <> ''
), {SENT}, marked AS (
    UPDATE stamp SET count = %(mark)s
    FROM fence WHERE fence.batch_hi IS NOT NULL AND run = %(run)s AND lane = %(lane)s
)
SELECT CASE WHEN batch_hi IS NULL THEN 1 ELSE 2 END FROM fence
"""

# Parts of long messages, beside RECORD in the same transaction.
RECORD_PARTS = """
INSERT INTO <part> (task_id, seq, part, result, code, submitted_at)
SELECT %(task_id)s, u.seq, u.part, u.result, u.code, now()
FROM unnest(%(seqs)s::int[], %(parts)s::smallint[], %(results)s::smallint[], %(codes)s::text[])
     AS u (seq, part, result, code)
"""

# What the carrier refused (2) or nobody knows (3), beside RECORD in the same transaction.
RECORD_RESULTS = f"""
WITH {ANSWERED}
SELECT count(*) FROM changed
"""


def marking(mark: Mark | None) -> dict[str, Any]:
    """The parameters of a mark; without one nothing is marked."""
    run, lane, reached = mark or (None, None, None)
    return {"run": run, "lane": lane, "mark": reached}


async def intend(conn: Connection, chunk: Chunk, owner: int, batch_hi: int, mark: Mark | None = None) -> bool:
    """Commit that messages below `batch_hi` may be sent from now on; False: stop, send nothing.

    The mark has to be noted outside of the store before anything is sent; without one nothing may be.
    """
    params = fence(chunk, owner) | marking(mark) | {"batch_hi": batch_hi}
    row = await (await conn.execute(within(INTEND, chunk.task_id), params)).fetchone()
    return bool(row and row[0])


class BatchRecord(NamedTuple):
    """What became of a batch: accepted parts with their ids, parts of long messages, other results.

    `next_seq` is the first message not yet sent, or the end of the batch. Sequences of one group have
    equal length. `keys` is None where reports name the id as the response did. `hi` is the end of the batch,
    None for whichever is open; `ahead` the end of the one that is to be opened behind it, if any, with its `mark`.
    """

    next_seq: int
    seqs: Sequence[int]
    parts: Sequence[int]
    ids: Sequence[str]
    keys: Sequence[str] | None
    part_rows: Sequence[tuple[int, int, int, str | None]]  # seq, part, result, code
    result_rows: Sequence[tuple[int, int, str | None]]  # seq, result, code
    hi: int | None = None
    ahead: int | None = None
    mark: Mark | None = None


class Recorded(IntEnum):
    """What `record` did; nothing (false) when the lease was lost or the batch had been recorded before."""

    NOTHING = 0
    CLOSED = 1  # no batch is open now
    OPENED = 2  # the one behind it is


async def record(conn: Connection, chunk: Chunk, owner: int, carrier_id: int, batch: BatchRecord) -> Recorded:
    """Write the outcome of a batch and close it, all or nothing, and open the next one if one is wanted.

    Committed when it returns. One statement where every message had one part and was accepted.
    """
    params = (
        fence(chunk, owner)
        | marking(batch.mark)
        | {
            "carrier_id": carrier_id,
            "next_seq": batch.next_seq,
            "hi": batch.hi,
            "ahead": batch.ahead,
            "seqs": int_array(batch.seqs),
            "parts": int_array(batch.parts) if any(batch.parts) else None,
            "ids": lines(batch.ids) if batch.ids else None,
            "keys": lines(batch.keys) if batch.keys else None,
        }
    )
    if not batch.part_rows and not batch.result_rows:
        return await _recorded(conn, params)
    async with conn.transaction():
        recorded = await _recorded(conn, params)
        if not recorded:
            return recorded
        if batch.part_rows:
            seqs, parts, results, codes = (list(column) for column in zip(*batch.part_rows, strict=True))
            await conn.execute(
                within(RECORD_PARTS, chunk.task_id),
                {"task_id": chunk.task_id, "seqs": seqs, "parts": parts, "results": results, "codes": codes},
            )
        if batch.result_rows:
            seqs, results, codes = (list(column) for column in zip(*batch.result_rows, strict=True))
            await conn.execute(
                within(RECORD_RESULTS, chunk.task_id),
                {"task_id": chunk.task_id, "seqs": seqs, "results": results, "codes": codes},
            )
    return recorded


async def _recorded(conn: Connection, params: dict[str, Any]) -> Recorded:
    cursor = await conn.execute(within(RECORD, params["task_id"]), params)
    row = await cursor.fetchone()
    return Recorded(row[0]) if row else Recorded.NOTHING
