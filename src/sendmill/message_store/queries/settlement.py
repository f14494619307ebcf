"""SQL that settles messages without a report: by time, by a person, or by letting them be sent again.

Whatever changes `message.result` keeps `tally` and `failure` in step in the same statement: a CTE named
`changed` (task_id, seq, was, became) tells what became of each row, and `BOOKKEEPING` does the rest. Locks
are taken in one order everywhere: chunk, message by seq, tally by n.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from sendmill.message_store.engine.chunks import CHUNK

BOOKKEEPING = f"""
noted AS (
    INSERT INTO failure (task_id, seq) SELECT task_id, seq FROM changed WHERE became = 2 AND was <> 2
    ON CONFLICT DO NOTHING
), mended AS (
    DELETE FROM failure f USING changed c
    WHERE c.was = 2 AND c.became <> 2 AND f.task_id = c.task_id AND f.seq = c.seq
), delta AS (
    SELECT task_id, seq / {CHUNK} AS n,
           count(*) FILTER (WHERE became = 1) - count(*) FILTER (WHERE was = 1) AS successful,
           count(*) FILTER (WHERE became = 2) - count(*) FILTER (WHERE was = 2) AS failed,
           count(*) FILTER (WHERE became = 3) - count(*) FILTER (WHERE was = 3) AS uncertain,
           count(*) FILTER (WHERE became = 4) - count(*) FILTER (WHERE was = 4) AS not_sent
    FROM changed WHERE was <> became GROUP BY 1, 2
), held AS (
    SELECT t.task_id, t.n, d.successful, d.failed, d.uncertain, d.not_sent
    FROM delta d JOIN tally t ON t.task_id = d.task_id AND t.n = d.n
    ORDER BY t.task_id, t.n FOR UPDATE OF t
), counted AS (
    UPDATE tally t SET successful = t.successful + h.successful, failed = t.failed + h.failed,
                       uncertain = t.uncertain + h.uncertain, not_sent = t.not_sent + h.not_sent
    FROM held h WHERE t.task_id = h.task_id AND t.n = h.n
)
SELECT count(*) FROM changed
"""

# Parts that have no final result take the message's; reported_at stays empty, for no report came. One that
# the carrier had accepted is not unknown, whatever is decided about its message: it has no report.
_PARTS = """
settled AS (
    UPDATE part p SET result = %(result)s, code = CASE WHEN p.result = 0 THEN 'EXPIRED' ELSE %(code)s END
    FROM changed c
    WHERE p.task_id = %(task)s AND p.seq = c.seq AND p.result IN (0, 3)
),
"""

# What a person decided stays in the history of each message.
TOLD = """
told AS (
    INSERT INTO report (task_id, seq, part, digest, kind, raw)
    SELECT task_id, seq, 0, hashtextextended(%(who)s::text || clock_timestamp()::text, 0), %(kind)s, %(who)s
    FROM changed
    ON CONFLICT DO NOTHING
),
"""

_EXPIRE = f"""
WITH changed AS (
    UPDATE message m SET result = %(result)s, code = %(code)s
    WHERE m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s
      AND m.result = 0 AND m.submitted_at <= %(before)s
    RETURNING m.task_id, m.seq, old.result AS was, new.result AS became
), {_PARTS} {BOOKKEEPING}
"""

_SETTLE = f"""
WITH changed AS (
    UPDATE message m SET result = %(result)s, code = %(code)s
    WHERE m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s AND m.result = 3
      AND (%(seqs)s::int[] IS NULL OR m.seq = ANY(%(seqs)s::int[]))
      AND (%(digits)s::text IS NULL OR m.number::text LIKE %(digits)s)
    RETURNING m.task_id, m.seq, old.result AS was, new.result AS became
), {_PARTS} {TOLD} {BOOKKEEPING}
"""

# A chunk that a sender holds is left out: the sender goes on from where it is, and would miss them.
_SEND_AGAIN = f"""
WITH free AS (
    SELECT n FROM chunk
    WHERE task_id = %(task)s AND n >= %(lo)s / {CHUNK} AND n <= (%(hi)s - 1) / {CHUNK} AND state <> 1
    ORDER BY n FOR UPDATE
), changed AS (
    UPDATE message m SET result = 0, code = NULL, delivered = 0, submitted_at = NULL, reported_at = NULL
    WHERE m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s AND m.result = 3
      AND (%(seqs)s::int[] IS NULL OR m.seq = ANY(%(seqs)s::int[]))
      AND (%(digits)s::text IS NULL OR m.number::text LIKE %(digits)s)
      AND m.seq / {CHUNK} IN (SELECT n FROM free)
    RETURNING m.task_id, m.seq, old.result AS was, new.result AS became
), forgotten AS (
    DELETE FROM part p USING changed c WHERE p.task_id = %(task)s AND p.seq = c.seq
), opened AS (
    UPDATE chunk c SET state = 0, owner = NULL, batch_hi = NULL, next_seq = least(c.next_seq, a.lo)
    FROM (SELECT seq / {CHUNK} AS n, min(seq) AS lo FROM changed GROUP BY 1) a
    WHERE c.task_id = %(task)s AND c.n = a.n
    RETURNING c.task_id
), unsent AS (
    UPDATE task SET sent_at = NULL WHERE id IN (SELECT task_id FROM opened)
), {TOLD} {BOOKKEEPING}
"""


class Chosen(NamedTuple):
    """Which messages: those of `seqs`, and those whose number is LIKE `digits`; null leaves none out."""

    seqs: list[int] | None = None
    digits: str | None = None


def expire(task_id: int, lo: int, hi: int, *, before: datetime, result: int, code: str) -> int:
    """Settle the messages of [lo, hi) sent at or before a time that have no report; return how many."""
    return _run(_EXPIRE, task_id, lo, hi, before=before, result=result, code=code)


def settle_uncertain(
    task_id: int, lo: int, hi: int, *, chosen: Chosen, result: int, code: str, who: str
) -> int:
    """Settle the chosen uncertain messages of [lo, hi); return how many. `who` decided it."""
    decided = {"result": result, "code": code, "who": who, "kind": "settled"}
    return _run(_SETTLE, task_id, lo, hi, **chosen._asdict(), **decided)


def send_again(task_id: int, lo: int, hi: int, *, chosen: Chosen, who: str) -> int:
    """Give the chosen uncertain messages of [lo, hi) back to the sender; return how many.

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
