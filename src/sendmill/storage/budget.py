"""How many of the server's connections a sender may use, so that console, worker and commands always find one."""

from __future__ import annotations

from typing import NamedTuple

from sendmill.storage.connections import Connection
from sendmill.storage.senders import LIVING_SENDERS, SENDER_LOCK

MOST = 32  # more than the processors of a server keep busy with statements that take a millisecond
LEAST = 6  # of a sender, whatever the server allows: two are its own, the others do the work
OWN = 2  # the control connection, and the one by which it reads the carriers' settings

# The senders that live, and the connections that are there for everybody.
SHARES = f"""
SELECT ({LIVING_SENDERS})::int,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - current_setting('reserved_connections')::int
"""


class Shares(NamedTuple):
    """How many senders live (1 at least), and how many connections the server has for everybody."""

    senders: int
    connections: int


async def shares(conn: Connection) -> Shares:
    """What the senders of this database share."""
    cursor = await conn.execute(SHARES, {"lock": SENDER_LOCK})
    row = await cursor.fetchone()
    senders, connections = row or (1, 0)
    return Shares(max(1, senders), connections)


def budget(connections: int, senders: int, chosen: int = 0) -> int:
    """How many connections the lanes and report writers of one sender may use together.

    Half of what the server allows is the senders', in equal shares; `chosen` (not 0) is one sender's share instead.
    """
    whole = chosen or min(MOST, connections // 2 // senders)
    return max(LEAST, whole) - OWN
