"""Results of recipients: pages of rows by key, and counters as sums of tallies.

No statement here counts rows or skips them by OFFSET. Every page reads a bounded number of rows, whatever
the size of the task: tallies tell which chunks hold no row of a result, `failure` lists the failed ones,
and a search for some digits of a number goes on from where the last one stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from sendmill.message_store.engine.chunks import CHUNK
from sendmill.message_store.partition_names import RANGE

LONGEST_NUMBER = 15  # E.164
SEARCHED = 100_000  # rows that one search for digits looks at
ASKED = 64  # begun chunks whose rows are counted for one page
FEW = 3_000  # numbers beyond which those that begin with some digits are searched for like any others


class Row(NamedTuple):
    """One message."""

    seq: int
    number: int
    result: int
    submitted_at: datetime | None
    reported_at: datetime | None
    code: str | None
    parts: int


class PartRow(NamedTuple):
    """One part of a long message."""

    seq: int
    part: int
    result: int
    submitted_at: datetime | None
    reported_at: datetime | None
    code: str | None


class Sums(NamedTuple):
    """The tallies of a task, added up.

    `known` and `waiting` come from its chunks, and are 0 where those were not asked: how many messages are past
    the sender (handed to the carrier, or never to be), and how many no sender has handed over.
    """

    messages: int
    successful: int
    failed: int
    uncertain: int
    not_sent: int
    known: int = 0
    waiting: int = 0


class Wanted(NamedTuple):
    """Messages of one stored result; of those without one (0), only such as were handed over, or were not."""

    result: int
    handed_over: bool | None = None


_COLUMNS = "m.seq, m.number, m.result, m.submitted_at, m.reported_at, m.code, m.parts"

# What waits: all that is left of a chunk that no sender has begun. Of one that was begun and is not done, some
# behind `next_seq` may have been sent or settled, by a carrier that asked for less in the middle of a batch or
# before a person let others go again: there the rows are asked, but of so many chunks at most. Senders work on a
# handful, unless answers are missing; of those beyond it the sender's count tells.
_MOVING = """
WITH begun AS MATERIALIZED (
    SELECT task_id, n, next_seq, lo, hi, submitted, row_number() OVER (ORDER BY task_id DESC, n) <= %(asked)s AS asked
    FROM chunk WHERE task_id = ANY(%(tasks)s) AND state <> 2 AND attempt > 0
), known AS (
    SELECT b.task_id, sum(b.hi - b.next_seq - CASE WHEN b.asked THEN w.waiting ELSE
        least(b.hi - b.next_seq, b.hi - b.lo - b.submitted,
              t.messages - t.successful - t.failed - t.uncertain - t.not_sent) END) AS count
    FROM begun b JOIN tally t ON t.task_id = b.task_id AND t.n = b.n
    CROSS JOIN LATERAL (
        SELECT count(*) AS waiting FROM message m
        WHERE b.asked AND m.task_id = b.task_id AND m.seq >= b.next_seq AND m.seq < b.hi
          AND m.submitted_at IS NULL AND m.result = 0) w
    GROUP BY b.task_id
)
SELECT t.*, c.known, (c.behind - coalesce(k.count, 0))::int
FROM (SELECT task_id, sum(messages)::int, sum(successful)::int, sum(failed)::int, sum(uncertain)::int,
             sum(not_sent)::int
      FROM tally WHERE task_id = ANY(%(tasks)s) GROUP BY task_id) t
JOIN (SELECT task_id, sum(next_seq - lo)::int AS known, sum(hi - next_seq) AS behind
      FROM chunk WHERE task_id = ANY(%(tasks)s) GROUP BY task_id) c USING (task_id)
LEFT JOIN known k USING (task_id)
"""

# A page of all messages.
_ALL = f"""
SELECT {_COLUMNS} FROM message m
WHERE m.task_id = %(task)s AND m.seq > %(lo)s AND m.seq < %(hi)s
ORDER BY m.seq {{direction}} LIMIT %(limit)s
"""

# A page of failed messages. OFFSET 0 keeps the planner from joining the tables in another way as they grow.
_FAILED = f"""
SELECT {_COLUMNS}
FROM (SELECT seq FROM failure WHERE task_id = %(task)s AND seq > %(lo)s AND seq < %(hi)s
      ORDER BY seq {{direction}} LIMIT %(limit)s) f
