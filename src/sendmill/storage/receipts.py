"""SQL of delivery reports: match a batch to its messages, settle them, keep what matches nothing.

Looked up by hash first, then updated by task_id. The rules of what overrides what: a temporary state
(result None) only where there is no final one yet; Failed and Uncertain may become Successful or Failed
by a late report; Successful stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from psycopg import AsyncConnection

from sendmill.storage.arrays import int_array, lines
from sendmill.storage.moves import CARRIER_OF

Connection = AsyncConnection[tuple[Any, ...]]
KeysOf = Callable[[Sequence[str]], Sequence[str]]


# Nearly every report is about a message of today or yesterday; the others are looked for once more.
RECENTLY, EVER = "1 day", "1000 years"


class Receipt(NamedTuple):
    """One report as it is stored: `key` is its id in the compared form, `result` None when temporary.

    `raw` is the text as it came. It is kept when the message failed, or had a result (or none that anybody
    knew) before: the others are the many.
    """

    key: str
    result: int | None
    code: str
    raw: str = ""


class Orphan(NamedTuple):
    """What came from a carrier and belongs to no known message (yet)."""

    carrier_id: int
    kind: str
    message_id: str | None
    number: int | None
    code: str | None
    result: int | None
    raw: str


# A batch of reports. `ord` is the place in the batch; the answer lists the places that matched, and
# which of those are parts of long messages, and which reports are to be kept as they came. Of messages that a
# carrier gave the same id, days apart, the latest is meant. A late report wins over an early one of the same
# batch, a final one over a temporary one, delivered over all. OFFSET keeps the look-up by hash a look-up:
# joined freely, it is planned as a hash join over the whole table some day. One sort of the batch costs a
# third of a sort for every report. `age` leaves out the days that a report is hardly about: each would cost
# a look-up for every report.
MATCH = """
WITH report AS (
    SELECT u.ord, hashtextextended(u.key, %(carrier_id)s) AS id_hash, nullif(u.result, 0) AS result, u.code
    FROM unnest(string_to_array(%(keys)s, E'\\n'), %(results)s::smallint[], string_to_array(%(codes)s, E'\\n'))
         WITH ORDINALITY AS u (key, result, code, ord)
), hit AS MATERIALIZED (
    SELECT DISTINCT ON (r.ord) r.ord, r.result, r.code, s.task_id, s.seq, s.part
    FROM report r CROSS JOIN LATERAL (
        SELECT task_id, seq, part, submitted_at FROM submission
        WHERE id_hash = r.id_hash AND carrier_id = %(carrier_id)s
          AND submitted_at > now() - %(age)s::interval AND submitted_at < now() + interval '1 hour'
        OFFSET 0) s
    ORDER BY r.ord, s.submitted_at DESC
), one AS (
    SELECT DISTINCT ON (task_id, seq) task_id, seq, result, code
    FROM hit WHERE part = 0
    ORDER BY task_id, seq, (result = 1) DESC NULLS LAST, (result IS NOT NULL) DESC, ord DESC
), changed AS (
    UPDATE message m SET result = coalesce(o.result, m.result), code = o.code, reported_at = now()
    FROM one o
    WHERE m.task_id = o.task_id AND m.seq = o.seq
      AND CASE WHEN o.result IS NULL THEN m.result = 0
               WHEN o.result = 1 THEN m.result <> 1
               ELSE m.result IN (0, 3) END
    RETURNING m.task_id, m.seq, old.result AS was, new.result AS became
), noted AS (
    INSERT INTO failure (task_id, seq) SELECT task_id, seq FROM changed WHERE became = 2 AND was <> 2
    ON CONFLICT DO NOTHING
), mended AS (
    DELETE FROM failure f USING changed c
    WHERE c.was = 2 AND c.became = 1 AND f.task_id = c.task_id AND f.seq = c.seq
), delta AS (
    SELECT task_id, seq / 1000 AS n,
           count(*) FILTER (WHERE became = 1) AS successful,
           count(*) FILTER (WHERE became = 2) - count(*) FILTER (WHERE was = 2) AS failed,
           -count(*) FILTER (WHERE was = 3) AS uncertain
    FROM changed WHERE was <> became GROUP BY 1, 2
), held AS (
    SELECT t.task_id, t.n, d.successful, d.failed, d.uncertain
    FROM delta d JOIN tally t ON t.task_id = d.task_id AND t.n = d.n
    ORDER BY t.task_id, t.n FOR UPDATE OF t
), counted AS (
    UPDATE tally t SET successful = t.successful + h.successful, failed = t.failed + h.failed,
                       uncertain = t.uncertain + h.uncertain
    FROM held h WHERE t.task_id = h.task_id AND t.n = h.n
)
SELECT array_agg(ord::int), array_agg(ord::int) FILTER (WHERE part > 0),
       array_agg(ord::int) FILTER (
           WHERE result = 2 OR (task_id, seq) IN (SELECT task_id, seq FROM changed WHERE was IN (2, 3)))
