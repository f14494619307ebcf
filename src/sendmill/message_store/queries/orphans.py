"""Reports and replies that belong to no message: to show them, and to find the form of ids that would match them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

KeysOf = Callable[[Sequence[str]], Sequence[str]]

SAMPLE = 500  # of the newest unmatched reports
RESPONSES = 100_000  # ids looked at beside them, at most
BATCH = 20_000
KINDS = ("report", "reply", "unreadable")
END = 2**63 - 1  # above every id


class Received(NamedTuple):
    """What a carrier sent that belongs to no message; of a long text its beginning."""

    id: int
    received_at: datetime
    kind: str
    number: int | None
    message_id: str | None
    code: str | None
    raw: str


# Not those that are merely early: batches were open when they came, or another process may have had one open.
SETTLED_DOWN = """(retry_at IS NULL
      OR received_at <= now() - CASE WHEN early THEN interval '2 min' ELSE interval '3 s' END)"""

# Each kind by its own stretch of the index: however rare one is, no more rows are read than are shown.
_RECEIVED = f"""
SELECT o.* FROM unnest(%(kinds)s::text[]) AS k (kind)
CROSS JOIN LATERAL (
    SELECT id, received_at, kind, number, message_id, code, left(raw, %(longest)s) FROM orphan
    WHERE carrier_id = %(carrier)s AND kind = k.kind AND matched_at IS NULL AND {SETTLED_DOWN}
      AND id > %(after)s AND id < %(before)s
    ORDER BY id {{order}} LIMIT %(limit)s) o
ORDER BY o.id {{order}} LIMIT %(limit)s
"""

_UNMATCHED = f"""
SELECT message_id, received_at FROM orphan
WHERE carrier_id = %s AND kind = 'report' AND matched_at IS NULL AND message_id <> '' AND {SETTLED_DOWN}
  AND received_at > now() - interval '3 days'
ORDER BY id DESC LIMIT %s
"""

_RESPONSES = """
SELECT message_id FROM submission
WHERE carrier_id = %s AND submitted_at > %s - interval '10 min' AND submitted_at < %s + interval '1 min'
LIMIT %s
"""

_REHASH = """
UPDATE {table} s SET id_hash = hashtextextended(u.key, %(carrier)s)
FROM unnest(%(places)s::tid[], %(ids)s::text[], %(keys)s::text[]) AS u (place, id, key)
WHERE s.ctid = u.place AND s.message_id = u.id AND s.carrier_id = %(carrier)s
  AND s.id_hash <> hashtextextended(u.key, %(carrier)s)
"""


def received(
    carrier_id: int,
    kinds: Sequence[str] = KINDS,
    *,
    limit: int,
    before: int | None = None,
    after: int | None = None,
    longest: int = 4_000,
) -> list[Received]:
    """The newest of these kinds, newest first; with `after` those that came next after that id, oldest first.

    A report that found its message later is not among them.
    """
    parameters: dict[str, Any] = {
        "carrier": carrier_id,
        "kinds": list(kinds),
        "limit": limit,
        "before": END if before is None else before,
        "after": 0 if after is None else after,
        "longest": longest,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVED.format(order="DESC" if after is None else "ASC"), parameters)
        return [Received._make(row) for row in cursor.fetchall()]


def unmatched(carrier_id: int) -> tuple[list[str], list[str]]:
    """The ids of the newest reports without a message, and those that the carrier gave at about their time."""
    with connection.cursor() as cursor:
        cursor.execute(_UNMATCHED, [carrier_id, SAMPLE])
        rows = cursor.fetchall()
        if not rows:
            return [], []
        times = [at for _id, at in rows]
        cursor.execute(_RESPONSES, [carrier_id, min(times), max(times), RESPONSES])
        return [identifier for identifier, _at in rows], [row[0] for row in cursor.fetchall()]


def rehash(carrier_id: int, keys_of: KeysOf, hours: int) -> int:
    """Let the ids of the last hours be found in the form that `keys_of` brings them into; return how many changed.

    In short transactions, a stretch of a table each: safe to be broken off and done again.
    """
    changed = 0
    for batch in _submissions(carrier_id, hours):
        by_table: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for table, place, identifier in batch:
            by_table[table].append((place, identifier))
        for table, rows in by_table.items():
            ids = [identifier for _place, identifier in rows]
            keys = [key.replace("\n", " ") for key in keys_of(ids)]
            parameters: dict[str, Any] = {
                "carrier": carrier_id,
                "places": [place for place, _identifier in rows],
                "ids": ids,
                "keys": keys,
            }
            with transaction.atomic(), connection.cursor() as cursor:
                # By place, never by reading the whole day.
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("SET LOCAL enable_hashjoin = off")
                cursor.execute("SET LOCAL enable_mergejoin = off")
                cursor.execute(_REHASH.format(table=table), parameters)
                changed += int(cursor.rowcount)
    return changed


def due_again(carrier_id: int) -> int:
    """Let every unmatched report of a carrier be tried now; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orphan SET retry_at = now(), tries = 0 "
            "WHERE carrier_id = %s AND kind = 'report' AND matched_at IS NULL",
            [carrier_id],
        )
        return int(cursor.rowcount)


def _submissions(carrier_id: int, hours: int) -> Iterator[list[tuple[str, str, str]]]:
    """(table, place, id) of what the carrier took, a batch at a time, each table from its beginning to its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'submission'::regclass ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
    for table in tables:
        after = "(0,0)"
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT ctid::text, message_id, carrier_id = %s FROM {table} WHERE ctid > %s::tid "
                    "AND submitted_at > now() - make_interval(hours => %s) LIMIT %s",
                    [carrier_id, after, hours, BATCH],
                )
                rows = cursor.fetchall()
            if not rows:
                break
            after = rows[-1][0]
            yield [(table, place, identifier) for place, identifier, own in rows if own]
