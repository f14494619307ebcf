"""Orphans: stored when they match nothing, and matched again by id, or by number where a crash lost the id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from sendmill.carriers.smpp.report import read_fields
from sendmill.carriers.submit_dates import SubmitClock
from sendmill.message_store.engine.failover import CARRIER_OF
from sendmill.message_store.engine.report_candidates import ReportToMatch
from sendmill.message_store.engine.report_matching import match
from sendmill.message_store.partition_names import across
from sendmill.message_store.result_changes import REPORTED_BY_NUMBER
from sendmill.postgres.connections import Connection

KeysOf = Callable[[Sequence[str]], Sequence[str]]

AT_ONCE = 500

KEEP_ORPHANS = """
INSERT INTO orphan (carrier_id, kind, message_id, number, code, result, raw, other, early, retry_at)
SELECT u.carrier_id, u.kind, u.message_id, u.number, u.code, u.result, u.raw, u.other, u.early,
       CASE WHEN u.kind = 'report' THEN now() + interval '1 s' END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::smallint[], %s::text[], %s::bigint[],
            %s::boolean[]) WITH ORDINALITY
     AS u (carrier_id, kind, message_id, number, code, result, raw, other, early, ord)
ORDER BY u.ord RETURNING id
"""

# Orphans whose time has come, to be tried again by id.
DUE_ORPHANS = """
SELECT id, message_id, number, result, code, raw, other, extract(epoch FROM received_at)::float8 FROM orphan
WHERE carrier_id = %s AND retry_at <= now()
ORDER BY retry_at, id LIMIT %s FOR UPDATE SKIP LOCKED
"""

# Those of these that nobody else is trying and that have not found their message yet.
EARLY_ORPHANS = """
SELECT id, message_id, number, result, code, raw, other, extract(epoch FROM received_at)::float8 FROM orphan
WHERE id = ANY(%s) AND matched_at IS NULL
ORDER BY id FOR UPDATE SKIP LOCKED
"""

# Their batches are recorded: what matches nothing now is not merely early.
NOT_EARLY = "UPDATE orphan SET early = false WHERE id = ANY(%s)"

# What was merely early leaves nothing behind: there is one for every message behind a carrier that answers slowly.
EARLY_MATCHED = "DELETE FROM orphan WHERE id = ANY(%s)"

# The id was lost with a crash: the report still names the number. An Uncertain message is settled by it only
# when it is the only Uncertain one of this carrier with that number, and when these reports name one id only, for one
# number only; else it would be a guess. A report that is older than the task (by clocks a minute apart at most) cannot
# be about it, and one whose id belongs to a message already is about that one. So is a repeated report: the id
# of what was settled here is kept like that of a response.
SETTLE_BY_NUMBER = across(f"""
WITH pair AS MATERIALIZED (
    SELECT o.id, coalesce(o.message_id, '') AS message_id, u.key, o.number, o.result, o.code, o.raw, m.task_id, m.seq,
           count(*) OVER (PARTITION BY o.id) AS messages
    FROM unnest(%(ids)s::bigint[], %(keys)s::text[]) AS u (id, key) JOIN orphan o ON o.id = u.id
    CROSS JOIN LATERAL (
        SELECT m.task_id, m.seq FROM message m JOIN task t ON t.id = m.task_id
        JOIN chunk c ON c.task_id = m.task_id AND c.n = m.seq / 1000
        WHERE m.number = o.number AND m.result = 3 AND m.parts = 1
          AND (t.carrier_id = %(carrier_id)s OR t.routed) AND {CARRIER_OF} = %(carrier_id)s
          AND t.created_at <= o.received_at + interval '1 min'
        LIMIT 2) m
    WHERE o.result IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM submission s
        WHERE s.id_hash = hashtextextended(u.key, %(carrier_id)s) AND s.carrier_id = %(carrier_id)s AND u.key <> '')
      AND NOT EXISTS (
        SELECT FROM message w JOIN chunk k ON k.task_id = w.task_id AND k.n = w.seq / 1000
        WHERE w.number = o.number AND w.result = 0 AND w.submitted_at IS NULL
          AND k.state = 1 AND w.seq < k.batch_hi)
), sure AS (
    SELECT DISTINCT ON (task_id, seq) task_id, seq, result, code, key, message_id
    FROM (SELECT *, min(message_id) OVER message AS one_id, max(message_id) OVER message AS other_id,
                 min(number) OVER id AS one_number, max(number) OVER id AS other_number
          FROM pair WHERE messages = 1
          WINDOW message AS (PARTITION BY task_id, seq), id AS (PARTITION BY key)) p
    WHERE one_id = other_id AND (key = '' OR one_number = other_number)
    ORDER BY task_id, seq, (result = 1) DESC, id DESC
), {REPORTED_BY_NUMBER}, known AS (
    INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id, submitted_at)
    SELECT hashtextextended(key, %(carrier_id)s), task_id, seq, 0, %(carrier_id)s, message_id,
           CASE WHEN submitted_at > now() - interval '1 day' THEN submitted_at ELSE now() END  -- its day is there
    FROM changed WHERE key <> ''
), kept AS (
    INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, result, raw)
    SELECT p.task_id, p.seq, 0, hashtextextended(p.raw, 0), %(carrier_id)s, p.message_id, p.code, p.result, p.raw
    FROM pair p JOIN changed c ON c.task_id = p.task_id AND c.seq = p.seq
    ON CONFLICT DO NOTHING
)
SELECT p.id FROM pair p JOIN changed c ON c.task_id = p.task_id AND c.seq = p.seq
""")

ORPHANS_MATCHED = "UPDATE orphan SET matched_at = now(), retry_at = NULL WHERE id = ANY(%s)"

# Not yet: after 3 s, 10 s, 30 s, 1 min, 2 min … up to about a day, then it stays to be looked at.
ORPHANS_LATER = """
UPDATE orphan SET tries = tries + 1,
    retry_at = now() + interval '1 s' * CASE WHEN tries < 2 THEN (ARRAY[3, 10])[tries + 1]
                                             WHEN tries < 14 THEN 30 * 2 ^ (tries - 2) END
