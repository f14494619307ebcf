"""SQL of a sender's look at what there may be to do: one statement, so that a sender at rest asks little.

What it answers says only what is worth a look of its own; each of those decides by itself.
"""

from __future__ import annotations

from typing import NamedTuple

from sendmill.postgres.connections import Connection
from sendmill.postgres.locks import LIVING_SENDERS, SENDER_LOCK

PULSE = f"""
SELECT ({LIVING_SENDERS})::int,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - current_setting('reserved_connections')::int,
       EXISTS (SELECT FROM task WHERE status = 'executing' AND sent_at IS NULL),
       EXISTS (SELECT FROM task WHERE routed AND status = 'executing' AND sent_at IS NULL)
         OR EXISTS (SELECT FROM carrier_out),
       ARRAY(SELECT DISTINCT carrier_id FROM orphan WHERE retry_at <= now())
"""


class Pulse(NamedTuple):
    """How many senders live (1 at least); the connections that the server has for everybody; whether chunks may be
    leased; whether fail-over has something to see to; the carriers with orphans to be tried again."""

    senders: int
    connections: int
    leased: bool
    failover: bool
    orphans: list[int]


async def pulse(conn: Connection) -> Pulse:
    """What a sender should look at now."""
    cursor = await conn.execute(PULSE, {"lock": SENDER_LOCK})
    row = await cursor.fetchone()
    senders, *rest = row or (1, 0, True, True, [])
    return Pulse(max(1, senders), *rest)
