"""SQL of sending: claim a chunk, commit the intent of a window, record what became of it, recover.

A lease is `chunk.owner` + `chunk.attempt`; every statement here that writes is fenced by both. The owner
is a sender process, and it lives as long as it holds an advisory lock: when it dies, however hard, the
server lets go of the lock at once, and `recover` gives its chunks back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from sendmill.message_store.engine.holds import NOT_HELD
from sendmill.message_store.partition_names import within
from sendmill.postgres.arrays import int_array, lines
from sendmill.postgres.connections import Connection
from sendmill.postgres.locks import SENDER_LOCK

CHUNK = 1000  # messages of a chunk and of its tally: message `seq` is counted by tally `seq / 1000`


class LiveTask(NamedTuple):
    """A task that has chunks to send now."""

    id: int
    account_id: int
    priority: int


class Live(NamedTuple):
    """Tasks with chunks to claim by carrier, by priority, then age; carriers that take no new chunk and no further
    window of one, because they are being drained."""

    tasks: dict[int, list[LiveTask]]
    draining: set[int]


class Chunk(NamedTuple):
    """A leased chunk: its fence, and where to go on."""

    task_id: int
    n: int
    attempt: int
    next_seq: int
    hi: int

    @property
    def lease(self) -> Lease:
        """The lease that this is."""
        return Lease(self.task_id, self.n, self.attempt)


class Lease(NamedTuple):
    """What tells one lease of a chunk from every other one."""

    task_id: int
    n: int
    attempt: int


class Mark(NamedTuple):
    """What an intent is marked with: the run of the sender, a lane of it, and how many marks that lane is at."""

    run: UUID
    lane: int
    reached: int


class Recipient(NamedTuple):
    """One message to send."""

    seq: int
    number: int
    variables: list[str] | None


# Tasks that have something to send over these carriers, and the carriers that take nothing new, being drained. One
# statement for all binds of a process. What only awaits reports is passed over by the partial index task_unsent, done
# chunks by chunk_unsent. The chunks of a routed task name their carriers, those of any other have the task's.
LIVE_TASKS = f"""
SELECT k.id, t.id, t.account_id, t.priority
FROM carrier k JOIN task t ON t.carrier_id = k.id OR t.routed
WHERE k.id = ANY(%(carriers)s::bigint[]) AND NOT k.draining
  AND t.status = 'executing' AND t.sent_at IS NULL AND NOT t.paused AND t.import_state = 'imported'
  AND (t.closes_at IS NULL OR (now() >= t.opens_at AND now() < t.closes_at))
  AND {NOT_HELD.format(task="t")}
  AND EXISTS (SELECT 1 FROM chunk c WHERE c.task_id = t.id AND c.state = 0
              AND coalesce(c.carrier_id, t.carrier_id) = k.id)
  AND NOT EXISTS (SELECT FROM task_fault f WHERE f.task_id = t.id AND f.carrier_id = k.id AND f.retry_at > now())
