"""A line to the carrier that can go dead without a word: half-open connections, as a lost route makes them.

The client reaches the carrier through it. A connection that has gone dark still takes what is written to it
and says nothing more; nobody gets a FIN or a reset. The carrier's end of it is closed after a while, as a
carrier's own timer would; the client has to find out by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

CARRIER_PATIENCE = 4.0  # seconds until the carrier gives a silent client up
BLOCK = 64 * 1024


class Line:
    """One connection: two pumps, each of which may have gone dark."""

    def __init__(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        carrier: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._client, self._carrier = client, carrier
        self.dark_to_carrier = self.dark_to_client = False

    async def run(self) -> None:
        """Carry bytes until the client closes, or the carrier does and the line is not dark."""
        up = asyncio.create_task(self._pump(self._client[0], self._carrier[1], to_carrier=True))
        down = asyncio.create_task(self._pump(self._carrier[0], self._client[1], to_carrier=False))
        await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        if down.done() and not up.done() and self.dark:
            # The carrier is gone, and the client cannot hear of it.
            await up
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)
        for _, writer in (self._client, self._carrier):
            writer.close()

    @property
    def dark(self) -> bool:
        """Whether either direction is dead."""
        return self.dark_to_carrier or self.dark_to_client

    def hang_up_on_carrier(self) -> None:
        """What the carrier's own timer does with a client that is silent."""
        self._carrier[1].transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_carrier: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(BLOCK):
                if self.dark_to_carrier if to_carrier else self.dark_to_client:
                    continue
                writer.write(data)
                await writer.drain()


class Proxy:
    """Listens on `port` and carries every connection to `target` on this machine, in a thread of its own."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lines: set[Line] = set()
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()

    def go_dark(self, *, to_carrier: bool, to_client: bool) -> int:
        """Let every connection that is open now go dead in these directions, for good; how many there were."""
        return asyncio.run_coroutine_threadsafe(self._darken(to_carrier, to_client), self._loop).result(10)

    async def _darken(self, to_carrier: bool, to_client: bool) -> int:
        lines = [line for line in self._lines if not line.dark]
        for line in lines:
            line.dark_to_carrier, line.dark_to_client = to_carrier, to_client
            self._loop.call_later(CARRIER_PATIENCE, line.hang_up_on_carrier)
        return len(lines)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._carry, sock=self._socket))
        try:
            self._loop.run_forever()
        finally:
            server.close()
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            carrier = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        for _, end in ((reader, writer), carrier):
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line((reader, writer), carrier)
        self._lines.add(line)
        try:
            await line.run()
        finally:
            self._lines.discard(line)

    def stop(self) -> None:
        """Close everything."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
