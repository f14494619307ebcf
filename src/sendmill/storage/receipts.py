"""SQL of delivery reports: match a batch to its messages, settle them, keep what matches nothing.

Looked up by hash first, then updated by task_id. The rules of what overrides what: a temporary state
(result None) only where there is no final one yet; Failed and Uncertain may become Successful or Failed
by a late report; Successful stays. A report by id about a message that is Not sent proves that an earlier try of
it did leave: it settles it as it does an Uncertain one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

from psycopg.errors import UndefinedTable

from sendmill.storage.arrays import int_array, lines
from sendmill.storage.connections import Connection
from sendmill.storage.partitions import RANGE, within

# Nearly every report is about a message of today or yesterday; the others are looked for once more.
RECENTLY, EVER = "1 day", "1000 years"


class Receipt(NamedTuple):
    """One report as it is stored: `key` is its id in the compared form, `result` None when temporary.

    `raw` is the text as it came. It is kept when the message failed, or had a result (or none that anybody
    knew) before: the others are the many. `number` is who it is about, 0 when it does not say.
    """

    key: str
    result: int | None
    code: str
    raw: str = ""
    number: int = 0


class Orphan(NamedTuple):
    """What came from a carrier and belongs to no known message (yet)."""

    carrier_id: int
    kind: str
    message_id: str | None
    number: int | None
    code: str | None
    result: int | None
    raw: str


# What the ids of a batch of reports mean: place in the batch (from 1), task, seq, part. Of messages that a carrier
# gave the same id, days apart, the latest is meant. OFFSET keeps the look-up by hash a look-up: joined freely, it
# is planned as a hash join over the whole table some day. One sort of the batch costs a third of a sort for every
# report. `age` leaves out the days that a report is hardly about: each would cost a look-up for every report.
LOOK_UP = """
SELECT array_agg(ord), array_agg(task_id), array_agg(seq), array_agg(part) FROM (
    SELECT DISTINCT ON (u.ord) u.ord::int AS ord, s.task_id, s.seq, s.part
    FROM unnest(string_to_array(%(keys)s, E'\\n')) WITH ORDINALITY AS u (key, ord)
    CROSS JOIN LATERAL (
        SELECT task_id, seq, part, submitted_at FROM submission
        WHERE id_hash = hashtextextended(u.key, %(carrier_id)s) AND carrier_id = %(carrier_id)s
          AND submitted_at > now() - %(age)s::interval AND submitted_at < now() + interval '1 hour'
        OFFSET 0) s
    ORDER BY u.ord, s.submitted_at DESC) hit
"""

# What was looked up of one range of tasks. A late report wins over an early one of the same batch, a final one
# over a temporary one, delivered over all. Answers which of the reports are to be kept as they came, and which are
# about another message: a carrier that counts its ids anew names with an old one a message whose window is not
# recorded yet. Such a report changes nothing and has another number, at least in the digits that all ways of writing
# it share.
SETTLE = """
WITH hit AS MATERIALIZED (
    SELECT u.ord, u.task_id, u.seq, nullif(u.result, 0) AS result, u.code, u.number
    FROM unnest(%(ords)s::int[], %(task_ids)s::bigint[], %(seqs)s::int[], %(results)s::smallint[],
                string_to_array(%(codes)s, E'\\n'), %(numbers)s::bigint[])
         AS u (ord, task_id, seq, result, code, number)
), one AS (
    SELECT DISTINCT ON (task_id, seq) task_id, seq, result, code
    FROM hit
    ORDER BY task_id, seq, (result = 1) DESC NULLS LAST, (result IS NOT NULL) DESC, ord DESC
), changed AS (
    UPDATE <message> m SET result = coalesce(o.result, m.result), code = o.code, reported_at = now(),
        submitted_at = coalesce(m.submitted_at, now())
    FROM one o
    WHERE m.task_id = o.task_id AND m.seq = o.seq
      AND CASE WHEN o.result IS NULL THEN m.result = 0
               WHEN o.result = 1 THEN m.result <> 1
               ELSE m.result IN (0, 3, 4) END
    RETURNING m.task_id, m.seq, old.result AS was, new.result AS became
), noted AS (
    INSERT INTO <failure> (task_id, seq) SELECT task_id, seq FROM changed WHERE became = 2 AND was <> 2
    ON CONFLICT DO NOTHING
), mended AS (
    DELETE FROM <failure> f USING changed c
    WHERE c.was = 2 AND c.became = 1 AND f.task_id = c.task_id AND f.seq = c.seq
), delta AS (
    SELECT task_id, seq / 1000 AS n,
           count(*) FILTER (WHERE became = 1) AS successful,
           count(*) FILTER (WHERE became = 2) - count(*) FILTER (WHERE was = 2) AS failed,
           -count(*) FILTER (WHERE was = 3) AS uncertain, -count(*) FILTER (WHERE was = 4) AS not_sent
    FROM changed WHERE was <> became GROUP BY 1, 2
), held AS (
    SELECT t.task_id, t.n, d.successful, d.failed, d.uncertain, d.not_sent
    FROM delta d JOIN <tally> t ON t.task_id = d.task_id AND t.n = d.n
    ORDER BY t.task_id, t.n FOR UPDATE OF t
), counted AS (
    UPDATE <tally> t SET successful = t.successful + h.successful, failed = t.failed + h.failed,
                         uncertain = t.uncertain + h.uncertain, not_sent = t.not_sent + h.not_sent
    FROM held h WHERE t.task_id = h.task_id AND t.n = h.n
)
SELECT array_agg(ord) FILTER (
           WHERE result = 2 OR (task_id, seq) IN (SELECT task_id, seq FROM changed WHERE was IN (2, 3, 4))),
       array_agg(ord) FILTER (
           WHERE number <> 0 AND (task_id, seq) NOT IN (SELECT task_id, seq FROM changed)
             AND (SELECT m.number %% 10000000 <> hit.number %% 10000000 AND m.result IN (1, 2)
                  FROM <message> m WHERE m.task_id = hit.task_id AND m.seq = hit.seq))
