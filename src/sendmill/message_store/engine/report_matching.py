"""SQL of delivery reports: match a batch to its messages, settle them, keep what matches nothing.

Looked up by hash first (`report_candidates`), then updated by task_id, where the number of the message agrees with
that of the report (`number_agreement`). The rules of what overrides what: a temporary state (result None) only where
there is no final one yet; Failed and Uncertain may become Successful or Failed by a late report; Successful stays. A
report by id about a message that is Not sent proves that an earlier try of it did leave: it settles it as it does an
Uncertain one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

from psycopg.errors import UndefinedTable

from sendmill.carriers.submit_dates import OBSERVED, SubmitClock
from sendmill.message_store.engine.number_agreement import agreeing
from sendmill.message_store.engine.report_candidates import EVER, RECENTLY, Chosen, Receipt, awaited, find
from sendmill.message_store.partition_names import RANGE, within
from sendmill.postgres.arrays import int_array, lines
from sendmill.postgres.connections import Connection


class Orphan(NamedTuple):
    """What came from a carrier and belongs to no known message (yet)."""

    carrier_id: int
    kind: str
    message_id: str | None
    number: int | None
    code: str | None
    result: int | None
    raw: str


# What was looked up of one range of tasks, all about one message naming one number. A late report wins over an early
# one of the same batch, a final one over a temporary one, delivered over all. What is not `sure` changes no result
# that a message has already. Answers which of the reports are to be kept as they came; which have another number than
# their message, and changed nothing; and which were not sure enough to change a result.
SETTLE = f"""
WITH hit AS MATERIALIZED (
    SELECT u.ord, u.task_id, u.seq, nullif(u.result, 0) AS result, u.code, u.number, u.sure
    FROM unnest(%(ords)s::int[], %(task_ids)s::bigint[], %(seqs)s::int[], %(results)s::smallint[],
                string_to_array(%(codes)s, E'\\n'), %(numbers)s::bigint[], %(sure)s::boolean[])
         AS u (ord, task_id, seq, result, code, number, sure)
), one AS (
    SELECT DISTINCT ON (task_id, seq) task_id, seq, result, code, number, sure
    FROM hit
    ORDER BY task_id, seq, (result = 1) DESC NULLS LAST, (result IS NOT NULL) DESC, ord DESC
), changed AS (
    UPDATE <message> m SET result = coalesce(o.result, m.result), code = o.code, reported_at = now(),
        submitted_at = CASE WHEN o.result IS NULL THEN m.submitted_at ELSE coalesce(m.submitted_at, now()) END
    FROM one o
    WHERE m.task_id = o.task_id AND m.seq = o.seq AND {agreeing("m.number", "o.number")}
      AND CASE WHEN o.result IS NULL THEN m.result = 0
               WHEN o.result = 1 AND o.sure THEN m.result <> 1
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
             AND (SELECT NOT {agreeing("m.number", "hit.number")}
                  FROM <message> m WHERE m.task_id = hit.task_id AND m.seq = hit.seq)),
       array_agg(ord) FILTER (
           WHERE NOT sure AND result IS NOT NULL AND (task_id, seq) NOT IN (SELECT task_id, seq FROM changed)
             AND (SELECT m.result IN (1, 2)
                  FROM <message> m WHERE m.task_id = hit.task_id AND m.seq = hit.seq))
