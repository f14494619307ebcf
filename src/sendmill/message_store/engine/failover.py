"""Fail-over: waiting chunks of routed tasks move from a carrier that cannot take them to the next one.

Only what nobody works on is moved: a chunk that is leased, or has an open intent, stays where it is until its
lease has ended. So a message is offered to a second carrier only when it is known that the first never got it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sendmill.domain.routing import Outcomes
from sendmill.message_store.engine.chunks import CHUNK
from sendmill.postgres.connections import Connection

# The carrier that a message `m` of task `t` and chunk `c` was handed to, by the time at which it was: a chunk
# that went to another carrier tells since when.
CARRIER_OF = f"""coalesce((
    SELECT v.from_carrier FROM moved_chunk v
    WHERE v.task_id = m.task_id AND v.n = m.seq / {CHUNK} AND v.at > m.submitted_at
    ORDER BY v.at LIMIT 1), c.carrier_id, t.carrier_id)"""

ANY_ROUTED = """
SELECT EXISTS (SELECT FROM task WHERE routed AND status = 'executing' AND sent_at IS NULL),
       EXISTS (SELECT FROM carrier_out),
       EXISTS (SELECT FROM task_breaker b JOIN task t ON t.id = b.task_id
               WHERE b.released_at IS NULL AND t.routed AND t.status = 'executing' AND t.sent_at IS NULL)
"""

# Of each carrier: whether it may take anything, whether a bind that sends is or was lately bound (the slots from
# `binds` on only receive), and what became of messages in the last minutes and in the six hours before.
STANDINGS = """
SELECT c.id, c.enabled AND NOT c.draining,
       EXISTS (SELECT FROM bind_state b WHERE b.carrier_id = c.id AND b.slot < c.binds AND b.state = 'bound')
         OR EXISTS (SELECT FROM carrier_sample s
                    WHERE s.carrier_id = c.id AND s.slot < c.binds AND s.bound
                      AND s.at > now() - %(patience)s::interval),
       s.refused, s.failed, s.delivered, s.usually_refused, s.usually_failed, s.usually_delivered
FROM carrier c CROSS JOIN LATERAL (
    SELECT coalesce(sum(refused) FILTER (WHERE lately), 0) AS refused,
           coalesce(sum(failed) FILTER (WHERE lately), 0) AS failed,
           coalesce(sum(delivered) FILTER (WHERE lately), 0) AS delivered,
           coalesce(sum(refused) FILTER (WHERE NOT lately), 0) AS usually_refused,
           coalesce(sum(failed) FILTER (WHERE NOT lately), 0) AS usually_failed,
           coalesce(sum(delivered) FILTER (WHERE NOT lately), 0) AS usually_delivered
    FROM (SELECT refused, failed, delivered, at > now() - %(lately)s::interval AS lately
          FROM carrier_sample WHERE carrier_id = c.id AND at > now() - interval '6 hours') s) s