FROM hit
"""

# Parts of long messages: settle the parts, then the messages they belong to. A message is Failed when
# one part is, Successful when all are; `delivered` counts, so two batches cannot miss each other.
MATCH_PARTS = """
WITH report AS (
    SELECT u.ord, hashtextextended(u.key, %(carrier_id)s) AS id_hash, nullif(u.result, 0) AS result, u.code
    FROM unnest(string_to_array(%(keys)s, E'\\n'), %(results)s::smallint[], string_to_array(%(codes)s, E'\\n'))
         WITH ORDINALITY AS u (key, result, code, ord)
), meant AS MATERIALIZED (
    SELECT DISTINCT ON (r.ord) r.ord, r.result, r.code, s.task_id, s.seq, s.part
    FROM report r CROSS JOIN LATERAL (
        SELECT task_id, seq, part, submitted_at FROM submission
        WHERE id_hash = r.id_hash AND carrier_id = %(carrier_id)s
          AND submitted_at > now() - %(age)s::interval AND submitted_at < now() + interval '1 hour'
        OFFSET 0) s
    ORDER BY r.ord, s.submitted_at DESC
), hit AS (
    SELECT DISTINCT ON (task_id, seq, part) task_id, seq, part, result, code, ord FROM meant
    ORDER BY task_id, seq, part, (result = 1) DESC NULLS LAST, (result IS NOT NULL) DESC, ord DESC
), settled AS (
    UPDATE part p SET result = coalesce(h.result, p.result), code = h.code, reported_at = now()
    FROM hit h
    WHERE p.task_id = h.task_id AND p.seq = h.seq AND p.part = h.part
      AND CASE WHEN h.result IS NULL THEN p.result = 0
               WHEN h.result = 1 THEN p.result <> 1
               ELSE p.result IN (0, 3) END
    RETURNING p.task_id, p.seq, p.part, p.code, old.result AS was, new.result AS became
), whole AS (
    SELECT task_id, seq,
           count(*) FILTER (WHERE became = 1 AND was <> 1)::int AS delivered,
           count(*) FILTER (WHERE became = 2)::int AS failed,
           count(*) FILTER (WHERE became IN (1, 2))::int AS final,
           (array_agg(code ORDER BY became = 2 DESC, part DESC))[1] AS code
    FROM settled GROUP BY task_id, seq
), changed AS (
    UPDATE message m SET delivered = m.delivered + w.delivered,
        result = CASE WHEN m.delivered + w.delivered >= m.parts THEN 1
                      WHEN w.failed > 0 THEN 2 ELSE m.result END,
        code = CASE WHEN m.result = 2 AND m.delivered + w.delivered < m.parts THEN m.code ELSE w.code END,
        reported_at = now()
    FROM whole w WHERE m.task_id = w.task_id AND m.seq = w.seq AND m.result <> 1
    RETURNING m.task_id, m.seq, old.result AS was, new.result AS became
), noted AS (
    INSERT INTO failure (task_id, seq) SELECT task_id, seq FROM changed WHERE became = 2 AND was <> 2
    ON CONFLICT DO NOTHING
), mended AS (
    DELETE FROM failure f USING changed c
    WHERE c.was = 2 AND c.became = 1 AND f.task_id = c.task_id AND f.seq = c.seq
), delta AS (
    SELECT task_id, seq / 1000 AS n,
           count(*) FILTER (WHERE became = 1) AS successful,
           count(*) FILTER (WHERE became = 2) - count(*) FILTER (WHERE was = 2) AS failed,
           -count(*) FILTER (WHERE was = 3) AS uncertain
    FROM changed WHERE was <> became GROUP BY 1, 2
), held AS (
    SELECT t.task_id, t.n, d.successful, d.failed, d.uncertain
    FROM delta d JOIN tally t ON t.task_id = d.task_id AND t.n = d.n
    ORDER BY t.task_id, t.n FOR UPDATE OF t
), counted AS (
    UPDATE tally t SET successful = t.successful + h.successful, failed = t.failed + h.failed,
                       uncertain = t.uncertain + h.uncertain
    FROM held h WHERE t.task_id = h.task_id AND t.n = h.n
)
SELECT array_agg(ord::int) FILTER (
           WHERE (task_id, seq, part) IN (SELECT task_id, seq, part FROM settled WHERE was IN (2, 3)))
