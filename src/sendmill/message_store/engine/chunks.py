"""Leases of chunks: claim a chunk, read its recipients, release it, recover those of dead senders.

A lease is `chunk.owner` + `chunk.attempt`; every statement that writes to a leased chunk is fenced by both, those of
`batches` too. The owner is a sender process, and it lives as long as it holds an advisory lock: when it dies, however
hard, the server frees the lock at once, and `recover` gives its chunks back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sendmill.message_store.partition_names import across, within
from sendmill.message_store.result_changes import CHUNK as CHUNK
from sendmill.message_store.result_changes import LEFT_OPEN
from sendmill.message_store.sender_locks import SENDER_LOCK
from sendmill.postgres.arrays import int_array
from sendmill.postgres.connections import Connection


class Chunk(NamedTuple):
    """A leased chunk: its fence, where to go on, and how many of its messages from `lo` on are known."""

    task_id: int
    n: int
    attempt: int
    next_seq: int
    hi: int
    lo: int
    submitted: int
    tripped: bool = False  # a breaker keeps its carrier from it: a probe may be sent, no more

    @property
    def lease(self) -> Lease:
        """The lease that this is."""
        return Lease(self.task_id, self.n, self.attempt)


class Lease(NamedTuple):
    """The identity of one lease of a chunk."""

    task_id: int
    n: int
    attempt: int


class Recipient(NamedTuple):
    """One message to send."""

    seq: int
    number: int
    variables: list[str] | None


# The first free chunk of one task. Statements about one task name the partitions <so>: see `within`.
CLAIM = """
UPDATE <chunk> SET state = 1, owner = %(owner)s, attempt = attempt + 1
WHERE task_id = %(task_id)s AND n = (
    SELECT n FROM <chunk> WHERE task_id = %(task_id)s AND state = 0
      AND coalesce(carrier_id = %(carrier_id)s, true)
    ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING task_id, n, attempt, next_seq, hi, lo, submitted,
    EXISTS (SELECT FROM task_breaker b WHERE b.task_id = %(task_id)s AND b.released_at IS NULL
            AND b.carrier_id = coalesce(%(carrier_id)s, b.carrier_id))
"""

# What is still unknown of a chunk: what an earlier owner recorded is skipped.
RECIPIENTS = """
SELECT seq, number, variables FROM <message>
WHERE task_id = %s AND seq >= %s AND seq < %s AND submitted_at IS NULL AND result = 0
ORDER BY seq
"""

# Give a chunk back. Only for a caller who knows that nothing of an open batch was sent.
RELEASE = """
UPDATE <chunk> SET state = 0, owner = NULL, batch_hi = NULL
WHERE task_id = %(task_id)s AND n = %(n)s AND owner = %(owner)s AND attempt = %(attempt)s AND state = 1
"""

# Leases that nobody works on, as far as the database can tell: of senders that no longer hold their lock,
# and all of one's own, from which the caller takes away those that it is working on.
ABANDONED = """
WITH living AS (
    SELECT objid::integer AS id FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %(lock)s::bigint::oid AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT c.task_id, c.n, c.attempt FROM task t JOIN chunk c ON c.task_id = t.id
WHERE t.status = 'executing' AND t.sent_at IS NULL AND c.state = 1
  AND (c.owner = %(owner)s OR c.owner NOT IN (SELECT id FROM living))
"""

# Abandoned chunks go on. What is not recorded of their open batches may or may not have been sent: it becomes Uncertain
# and is never sent again by itself, but for what is known not to have left (`written` has the seqs that may have, NULL
# for all), which is sent when its chunk goes on. Tallies are locked by n, as everywhere.
RECOVER = across(f"""
WITH dead AS (
    SELECT c.task_id, c.n, c.next_seq, c.batch_hi, u.written::int[] AS written
    FROM unnest(%(task_ids)s::bigint[], %(ns)s::int[], %(attempts)s::int[], %(written)s::text[])
         AS u (task_id, n, attempt, written)
    JOIN chunk c ON c.task_id = u.task_id AND c.n = u.n AND c.attempt = u.attempt AND c.state = 1
    FOR UPDATE OF c SKIP LOCKED
), lost AS (
    SELECT d.task_id, d.n, count(*)::int AS count
    FROM dead d JOIN message m
      ON m.task_id = d.task_id AND m.seq >= d.next_seq AND m.seq < d.batch_hi
    WHERE m.submitted_at IS NULL AND m.result = 0 AND (d.written IS NULL OR m.seq = ANY(d.written))
    GROUP BY d.task_id, d.n
), freed AS (
    UPDATE chunk c SET owner = NULL, batch_hi = NULL,
        submitted = c.submitted + coalesce((SELECT l.count FROM lost l WHERE l.task_id = d.task_id AND l.n = d.n), 0),
        next_seq = CASE WHEN d.written IS NULL THEN coalesce(d.batch_hi, d.next_seq) ELSE d.next_seq END,
        state = CASE WHEN d.written IS NULL AND coalesce(d.batch_hi, d.next_seq) >= c.hi THEN 2 ELSE 0 END
    FROM dead d WHERE c.task_id = d.task_id AND c.n = d.n
), {LEFT_OPEN}
SELECT (SELECT count(*) FROM dead), (SELECT count(*) FROM changed)
""")


async def claim(conn: Connection, owner: int, task_id: int, carrier_id: int | None = None) -> Chunk | None:
    """Lease the first free chunk of a task, of those that go over a carrier; None when it has none."""
    cursor = await conn.execute(
        within(CLAIM, task_id), {"owner": owner, "task_id": task_id, "carrier_id": carrier_id}
    )
    row = await cursor.fetchone()
    return Chunk(*row) if row else None


async def recipients(conn: Connection, chunk: Chunk) -> list[Recipient]:
    """What is still to be sent of a chunk, by seq."""
    cursor = conn.cursor(binary=True)
    await cursor.execute(within(RECIPIENTS, chunk.task_id), (chunk.task_id, chunk.next_seq, chunk.hi))
    return [Recipient._make(row) for row in await cursor.fetchall()]


def fence(chunk: Chunk, owner: int) -> dict[str, Any]:
    """The parameters that every write to a leased chunk is bound to."""
    return {"task_id": chunk.task_id, "n": chunk.n, "attempt": chunk.attempt, "owner": owner}


async def release(conn: Connection, chunk: Chunk, owner: int) -> None:
    """Give a chunk back of whose open batch nothing was sent; nothing happens when the lease was lost."""
    await conn.execute(within(RELEASE, chunk.task_id), fence(chunk, owner))


async def abandoned(conn: Connection, owner: int, held: Collection[Lease]) -> set[Lease]:
    """Leases of senders that do not live, and those of `owner` that are not among `held`.

    The latter come from a connection that broke: the claim was committed, its answer never came.
    """
    cursor = await conn.execute(ABANDONED, {"lock": SENDER_LOCK, "owner": owner})
    return {lease for row in await cursor.fetchall() if (lease := Lease(*row)) not in held}


async def recover(
    conn: Connection, leases: Collection[Lease], written: Mapping[Lease, Collection[int]] | None = None
) -> tuple[int, int]:
    """End abandoned leases: (chunks freed, messages that became Uncertain).

    `written` has, of leases of which that is known, the only messages of which a byte may have left. A lease that
    ended in the meantime, or that is just being written to, is left alone.
    """
    told = written or {}
    rows = [(*lease, int_array(list(told[lease])) if lease in told else None) for lease in leases]
    task_ids, ns, attempts, seqs = (
        (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    )
    cursor = await conn.execute(
        RECOVER, {"task_ids": task_ids, "ns": ns, "attempts": attempts, "written": seqs}
    )
    row = await cursor.fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