CROSS JOIN LATERAL (SELECT * FROM message m WHERE m.task_id = %(task)s AND m.seq = f.seq OFFSET 0) m
ORDER BY m.seq {{direction}}
"""

# What a row must be. Whether it was handed over is asked of messages without a result only.
_IS_WANTED = """(%(result)s::smallint IS NULL OR m.result = %(result)s)
  AND (%(handed_over)s::bool IS NULL OR (m.submitted_at IS NOT NULL) = %(handed_over)s)"""

# A page of messages of another result: only chunks that hold such rows are looked into, and no more of
# them than can be needed, as each holds at least one (the first may have all of its rows on the page before).
_OF_RESULT = f"""
SELECT {_COLUMNS}
FROM (SELECT t.n FROM tally t JOIN chunk c ON c.task_id = t.task_id AND c.n = t.n
      WHERE t.task_id = %(task)s AND t.n >= %(lo_n)s AND t.n <= %(hi_n)s AND {{held}}
      ORDER BY t.n {{direction}} LIMIT %(limit)s + 1) t
CROSS JOIN LATERAL (
    SELECT * FROM message m
    WHERE m.task_id = %(task)s AND m.seq >= t.n * {CHUNK} AND m.seq < (t.n + 1) * {CHUNK}
      AND m.seq > %(lo)s AND m.seq < %(hi)s AND {_IS_WANTED}
    ORDER BY m.seq {{direction}} LIMIT %(limit)s) m
ORDER BY m.seq {{direction}} LIMIT %(limit)s
"""

# Some digits of the number: a stretch of the task, row by row.
_DIGITS = f"""
SELECT {_COLUMNS} FROM message m
WHERE m.task_id = %(task)s AND m.seq > %(lo)s AND m.seq < %(hi)s
  AND m.number::text LIKE %(pattern)s AND {_IS_WANTED}
ORDER BY m.seq {{direction}} LIMIT %(limit)s
"""

# Numbers that begin with some digits, whatever their length, by the index of numbers: those of all tasks in the
# partition, no more than can be looked at in a few milliseconds.
_BEGINNING = f"""
SELECT {_COLUMNS}, m.task_id
FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) AS r (low, high)
CROSS JOIN LATERAL (
    SELECT * FROM message m
    WHERE m.number >= r.low AND m.number < r.high AND m.task_id >= %(range)s AND m.task_id < %(range)s + {RANGE}
    ORDER BY m.number LIMIT %(limit)s) m
LIMIT %(limit)s
"""

# By the index of numbers, always: to the statistics of an older hour a new task has a single row, and the plan
# for "task_id = x" reads the whole of it. The range names the partition and says nothing about one task.
_NUMBER = f"""
SELECT {_COLUMNS} FROM message m
WHERE m.number = ANY(%(numbers)s) AND m.task_id >= %(range)s AND m.task_id < %(range)s + {RANGE}
  AND m.task_id + 0 = %(task)s
  AND {_IS_WANTED}
ORDER BY m.seq
"""

# What tells that a chunk holds a row that is wanted. Of the counters alone that can be told of every result but
# the missing one: a chunk that a sender has begun can hold both what was sent and what waits. Few have been begun
# and are not done, and only in those the rows are asked.
_OPEN = "t.messages - t.successful - t.failed - t.uncertain - t.not_sent > 0"
_HOLDS = f"""EXISTS (SELECT FROM message o
    WHERE o.task_id = %(task)s AND o.seq >= t.n * {CHUNK} AND o.seq < (t.n + 1) * {CHUNK}
      AND o.result = 0 AND o.submitted_at IS {{}}NULL)"""
_HELD = {
    Wanted(0): _OPEN,
    Wanted(0, handed_over=True): f"{_OPEN} AND (c.state = 2 OR c.attempt > 0 AND {_HOLDS.format('NOT ')})",
    Wanted(0, handed_over=False): f"{_OPEN} AND c.state <> 2 AND {_HOLDS.format('')}",
    Wanted(1): "t.successful > 0",
    Wanted(2): "t.failed > 0",
    Wanted(3): "t.uncertain > 0",
    Wanted(4): "t.not_sent > 0",
}


def sums(task_ids: Sequence[int]) -> dict[int, Sums]:
    """The counters of tasks; a task without tallies (not imported yet, or dropped) is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_id, sum(messages)::int, sum(successful)::int, sum(failed)::int, "
            "sum(uncertain)::int, sum(not_sent)::int FROM tally WHERE task_id = ANY(%s) GROUP BY task_id",
            [list(task_ids)],
        )
        return {task_id: Sums(*counts) for task_id, *counts in cursor.fetchall()}


def moving_sums(task_ids: Sequence[int]) -> dict[int, Sums]:
    """The same of tasks whose messages are being sent, with what their chunks say: one moment of both."""
    if not task_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_MOVING, {"tasks": list(task_ids), "asked": ASKED})
        return {task_id: Sums(*counts) for task_id, *counts in cursor.fetchall()}


