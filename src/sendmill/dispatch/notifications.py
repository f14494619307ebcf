"""Receives NOTIFY: a task may have something to send, or a carrier was changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from psycopg import Error

from sendmill.postgres.connections import Connection, connect

log = structlog.get_logger(__name__)

CHANNEL = "sendmill"
TASK, CARRIER, PENDING = "task", "carrier", "pending"  # the last one is for workers
AGAIN = 1.0  # seconds between two tries to listen


class Listener:
    """Listens on a connection of its own.

    Notifications save polling; correctness never depends on them, and senders poll more often while nobody listens.
    `on_news` gets the topic, `on_listening` whether notifications arrive from now on.
    """

    def __init__(
        self, dsn: str, on_news: Callable[[str], None], on_listening: Callable[[bool], None]
    ) -> None:
        self._dsn = dsn
        self._on_news = on_news
        self._on_listening = on_listening

    async def run(self) -> None:
        """Listen for ever, again after each loss of the connection."""
        while True:
            with suppress(Error, OSError):
                conn = await connect(self._dsn, "listening")
                try:
                    await conn.execute(f"LISTEN {CHANNEL}")
                    self._on_listening(True)
                    for topic in (TASK, CARRIER):
                        self._on_news(topic)  # what was told before anybody listened
                    await self._hear(conn)
                finally:
                    self._on_listening(False)
                    await conn.close()
            await asyncio.sleep(AGAIN)

    async def _hear(self, conn: Connection) -> None:
        """Pass on notifications until the connection ends."""
        # The driver's own way to wait for notifications wakes up ten times a second.
        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        socket = conn.pgconn.socket
        readable.set()  # something may have come with the answer to LISTEN
        loop.add_reader(socket, readable.set)
        try:
            while True:
                await readable.wait()
                readable.clear()
                conn.pgconn.consume_input()
                while (told := conn.pgconn.notifies()) is not None:
                    self._on_news(told.extra.decode())
        finally:
            loop.remove_reader(socket)