FROM hit
"""

# The same of parts of long messages: settle the parts, then the messages they belong to. A message is Failed
# when one part is, Successful when all are; `delivered` counts, so two batches cannot miss each other.
SETTLE_PARTS = """
WITH meant AS MATERIALIZED (
    SELECT u.ord, u.task_id, u.seq, u.part, nullif(u.result, 0) AS result, u.code
    FROM unnest(%(ords)s::int[], %(task_ids)s::bigint[], %(seqs)s::int[], %(parts)s::smallint[],
                %(results)s::smallint[], string_to_array(%(codes)s, E'\\n'))
         AS u (ord, task_id, seq, part, result, code)
), hit AS (
    SELECT DISTINCT ON (task_id, seq, part) task_id, seq, part, result, code, ord FROM meant
    ORDER BY task_id, seq, part, (result = 1) DESC NULLS LAST, (result IS NOT NULL) DESC, ord DESC
), settled AS (
    UPDATE <part> p SET result = coalesce(h.result, p.result), code = h.code, reported_at = now()
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
    UPDATE <message> m SET delivered = m.delivered + w.delivered,
        result = CASE WHEN m.delivered + w.delivered >= m.parts THEN 1
                      WHEN w.failed > 0 THEN 2 ELSE m.result END,
        code = CASE WHEN m.result = 2 AND m.delivered + w.delivered < m.parts THEN m.code ELSE w.code END,
        reported_at = now()
    FROM whole w WHERE m.task_id = w.task_id AND m.seq = w.seq AND m.result <> 1
    RETURNING m.task_id, m.seq, old.result AS was, new.result AS became
), noted AS (
    INSERT INTO <failure> (task_id, seq) SELECT task_id, seq FROM changed WHERE became = 2 AND was <> 2
    ON CONFLICT DO NOTHING
), mended AS (
    DELETE FROM <failure> f USING changed c
    WHERE c.was = 2 AND c.became = 1 AND f.task_id = c.task_id AND f.seq = c.seq
), delta AS (
    SELECT task_id, seq / 1000 AS n,
           count(*) FILTER (WHERE became = 1) AS successful,
           count(*) FILTER (WHERE became = 2) - count(*) FILTER (WHERE was = 2) AS failed,
           -count(*) FILTER (WHERE was = 3) AS uncertain
    FROM changed WHERE was <> became GROUP BY 1, 2
), held AS (
    SELECT t.task_id, t.n, d.successful, d.failed, d.uncertain
    FROM delta d JOIN <tally> t ON t.task_id = d.task_id AND t.n = d.n
    ORDER BY t.task_id, t.n FOR UPDATE OF t
), counted AS (
    UPDATE <tally> t SET successful = t.successful + h.successful, failed = t.failed + h.failed,
                       uncertain = t.uncertain + h.uncertain
    FROM held h WHERE t.task_id = h.task_id AND t.n = h.n
)
SELECT array_agg(ord) FILTER (
           WHERE result = 2
              OR (task_id, seq, part) IN (SELECT task_id, seq, part FROM settled WHERE was IN (2, 3)))
FROM meant
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

