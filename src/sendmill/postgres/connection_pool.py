"""A pool of connections that the batch senders, report writers and watchers of one process share.

Each holds one for a few statements only, never while it waits for a carrier, and never two at a time: so a few
connections serve any number of binds, and nobody waits for somebody who waits for him.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic

from psycopg import Error
from psycopg.pq import TransactionStatus

from sendmill.postgres.connections import Connection, connect
from sendmill.postgres.error_kinds import Trouble, trouble_of

LEAST = 2  # with one, a statement that waits for a lock would stop everything
IDLE = 60.0  # seconds after which a connection that nobody needed is closed


class Pool:
    """At most `limit` connections at a time, lent first come, first served.

    `limit` may be changed at any time; connections above it are closed when they are returned.
    """

    def __init__(self, dsn: str, purpose: str, limit: int) -> None:
        self._dsn = dsn
        self._purpose = purpose
        self._limit = max(LEAST, limit)
        self._used = 0
        self._idle: deque[tuple[Connection, float]] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def limit(self) -> int:
        """The most connections that there may be."""
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        self._limit = max(LEAST, limit)
        self._wake()

    @property
    def open(self) -> int:
        """The number of connections, in use or idle."""
        return self._used + len(self._idle)

    @property
    def waiting(self) -> int:
        """How many callers wait for a connection."""
        return len(self._waiting)

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Connection]:
        """Lend a connection for some statements.

        It is closed afterwards when an error ended it, or when it is left within a transaction. Raises
        psycopg.OperationalError when none can be made.
        """
        await self._enter()
        conn: Connection | None = None
        try:
            conn = self._idle.pop()[0] if self._idle else None
            if conn is None or conn.closed:
                conn = await connect(self._dsn, self._purpose)
            yield conn
        except Error as error:
            if trouble_of(error) is Trouble.GONE:
                # The idle ones are lost too: each would be noticed only by a statement that fails.
                await self._close_all(conn)
            raise
        finally:
            await self._leave(conn)

    async def trim(self) -> None:
        """Close connections that nobody has used for a minute."""
        before = monotonic() - IDLE
        while self._idle and self._idle[0][1] < before:
            await _close(self._idle.popleft()[0])

    async def close(self) -> None:
        """Close the idle connections; those in use are closed when they are returned."""
        self._limit = 0
        await self._close_all(None)

    async def _enter(self) -> None:
        if self._used < self._limit and not self._waiting:
            self._used += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._used -= 1  # it was given to us and is not wanted any more
            else:
                with suppress(ValueError):
                    self._waiting.remove(turn)
            self._wake()
            raise

    async def _leave(self, conn: Connection | None) -> None:
        try:
            if conn is None or conn.closed:
                return
            if self._used > self._limit or conn.info.transaction_status != TransactionStatus.IDLE:
                await _close(conn)
            else:
                self._idle.append((conn, monotonic()))
        finally:
            self._used -= 1
            self._wake()

    def _wake(self) -> None:
        while self._waiting and self._used < self._limit:
            turn = self._waiting.popleft()
            if not turn.done():
                self._used += 1
                turn.set_result(None)

    async def _close_all(self, conn: Connection | None) -> None:
        if conn is not None:
            await _close(conn)
        while self._idle:
            await _close(self._idle.popleft()[0])


async def _close(conn: Connection) -> None:
    with suppress(Error, OSError):
        await conn.close()
