"""Batches: commit the intent to send one, record what became of it, and open the next if the task may go on.

A batch is some messages of a leased chunk that are opened and submitted together. Several may be open at a time:
`batch_hi` is the end of all that was opened, `next_seq` the first message of which nothing is known yet. Between them
every message without a result may have been sent. `intend` and `record` are fenced by the lease: a sender that lost
it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sendmill.message_store.engine.breakers import NOT_TRIPPED
from sendmill.message_store.engine.chunks import Chunk, fence
from sendmill.message_store.engine.store_holds import NOT_HELD
from sendmill.message_store.partition_names import within
from sendmill.message_store.result_changes import ANSWERED, SENT
from sendmill.postgres.arrays import int_array, lines
from sendmill.postgres.connections import Connection


class Lane(NamedTuple):
    """Whose mark is counted up with an intent: a lane of a sender's run."""

    run: UUID
    lane: int


class Intent(NamedTuple):
    """An intent that is committed, and the mark that the lane is at with it; None without a lane."""

    mark: int | None


# A batch may be opened: the task executes, is not paused or held, it is within its hours (quiet hours), and no breaker
# keeps its carrier from it.
GOES_ON = f"""EXISTS (
    SELECT 1 FROM task t WHERE t.id = %(task_id)s AND t.status = 'executing' AND NOT t.paused
    AND (t.closes_at IS NULL OR (now() >= t.opens_at AND now() < t.closes_at))
    AND {NOT_HELD.format(task="t")} AND {NOT_TRIPPED})"""

# The promise before the first byte: from now on [next_seq, batch_hi) may have been sent.
# Nothing opened: the lease was lost, or the task does not go on. The lane's mark is counted up with it, here and not
# by the sender, so that marks ascend in the order of their commits; it has to be noted outside of the store before
# anything leaves. No mark: the store does not know this run, and nothing may leave.
INTEND = f"""
WITH opened AS (
    UPDATE <chunk> SET batch_hi = %(batch_hi)s
    WHERE task_id = %(task_id)s AND n = %(n)s AND owner = %(owner)s AND attempt = %(attempt)s
      AND state = 1 AND batch_hi IS NOT DISTINCT FROM %(was_hi)s::int AND {GOES_ON}
    RETURNING task_id
), marked AS (
    UPDATE stamp SET count = count + 1 FROM opened WHERE run = %(run)s AND lane = %(lane)s RETURNING count
)
SELECT marked.count FROM opened LEFT JOIN marked ON true WHERE %(run)s::uuid IS NULL OR marked.count IS NOT NULL
"""

# The outcome of a batch, in one statement: the fenced chunk row feeds the submissions and the messages.
# seqs and ids belong together, ids joined by line feeds; `keys` are the ids in the form that reports are
# compared in, NULL when that is the id itself; `parts` is NULL when every message had one. Parts of one
# message repeat its seq. A message to which the carrier gave no id is marked as sent, and that is all.
# `still` is the end of what stays open, NULL when nothing does, and `ahead` the same with the next batch: its intent is
# committed with these outcomes, which saves a commit a batch, and the lane's mark is counted up as in INTEND.
# `known` is how many messages of the chunk were known before, and `submitted` after it: a record that is tried again,
# because nobody knows whether it was committed, must not be written twice, nor close the batch behind it (`hi`).
RECORD = f"""
WITH goes AS MATERIALIZED (
    SELECT %(ahead)s::int IS NOT NULL AND {GOES_ON} AS on
), fence AS (
    UPDATE <chunk> SET next_seq = %(next_seq)s, submitted = coalesce(%(submitted)s::int, submitted),
        batch_hi = CASE WHEN goes.on THEN %(ahead)s::int ELSE %(still)s::int END,
        state = CASE WHEN %(next_seq)s >= hi THEN 2 ELSE 1 END
    FROM goes
    WHERE task_id = %(task_id)s AND n = %(n)s AND owner = %(owner)s AND attempt = %(attempt)s AND state = 1
      AND batch_hi = coalesce(%(hi)s, batch_hi) AND submitted = coalesce(%(known)s, submitted)
    RETURNING goes.on AS opened
), kept AS (
    INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id)
    SELECT hashtextextended(coalesce(u.key, u.id), %(carrier_id)s), %(task_id)s, u.seq, coalesce(u.part, 0),
           %(carrier_id)s, u.id
    FROM fence, unnest(%(seqs)s::int[], %(parts)s::smallint[], string_to_array(%(ids)s, E'\\n'),
                       string_to_array(%(keys)s, E'\\n')) AS u (seq, part, id, key)
    WHERE u.id <> ''
), {SENT}, marked AS (
    UPDATE stamp SET count = count + 1
    FROM fence WHERE fence.opened AND run = %(run)s AND lane = %(lane)s
    RETURNING count
)
SELECT fence.opened, marked.count FROM fence LEFT JOIN marked ON true
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


def marking(lane: Lane | None) -> dict[str, Any]:
    """The parameters of a lane's mark; without a lane nothing is marked."""
    run, number = lane or (None, None)
    return {"run": run, "lane": number}


async def intend(
    conn: Connection,
    chunk: Chunk,
    owner: int,
    batch_hi: int,
    lane: Lane | None = None,
    *,
    was_hi: int | None = None,
) -> Intent | None:
    """Commit that messages below `batch_hi` may be sent from now on; None: stop, send nothing.

    `was_hi` is the end of what is open already, None when nothing is. The lane's mark has to be noted outside of the
    store before anything is sent; without a lane nothing may be.
    """
    params = fence(chunk, owner) | marking(lane) | {"batch_hi": batch_hi, "was_hi": was_hi}
    row = await (await conn.execute(within(INTEND, chunk.task_id), params)).fetchone()
    return Intent(row[0]) if row else None


class BatchRecord(NamedTuple):
    """What became of messages: accepted parts with their ids, parts of long messages, other results.

    `next_seq` is the first message of which nothing is known yet, or the end of the chunk. Sequences of one group
    have equal length. `keys` is None where reports name the id as the response did. `hi` is the end of what is open,
    None for whatever it is; `still` the end of what stays open, None for nothing; `ahead` that end with the batch
    that is to be opened now, if any, by a `lane`. `known` messages of the chunk were known before, None for any
    number, and `submitted` are now.
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
    lane: Lane | None = None
    still: int | None = None
    known: int | None = None
    submitted: int | None = None


class Recorded(NamedTuple):
    """What `record` did: whether it opened the next batch, and the mark that the lane is at with it."""

    opened: bool
    mark: int | None


async def record(
    conn: Connection, chunk: Chunk, owner: int, carrier_id: int, batch: BatchRecord
) -> Recorded | None:
    """Write outcomes, all or nothing, and open the next batch if one is wanted.

    None: the lease was lost, or they were recorded before. Committed when it returns. One statement where every
    message had one part and was accepted.
    """
    params = (
        fence(chunk, owner)
        | marking(batch.lane)
        | {
            "carrier_id": carrier_id,
            "next_seq": batch.next_seq,
            "hi": batch.hi,
            "ahead": batch.ahead,
            "still": batch.still,
            "known": batch.known,
            "submitted": batch.submitted,
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
        if recorded is None:
            return None
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


async def _recorded(conn: Connection, params: dict[str, Any]) -> Recorded | None:
    cursor = await conn.execute(within(RECORD, params["task_id"]), params)
    row = await cursor.fetchone()
    return Recorded(*row) if row else None
