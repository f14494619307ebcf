"""Breakers of tasks on carriers: trip, probe, release, and what a carrier usually refuses.

A breaker that has tripped stops every sender at its next intent (`NOT_TRIPPED`); the one that took the probe may open
one batch.
"""

from __future__ import annotations

from datetime import datetime

from sendmill.domain.breaker import Trip
from sendmill.domain.routing import Outcomes
from sendmill.message_store.engine.chunks import Chunk
from sendmill.postgres.connections import Connection

PROBE_LEASE = 60.0  # seconds, longer than a carrier may take to answer by default

# No breaker keeps the carrier of the leased chunk of task `t` from it, or this lease has the probe.
NOT_TRIPPED = """NOT EXISTS (
        SELECT FROM task_breaker b JOIN <chunk> k ON k.task_id = b.task_id AND k.n = %(n)s
        WHERE b.task_id = t.id AND b.released_at IS NULL AND b.carrier_id = coalesce(k.carrier_id, t.carrier_id)
        AND (b.probe_n, b.probe_attempt) IS DISTINCT FROM (%(n)s::int, %(attempt)s::int))"""

# Several batch senders may find the same at the same time: the first one's reason stays. One that was released trips
# anew.
TRIP = """
INSERT INTO task_breaker AS b (task_id, carrier_id, cause, status, words, refusals, probe_at)
VALUES (%(task)s, %(carrier)s, %(cause)s, %(status)s, %(words)s, %(refusals)s,
        clock_timestamp() + make_interval(secs => %(wait)s))
ON CONFLICT (task_id, carrier_id) DO UPDATE SET cause = EXCLUDED.cause, status = EXCLUDED.status,
    words = EXCLUDED.words, refusals = EXCLUDED.refusals, tripped_at = EXCLUDED.tripped_at, probes = 0,
    probe_at = EXCLUDED.probe_at, probe_n = NULL, probe_attempt = NULL, released_at = NULL, released_by = '',
    told = false
WHERE b.released_at IS NOT NULL
RETURNING tripped_at
"""

# One prober at a time; when it dies the next probe is due after PROBE_LEASE.
TAKE_PROBE = """
UPDATE task_breaker SET probe_n = %(n)s, probe_attempt = %(attempt)s,
    probe_at = clock_timestamp() + make_interval(secs => %(wait)s)
WHERE task_id = %(task)s AND carrier_id = %(carrier)s AND released_at IS NULL AND probe_at <= clock_timestamp()
RETURNING status, probes
"""

# Only for the lease that took the probe: a person may have released the breaker, and it may have tripped anew.
END_PROBE = """
UPDATE task_breaker SET probe_n = NULL, probe_attempt = NULL, probes = probes + %(failed)s,
    probe_at = clock_timestamp() + make_interval(secs => %(wait)s)
WHERE task_id = %(task)s AND carrier_id = %(carrier)s AND released_at IS NULL
  AND probe_n = %(n)s AND probe_attempt = %(attempt)s
"""
PROBE_ACCEPTED = """
UPDATE task_breaker SET released_at = clock_timestamp(), released_by = 'probe', probe_n = NULL, probe_attempt = NULL
WHERE task_id = %(task)s AND carrier_id = %(carrier)s AND released_at IS NULL
  AND probe_n = %(n)s AND probe_attempt = %(attempt)s
RETURNING pg_notify('sendmill', 'task')
"""

# What became of messages over a carrier in six hours, without the last minutes, as fail-over looks at them.
USUALLY = """
SELECT coalesce(sum(refused), 0), coalesce(sum(failed), 0), coalesce(sum(delivered), 0) FROM carrier_sample
WHERE carrier_id = %s AND at BETWEEN now() - interval '6 hours' AND now() - interval '5 minutes'
"""


async def trip(
    conn: Connection, task_id: int, carrier_id: int, found: Trip, words: str, wait: float
) -> datetime | None:
    """Stop a task on a carrier, with the first probe after `wait` seconds; committed when it returns.

    Returns since when, None where it had been stopped before. `words` are the carrier's own for the status.
    """
    parameters = {
        "task": task_id,
        "carrier": carrier_id,
        "cause": found.cause.value,
        "status": found.status,
        "words": words,
        "refusals": found.refusals,
        "wait": wait,
    }
    row = await (await conn.execute(TRIP, parameters)).fetchone()
    return row[0] if row else None


async def take_probe(conn: Connection, chunk: Chunk, carrier_id: int) -> tuple[int, int] | None:
    """Let this lease send the probe that is due: (status it tripped by, probes that failed); None when none is."""
    parameters = _lease(chunk, carrier_id) | {"wait": PROBE_LEASE}
    row = await (await conn.execute(TAKE_PROBE, parameters)).fetchone()
    return (int(row[0]), int(row[1])) if row else None


async def end_probe(conn: Connection, chunk: Chunk, carrier_id: int, *, failed: bool, wait: float) -> None:
    """Note that a probe was refused (`failed`) or came to nothing; the next one is due after `wait` seconds."""
    parameters = _lease(chunk, carrier_id) | {"failed": int(failed), "wait": wait}
    await conn.execute(END_PROBE, parameters)


async def probe_accepted(conn: Connection, chunk: Chunk, carrier_id: int) -> None:
    """Release a breaker, as its probe was accepted; committed when it returns."""
    await conn.execute(PROBE_ACCEPTED, _lease(chunk, carrier_id))


async def usually(conn: Connection, carrier_id: int) -> Outcomes:
    """Return what became of messages over a carrier in the six hours before."""
    row = await (await conn.execute(USUALLY, (carrier_id,))).fetchone()
    return Outcomes(*map(int, row)) if row else Outcomes(0, 0, 0)


def _lease(chunk: Chunk, carrier_id: int) -> dict[str, object]:
    return {"task": chunk.task_id, "carrier": carrier_id, "n": chunk.n, "attempt": chunk.attempt}