UNION ALL
SELECT k.id, NULL, NULL, NULL FROM carrier k WHERE k.id = ANY(%(carriers)s::bigint[]) AND k.draining
ORDER BY 4, 2
"""

# The first free chunk of one task. Statements about one task name the partitions <so>: see `within`.
CLAIM = """
UPDATE <chunk> SET state = 1, owner = %(owner)s, attempt = attempt + 1
WHERE task_id = %(task_id)s AND n = (
    SELECT n FROM <chunk> WHERE task_id = %(task_id)s AND state = 0
      AND coalesce(carrier_id = %(carrier_id)s, true)
    ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING task_id, n, attempt, next_seq, hi
"""

# What is still unknown of a chunk: what an earlier owner recorded is skipped.
RECIPIENTS = """
SELECT seq, number, variables FROM <message>
WHERE task_id = %s AND seq >= %s AND seq < %s AND submitted_at IS NULL AND result = 0
ORDER BY seq
"""

# A window may be opened: the task was not paused, is not over or held, and it is not its recipients' night.
GOES_ON = f"""EXISTS (
    SELECT 1 FROM task t WHERE t.id = %(task_id)s AND t.status = 'executing' AND NOT t.paused
    AND (t.closes_at IS NULL OR (now() >= t.opens_at AND now() < t.closes_at))
    AND {NOT_HELD.format(task="t")})"""

# The promise before the first byte: from now on [next_seq, window_hi) may have been sent.
# Nothing opened: the lease was lost, or the task does not go on. The lane's mark is counted up with it; it has to be
# noted outside of the store before anything leaves. No mark: the store does not know this run, and nothing may leave.
INTEND = f"""
WITH opened AS (
    UPDATE <chunk> SET window_hi = %(window_hi)s
    WHERE task_id = %(task_id)s AND n = %(n)s AND owner = %(owner)s AND attempt = %(attempt)s
      AND state = 1 AND window_hi IS NULL AND {GOES_ON}
    RETURNING task_id
), marked AS (
    UPDATE stamp SET count = %(mark)s FROM opened WHERE run = %(run)s AND lane = %(lane)s RETURNING run
)
SELECT (SELECT count(*) FROM opened) = 1 AND (%(run)s::uuid IS NULL OR (SELECT count(*) FROM marked) = 1)
"""

# The outcome of a window, in one statement: the fenced chunk row feeds the submissions and the messages.
# seqs and ids belong together, ids joined by line feeds; `keys` are the ids in the form that reports are
# compared in, NULL when that is the id itself; `parts` is NULL when every message had one. Parts of one
# message repeat its seq. A carrier that gives no id leaves nothing to find a message by: it is marked as
# sent, and that is all. `ahead` is the end of the window that follows: its intent is committed with this one's
# outcome, which saves a commit a window, and the lane's mark is counted up as in INTEND.
# `hi` is the end of the window that this is about: a record that is
# tried again, because nobody knows whether it was committed, must not close the window behind it.
RECORD = f"""
WITH fence AS (
    UPDATE <chunk> SET next_seq = %(next_seq)s,
        window_hi = CASE WHEN {GOES_ON} THEN %(ahead)s::int END,
        state = CASE WHEN %(next_seq)s >= hi THEN 2 ELSE 1 END
    WHERE task_id = %(task_id)s AND n = %(n)s AND owner = %(owner)s AND attempt = %(attempt)s AND state = 1
      AND window_hi = coalesce(%(hi)s, window_hi)
    RETURNING window_hi
), kept AS (
    INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id)
    SELECT hashtextextended(coalesce(u.key, u.id), %(carrier_id)s), %(task_id)s, u.seq, coalesce(u.part, 0),
           %(carrier_id)s, u.id
    FROM fence, unnest(%(seqs)s::int[], %(parts)s::smallint[], string_to_array(%(ids)s, E'\\n'),
                       string_to_array(%(keys)s, E'\\n')) AS u (seq, part, id, key)
    WHERE u.id <> ''
), sent AS (
    UPDATE <message> SET submitted_at = now()
    FROM fence WHERE task_id = %(task_id)s AND seq = ANY(%(seqs)s::int[])
), marked AS (
    UPDATE stamp SET count = %(mark)s
    FROM fence WHERE fence.window_hi IS NOT NULL AND run = %(run)s AND lane = %(lane)s
)
SELECT CASE WHEN window_hi IS NULL THEN 1 ELSE 2 END FROM fence
"""

# Parts of long messages, beside RECORD in the same transaction.
RECORD_PARTS = """
INSERT INTO <part> (task_id, seq, part, result, code, submitted_at)
SELECT %(task_id)s, u.seq, u.part, u.result, u.code, now()
FROM unnest(%(seqs)s::int[], %(parts)s::smallint[], %(results)s::smallint[], %(codes)s::text[])
     AS u (seq, part, result, code)