FROM hit
"""

# The same of parts of long messages: settle the parts, then the messages they belong to. A message is Failed
# when one part is, Successful when all are; `delivered` counts, so two batches cannot miss each other.
SETTLE_PARTS = f"""
WITH meant AS MATERIALIZED (
    SELECT u.ord, u.task_id, u.seq, u.part, nullif(u.result, 0) AS result, u.code, u.number, u.sure
    FROM unnest(%(ords)s::int[], %(task_ids)s::bigint[], %(seqs)s::int[], %(parts)s::smallint[],
                %(results)s::smallint[], string_to_array(%(codes)s, E'\\n'), %(numbers)s::bigint[],
                %(sure)s::boolean[])
         AS u (ord, task_id, seq, part, result, code, number, sure)
), one AS (
    SELECT DISTINCT ON (task_id, seq, part) task_id, seq, part, result, code, ord, number, sure FROM meant
    ORDER BY task_id, seq, part, (result = 1) DESC NULLS LAST, (result IS NOT NULL) DESC, ord DESC
), hit AS MATERIALIZED (
    SELECT o.* FROM one o CROSS JOIN LATERAL (
        SELECT number FROM <message> WHERE task_id = o.task_id AND seq = o.seq OFFSET 0) m
    WHERE {agreeing("m.number", "o.number")}
), settled AS (
    UPDATE <part> p SET result = coalesce(h.result, p.result), code = h.code, reported_at = now()
    FROM hit h
    WHERE p.task_id = h.task_id AND p.seq = h.seq AND p.part = h.part
      AND CASE WHEN h.result IS NULL THEN p.result = 0
               WHEN h.result = 1 AND h.sure THEN p.result <> 1
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
              OR (task_id, seq, part) IN (SELECT task_id, seq, part FROM settled WHERE was IN (2, 3))),
       array_agg(ord) FILTER (
           WHERE number <> 0 AND (task_id, seq, part) NOT IN (SELECT task_id, seq, part FROM hit)
             AND EXISTS (SELECT FROM <message> m WHERE m.task_id = meant.task_id AND m.seq = meant.seq)),
       array_agg(ord) FILTER (
           WHERE NOT sure AND result IS NOT NULL
             AND (task_id, seq, part) NOT IN (SELECT task_id, seq, part FROM settled)
             AND (SELECT p.result IN (1, 2) FROM <part> p
                  WHERE p.task_id = meant.task_id AND p.seq = meant.seq AND p.part = meant.part))
FROM meant
"""

# Reports as they came, of the messages whose history somebody will ask for. The same one twice is one.
KEEP_REPORTS = """
INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, result, raw)
SELECT u.task_id, u.seq, u.part, hashtextextended(u.raw, 0), %(carrier_id)s, s.message_id, u.code, u.result, u.raw
FROM unnest(%(keys)s::text[], %(results)s::smallint[], %(codes)s::text[], %(raws)s::text[],
            %(task_ids)s::bigint[], %(seqs)s::int[], %(parts)s::smallint[])
     AS u (key, result, code, raw, task_id, seq, part)
CROSS JOIN LATERAL (
    SELECT message_id FROM submission
    WHERE id_hash = hashtextextended(u.key, %(carrier_id)s) AND carrier_id = %(carrier_id)s
      AND task_id = u.task_id AND seq = u.seq AND part = u.part
    LIMIT 1) s
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


class _Settled(NamedTuple):
    """What a statement answered, by the places of reports in their batch: those to be kept as they came, those with
    another number than their message, those that were not sure enough to change a result."""

    kept: set[int]
    foreign: set[int]
    doubtful: set[int]


async def match(
    conn: Connection,
    carrier_id: int,
    receipts: Sequence[Receipt],
    *,
    clock: SubmitClock | None = None,
    keep_all: bool = False,
    nested: bool = False,
) -> set[int]:
    """Settle the messages that a batch of reports is about; committed when it returns.

    In several statements, each of which can be repeated: what happens in between finds the reports
    unacknowledged. Answers the places (0-based) in the batch that matched a message, also one that was removed
    since. `clock` is what is known of the carrier's submit dates, and learns. `keep_all` keeps every report that
    matched as it came. `nested` says that a transaction is open, which then commits.
    """
    clock = clock or SubmitClock()
    left: Sequence[int] = range(len(receipts))
    matched: dict[int, Chosen] = {}
    kept: set[int] = set()
    for age in (RECENTLY, EVER):
        found = await find(conn, carrier_id, receipts, left, clock, age)
        told, unmatched = await _settle_found(conn, receipts, found, nested=nested)
        kept |= told
        matched |= {one.place: one for one in found if one.place not in unmatched}
        left = [place for place in left if place not in matched]
        if not left:
            break
    for one in list(matched.values())[:OBSERVED]:
        if one.only:
            clock.teach(receipts[one.place].submitted, one.at)
    wanted = [one for place, one in sorted(matched.items()) if keep_all or place in kept]
    await _keep_reports(conn, carrier_id, receipts, wanted)
    return set(matched)


