"""Which parts of a task are charged and which are not, counted from its messages.

What is charged is told from the rows as they are, so nothing is written for it while messages are sent and
reports come in. Most parts are charged in the end: only those that are not are read, and only in chunks
that hold a message that was not delivered.

Of those, some are known never to be charged while their task still goes on: `lost`. What waits, is being sent,
is Uncertain or awaits its report can still be charged, and so can a part of a failed long message that has no
final result of its own; a report that comes against a final result is late, and is charged as such.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl
from django.db import connection

from sendmill.message_store.engine.chunks import CHUNK

# A report proves that the carrier took a message, and so does a result that only a report or its absence
# can give. Codes of a refusal by the carrier or by ourselves prove that it did not.
_REFUSED = (
    "({row}.reported_at IS NULL "
    "AND ({row}.code IS NULL OR {row}.code ~ '^SMPP-0x' OR {row}.code = ANY(%(platform)s)))"
)
_ACCEPTED_PART = (
    f"count(*) FILTER (WHERE p.result IN (0, 1) OR (p.result = 2 AND NOT {_REFUSED.format(row='p')}))"
)

_PARTLY = "(m.result = 1 AND starts_with(m.code, 'PARTLY-'))"

# Parts of a long message that are not to be charged, finally. One without a row is not known to be.
_LOST_PART = (
    "count(*) FILTER (WHERE p.result = 4 OR (p.result = 2 AND {final})) "
    "FROM part p WHERE p.task_id = m.task_id AND p.seq = m.seq HAVING count(*) > 0"
)
# Of {wanted}, rows of number, parts (not charged now), those that never will be. Carriers that cut a message by
# themselves report it whole: it has no parts here. OFFSET 0 lets the parts be asked once.
_LOST = """
SELECT number, parts, CASE result
    WHEN 4 THEN parts
    WHEN 1 THEN parts
    WHEN 2 THEN CASE WHEN whole > 1 THEN least(coalesce((SELECT {lost_part}), parts), parts) ELSE parts END
    ELSE 0 END AS lost
FROM ({wanted} OFFSET 0) m WHERE parts > 0
"""

# International: what the carrier accepted. Parts of long messages are asked one by one, unless all were sent, or
# the carrier cut the message by itself: then it has no parts here.
_NOT_ACCEPTED = f"""
SELECT m.task_id, m.seq, m.result, m.parts AS whole, m.number, m.parts - CASE
    WHEN m.result = 1 OR (m.result = 0 AND m.submitted_at IS NOT NULL) THEN m.parts
    WHEN m.result = 0 THEN 0
    WHEN m.parts > 1 AND EXISTS (SELECT FROM part p WHERE p.task_id = m.task_id AND p.seq = m.seq) THEN (
        SELECT least({_ACCEPTED_PART}, m.parts) FROM part p WHERE p.task_id = m.task_id AND p.seq = m.seq)
    WHEN m.result = 2 AND NOT {_REFUSED.format(row="m")} THEN m.parts
    ELSE 0 END AS parts
"""

# Mainland: what was delivered. Of a long message with parts that were never reported those that were.
_NOT_DELIVERED = f"""
SELECT m.task_id, m.seq, m.result, m.parts AS whole, m.number, m.parts - CASE
    WHEN {_PARTLY} THEN least(m.delivered, m.parts)
    WHEN m.result = 1 THEN m.parts
    WHEN m.parts > 1 THEN least(m.delivered, m.parts)
    ELSE 0 END AS parts
"""

# Chunks in which every message was delivered are charged whole, unless parts of its messages were never reported.
_FROM_OPEN_CHUNKS = f"""
FROM tally t CROSS JOIN LATERAL (
    SELECT task_id, seq, number, parts, result, delivered, submitted_at, reported_at, code
    FROM message m WHERE task_id = %(task)s
      AND seq >= t.n * {CHUNK} AND seq < (t.n + 1) * {CHUNK} AND (m.result <> 1 OR {_PARTLY}) OFFSET 0) m