"""

# What the carrier refused (2) or nobody knows (3), beside RECORD in the same transaction. The rows carry the task,
# so that the task alone is no way to its messages: to the statistics of an empty table it is the shorter one.
RECORD_RESULTS = """
WITH changed AS (
    UPDATE <message> m SET result = u.result, code = u.code, submitted_at = now()
    FROM (SELECT %(task_id)s::bigint AS task_id, seq, result, code
          FROM unnest(%(seqs)s::int[], %(results)s::smallint[], %(codes)s::text[]) AS u (seq, result, code)
          ORDER BY seq) u
    WHERE m.task_id = u.task_id AND m.seq = u.seq AND m.result = 0
    RETURNING m.seq, m.result
), noted AS (
    INSERT INTO <failure> (task_id, seq) SELECT %(task_id)s, seq FROM changed WHERE result = 2
    ON CONFLICT DO NOTHING
)
UPDATE <tally> t SET failed = t.failed + c.failed, uncertain = t.uncertain + c.uncertain
FROM (SELECT count(*) FILTER (WHERE result = 2) AS failed, count(*) FILTER (WHERE result = 3) AS uncertain
      FROM changed) c
WHERE t.task_id = %(task_id)s AND t.n = %(n)s
"""

# Give a chunk back. Only for a caller who knows that nothing of an open window was sent.
RELEASE = """
UPDATE <chunk> SET state = 0, owner = NULL, window_hi = NULL
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

# Abandoned chunks go on. Their open window may or may not have been sent: what is not recorded there
# becomes Uncertain and is never sent again by itself. Tallies are locked by n, as everywhere.
RECOVER = """
WITH dead AS (
    SELECT c.task_id, c.n, c.next_seq, c.window_hi
    FROM unnest(%(task_ids)s::bigint[], %(ns)s::int[], %(attempts)s::int[]) AS u (task_id, n, attempt)
    JOIN chunk c ON c.task_id = u.task_id AND c.n = u.n AND c.attempt = u.attempt AND c.state = 1
    FOR UPDATE OF c SKIP LOCKED
), freed AS (
    UPDATE chunk c SET owner = NULL, window_hi = NULL,
        next_seq = coalesce(d.window_hi, d.next_seq),
        state = CASE WHEN coalesce(d.window_hi, d.next_seq) >= c.hi THEN 2 ELSE 0 END
    FROM dead d WHERE c.task_id = d.task_id AND c.n = d.n
), unknown AS (
    UPDATE message m SET result = 3, code = 'UNCERTAIN', submitted_at = now()
    FROM dead d
    WHERE m.task_id = d.task_id AND m.seq >= d.next_seq AND m.seq < d.window_hi
      AND m.submitted_at IS NULL AND m.result = 0
    RETURNING d.task_id, d.n
), held AS (
    SELECT t.task_id, t.n, u.uncertain
    FROM (SELECT task_id, n, count(*) AS uncertain FROM unknown GROUP BY task_id, n) u
    JOIN tally t ON t.task_id = u.task_id AND t.n = u.n
    ORDER BY t.task_id, t.n FOR UPDATE OF t
), counted AS (
    UPDATE tally t SET uncertain = t.uncertain + h.uncertain
    FROM held h WHERE t.task_id = h.task_id AND t.n = h.n
)
SELECT (SELECT count(*) FROM dead), (SELECT count(*) FROM unknown)
"""


async def live_tasks(conn: Connection, carriers: Collection[int]) -> Live:
    """What there is to send over these carriers now."""
    cursor = await conn.execute(LIVE_TASKS, {"carriers": list(carriers)})
    tasks: dict[int, list[LiveTask]] = {}
    draining = set()
    for carrier_id, *task in await cursor.fetchall():
        if task[0] is None:
            draining.add(carrier_id)
        else:
            tasks.setdefault(carrier_id, []).append(LiveTask(*task))
    return Live(tasks, draining)


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


def marking(mark: Mark | None) -> dict[str, Any]:
    """The parameters of a mark; without one nothing is marked."""
    run, lane, reached = mark or (None, None, None)
    return {"run": run, "lane": lane, "mark": reached}