async def _settle_found(
    conn: Connection, receipts: Sequence[Receipt], found: Sequence[Chosen], *, nested: bool
) -> tuple[set[int], set[int]]:
    """Settle what was found; answers the places of the reports to be kept, and of those that are about another
    message than the one found."""
    kept, foreign, doubtful = await _settle_all(conn, receipts, found, nested=nested)
    # Some carriers leave the addresses of a report in the order of the message.
    turned = {place for place in foreign if receipts[place].other}
    if turned:
        receipts = [
            one._replace(number=one.other) if place in turned else one for place, one in enumerate(receipts)
        ]
        some = [one for one in found if one.place in turned]
        told, still_foreign, unsure = await _settle_all(conn, receipts, some, nested=nested)
        kept, foreign, doubtful = kept | told, foreign - turned | still_foreign, doubtful - turned | unsure
    doubtful -= foreign
    if doubtful:
        undated = [one for one in found if one.place in doubtful and one.fits is None]
        waits = await awaited(conn, undated) if undated else set()
        certain = [one._replace(sure=True) for one in undated if one.place not in waits]
        kept |= (await _settle_all(conn, receipts, certain, nested=nested)).kept
        doubtful -= {one.place for one in certain}
    unmatched = foreign | doubtful
    return kept - unmatched, unmatched


async def _settle_all(
    conn: Connection, receipts: Sequence[Receipt], found: Sequence[Chosen], *, nested: bool
) -> _Settled:
    """Settle what was found: a statement for the messages of each range, and one for the parts."""
    whole = _Settled(set(), set(), set())
    for round_ in _rounds(receipts, found):
        by_range: dict[tuple[bool, int], list[Chosen]] = {}
        for one in round_:
            by_range.setdefault((bool(one.part), one.task_id // RANGE), []).append(one)
        for _, places in sorted(by_range.items()):
            for answered, some in zip(
                whole, await _settle(conn, receipts, places, nested=nested), strict=True
            ):
                answered.update(some)
    return whole


def _rounds(receipts: Sequence[Receipt], found: Sequence[Chosen]) -> list[list[Chosen]]:
    """The same, so that all of one message in a round name one number: only one of them can be its own."""
    rounds: list[list[Chosen]] = []
    rest = list(found)
    while rest:
        numbers: dict[tuple[int, int, int], int] = {}
        round_: list[Chosen] = []
        later: list[Chosen] = []
        for one in rest:
            number = receipts[one.place].number
            same = numbers.setdefault((one.task_id, one.seq, one.part), number) == number
            (round_ if same else later).append(one)
        rounds.append(round_)
        rest = later
    return rounds


async def _settle(
    conn: Connection, receipts: Sequence[Receipt], found: Sequence[Chosen], *, nested: bool
) -> _Settled:
    """Settle what was found of one range of tasks, all of it messages of one part or all of it parts, each message
    with one number. What retention has removed is settled for good."""
    told = [receipts[one.place] for one in found]
    columns = {
        "ords": int_array([one.place for one in found]),
        "task_ids": int_array([one.task_id for one in found]),
        "seqs": int_array([one.seq for one in found]),
        "parts": int_array([one.part for one in found]),
        "results": int_array([one.result or 0 for one in told]),
        "codes": lines([one.code for one in told]),
        "numbers": int_array([one.number for one in told]),
        "sure": int_array([one.sure for one in found]),
    }
    statement = within(SETTLE_PARTS if found[0].part else SETTLE, found[0].task_id)
    try:
        async with conn.transaction() if nested else nullcontext():
            cursor = await conn.execute(statement, columns)
            row = await cursor.fetchone()
    except UndefinedTable:
        return _Settled(set(), set(), set())
    return _Settled(*(set(places or ()) for places in row or (None, None, None)))


async def _keep_reports(
    conn: Connection, carrier_id: int, receipts: Sequence[Receipt], found: Sequence[Chosen]
) -> None:
    """Keep these reports as they came, with the messages that they are about; the same one once."""
    told = [one for one in found if receipts[one.place].raw]
    if told:
        params = {
            "carrier_id": carrier_id,
            "keys": [receipts[one.place].key for one in told],
            "results": [receipts[one.place].result for one in told],
            "codes": [receipts[one.place].code for one in told],
            "raws": [receipts[one.place].raw for one in told],
            "task_ids": [one.task_id for one in told],
            "seqs": [one.seq for one in told],
            "parts": [one.part for one in told],
        }
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
