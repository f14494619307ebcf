"""Holds: while one is open nothing is submitted and no task starts, except tasks that were cleared for it.

The statements take any cursor or connection of psycopg or Django with `execute`; the asyncio ones have a twin below.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sendmill.message_store.marks.judgement import Ground, HoldKind
from sendmill.postgres.connections import Connection

# A task `t` may be sent: no hold is open, or the task was cleared for the one that is.
NOT_HELD = (
    "NOT EXISTS (SELECT FROM hold WHERE released_at IS NULL AND id IS DISTINCT FROM {task}.cleared_hold)"
)

OPEN = "SELECT id, kind, message, parameters, last_task_id, began_at FROM hold WHERE released_at IS NULL"

# One hold is open at a time. A new reason ends the one before it, so that what was cleared for that one is held again.
SUPERSEDE = """
UPDATE hold SET released_at = clock_timestamp(), released_as = 'superseded', released_by = %(by)s
WHERE released_at IS NULL
"""
BEGIN = """
INSERT INTO hold (kind, message, parameters, missing, last_task_id)
VALUES (%(kind)s, %(message)s, %(parameters)s, %(missing)s, (SELECT coalesce(max(id), 0) FROM task))
RETURNING id
"""


class Executing(Protocol):
    """A cursor of Django or psycopg, or a psycopg connection's cursor."""

    def execute(self, query: Any, params: Any = None, /) -> Any:
        """Execute a statement."""

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""


@dataclass(frozen=True)
class Hold:
    """The open hold: its sentence is `message` with `parameters`."""

    id: UUID
    kind: HoldKind
    message: str
    parameters: Mapping[str, Any]
    last_task_id: int
    began_at: datetime

    def __str__(self) -> str:
        return self.message % self.parameters


def open_hold(cursor: Executing) -> Hold | None:
    """The hold that is open now, if any."""
    cursor.execute(OPEN)
    return _hold(cursor.fetchone())


def begin_hold(cursor: Executing, ground: Ground) -> UUID:
    """Hold the store for a reason; a hold that is open already ends, so that nothing stays cleared.

    In one transaction of the caller, or in autocommit one statement after the other.
    """
    cursor.execute(SUPERSEDE, {"by": "system"})
    cursor.execute(BEGIN, _parameters(ground))
    identifier: UUID = cursor.fetchone()[0]
    return identifier


async def open_hold_now(conn: Connection) -> Hold | None:
    """As `open_hold`, for the asyncio processes."""
    return _hold(await (await conn.execute(OPEN)).fetchone())


async def begin_hold_now(conn: Connection, ground: Ground) -> None:
    """As `begin_hold`, in a transaction of its own."""
    async with conn.transaction():
        await conn.execute(SUPERSEDE, {"by": "system"})
        await conn.execute(BEGIN, _parameters(ground))


def _parameters(ground: Ground) -> dict[str, Any]:
    return {
        "kind": str(ground.kind),
        "message": ground.message,
        "parameters": json.dumps(ground.parameters),
        "missing": json.dumps([[str(run), lane, count] for (run, lane), count in ground.missing.items()]),
    }


def _hold(row: Any) -> Hold | None:
    if row is None:
        return None
    identifier, kind, message, parameters, last_task_id, began_at = row
    said = json.loads(parameters) if isinstance(parameters, str) else parameters
    return Hold(identifier, HoldKind(kind), message, said, last_task_id, began_at)


# What could go twice: tasks that were alive when the hold began and were not cleared since, with the messages of which
# nothing is recorded. A pending task whose time has not come cannot have been sent.
AT_RISK = f"""
SELECT t.id, t.account_id, t.name, t.status, t.scheduled_at,
       CASE WHEN t.import_state = 'imported' THEN coalesce(
           (SELECT sum(c.hi - c.next_seq) FROM chunk c WHERE c.task_id = t.id AND c.state <> 2), 0)
       ELSE t.accepted END::int AS unsent
FROM task t JOIN hold h ON h.released_at IS NULL
WHERE t.status IN ('pending', 'executing') AND t.id <= h.last_task_id AND NOT ({NOT_HELD.format(task="t")})
  AND (t.status = 'executing' OR t.scheduled_at IS NULL OR t.scheduled_at <= clock_timestamp())
  AND (%(account_id)s::bigint IS NULL OR t.account_id = %(account_id)s)
ORDER BY t.id
"""

# Nothing was ever sent from here, or a sender found its marks on this life of the server.
EXAMINED = """
SELECT NOT EXISTS (SELECT FROM stamp WHERE count > 0)
    OR EXISTS (SELECT FROM sender WHERE postmaster = pg_postmaster_start_time())
"""

CLEAR = "UPDATE task SET cleared_hold = %(hold)s WHERE id = %(task_id)s"

RELEASE = """
UPDATE hold SET released_at = clock_timestamp(), released_as = %(choice)s, released_by = %(by)s
WHERE id = %(id)s AND released_at IS NULL
"""


@dataclass(frozen=True)
class HeldTask:
    """A task of which something may have been sent that the store does not know of; `unsent` messages of it."""

    id: int
    account_id: int
    name: str
    status: str
    scheduled_at: datetime | None
    unsent: int


def is_examined(cursor: Any) -> bool:
    """Whether a sender has looked at this store since its server was started; true for one never sent from."""
    cursor.execute(EXAMINED)
    return bool(cursor.fetchone()[0])


def tasks_at_risk(cursor: Any, account_id: int | None = None) -> list[HeldTask]:
    """What could go twice if it were sent now, of one account or of all; empty when nothing is held."""
    cursor.execute(AT_RISK, {"account_id": account_id})
    return [held for row in cursor.fetchall() if (held := HeldTask(*row)).unsent > 0]


def clear_task(cursor: Any, task_id: int, hold: Hold) -> None:
    """Release one task from a hold: a decision about it was taken. One that began meanwhile holds it on."""
    cursor.execute(CLEAR, {"task_id": task_id, "hold": hold.id})


def release_hold(cursor: Any, hold: Hold, choice: str, by: str) -> bool:
    """End a hold; False when it is no longer the open one."""
    cursor.execute(RELEASE, {"id": hold.id, "choice": choice, "by": by})
    return bool(cursor.rowcount)
