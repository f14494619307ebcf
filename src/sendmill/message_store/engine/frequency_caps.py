"""Frequency caps: how many messages a mainland number gets in a minute, an hour, a day.

A batch is judged as a whole before its intent: one statement counts what each of its numbers was sent, fails those
that had enough, and notes the others as sent. Tasks of one account are judged one after the other, or two of them would
each see room for the last message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sendmill.message_store.engine.chunks import Chunk, fence
from sendmill.message_store.partition_names import within
from sendmill.message_store.result_changes import CAPPED
from sendmill.message_store.sender_locks import as_int4
from sendmill.postgres.connections import Connection

ACCOUNT_LOCK = 0x5E4D0003  # class of the lock on an account's recent sends


@dataclass(frozen=True)
class Limits:
    """How many messages a number gets; 0 is no limit.

    Of one service type: `burst` in `burst_seconds` and `day` in 24 hours. Of one text: `same_burst` in 59
    seconds and `same_hour` in 59 minutes.
    """

    burst: int
    burst_seconds: int
    day: int
    same_burst: int
    same_hour: int

    def __bool__(self) -> bool:
        return bool(self.burst or self.day or self.same_burst or self.same_hour)


LOCK_ACCOUNT = """
SELECT pg_advisory_xact_lock(%(lock)s::int, (account_id %% 2147483647)::int), account_id
FROM task WHERE id = %(task_id)s
"""

# A number that this task has sent to already was judged before: its lease was lost or its batch throttled.
JUDGE = f"""
WITH fence AS (
    SELECT FROM <chunk>
    WHERE task_id = %(task_id)s AND n = %(n)s AND owner = %(owner)s AND attempt = %(attempt)s
      AND state = 1
    FOR UPDATE
), moment AS MATERIALIZED (
    SELECT coalesce(%(now)s::timestamptz, clock_timestamp()) AS now FROM fence
), judged AS MATERIALIZED (
    SELECT u.seq, u.number, u.content, moment.now, r.known,
        CASE WHEN r.known THEN NULL
             WHEN %(day)s > 0 AND r.day >= %(day)s THEN 'LIMIT'
             WHEN %(burst)s > 0 AND r.burst >= %(burst)s THEN 'TOOFAST'
             WHEN (%(same_burst)s > 0 AND r.same_burst >= %(same_burst)s)
               OR (%(same_hour)s > 0 AND r.same_hour >= %(same_hour)s) THEN 'REPEATED' END AS code
    FROM moment, unnest(%(seqs)s::int[], %(numbers)s::bigint[], %(contents)s::bigint[])
         AS u (seq, number, content)
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(s.task_id = %(task_id)s), false) AS known,
            count(*) FILTER (WHERE s.type = %(type)s) AS day,
            count(*) FILTER (WHERE s.type = %(type)s
                             AND s.at > moment.now - make_interval(secs => %(burst_seconds)s)) AS burst,
            count(*) FILTER (WHERE s.content = u.content AND s.at > moment.now - interval '59 s') AS same_burst,
            count(*) FILTER (WHERE s.content = u.content AND s.at > moment.now - interval '59 min') AS same_hour
        FROM recent_send s
        WHERE s.number = u.number AND s.account_id = %(account_id)s AND s.at > moment.now - interval '24 hours'
    ) r
), {CAPPED}, kept AS (
    INSERT INTO recent_send (account_id, number, task_id, type, content, at)
    SELECT %(account_id)s, number, %(task_id)s, %(type)s, content, now FROM judged
    WHERE code IS NULL AND NOT known
)
SELECT coalesce(array_agg(seq), '{{}}') FROM changed
"""


async def judge(
    conn: Connection,
    chunk: Chunk,
    owner: int,
    kind: int,
    limits: Limits,
    asked: Sequence[tuple[int, int, int]],
    now: datetime | None = None,
) -> set[int]:
    """Judge messages (seq, number, hash of the text) of a leased chunk; committed when it returns.

    Answers the seqs of those that their numbers may not get: they have failed, with the code of the limit.
    The others count from now on. Nothing happens when the lease was lost.
    """
    seqs, numbers, contents = (list(column) for column in zip(*asked, strict=True))
    params: dict[str, Any] = fence(chunk, owner) | asdict(limits)
    params |= {"seqs": seqs, "numbers": numbers, "contents": contents, "type": kind, "now": now}
    async with conn.transaction():
        cursor = await conn.execute(LOCK_ACCOUNT, {"lock": as_int4(ACCOUNT_LOCK), "task_id": chunk.task_id})
        task = await cursor.fetchone()
        if task is None:
            return set()
        cursor = await conn.execute(within(JUDGE, chunk.task_id), params | {"account_id": task[1]})
        row = await cursor.fetchone()
    return set(row[0]) if row else set()