def counts_accepted(task_id: int) -> bool:
    """Whether a carrier of a task reports nothing, so that what it accepted is Successful."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM task t JOIN chunk c ON c.task_id = t.id "
            "JOIN carrier k ON k.id = coalesce(c.carrier_id, t.carrier_id) "
            "WHERE t.id = %s AND (k.reports = 'accepted' OR k.long_reports = 'none' AND t.parts > t.accepted))",
            [task_id],
        )
        return bool(cursor.fetchone()[0])


def span(task_id: int) -> int:
    """The seq behind the last message of a task; 0 when its rows are not there. Seqs may have gaps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(hi), 0) FROM chunk WHERE task_id = %s", [task_id])
        return int(cursor.fetchone()[0])


def page(
    task_id: int, *, lo: int, hi: int, backwards: bool, limit: int, wanted: Wanted | None = None
) -> list[Row]:
    """Up to `limit` messages with lo < seq < hi, only the wanted ones if given.

    The first ones by seq, or with `backwards` the last ones; in the order of seq either way.
    """
    text = _ALL if wanted is None else _FAILED if wanted.result == 2 else _OF_RESULT
    parameters = {"lo_n": max(lo, 0) // CHUNK, "hi_n": hi // CHUNK, **_asked(wanted)}
    held = _HELD[wanted] if wanted is not None else None
    return _rows(text, parameters, task_id, lo, hi, backwards, limit, held=held)


def search(
    task_id: int,
    pattern: str,
    *,
    lo: int,
    hi: int,
    backwards: bool,
    limit: int,
    wanted: Wanted | None = None,
) -> list[Row]:
    """As `page`, of numbers whose digits are LIKE `pattern`; the caller keeps lo and hi near each other."""
    return _rows(_DIGITS, {"pattern": pattern, **_asked(wanted)}, task_id, lo, hi, backwards, limit)


def beginning(task_id: int, digits: str, wanted: Wanted | None = None) -> list[Row] | None:
    """All messages of a task to numbers that begin with these digits, by seq; None when they may be many."""
    if digits.startswith("0"):
        return []
    first = int(digits)
    tens = [10 ** (length - len(digits)) for length in range(len(digits), LONGEST_NUMBER + 1)]
    parameters: dict[str, Any] = {
        "range": task_id - task_id % RANGE,
        "limit": FEW + 1,
        "lows": [first * ten for ten in tens],
        "highs": [(first + 1) * ten for ten in tens],
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING, parameters)
        found = cursor.fetchall()
    if len(found) > FEW:
        return None
    rows = [Row._make(columns) for *columns, of_task in found if of_task == task_id]
    return sorted((row for row in rows if wanted is None or _fits(row, wanted)), key=lambda row: row.seq)


def of_numbers(task_id: int, numbers: Iterable[int], wanted: Wanted | None = None) -> list[Row]:
    """The messages of a task to these numbers, by the index of numbers."""
    with connection.cursor() as cursor:
        first = task_id - task_id % RANGE
        asked = {"task": task_id, "range": first, "numbers": list(numbers), **_asked(wanted)}
        cursor.execute(_NUMBER, asked)
        return [Row._make(row) for row in cursor.fetchall()]


def _asked(wanted: Wanted | None) -> dict[str, Any]:
    return wanted._asdict() if wanted is not None else {"result": None, "handed_over": None}


def _fits(row: Row, wanted: Wanted) -> bool:
    handed_over = row.submitted_at is not None
    return row.result == wanted.result and wanted.handed_over in (None, handed_over)


def parts_of(task_id: int, seqs: Sequence[int]) -> list[PartRow]:
    """The submitted parts of long messages, by seq and part."""
    if not seqs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.seq, p.part, p.result, p.submitted_at, p.reported_at, p.code "
            "FROM unnest(%s::int[]) AS s (seq) "
            "CROSS JOIN LATERAL (SELECT * FROM part p WHERE p.task_id = %s AND p.seq = s.seq OFFSET 0) p "
            "ORDER BY p.seq, p.part",
            [list(seqs), task_id],
        )
        return [PartRow._make(row) for row in cursor.fetchall()]


def _rows(
    text: str,
    parameters: dict[str, Any],
    task_id: int,
    lo: int,
    hi: int,
    backwards: bool,
    limit: int,
    **places: str | None,
) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            text.format(direction="DESC" if backwards else "ASC", **places),
            parameters | {"task": task_id, "lo": lo, "hi": hi, "limit": limit},
        )
        rows = [Row._make(row) for row in cursor.fetchall()]
    return rows[::-1] if backwards else rows
