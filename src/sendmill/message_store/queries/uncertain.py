"""Gives messages a result without a report: by time, by a person's decision, or by letting them be sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from sendmill.message_store.engine.chunks import CHUNK
from sendmill.message_store.partition_names import across
from sendmill.message_store.result_changes import ACCEPTED, DECIDED, EXPIRED, REPORTED_ONCE, SENT_AGAIN

# What a person decided stays in the history of each message.
TOLD = """told AS (
    INSERT INTO report (task_id, seq, part, digest, kind, raw)
    SELECT task_id, seq, 0, hashtextextended(%(who)s::text || clock_timestamp()::text, 0), %(kind)s, %(who)s
    FROM changed
    ON CONFLICT DO NOTHING
)"""

_EXPIRE = across(f"WITH {EXPIRED} SELECT count(*) FROM changed")

# Chunks that were sent over one carrier only.
_HERE = f"""here AS (
    SELECT c.n FROM chunk c JOIN task t ON t.id = c.task_id
    WHERE c.task_id = %(task)s AND c.n >= %(lo)s / {CHUNK} AND c.n <= (%(hi)s - 1) / {CHUNK}
      AND coalesce(c.carrier_id, t.carrier_id) = %(carrier)s
      AND NOT EXISTS (SELECT FROM moved_chunk v WHERE v.task_id = c.task_id AND v.n = c.n AND v.begun)
)"""
_REPORTED_ONCE = across(f"WITH {_HERE}, {REPORTED_ONCE} SELECT count(*) FROM changed")
_ACCEPTED = across(f"WITH {_HERE}, {ACCEPTED} SELECT count(*) FROM changed")

_SETTLE = across(f"WITH {DECIDED}, {TOLD} SELECT count(*) FROM changed")

# The mark of a task that has nothing to send is taken away with it: see `task_sent_at`.
_SEND_AGAIN = across(f"""
WITH free AS (
    SELECT n FROM <chunk>
    WHERE task_id = %(task)s AND n >= %(lo)s / {CHUNK} AND n <= (%(hi)s - 1) / {CHUNK} AND state <> 1
    ORDER BY n FOR UPDATE
), {SENT_AGAIN}, opened AS (
    UPDATE <chunk> c SET state = 0, owner = NULL, batch_hi = NULL, next_seq = least(c.next_seq, a.lo)
    FROM (SELECT seq / {CHUNK} AS n, min(seq) AS lo FROM changed GROUP BY 1) a
    WHERE c.task_id = %(task)s AND c.n = a.n
    RETURNING c.task_id
), unsent AS (
    UPDATE task SET sent_at = NULL WHERE id IN (SELECT task_id FROM opened)
), {TOLD}
SELECT count(*) FROM changed
""")


class Chosen(NamedTuple):
    """Which messages: those of `seqs`, and those whose number is LIKE `digits`; null leaves none out."""

    seqs: list[int] | None = None
    digits: str | None = None


def expire(task_id: int, lo: int, hi: int, *, before: datetime, result: int, code: str) -> int:
    """Give a result to messages of [lo, hi) sent at or before a time that have no final report; return how many.

    A long one of which parts were reported delivered, and none failed, becomes Successful.
    """
    return _run(_EXPIRE, task_id, lo, hi, before=before, result=result, code=code)


def settle_reported_once(task_id: int, lo: int, hi: int, *, carrier_id: int) -> int:
    """Make Successful what went over a carrier and of which a part was reported delivered; return how many."""
    return _run(_REPORTED_ONCE, task_id, lo, hi, carrier=carrier_id)


def settle_accepted(task_id: int, lo: int, hi: int, *, carrier_id: int, long_only: bool) -> int:
    """Make Successful what a carrier that reports nothing accepted a minute ago; return how many."""
    return _run(_ACCEPTED, task_id, lo, hi, carrier=carrier_id, long=long_only)


def settle_uncertain(
    task_id: int, lo: int, hi: int, *, chosen: Chosen, result: int, code: str, who: str
) -> int:
    """Give the chosen Uncertain messages of [lo, hi) a result; return how many. `who` decided it."""
    decided = {"result": result, "code": code, "who": who, "kind": "settled"}
    return _run(_SETTLE, task_id, lo, hi, **chosen._asdict(), **decided)


def send_again(task_id: int, lo: int, hi: int, *, chosen: Chosen, who: str) -> int:
    """Let the chosen Uncertain messages of [lo, hi) be sent again; return how many.

    Messages of chunks that a sender holds just now are left as they are.
    """
    return _run(_SEND_AGAIN, task_id, lo, hi, **chosen._asdict(), who=who, kind="resent")


def ranges_holding(task_id: int, what: str, *, chunks: int = 20) -> list[tuple[int, int]]:
    """Ranges of seqs, `chunks` chunks each, that hold messages which are "sending" or waiting, or "uncertain"."""
    open_ = "messages - successful - failed - uncertain - not_sent"
    held = {"sending": open_, "uncertain": "uncertain"}[what]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT n / %s FROM tally WHERE task_id = %s AND {held} > 0 ORDER BY 1",
            [chunks, task_id],
        )
        size = chunks * CHUNK
        return [(number * size, (number + 1) * size) for (number,) in cursor.fetchall()]


def _run(text: str, task_id: int, lo: int, hi: int, **parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(text, parameters | {"task": task_id, "lo": lo, "hi": hi})
        return int(cursor.fetchone()[0])