async def intend(
    conn: Connection, chunk: Chunk, owner: int, window_hi: int, mark: Mark | None = None
) -> bool:
    """Commit that messages below `window_hi` may be sent from now on; False: stop, send nothing.

    The mark has to be noted outside of the store before anything is sent; without one nothing may be.
    """
    params = fence(chunk, owner) | marking(mark) | {"window_hi": window_hi}
    row = await (await conn.execute(within(INTEND, chunk.task_id), params)).fetchone()
    return bool(row and row[0])


class WindowRecord(NamedTuple):
    """What became of a window: accepted parts with their ids, parts of long messages, other results.

    `next_seq` is the first message not yet sent, or the end of the window. Sequences of one group have
    equal length. `keys` is None where reports name the id as the response did. `hi` is the end of the window,
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
    """What `record` did; nothing (false) when the lease was lost or the window had been recorded before."""

    NOTHING = 0
    CLOSED = 1  # no window is open now
    OPENED = 2  # the one behind it is


async def record(
    conn: Connection, chunk: Chunk, owner: int, carrier_id: int, window: WindowRecord
) -> Recorded:
    """Write the outcome of a window and close it, all or nothing, and open the next one if one is wanted.

    Committed when it returns. One statement where every message had one part and was accepted.
    """
    params = (
        fence(chunk, owner)
        | marking(window.mark)
        | {
            "carrier_id": carrier_id,
            "next_seq": window.next_seq,
            "hi": window.hi,
            "ahead": window.ahead,
            "seqs": int_array(window.seqs),
            "parts": int_array(window.parts) if any(window.parts) else None,
            "ids": lines(window.ids) if window.ids else None,
            "keys": lines(window.keys) if window.keys else None,
        }
    )
    if not window.part_rows and not window.result_rows:
        return await _recorded(conn, params)
    async with conn.transaction():
        recorded = await _recorded(conn, params)
        if not recorded:
            return recorded
        if window.part_rows:
            seqs, parts, results, codes = (list(column) for column in zip(*window.part_rows, strict=True))
            await conn.execute(
                within(RECORD_PARTS, chunk.task_id),
                {"task_id": chunk.task_id, "seqs": seqs, "parts": parts, "results": results, "codes": codes},
            )
        if window.result_rows:
            seqs, results, codes = (list(column) for column in zip(*window.result_rows, strict=True))
            await conn.execute(
                within(RECORD_RESULTS, chunk.task_id),
                {"task_id": chunk.task_id, "n": chunk.n, "seqs": seqs, "results": results, "codes": codes},
            )
    return recorded


async def _recorded(conn: Connection, params: dict[str, Any]) -> Recorded:
    cursor = await conn.execute(within(RECORD, params["task_id"]), params)
    row = await cursor.fetchone()
    return Recorded(row[0]) if row else Recorded.NOTHING


async def release(conn: Connection, chunk: Chunk, owner: int) -> None:
    """Give a chunk back of whose open window nothing was sent; nothing happens when the lease was lost."""
    await conn.execute(within(RELEASE, chunk.task_id), fence(chunk, owner))


async def abandoned(conn: Connection, owner: int, held: Collection[Lease]) -> set[Lease]:
    """Leases of senders that do not live, and those of `owner` that are not among `held`.

    The latter come from a connection that broke: the claim was committed, its answer never came.
    """
    cursor = await conn.execute(ABANDONED, {"lock": SENDER_LOCK, "owner": owner})
    return {lease for row in await cursor.fetchall() if (lease := Lease(*row)) not in held}


async def recover(conn: Connection, leases: Collection[Lease]) -> tuple[int, int]:
    """End abandoned leases: (chunks freed, messages that became Uncertain).

    A lease that ended in the meantime, or that is just being written to, is left alone.
    """
    task_ids, ns, attempts = (
        (list(column) for column in zip(*leases, strict=True)) if leases else ([], [], [])
    )
    cursor = await conn.execute(RECOVER, {"task_ids": task_ids, "ns": ns, "attempts": attempts})
    row = await cursor.fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
