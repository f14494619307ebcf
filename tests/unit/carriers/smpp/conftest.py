"""A scripted SMSC: a server whose every octet the test decides."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from sendmill.carriers.protocol import NOT_SENT, Outcome, OutgoingPart, Report
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.pdu import Decoder, Pdu

UNKNOWN = Outcome(None, "")
UNSENT = Outcome(NOT_SENT, "")


def nothing(reports: list[Report]) -> None:
    """For tests without reports."""


def receipt(sequence: int, carrier_id: str = "1") -> bytes:
    text = (
        f"id:{carrier_id} sub:001 dlvrd:001 submit date:2405061230 done date:2405061231 stat:DELIVRD err:000"
    )
    return pdu.encode_deliver_sm(sequence, "8613100000000", "Sendmill", text.encode())


def accept(whole: pdu.Pdu, carrier_id: str | None = None) -> bytes:
    return pdu.encode_submit_sm_resp(whole.sequence, 0, carrier_id or f"id{whole.sequence}")


class Peer:
    """The SMSC's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._decoder = Decoder()
        self._waiting: list[Pdu] = []

    async def receive(self, count: int = 1) -> list[Pdu]:
        """The next `count` PDUs; EOFError when the client closes before them."""
        while len(self._waiting) < count:
            data = await self._reader.read(65536)
            if not data:
                raise EOFError
            self._waiting += self._decoder.feed(data)
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    async def expect(self, command_id: int) -> Pdu:
        """The next PDU, which must be this command."""
        (whole,) = await self.receive()
        assert whole.command_id == command_id, f"expected 0x{command_id:08X}, got {whole}"
        return whole

    def send(self, *encoded: bytes) -> None:
        self._writer.write(b"".join(encoded))

    async def send_apart(self, encoded: bytes) -> None:
        """One octet a segment."""
        for at in range(len(encoded)):
            self._writer.write(encoded[at : at + 1])
            await self._writer.drain()
            await asyncio.sleep(0)

    async def accept_bind(self) -> Pdu:
        (bind,) = await self.receive()
        self.send(pdu.encode_bind_resp(bind.command_id, bind.sequence, 0, "smsc"))
        return bind

    async def accept_unbind(self) -> None:
        unbind = await self.expect(pdu.UNBIND)
        self.send(pdu.encode_unbind_resp(unbind.sequence))

    async def wait_closed(self) -> None:
        """Until the client has closed; what it sends before is dropped."""
        while await self._reader.read(65536):
            pass

    def close(self) -> None:
        self._writer.close()

    def stop_reading(self) -> None:
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]


Parts = Callable[[int], list[OutgoingPart]]
Script = Callable[[Peer], Awaitable[None]]
Serve = Callable[..., Awaitable[CarrierConfig]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve the scripts, one connection each; the settings to reach them. A failing script fails the test."""
    servers: list[asyncio.Server] = []
    failures: list[BaseException] = []
    running: list[asyncio.Task[Any]] = []

    async def start(*scripts: Script, ssl: Any = None, **settings: Any) -> CarrierConfig:
        left = list(scripts)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            running.append(task)
            try:
                if left:
                    await left.pop(0)(Peer(reader, writer))
            except (EOFError, ConnectionError, asyncio.CancelledError):
                return
            except BaseException as error:
                failures.append(error)
            finally:
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=ssl)
        servers.append(server)
        port = server.sockets[0].getsockname()[1]
        settings = {"system_id": "demo", "password": "demo", "response_timeout": 5.0} | settings
        return CarrierConfig(host="127.0.0.1", port=port, **settings)

    yield start
    for server in servers:
        server.close()
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    if failures:
        raise failures[0]


@pytest.fixture
def parts() -> Parts:
    """So many parts of one, to different numbers."""
    return lambda count: [OutgoingPart(8613100000000 + n, b"Hello", False, 0, 1, 1) for n in range(count)]