WHERE id = ANY(%s)
"""


# One that cannot even be tried: it is shown, and stands in nobody's way.
GIVE_UP = """
UPDATE orphan SET kind = 'unreadable', retry_at = NULL WHERE id = (
    SELECT id FROM orphan WHERE carrier_id = %s AND retry_at <= now() ORDER BY retry_at, id LIMIT 1)
"""


class Retried(NamedTuple):
    """How many orphans were due and tried, and how many of them found their message."""

    tried: int
    found: int


class Orphan(NamedTuple):
    """What came from a carrier and belongs to no known message (yet).

    `other` is the number at the report's other end. `early` says that batches were open when it came that are not
    recorded yet: it may be about a message of one of these.
    """

    carrier_id: int
    kind: str
    message_id: str | None
    number: int | None
    code: str | None
    result: int | None
    raw: str
    other: int | None = None
    early: bool = False


async def keep_orphans(conn: Connection, orphans: Sequence[Orphan]) -> list[int]:
    """Store what matched nothing; return their ids in this order. Committed when it returns."""
    if not orphans:
        return []
    cursor = await conn.execute(KEEP_ORPHANS, [list(column) for column in zip(*orphans, strict=True)])
    return [row[0] for row in await cursor.fetchall()]


async def give_up_first(conn: Connection, carrier_id: int) -> bool:
    """Keep the orphan that would be tried first as unreadable; False when none is due. Committed when it returns."""
    cursor = await conn.execute(GIVE_UP, (carrier_id,))
    return cursor.rowcount == 1


async def retry_orphans(
    conn: Connection,
    carrier_id: int,
    keys_of: KeysOf,
    clock: SubmitClock | None = None,
    most: int = AT_ONCE,
) -> Retried:
    """Try due orphans again, at most `most`, by id and then by number; all or nothing.

    `keys_of` brings ids as reports write them into the form that they are compared in; `clock` is what is known of
    the carrier's submit dates.
    """
    async with conn.transaction():
        cursor = await conn.execute(DUE_ORPHANS, (carrier_id, most))
        due = await cursor.fetchall()
        if not due:
            return Retried(0, 0)
        found = await _match_again(conn, carrier_id, due, keys_of, clock)
        await conn.execute(ORPHANS_MATCHED, (list(found),))
        await conn.execute(ORPHANS_LATER, ([row[0] for row in due if row[0] not in found],))
    return Retried(len(due), len(found))


async def retry_early(
    conn: Connection,
    carrier_id: int,
    ids: Sequence[int],
    keys_of: KeysOf,
    clock: SubmitClock | None = None,
    *,
    last: Collection[int],
) -> set[int]:
    """Try these orphans again, some batches that were open when they came being recorded; all or nothing.

    Returns the ids of those that found their message, which are gone, or are tried by another. Those of `last`, whose
    batches are all recorded, count as matching nothing from now on.
    """
    async with conn.transaction():
        cursor = await conn.execute(EARLY_ORPHANS, (list(ids),))
        rows = await cursor.fetchall()
        found = await _match_again(conn, carrier_id, rows, keys_of, clock)
        await conn.execute(EARLY_MATCHED, (list(found),))
        # Tried by somebody else: by the times in the store.
        found |= set(ids) - {row[0] for row in rows}
        await conn.execute(NOT_EARLY, ([one for one in last if one not in found],))
    return found


async def _match_again(
    conn: Connection,
    carrier_id: int,
    due: Sequence[tuple[Any, ...]],
    keys_of: KeysOf,
    clock: SubmitClock | None,
) -> set[int]:
    """Match orphans by id and then by number, within a transaction; return the ids of those that matched."""
    keys = [key.replace("\n", " ") for key in keys_of([row[1] or "" for row in due])]
    reports = [_to_match(key, *row[2:]) for key, row in zip(keys, due, strict=True)]
    matched = await match(conn, carrier_id, reports, clock=clock, nested=True) if reports else set()
    found = {due[index][0] for index in matched}
    left = [index for index, row in enumerate(due) if row[0] not in found]
    parameters = {"ids": [due[index][0] for index in left], "keys": [keys[index] for index in left]}
    cursor = await conn.execute(SETTLE_BY_NUMBER, parameters | {"carrier_id": carrier_id})
    found.update([row[0] for row in await cursor.fetchall()])
    return found


def _to_match(
    key: str,
    number: int | None,
    result: int | None,
    code: str | None,
    raw: str,
    other: int | None,
    received: float,
) -> ReportToMatch:
    submitted = read_fields(raw).get("submit date", "")
    return ReportToMatch(key, result, code or "", raw, number or 0, submitted, other or 0, received)
