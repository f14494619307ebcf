"""Finds the message that a report is about, by its id, and of several with that id by number and submit date.

A carrier that restarts counts its ids anew, and after a reconnect it repeats its reports. Of the messages with the
report's id those count whose number agrees with the report's (`phone_number_agreement`). Of several of these the
report's submit date decides (`carriers.submit_dates`); where it names none, or one that fits no message, the newest
is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

from sendmill.carriers.submit_dates import TOLERANCE, SubmitClock
from sendmill.message_store.phone_number_agreement import agree
from sendmill.postgres.arrays import int_array, lines
from sendmill.postgres.connections import Connection

# Nearly every report is about a message of today or yesterday; the others are looked for once more.
RECENTLY, EVER = "1 day", "1000 years"
CANDIDATES = 32  # messages that one id is looked for among
CLOCKS = 60.0  # seconds by which the clocks of our own machines may differ


class ReportToMatch(NamedTuple):
    """One report as it is stored: `key` is its id in the compared form, `result` None when temporary.

    `raw` is the text as it came. It is kept when the message failed, was Uncertain, or had a result before, not when
    it was simply delivered. `number` is who it is about, 0 when it does not say; `other` the number at its other end,
    which it is about where a carrier does not exchange the addresses. `submitted` is the submit date as the carrier
    writes it; `received` (Unix seconds) tells that it came some time ago. `keep` has it kept in any case.
    """

    key: str
    result: int | None
    code: str
    raw: str = ""
    number: int = 0
    submitted: str = ""
    other: int = 0
    received: float | None = None
    keep: bool = False


class Candidate(NamedTuple):
    """A message, or part of a long one, that has the id of a report of the batch; submitted at `at` (Unix seconds)."""

    report_index: int
    task_id: int
    seq: int
    part: int
    at: float


class Chosen(NamedTuple):
    """The message, or part, that the report at `report_index` is about.

    `fits` tells whether its submit date is that of the message, None where it names none. `sure` tells that it may
    change a result which the message has already. `only` tells that no other message has its id.
    """

    report_index: int
    task_id: int
    seq: int
    part: int
    at: float
    fits: bool | None
    sure: bool
    only: bool


# What the ids of a batch of reports mean: index in the batch (from 1), task, seq, part, time of the submit; of one id
# the latest first. OFFSET keeps the look-up by hash a look-up: joined freely, it is planned as a hash join over the
# whole table some day. One sort of the batch costs a third of a sort for every report. `age` leaves out the days that
# a report is hardly about: each would cost a look-up for every report. A carrier that counts its ids anew all the time
# has given one to hundreds of messages: no more than the latest are looked at.
LOOK_UP = f"""
SELECT array_agg(ord), array_agg(task_id), array_agg(seq), array_agg(part), array_agg(at) FROM (
    SELECT u.ord::int AS ord, s.task_id, s.seq, s.part, extract(epoch FROM s.submitted_at)::float8 AS at,
           row_number() OVER (PARTITION BY u.ord ORDER BY s.submitted_at DESC) AS newest
    FROM unnest(string_to_array(%(keys)s, E'\\n')) WITH ORDINALITY AS u (key, ord)
    CROSS JOIN LATERAL (
        SELECT task_id, seq, part, submitted_at FROM submission
        WHERE id_hash = hashtextextended(u.key, %(carrier_id)s) AND carrier_id = %(carrier_id)s
          AND submitted_at > now() - %(age)s::interval AND submitted_at < now() + interval '1 hour'
        OFFSET 0) s
    ORDER BY u.ord, s.submitted_at DESC) hit
WHERE newest <= {CANDIDATES}
"""

# The numbers of the messages that share an id; those that retention removed are missing.
NUMBERS = """
SELECT u.ord::int, m.number
FROM unnest(%(task_ids)s::bigint[], %(seqs)s::int[]) WITH ORDINALITY AS u (task_id, seq, ord)
CROSS JOIN LATERAL (SELECT number FROM message WHERE task_id = u.task_id AND seq = u.seq OFFSET 0) m
"""

# When these tasks were made.
CREATED = "SELECT id, extract(epoch FROM created_at)::float8 FROM task WHERE id = ANY(%s)"

# Of these messages those beside which another one with the same number was handed over just now, and waits for its
# response to be recorded: its id may be the same.
AWAITED = """
SELECT u.ord::int
FROM unnest(%(task_ids)s::bigint[], %(seqs)s::int[]) WITH ORDINALITY AS u (task_id, seq, ord)
CROSS JOIN LATERAL (SELECT number FROM message WHERE task_id = u.task_id AND seq = u.seq OFFSET 0) m
WHERE EXISTS (
    SELECT FROM message w JOIN chunk k ON k.task_id = w.task_id AND k.n = w.seq / 1000
    WHERE w.number = m.number AND w.result = 0 AND w.submitted_at IS NULL
      AND k.state = 1 AND w.seq < k.batch_hi)