FROM hit
"""

# Reports as they came, of the messages whose history somebody will ask for. The same one twice is one.
KEEP_REPORTS = """
INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, result, raw)
SELECT s.task_id, s.seq, s.part, hashtextextended(u.raw, 0), %(carrier_id)s, s.message_id, u.code, u.result, u.raw
FROM unnest(%(keys)s::text[], %(results)s::smallint[], %(codes)s::text[], %(raws)s::text[])
     AS u (key, result, code, raw)
CROSS JOIN LATERAL (
    SELECT task_id, seq, part, message_id FROM submission
    WHERE id_hash = hashtextextended(u.key, %(carrier_id)s) AND carrier_id = %(carrier_id)s
    ORDER BY submitted_at DESC LIMIT 1) s
ON CONFLICT DO NOTHING
"""

KEEP_ORPHANS = """
INSERT INTO orphan (carrier_id, kind, message_id, number, code, result, raw, retry_at)
SELECT u.carrier_id, u.kind, u.message_id, u.number, u.code, u.result, u.raw,
       CASE WHEN u.kind = 'report' THEN now() + interval '5 s' END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::smallint[], %s::text[])
     AS u (carrier_id, kind, message_id, number, code, result, raw)
"""

# Orphans whose time has come, to be tried again by id.
DUE_ORPHANS = """
SELECT id, message_id, number, result, code, raw FROM orphan
WHERE carrier_id = %s AND retry_at <= now()
ORDER BY retry_at LIMIT 500 FOR UPDATE SKIP LOCKED
"""

# The id was lost with a crash: the report still names the number. An Uncertain message is settled by it only
# when it is the only Uncertain one of this carrier with that number, and when these reports name one id only;
# else it would be a guess. A report that is older than the task (by clocks a minute apart at most) cannot be
# about it.
SETTLE_BY_NUMBER = f"""
WITH pair AS MATERIALIZED (
    SELECT o.id, coalesce(o.message_id, '') AS message_id, o.result, o.code, o.raw, m.task_id, m.seq,
           count(*) OVER (PARTITION BY o.id) AS messages
    FROM orphan o CROSS JOIN LATERAL (
        SELECT m.task_id, m.seq FROM message m JOIN task t ON t.id = m.task_id
        JOIN chunk c ON c.task_id = m.task_id AND c.n = m.seq / 1000
        WHERE m.number = o.number AND m.result = 3 AND m.parts = 1
          AND (t.carrier_id = %(carrier_id)s OR t.routed) AND {CARRIER_OF} = %(carrier_id)s
          AND t.created_at <= o.received_at + interval '1 min'
        LIMIT 2) m
    WHERE o.id = ANY(%(ids)s) AND o.result IS NOT NULL
), sure AS (
    SELECT DISTINCT ON (task_id, seq) task_id, seq, result, code
    FROM (SELECT *, min(message_id) OVER message AS one_id, max(message_id) OVER message AS other_id
          FROM pair WHERE messages = 1 WINDOW message AS (PARTITION BY task_id, seq)) p
    WHERE one_id = other_id
    ORDER BY task_id, seq, (result = 1) DESC, id DESC
), changed AS (
    UPDATE message m SET result = s.result, code = s.code, reported_at = now()
    FROM sure s
    WHERE m.task_id = s.task_id AND m.seq = s.seq AND m.result = 3
    RETURNING m.task_id, m.seq, m.result
), noted AS (
    INSERT INTO failure (task_id, seq) SELECT task_id, seq FROM changed WHERE result = 2
    ON CONFLICT DO NOTHING
), held AS (
    SELECT t.task_id, t.n, d.successful, d.failed
    FROM (SELECT task_id, seq / 1000 AS n, count(*) FILTER (WHERE result = 1) AS successful,
                 count(*) FILTER (WHERE result = 2) AS failed
          FROM changed GROUP BY 1, 2) d
    JOIN tally t ON t.task_id = d.task_id AND t.n = d.n
    ORDER BY t.task_id, t.n FOR UPDATE OF t
), counted AS (
    UPDATE tally t SET uncertain = t.uncertain - h.successful - h.failed,
        successful = t.successful + h.successful, failed = t.failed + h.failed
    FROM held h WHERE t.task_id = h.task_id AND t.n = h.n
), kept AS (
    INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, result, raw)
    SELECT p.task_id, p.seq, 0, hashtextextended(p.raw, 0), %(carrier_id)s, p.message_id, p.code, p.result, p.raw
    FROM pair p JOIN changed c ON c.task_id = p.task_id AND c.seq = p.seq
    ON CONFLICT DO NOTHING
)
SELECT p.id FROM pair p JOIN changed c ON c.task_id = p.task_id AND c.seq = p.seq
"""

# A response that came after its part was given up as unknown. A message of one part goes back from
# Uncertain to sending, or becomes Failed; of a long one only the part is mended, its reports do the rest.
LATE = """
WITH kept AS (
    INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id)
    SELECT hashtextextended(%(key)s, %(carrier_id)s), %(task_id)s, %(seq)s, %(part)s, %(carrier_id)s, %(id)s
    WHERE %(result)s = 0
), mended AS (
    UPDATE part SET result = %(result)s, code = %(code)s
    WHERE task_id = %(task_id)s AND seq = %(seq)s AND part = %(part)s AND result = 3
), changed AS (
    UPDATE message SET result = %(result)s, code = %(code)s
    WHERE task_id = %(task_id)s AND seq = %(seq)s AND result = 3 AND %(part)s = 0
    RETURNING task_id, seq, result
), noted AS (
    INSERT INTO failure (task_id, seq) SELECT task_id, seq FROM changed WHERE result = 2
    ON CONFLICT DO NOTHING
)
UPDATE tally t SET uncertain = t.uncertain - 1, failed = t.failed + (c.result = 2)::int
FROM changed c WHERE t.task_id = c.task_id AND t.n = c.seq / 1000
"""

ORPHANS_MATCHED = "UPDATE orphan SET matched_at = now(), retry_at = NULL WHERE id = ANY(%s)"

# Not yet: 10 s, 20 s, 40 s … up to about a day, then it stays to be looked at.
ORPHANS_LATER = """
UPDATE orphan SET tries = tries + 1,
    retry_at = CASE WHEN tries < 14 THEN now() + interval '5 s' * 2 ^ (tries + 1) END
