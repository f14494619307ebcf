"""Matches a batch of delivery reports to messages and applies them; what matches nothing is for `orphans` to keep.

Looked up by hash first (`report_candidates`), then updated by task_id, where the number of the message agrees with
that of the report (`phone_number_agreement`). The rules of what overrides what: a temporary state (result None)
only where there is no final one yet; Failed and Uncertain may become Successful or Failed by a late report;
Successful stays. A report by id about a message that is Not sent proves that an earlier try of it did leave: it
settles it as it does an Uncertain one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

from psycopg.errors import UndefinedTable

from sendmill.carriers.submit_dates import OBSERVED, SubmitClock
from sendmill.message_store.engine.number_candidates import find_by_number
from sendmill.message_store.engine.report_candidates import (
    EVER,
    RECENTLY,
    Chosen,
    ReportToMatch,
    awaited,
    find,
)
from sendmill.message_store.partition_names import RANGE, within
from sendmill.message_store.phone_number_agreement import agreeing
from sendmill.message_store.result_changes import ANSWERED_LATE, PARTS_REPORTED, REPORTED
from sendmill.postgres.arrays import int_array, lines
from sendmill.postgres.connections import Connection

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
), {REPORTED}
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

# The same of parts of long messages: settle the parts, then the messages they belong to. Of a carrier that reports a
# long message once, under the id of any part, a final report is about all its parts but those that it refused.
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
), named AS MATERIALIZED (
    SELECT o.* FROM one o CROSS JOIN LATERAL (
        SELECT number FROM <message> WHERE task_id = o.task_id AND seq = o.seq OFFSET 0) m
    WHERE {agreeing("m.number", "o.number")}
), beside AS MATERIALIZED (
    SELECT DISTINCT ON (n.task_id, n.seq, p.part) n.task_id, n.seq, p.part, n.result, n.code, n.ord, n.number, n.sure
    FROM named n CROSS JOIN LATERAL (
        SELECT part FROM <part>
        WHERE task_id = n.task_id AND seq = n.seq AND part <> n.part
          AND NOT (result = 2 AND starts_with(code, 'SMPP-0x'))
        OFFSET 0) p
    WHERE n.result IS NOT NULL
      AND EXISTS (SELECT FROM carrier WHERE id = %(carrier_id)s AND long_reports = 'one')
      AND (n.task_id, n.seq, p.part) NOT IN (SELECT task_id, seq, part FROM named)
    ORDER BY n.task_id, n.seq, p.part, (n.result = 1) DESC, n.ord DESC
), hit AS MATERIALIZED (
    SELECT * FROM named UNION ALL SELECT * FROM beside
), {PARTS_REPORTED}
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

# A response that came after its part was given up as unknown.
LATE = f"""
WITH kept AS (
    INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id)
    SELECT hashtextextended(%(key)s, %(carrier_id)s), %(task_id)s, %(seq)s, %(part)s, %(carrier_id)s, %(id)s
    WHERE %(result)s = 0
), {ANSWERED_LATE}
SELECT count(*) FROM changed
"""


class _Settled(NamedTuple):
    """What became of reports, by their indexes in the batch.

    Those to be `kept` as they came, those with another number than their message (`foreign`), those that were not sure
    enough to change a result (`doubtful`).
    """

    kept: set[int]
    foreign: set[int]
    doubtful: set[int]


async def match(
    conn: Connection,
    carrier_id: int,
    reports: Sequence[ReportToMatch],
    *,
    clock: SubmitClock | None = None,
    keep_all: bool = False,
    nested: bool = False,
) -> set[int]:
    """Apply a batch of reports to the messages that they are about; committed when it returns.

    In several statements, each of which can be repeated: a crash in between leaves the reports unacknowledged.
    Returns the indexes (0-based) of the reports that matched a message, also one that was removed since. `clock` is
    what is known of the carrier's submit dates, and learns. `keep_all` keeps every report that matched as it came.
    `nested` says that a transaction is open, which then commits.
    """
    clock = clock or SubmitClock()
    left: Sequence[int] = range(len(reports))
    matched: dict[int, Chosen] = {}
    kept: set[int] = set()
    for age in (RECENTLY, EVER, None):
        if age is None:
            found = await find_by_number(conn, carrier_id, reports, left)
        else:
            named = [index for index in left if reports[index].key]
            found = await find(conn, carrier_id, reports, named, clock, age) if named else []
        told, unmatched = await _settle_found(conn, carrier_id, reports, found, nested=nested)
        kept |= told
        matched |= {one.report_index: one for one in found if one.report_index not in unmatched}
        left = [index for index in left if index not in matched]
        if not left:
            break
    for one in list(matched.values())[:OBSERVED]:
        if one.only:
            clock.teach(reports[one.report_index].submitted, one.at)
    wanted = [
        one for index, one in sorted(matched.items()) if keep_all or index in kept or reports[index].keep
    ]
    await _keep_reports(conn, carrier_id, reports, wanted)
    return set(matched)


async def _settle_found(
    conn: Connection,
    carrier_id: int,
    reports: Sequence[ReportToMatch],
    found: Sequence[Chosen],
    *,
    nested: bool,
) -> tuple[set[int], set[int]]:
    """Apply what was found; returns the indexes of the reports to be kept, and of those that matched no message."""
    kept, foreign, doubtful = await _settle_all(conn, carrier_id, reports, found, nested=nested)
    # Some carriers leave the addresses of a report in the order of the message.
    turned = {index for index in foreign if reports[index].other}
    if turned:
        reports = [
            one._replace(number=one.other) if index in turned else one for index, one in enumerate(reports)
        ]
        some = [one for one in found if one.report_index in turned]
        told, still_foreign, unsure = await _settle_all(conn, carrier_id, reports, some, nested=nested)
        kept, foreign, doubtful = kept | told, foreign - turned | still_foreign, doubtful - turned | unsure
    doubtful -= foreign
    if doubtful:
        undated = [one for one in found if one.report_index in doubtful and one.fits is None]
        waits = await awaited(conn, undated) if undated else set()
        certain = [one._replace(sure=True) for one in undated if one.report_index not in waits]
        kept |= (await _settle_all(conn, carrier_id, reports, certain, nested=nested)).kept
        doubtful -= {one.report_index for one in certain}
    unmatched = foreign | doubtful
    return kept - unmatched, unmatched


async def _settle_all(
    conn: Connection,
    carrier_id: int,
    reports: Sequence[ReportToMatch],
    found: Sequence[Chosen],
    *,
    nested: bool,
) -> _Settled:
    """Apply what was found: a statement for the messages of each range of task ids, and one for the parts."""
    whole = _Settled(set(), set(), set())
    for round_ in _rounds(reports, found):
        by_range: dict[tuple[bool, int], list[Chosen]] = {}
        for one in round_:
            by_range.setdefault((bool(one.part), one.task_id // RANGE), []).append(one)
        for _, indexes in sorted(by_range.items()):
            for answered, some in zip(
                whole, await _settle(conn, carrier_id, reports, indexes, nested=nested), strict=True
            ):
                answered.update(some)
    return whole


def _rounds(reports: Sequence[ReportToMatch], found: Sequence[Chosen]) -> list[list[Chosen]]:
    """Split reports into rounds, so that in each all reports of one message name the same number."""
    rounds: list[list[Chosen]] = []
    rest = list(found)
    while rest:
        numbers: dict[tuple[int, int, int], int] = {}
        round_: list[Chosen] = []
        later: list[Chosen] = []
        for one in rest:
            number = reports[one.report_index].number
            same = numbers.setdefault((one.task_id, one.seq, one.part), number) == number
            (round_ if same else later).append(one)
        rounds.append(round_)
        rest = later
    return rounds


async def _settle(
    conn: Connection,
    carrier_id: int,
    reports: Sequence[ReportToMatch],
    found: Sequence[Chosen],
    *,
    nested: bool,
) -> _Settled:
    """Apply reports of one range of task ids, all about messages of one part or all about parts.

    Each message is named with one number. Reports of messages that retention has removed change nothing.
    """
    told = [reports[one.report_index] for one in found]
    columns = {
        "carrier_id": carrier_id,
        "ords": int_array([one.report_index for one in found]),
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
    return _Settled(*(set(indexes or ()) for indexes in row or (None, None, None)))


async def _keep_reports(
    conn: Connection, carrier_id: int, reports: Sequence[ReportToMatch], found: Sequence[Chosen]
) -> None:
    """Keep these reports as they came, with the keys of their messages; a repeated one is kept once."""
    told = [one for one in found if reports[one.report_index].raw]
    if told:
        params = {
            "carrier_id": carrier_id,
            "keys": [reports[one.report_index].key for one in told],
            "results": [reports[one.report_index].result for one in told],
            "codes": [reports[one.report_index].code for one in told],
            "raws": [reports[one.report_index].raw for one in told],
            "task_ids": [one.task_id for one in told],
            "seqs": [one.seq for one in told],
            "parts": [one.part for one in told],
        }
        await conn.execute(KEEP_REPORTS, params)


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
    """Apply a response that came after its part was given up; committed when it returns."""
    await conn.execute(within(LATE, late.task_id), late._asdict() | {"carrier_id": carrier_id})
