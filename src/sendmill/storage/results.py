"""SQL of what became of recipients: pages by key, and counters as sums of tallies.

No statement here counts rows or skips them by OFFSET. Every page reads a bounded number of rows, whatever
the size of the task: tallies tell which chunks hold no row of a result, `failure` lists the failed ones,
and a search for some digits of a number goes on from where the last one stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from sendmill.storage.leases import CHUNK
from sendmill.storage.partitions import RANGE

LONGEST_NUMBER = 15  # E.164
SEARCHED = 100_000  # rows that one search for digits looks at
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
    """The tallies of a task, added up."""

    messages: int
    successful: int
    failed: int
    uncertain: int


_COLUMNS = "m.seq, m.number, m.result, m.submitted_at, m.reported_at, m.code, m.parts"

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

# A page of messages of another result: only chunks that hold such rows are looked into, and no more of
# them than can be needed, as each holds at least one (the first may have all of its rows on the page before).
_OF_RESULT = f"""
SELECT {_COLUMNS}
FROM (SELECT n FROM tally
      WHERE task_id = %(task)s AND n >= %(lo_n)s AND n <= %(hi_n)s AND {{held}} > 0
      ORDER BY n {{direction}} LIMIT %(limit)s + 1) t
CROSS JOIN LATERAL (
    SELECT * FROM message m
    WHERE m.task_id = %(task)s AND m.seq >= t.n * {CHUNK} AND m.seq < (t.n + 1) * {CHUNK}
      AND m.seq > %(lo)s AND m.seq < %(hi)s AND m.result = %(result)s
    ORDER BY m.seq {{direction}} LIMIT %(limit)s) m
ORDER BY m.seq {{direction}} LIMIT %(limit)s
"""

# Some digits of the number: a stretch of the task, row by row.
_DIGITS = f"""
SELECT {_COLUMNS} FROM message m
WHERE m.task_id = %(task)s AND m.seq > %(lo)s AND m.seq < %(hi)s
  AND m.number::text LIKE %(pattern)s AND (%(result)s::smallint IS NULL OR m.result = %(result)s)
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
  AND (%(result)s::smallint IS NULL OR m.result = %(result)s)
ORDER BY m.seq
"""

_HELD = {
    0: "messages - successful - failed - uncertain",
    1: "successful",
    2: "failed",
    3: "uncertain",
}


def sums(task_ids: Sequence[int]) -> dict[int, Sums]:
    """The counters of tasks; a task without tallies (not imported yet, or dropped) is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_id, sum(messages)::int, sum(successful)::int, sum(failed)::int, "
            "sum(uncertain)::int FROM tally WHERE task_id = ANY(%s) GROUP BY task_id",
            [list(task_ids)],
        )
        return {task_id: Sums(*counts) for task_id, *counts in cursor.fetchall()}


def known(task_ids: Sequence[int]) -> dict[int, int]:
    """How many messages of each task are past the sender: handed to the carrier, or never to be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_id, sum(next_seq - lo)::int FROM chunk WHERE task_id = ANY(%s) GROUP BY task_id",
            [list(task_ids)],
        )
        return dict(cursor.fetchall())


def span(task_id: int) -> int:
    """The seq behind the last message of a task; 0 when its rows are not there. Seqs may have gaps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(hi), 0) FROM chunk WHERE task_id = %s", [task_id])
        return int(cursor.fetchone()[0])


def page(
    task_id: int, *, lo: int, hi: int, backwards: bool, limit: int, result: int | None = None
) -> list[Row]:
    """Up to `limit` messages with lo < seq < hi, of one result if given.

    The first ones by seq, or with `backwards` the last ones; in the order of seq either way.
    """
    text = _ALL if result is None else _FAILED if result == 2 else _OF_RESULT
    parameters = {"lo_n": max(lo, 0) // CHUNK, "hi_n": hi // CHUNK, "result": result}
    return _rows(text, parameters, task_id, lo, hi, backwards, limit, held=_HELD.get(result or 0))


def search(
    task_id: int, pattern: str, *, lo: int, hi: int, backwards: bool, limit: int, result: int | None = None
) -> list[Row]:
    """As `page`, of numbers whose digits are LIKE `pattern`; the caller keeps lo and hi near each other."""
    return _rows(_DIGITS, {"pattern": pattern, "result": result}, task_id, lo, hi, backwards, limit)


def beginning(task_id: int, digits: str, result: int | None = None) -> list[Row] | None:
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
    return sorted(row for row in rows if result is None or row.result == result)


def of_numbers(task_id: int, numbers: Iterable[int], result: int | None = None) -> list[Row]:
    """The messages of a task to these numbers, by the index of numbers."""
    with connection.cursor() as cursor:
        first = task_id - task_id % RANGE
        cursor.execute(_NUMBER, {"task": task_id, "range": first, "numbers": list(numbers), "result": result})
        return [Row._make(row) for row in cursor.fetchall()]


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