WHERE id = ANY(%s)
"""


async def match(conn: Connection, carrier_id: int, receipts: Sequence[Receipt]) -> set[int]:
    """Settle the messages that a batch of reports is about; committed when it returns.

    Messages of one part and long ones in two statements, each of which can be repeated: what happens in
    between finds the reports unacknowledged. Answers the places (0-based) in the batch that matched a message.
    """
    found = await _match_within(conn, carrier_id, receipts, RECENTLY)
    left = [place for place in range(len(receipts)) if place not in found]
    if left:
        later = await _match_within(conn, carrier_id, [receipts[place] for place in left], EVER)
        found |= {left[place] for place in later}
    return found


async def _match_within(conn: Connection, carrier_id: int, receipts: Sequence[Receipt], age: str) -> set[int]:
    cursor = await conn.execute(MATCH, _columns(carrier_id, receipts, age))
    row = await cursor.fetchone()
    matched, of_parts, told = row if row else (None, None, None)
    kept = {place - 1 for place in told or ()}
    if of_parts:
        places = sorted(place - 1 for place in of_parts)
        chosen = [receipts[place] for place in places]
        cursor = await conn.execute(MATCH_PARTS, _columns(carrier_id, chosen, age))
        row = await cursor.fetchone()
        kept |= {places[place - 1] for place in (row and row[0]) or ()}
    await keep_reports(conn, carrier_id, [receipts[place] for place in sorted(kept)])
    return {place - 1 for place in matched or ()}


def _columns(carrier_id: int, receipts: Sequence[Receipt], age: str) -> dict[str, Any]:
    keys, results, codes, _raws = zip(*receipts, strict=True) if receipts else ((), (), (), ())
    return {
        "carrier_id": carrier_id,
        "keys": lines(keys),
        "results": int_array([result or 0 for result in results]),
        "codes": lines(codes),
        "age": age,
    }


async def keep_reports(conn: Connection, carrier_id: int, receipts: Sequence[Receipt]) -> None:
    """Keep these reports as they came, with the messages that their ids belong to; the same one once."""
    told = [receipt for receipt in receipts if receipt.raw]
    if told:
        keys, results, codes, raws = (list(column) for column in zip(*told, strict=True))
        params = {"carrier_id": carrier_id, "keys": keys, "results": results, "codes": codes, "raws": raws}
        await conn.execute(KEEP_REPORTS, params)


async def keep_orphans(conn: Connection, orphans: Sequence[Orphan]) -> None:
    """Store what matched nothing; committed when it returns."""
    if orphans:
        await conn.execute(KEEP_ORPHANS, [list(column) for column in zip(*orphans, strict=True)])


class LateResponse(NamedTuple):
    """What a late response said: part 0 for a message of one part; `result` 0 accepted, 2 refused."""

    task_id: int
    seq: int
    part: int
    id: str
    key: str
    result: int
    code: str | None


async def settle_late(conn: Connection, carrier_id: int, late: LateResponse) -> None:
    """Write a late response; committed when it returns."""
    await conn.execute(LATE, late._asdict() | {"carrier_id": carrier_id})


async def retry_orphans(conn: Connection, carrier_id: int, keys_of: KeysOf) -> int:
    """Try due orphans again, by id and then by number; how many found their message.

    `keys_of` brings ids as reports write them into the form that they are compared in.
    """
    async with conn.transaction():
        cursor = await conn.execute(DUE_ORPHANS, (carrier_id,))
        due = await cursor.fetchall()
        if not due:
            return 0
        found: set[int] = set()
        by_id = [row for row in due if row[1]]
        if by_id:
            keys = keys_of([row[1] for row in by_id])
            receipts = [
                Receipt(key, row[3], row[4] or "", row[5]) for key, row in zip(keys, by_id, strict=True)
            ]
            found = {by_id[place][0] for place in await match(conn, carrier_id, receipts)}
        left = [row[0] for row in due if row[0] not in found]
        cursor = await conn.execute(SETTLE_BY_NUMBER, {"ids": left, "carrier_id": carrier_id})
        found.update([row[0] for row in await cursor.fetchall()])
        await conn.execute(ORPHANS_MATCHED, (list(found),))
        await conn.execute(ORPHANS_LATER, ([row[0] for row in due if row[0] not in found],))
    return len(found)
