"""What there is to do: which tasks have chunks to send, and what else a sender should look at.

`pulse` is one statement, so that a sender at rest asks little; it says only what is worth a look of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sendmill.message_store.engine.store_holds import NOT_HELD
from sendmill.message_store.sender_locks import LIVING_SENDERS, SENDER_LOCK
from sendmill.postgres.connections import Connection

# Tasks that have something to send over these carriers, and the carriers that take nothing new, being drained. One
# statement for all binds of a process. What only awaits reports is passed over by the partial index task_unsent, done
# chunks by chunk_unsent. The chunks of a routed task name their carriers, those of any other have the task's.
LIVE_TASKS = f"""
SELECT k.id, t.id, t.account_id, t.priority
FROM carrier k JOIN task t ON t.carrier_id = k.id OR t.routed
WHERE k.id = ANY(%(carriers)s::bigint[]) AND NOT k.draining
  AND t.status = 'executing' AND t.sent_at IS NULL AND NOT t.paused AND t.import_state = 'imported'
  AND (t.closes_at IS NULL OR (now() >= t.opens_at AND now() < t.closes_at))
  AND {NOT_HELD.format(task="t")}
  AND EXISTS (SELECT 1 FROM chunk c WHERE c.task_id = t.id AND c.state = 0
              AND coalesce(c.carrier_id, t.carrier_id) = k.id)
  AND NOT EXISTS (SELECT FROM task_fault f WHERE f.task_id = t.id AND f.carrier_id = k.id AND f.retry_at > now())
  AND NOT EXISTS (SELECT FROM task_breaker b WHERE b.task_id = t.id AND b.carrier_id = k.id AND b.released_at IS NULL
                  AND b.probe_at > now())
UNION ALL
SELECT k.id, NULL, NULL, NULL FROM carrier k WHERE k.id = ANY(%(carriers)s::bigint[]) AND k.draining
ORDER BY 4, 2
"""

PULSE = f"""
SELECT ({LIVING_SENDERS})::int,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - current_setting('reserved_connections')::int,
       EXISTS (SELECT FROM task WHERE status = 'executing' AND sent_at IS NULL),
       EXISTS (SELECT FROM task WHERE routed AND status = 'executing' AND sent_at IS NULL)
         OR EXISTS (SELECT FROM carrier_out),
       ARRAY(SELECT DISTINCT carrier_id FROM orphan WHERE retry_at <= now())
"""


class LiveTask(NamedTuple):
    """A task that has chunks to send now."""

    id: int
    account_id: int
    priority: int


class Live(NamedTuple):
    """Tasks with chunks to claim, by carrier: in each the most urgent first, then the oldest.

    `draining` carriers take no new chunk, and no further batch of one.
    """

    tasks: dict[int, list[LiveTask]]
    draining: set[int]


class Pulse(NamedTuple):
    """What a sender should look at.

    How many senders live (1 at least); how many connections the server has for all; whether chunks may be leased;
    whether fail-over has work; the carriers with orphans to be tried again.
    """

    senders: int
    connections: int
    leased: bool
    failover: bool
    orphans: list[int]


async def live_tasks(conn: Connection, carriers: Collection[int]) -> Live:
    """What there is to send over these carriers now."""
    cursor = await conn.execute(LIVE_TASKS, {"carriers": list(carriers)})
    tasks: dict[int, list[LiveTask]] = {}
    draining = set()
    for carrier_id, *task in await cursor.fetchall():
        if task[0] is None:
            draining.add(carrier_id)
        else:
            tasks.setdefault(carrier_id, []).append(LiveTask(*task))
    return Live(tasks, draining)


async def pulse(conn: Connection) -> Pulse:
    """What a sender should look at now."""
    cursor = await conn.execute(PULSE, {"lock": SENDER_LOCK})
    row = await cursor.fetchone()
    senders, *rest = row or (1, 0, True, True, [])
    return Pulse(max(1, senders), *rest)