# A response that came after its part was given up as unknown. A message of one part goes back from
# Uncertain to sending, or becomes Failed; so does a long one when a part was refused, or none is unknown any more.
LATE = """
WITH kept AS (
    INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id)
    SELECT hashtextextended(%(key)s, %(carrier_id)s), %(task_id)s, %(seq)s, %(part)s, %(carrier_id)s, %(id)s
    WHERE %(result)s = 0
), mended AS (
    UPDATE <part> SET result = %(result)s, code = %(code)s
    WHERE task_id = %(task_id)s AND seq = %(seq)s AND part = %(part)s AND result = 3
    RETURNING part
), changed AS (
    UPDATE <message> SET result = %(result)s, code = %(code)s
    WHERE task_id = %(task_id)s AND seq = %(seq)s AND result = 3
      AND (%(part)s = 0 OR EXISTS (SELECT FROM mended) AND (%(result)s = 2 OR NOT EXISTS (
          SELECT FROM <part> p WHERE p.task_id = %(task_id)s AND p.seq = %(seq)s
            AND p.part <> %(part)s AND p.result = 3)))
    RETURNING task_id, seq, result
), noted AS (
    INSERT INTO <failure> (task_id, seq) SELECT task_id, seq FROM changed WHERE result = 2
    ON CONFLICT DO NOTHING
)
UPDATE <tally> t SET uncertain = t.uncertain - 1, failed = t.failed + (c.result = 2)::int
FROM changed c WHERE t.task_id = c.task_id AND t.n = c.seq / 1000
"""


class Place(NamedTuple):
    """The message, or the part of a long one, that the report at `place` of a batch is about."""

    place: int
    task_id: int
    seq: int
    part: int


async def match(
    conn: Connection, carrier_id: int, receipts: Sequence[Receipt], *, nested: bool = False
) -> set[int]:
    """Settle the messages that a batch of reports is about; committed when it returns.

    In several statements, each of which can be repeated: what happens in between finds the reports
    unacknowledged. Answers the places (0-based) in the batch that matched a message, also one that was removed
    since. `nested` says that a transaction is open, which then commits.
    """
    found = await _look_up(conn, carrier_id, receipts, range(len(receipts)), RECENTLY)
    missing = set(range(len(receipts))).difference(one.place for one in found)
    if missing:
        found += await _look_up(conn, carrier_id, receipts, sorted(missing), EVER)
    kept: set[int] = set()
    others: set[int] = set()
    for parts in (False, True):
        by_range: dict[int, list[Place]] = {}
        for one in found:
            if bool(one.part) == parts:
                by_range.setdefault(one.task_id // RANGE, []).append(one)
        for places in by_range.values():
            told, foreign = await _settle(conn, receipts, places, nested=nested)
            kept.update(told)
            others.update(foreign)
    await keep_reports(conn, carrier_id, [receipts[place] for place in sorted(kept - others)])
    return {one.place for one in found} - others


async def _look_up(
    conn: Connection, carrier_id: int, receipts: Sequence[Receipt], places: Sequence[int], age: str
) -> list[Place]:
    """The messages that the reports at these places are about."""
    keys = lines([receipts[place].key for place in places])
    cursor = await conn.execute(LOOK_UP, {"carrier_id": carrier_id, "keys": keys, "age": age})
    row = await cursor.fetchone()
    if row is None or row[0] is None:
        return []
    return [Place(places[ord_ - 1], *rest) for ord_, *rest in zip(*row, strict=True)]


async def _settle(
    conn: Connection, receipts: Sequence[Receipt], found: Sequence[Place], *, nested: bool
) -> tuple[Sequence[int], Sequence[int]]:
    """Settle what was found of one range of tasks, all of it messages of one part or all of it parts; answers the
    places of the reports to be kept, and of those about another message. What retention has removed is settled for
    good."""
    places, task_ids, seqs, parts = zip(*found, strict=True)
    told = [receipts[place] for place in places]
    columns = {
        "ords": int_array(places),
        "task_ids": int_array(task_ids),
        "seqs": int_array(seqs),
        "parts": int_array(parts),
        "results": int_array([one.result or 0 for one in told]),
        "codes": lines([one.code for one in told]),
        "numbers": int_array([one.number for one in told]),
    }
    statement = within(SETTLE_PARTS if parts[0] else SETTLE, task_ids[0])
    try:
        async with conn.transaction() if nested else nullcontext():
            cursor = await conn.execute(statement, columns)
            row = await cursor.fetchone()
    except UndefinedTable:
        return (), ()
    kept, *others = row or (None, None)
    return kept or (), (others and others[0]) or ()


async def keep_reports(conn: Connection, carrier_id: int, receipts: Sequence[Receipt]) -> None:
    """Keep these reports as they came, with the messages that their ids belong to; the same one once."""
    told = [receipt for receipt in receipts if receipt.raw]
    if told:
        keys, results, codes, raws, _numbers = (list(column) for column in zip(*told, strict=True))
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
    await conn.execute(within(LATE, late.task_id), late._asdict() | {"carrier_id": carrier_id})