ORDER BY c.id
"""

# A carrier is shut to a task when it is out, or when the task's breaker on it has tripped (reason: refusing).
_SHUT = """({carrier} = ANY(%(out)s::bigint[]) OR EXISTS (
        SELECT FROM task_breaker b WHERE b.task_id = t.id AND b.carrier_id = {carrier} AND b.released_at IS NULL))"""

# Chunks that wait for carriers which are shut go to the first of their carriers that is not. The look and the
# lock are one: a chunk that a sender claims at this moment is passed over, or has to be claimed again.
MOVE = f"""
WITH waiting AS (
    SELECT c.task_id, c.n, c.carrier_id, c.next_seq > c.lo AS begun, (
        SELECT u.id FROM unnest(c.carriers) WITH ORDINALITY AS u (id, rank)
        WHERE NOT {_SHUT.format(carrier="u.id")} ORDER BY u.rank LIMIT 1) AS next
    FROM task t JOIN chunk c ON c.task_id = t.id
    WHERE t.routed AND t.status = 'executing' AND t.sent_at IS NULL AND c.state = 0 AND c.batch_hi IS NULL
      AND {_SHUT.format(carrier="c.carrier_id")}
    ORDER BY c.task_id, c.n FOR UPDATE OF c SKIP LOCKED
), moved AS (
    UPDATE chunk c SET carrier_id = w.next
    FROM waiting w WHERE c.task_id = w.task_id AND c.n = w.n AND w.next IS NOT NULL
    RETURNING c.task_id, c.n, w.carrier_id AS was, c.carrier_id AS became, w.begun
), noted AS (
    INSERT INTO moved_chunk (task_id, n, at, from_carrier, to_carrier, begun, reason)
    SELECT task_id, n, clock_timestamp(), was, became, begun, coalesce(%(reasons)s::jsonb ->> was::text, 'refusing')
    FROM moved
)
SELECT was, became, count(*)::int FROM moved GROUP BY 1, 2 ORDER BY 1, 2
"""

# What is out, and why, for the pages; `since` stays while the reason does.
NOTE_OUT = """
INSERT INTO carrier_out (carrier_id, reason) SELECT key::bigint, value FROM jsonb_each_text(%(reasons)s::jsonb)
ON CONFLICT (carrier_id) DO UPDATE SET reason = EXCLUDED.reason,
    since = CASE WHEN carrier_out.reason = EXCLUDED.reason THEN carrier_out.since ELSE now() END
"""
OUT = """
SELECT o.reason, o.since FROM carrier_out o JOIN carrier c ON c.id = o.carrier_id
WHERE o.carrier_id = %s AND c.enabled AND NOT c.draining
"""
FORGET_OUT = "DELETE FROM carrier_out WHERE carrier_id <> ALL(%s)"


class Standing(NamedTuple):
    """A carrier as fail-over sees it; `takes` is false when it is switched off or being drained."""

    carrier_id: int
    takes: bool
    bound: bool
    lately: Outcomes
    usually: Outcomes


class Moved(NamedTuple):
    """How many chunks went from one carrier to another."""

    from_carrier: int
    to_carrier: int
    chunks: int


async def any_routed(conn: Connection) -> tuple[bool, bool, bool]:
    """Return what fail-over has to do with.

    Whether a task is being executed whose chunks may change their carrier; whether a carrier is noted as out; whether
    a breaker of such a task has tripped.
    """
    cursor = await conn.execute(ANY_ROUTED)
    row = await cursor.fetchone()
    return (bool(row[0]), bool(row[1]), bool(row[2])) if row else (False, False, False)


async def standings(conn: Connection, patience: float, lately: float) -> list[Standing]:
    """Every carrier: bound within `patience` seconds or not, and its outcomes of the last `lately` seconds."""
    cursor = await conn.execute(
        STANDINGS, {"patience": timedelta(seconds=patience), "lately": timedelta(seconds=lately)}
    )
    return [
        Standing(key, takes, bound, Outcomes(*map(int, counts[:3])), Outcomes(*map(int, counts[3:])))
        for key, takes, bound, *counts in await cursor.fetchall()
    ]


async def move(conn: Connection, out: Mapping[int, str]) -> list[Moved]:
    """Move what waits for the carriers that are `out` (with the reason of each), or that a breaker keeps from it.

    Committed when it returns.
    """
    parameters = {"out": list(out), "reasons": _json(out)}
    cursor = await conn.execute(MOVE, parameters)
    return [Moved(*row) for row in await cursor.fetchall()]


async def note_out(conn: Connection, out: Mapping[int, str], besides: Sequence[int] = ()) -> None:
    """Keep which carriers are out and why, for the pages, and forget the others, whoever noted them.

    Those of `besides` stay as they are.
    """
    await conn.execute(NOTE_OUT, {"reasons": _json(out)})
    await conn.execute(FORGET_OUT, ([*out, *besides],))


def _json(out: Mapping[int, str]) -> str:
    return json.dumps({str(key): reason for key, reason in out.items()})