WHERE t.task_id = %(task)s AND (t.successful < t.messages OR %(partly)s)
"""


class Progress(NamedTuple):
    """How far a task is: messages in the store, those behind its senders, and the sums of its tallies.

    Kept in `charge.seen` in this order: a new one goes to the end.
    """

    messages: int
    passed: int
    successful: int
    failed: int
    uncertain: int
    not_sent: int


def uncharged(task_id: int, *, mainland: bool, platform: Sequence[str]) -> pl.DataFrame:
    """The numbers of a task with parts that are not charged (yet): number, parts, lost.

    `parts` counts those not charged, `lost` those of them that never will be.
    """
    wanted = _NOT_DELIVERED if mainland else _NOT_ACCEPTED
    partly = mainland and _has_long_messages(task_id)
    final = "true" if mainland else _REFUSED.format(row="p")
    rows = _LOST.format(lost_part=_LOST_PART.format(final=final), wanted=f"{wanted} {_FROM_OPEN_CHUNKS}")
    return _read(
        f"COPY ({rows}) TO STDOUT (FORMAT csv)",
        {"task": task_id, "platform": list(platform), "partly": partly},
        ("lost",),
    )


def _has_long_messages(task_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM task WHERE id = %s AND parts > accepted)", [task_id])
        return bool(cursor.fetchone()[0])


def parts(task_id: int) -> pl.DataFrame:
    """Every number of a task with its parts: number, parts."""
    sql = "COPY (SELECT number, parts FROM message WHERE task_id = %(task)s) TO STDOUT (FORMAT csv)"
    return _read(sql, {"task": task_id})


def progress(task_id: int) -> Progress:
    """How far a task is; all zero when its rows are not imported yet, or dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(t.messages, 0), coalesce(c.passed, 0), coalesce(t.successful, 0), "
            "  coalesce(t.failed, 0), coalesce(t.uncertain, 0), coalesce(t.not_sent, 0) "
            "FROM (SELECT sum(messages) AS messages, sum(successful) AS successful, sum(failed) AS failed, "
            "        sum(uncertain) AS uncertain, sum(not_sent) AS not_sent FROM tally WHERE task_id = %(task)s) t, "
            "     (SELECT sum(next_seq - lo) AS passed FROM chunk WHERE task_id = %(task)s) c",
            {"task": task_id},
        )
        return Progress(*(int(value) for value in cursor.fetchone()))


class OpenCharge(NamedTuple):
    """A task for which money is held. `status` is None when the task is gone."""

    task_id: int
    status: str | None
    accepted: int
    seen: list[int] | None
    looked_at: datetime


def open_charges() -> list[OpenCharge]:
    """Tasks for which money is held, those first that were settled longest ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.task_id, t.status, coalesce(t.accepted, 0), c.seen #>> '{}', "
            "  coalesce(c.settled_at, c.opened_at) "
            "FROM charge c LEFT JOIN task t ON t.id = c.task_id WHERE c.closed_at IS NULL ORDER BY 5"
        )
        rows = cursor.fetchall()
    return [OpenCharge(row[0], row[1], row[2], _numbers(row[3]), row[4]) for row in rows]


def changed_since_closed(now: datetime, days: int) -> list[int]:
    """Completed tasks whose messages changed after they were settled: reports came late."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.task_id FROM charge c JOIN LATERAL ("
            "  SELECT sum(a.successful) AS successful, sum(a.not_sent) AS not_sent "
            "  FROM tally a WHERE a.task_id = c.task_id) s ON s.successful IS NOT NULL "
            "WHERE c.closed_at > %s AND c.seen IS NOT NULL AND ((c.seen ->> 2)::bigint IS DISTINCT FROM s.successful "
            "  OR coalesce((c.seen ->> 5)::bigint, 0) IS DISTINCT FROM s.not_sent) "
            "ORDER BY c.task_id",
            [now - timedelta(days=days)],
        )
        return [task_id for (task_id,) in cursor.fetchall()]


def closed_long_messages(now: datetime, days: int) -> list[int]:
    """Completed tasks with long messages of which not every part was delivered: single ones may still be, late."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.task_id FROM charge c JOIN task t ON t.id = c.task_id "
            "WHERE c.closed_at > %s AND t.parts > t.accepted AND (t.failed > 0 OR EXISTS ("
            "  SELECT FROM message m WHERE m.task_id = t.id AND m.result = 1 AND starts_with(m.code, 'PARTLY-'))) "
            "ORDER BY c.task_id",
            [now - timedelta(days=days)],
        )
        return [task_id for (task_id,) in cursor.fetchall()]


def _numbers(text: str | None) -> list[int] | None:
    return [int(number) for number in text.strip("[]").split(",")] if text else None


def _read(sql: str, parameters: dict[str, object], more: Sequence[str] = ()) -> pl.DataFrame:
    schema = {"number": pl.Int64, "parts": pl.Int32, **dict.fromkeys(more, pl.Int32)}
    text = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(sql, parameters) as copy:
        for block in copy:
            text.write(block)
    if not text.tell():
        return pl.DataFrame(schema=schema)
    text.seek(0)
    return pl.read_csv(
        text, has_header=False, new_columns=list(schema), schema_overrides=list(schema.values())
    )
