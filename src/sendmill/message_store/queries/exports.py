"""Rows of a task as text columns, for downloads: read by COPY, one range of the task at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import polars as pl
from django.db import connection

STRETCH = 50_000  # messages of one frame: what is in memory at once

_FAILED = """
COPY (
    SELECT '+' || m.number, {variables} coalesce(m.code, '')
    FROM failure f JOIN message m ON m.task_id = f.task_id AND m.seq = f.seq
    WHERE f.task_id = %(task)s AND f.seq >= %(lo)s AND f.seq < %(hi)s
      AND m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s
    ORDER BY m.seq
) TO STDOUT (FORMAT csv)
"""

_ALL = """
COPY (
    SELECT %(task)s || '-' || lpad((m.seq + 1)::text, 7, '0'), '+' || m.number, {variables} m.parts,
           to_char(m.submitted_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD HH24:MI:SS'),
           to_char(m.reported_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD HH24:MI:SS'),
           CASE WHEN m.result = 0 AND m.submitted_at IS NULL THEN %(unsent)s ELSE m.result END,
           coalesce(m.code, '')
    FROM message m
    WHERE m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s
    ORDER BY m.seq
) TO STDOUT (FORMAT csv)
"""


def has_messages(task_id: int) -> bool:
    """Whether the messages of a task are there: imported, and not dropped by retention."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM message WHERE task_id = %s)", [task_id])
        return bool(cursor.fetchone()[0])


def failed_frames(task_id: int, count: int, variables: int) -> Iterator[pl.DataFrame]:
    """Failed messages of a task of `count` messages: number (with +), one column a variable, code."""
    names = ["number", *_variable_names(variables), "code"]
    return _frames(_FAILED, names, task_id, count, variables, {})


def all_frames(task_id: int, count: int, variables: int, zone: str, unsent: int) -> Iterator[pl.DataFrame]:
    """All messages of a task: sms_id, number, the variables, parts, submitted, reported, result, code.

    Times are in the time zone `zone`, result is its number, `unsent` for those without one that were not handed
    over; everything is text.
    """
    names = [
        "sms_id", "number", *_variable_names(variables), "parts", "submitted", "reported", "result", "code",
    ]  # fmt: skip
    return _frames(_ALL, names, task_id, count, variables, {"zone": zone, "unsent": unsent})


def _variable_names(variables: int) -> list[str]:
    return [f"v{position}" for position in range(1, variables + 1)]


def _frames(
    text: str, names: Sequence[str], task_id: int, count: int, variables: int, said: dict[str, object]
) -> Iterator[pl.DataFrame]:
    chosen = "".join(f"m.variables[{position}], " for position in range(1, variables + 1))
    query = text.format(variables=chosen)
    for lo in range(0, count, STRETCH):
        buffer = io.BytesIO()
        with (
            connection.cursor() as cursor,
            cursor.copy(query, {"task": task_id, "lo": lo, "hi": lo + STRETCH, **said}) as copy,
        ):
            for block in copy:
                buffer.write(block)
        if buffer.tell():
            yield pl.read_csv(
                buffer.getvalue(),
                has_header=False,
                schema=dict.fromkeys(names, pl.String),
                empty_string_is_null=False,
            )