"""


async def find(
    conn: Connection,
    carrier_id: int,
    reports: Sequence[ReportToMatch],
    indexes: Sequence[int],
    clock: SubmitClock,
    age: str,
) -> list[Chosen]:
    """The messages, or parts, that the reports at these indexes of a batch are about.

    A report whose submit date fits none of the recent ones is left to be looked for among all; there it is left to
    come again while another message with its number waits for a response.
    """
    by_index = await _look_up(conn, carrier_id, reports, indexes, age)
    if any(reports[index].received is not None for index in by_index):
        by_index = await _of_older_tasks(conn, reports, by_index)
    several = [one for found in by_index.values() if len(found) > 1 for one in found]
    numbers = await _numbers(conn, several) if several else {}
    chosen: list[Chosen] = []
    misdated: list[Chosen] = []
    for index, found in by_index.items():
        report = reports[index]
        fitting = _of_number(report, found, numbers) if len(found) > 1 else found
        if not fitting:
            continue
        best, fits = newest_that_fits(report, fitting, clock)
        # A date that fits nothing says little while nobody knows how this carrier writes its dates.
        sure = fits is True or (fits is False and not clock.known)
        one = Chosen(*best, fits, sure, only=len(found) == 1)
        (misdated if fits is False else chosen).append(one)
    if age == EVER and misdated:
        waits = await awaited(conn, misdated)
        chosen += [one for one in misdated if one.report_index not in waits]
    return chosen


def newest_that_fits(
    report: ReportToMatch, found: Sequence[Candidate], clock: SubmitClock
) -> tuple[Candidate, bool | None]:
    """The message that a report is about, of those whose number agrees (the latest first).

    The second value tells whether the report's submit date fits it; None when the report names none.
    """
    distances = [clock.distance(report.submitted, one.at) for one in found]
    told = [distance for distance in distances if distance is not None]
    if not told:
        return found[0], None
    if min(told) > TOLERANCE:
        return found[0], False
    near = min(told) + clock.slack(report.submitted)
    return next(one for one, distance in zip(found, told, strict=True) if distance <= near), True


async def awaited(conn: Connection, chosen: Sequence[Chosen]) -> set[int]:
    """The indexes of those beside which another message with the same number waits for its response."""
    cursor = await conn.execute(AWAITED, _keys_of(chosen))
    return {chosen[ord_ - 1].report_index for (ord_,) in await cursor.fetchall()}


async def _look_up(
    conn: Connection, carrier_id: int, reports: Sequence[ReportToMatch], indexes: Sequence[int], age: str
) -> dict[int, list[Candidate]]:
    """By index, the messages that have a report's id, the latest first."""
    keys = lines([reports[index].key for index in indexes])
    cursor = await conn.execute(LOOK_UP, {"carrier_id": carrier_id, "keys": keys, "age": age})
    row = await cursor.fetchone()
    found: dict[int, list[Candidate]] = {}
    if row is None or row[0] is None:
        return found
    for ord_, *rest in zip(*row, strict=True):
        index = indexes[ord_ - 1]
        found.setdefault(index, []).append(Candidate(index, *rest))
    return found


async def _of_older_tasks(
    conn: Connection, reports: Sequence[ReportToMatch], by_index: dict[int, list[Candidate]]
) -> dict[int, list[Candidate]]:
    """Those that a report can be about which was kept: of tasks that were there when it came."""
    tasks = {one.task_id for found in by_index.values() for one in found}
    cursor = await conn.execute(CREATED, (list(tasks),))
    created: dict[int, float] = dict(await cursor.fetchall())
    left: dict[int, list[Candidate]] = {}
    for index, found in by_index.items():
        received = reports[index].received
        end = inf if received is None else received + CLOCKS
        if older := [one for one in found if created.get(one.task_id, 0.0) <= end]:
            left[index] = older
    return left


async def _numbers(conn: Connection, several: Sequence[Candidate]) -> dict[tuple[int, int], int]:
    """The numbers of messages, by task and seq."""
    cursor = await conn.execute(NUMBERS, _keys_of(several))
    return {
        (several[ord_ - 1].task_id, several[ord_ - 1].seq): number for ord_, number in await cursor.fetchall()
    }


def _of_number(
    report: ReportToMatch, found: Sequence[Candidate], numbers: dict[tuple[int, int], int]
) -> list[Candidate]:
    """Those whose number agrees; where none does, those that were removed since."""
    known = [(one, numbers.get((one.task_id, one.seq))) for one in found]
    for told in (report.number, report.other):
        agreeing = [one for one, number in known if number is not None and agree(number, told)]
        if agreeing or not report.other:
            break
    return agreeing or [one for one, number in known if number is None]


def _keys_of(messages: Iterable[Candidate | Chosen]) -> dict[str, str]:
    rows = list(messages)
    return {
        "task_ids": int_array([one.task_id for one in rows]),
        "seqs": int_array([one.seq for one in rows]),
    }
