"""Advisory locks that keep senders apart: which senders live, and who holds which bind.

What keeps two senders off the same messages is the lease of a chunk, fenced in each statement (`engine.chunks`); a
lease lasts as long as its owner holds the lock of a living sender.
"""

from __future__ import annotations

from uuid import UUID

from sendmill.postgres.connections import Connection

SENDER_LOCK = 0x5E4D0001  # class of the lock that a running sender holds on its id
SLOT_LOCK = 0x5E4D0002  # class of the lock on a bind of a carrier


# The number of senders that hold their lock now.
LIVING_SENDERS = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND classid = %(lock)s::bigint::oid AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def as_int4(value: int) -> int:
    """Return a lock class as PostgreSQL's signed integer."""
    return value - 2**32 if value >= 2**31 else value


async def register(conn: Connection, host: str, pid: int, run: UUID) -> int:
    """Register this process as a sender: return its new id, whose lock `conn` holds from now on."""
    cursor = await conn.execute(
        "INSERT INTO sender (host, pid, run) VALUES (%s, %s, %s) RETURNING id", (host, pid, run)
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - INSERT … RETURNING yields a row
    owner = int(row[0])
    await live_again(conn, owner)
    return owner


async def knows(conn: Connection, owner: int, run: UUID) -> bool:
    """Return whether the store has the registration of this run.

    An older copy of the store may not, and may give the id to another process.
    """
    cursor = await conn.execute("SELECT FROM sender WHERE id = %s AND run = %s", (owner, run))
    return await cursor.fetchone() is not None


async def live_again(conn: Connection, owner: int) -> None:
    """Take the lock of a sender's id on a new connection, after the old one was lost."""
    await conn.execute("SELECT pg_advisory_lock(%s::int, %s::int)", (as_int4(SENDER_LOCK), owner))


async def take_slot(conn: Connection, carrier_id: int, slot: int) -> bool:
    """Try to take the lock of this bind of this carrier; return whether this process holds it now."""
    key = carrier_id % 2**24 * 2**7 + slot
    cursor = await conn.execute("SELECT pg_try_advisory_lock(%s::int, %s::int)", (as_int4(SLOT_LOCK), key))
    row = await cursor.fetchone()
    return bool(row and row[0])


async def leave_slot(conn: Connection, carrier_id: int, slot: int) -> None:
    """Release the lock of this bind, so that another process can take it."""
    key = carrier_id % 2**24 * 2**7 + slot
    await conn.execute("SELECT pg_advisory_unlock(%s::int, %s::int)", (as_int4(SLOT_LOCK), key))
