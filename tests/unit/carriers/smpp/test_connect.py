"""Connections that fail, and what a person is told to check."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.carriers.smpp.conftest import Peer, Serve

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import BindError, ConnectError, Report
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.session import Session
from sendmill.carriers.smpp.transport import _reason_of


def nothing(reports: list[Report]) -> None:
    """For tests without reports."""


async def fails(config: CarrierConfig) -> str:
    """What the person is told."""
    with pytest.raises((ConnectError, BindError)) as failed:
        await Session(config, on_reports=nothing).open()
    return str(failed.value)


def cut_off(peer: Peer) -> None:
    """Close with a reset instead of an orderly end."""
    connection = peer._writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


class Names:
    """A host with several addresses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
        self.addresses = addresses
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", self.resolve)

    async def resolve(self, host: str, port: int, **about: Any) -> list[Any]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        found = self.addresses if host == "smpp.carrier.test" else (host,)
        return [(*kind, (address, port)) for address in found]


@pytest.fixture
def deaf() -> Iterator[Callable[[str, int], None]]:
    """Make an address answer no SYN, as one behind a firewall: its backlog is full."""
    held: list[socket.socket] = []

    def begin(address: str, port: int) -> None:
        listener = socket.create_server((address, port), backlog=0)
        held.append(listener)
        for _ in range(4):
            filler = socket.socket()
            held.append(filler)
            filler.setblocking(False)
            filler.connect_ex((address, port))

    yield begin
    for one in held:
        one.close()


async def lets_in(peer: Peer) -> None:
    await peer.accept_bind()
    await peer.accept_unbind()


async def test_second_address_is_tried_where_the_first_is_dead(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, deaf: Callable[[str, int], None]
) -> None:
    config = await serve(lets_in, connect_timeout=1.0)
    deaf("127.0.0.9", config.port)
    Names(monkeypatch, "127.0.0.9", "127.0.0.1")
    session = Session(replace(config, host="smpp.carrier.test"), on_reports=nothing)
    await session.open()
    await session.close()


async def test_second_address_is_tried_where_the_first_refuses(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = await serve(lets_in)
    Names(monkeypatch, "127.0.0.9", "127.0.0.1")
    session = Session(replace(config, host="smpp.carrier.test"), on_reports=nothing)
    await session.open()
    await session.close()


async def test_of_two_failures_the_more_telling_is_told(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, deaf: Callable[[str, int], None]
) -> None:
    config = replace(await serve(), host="smpp.carrier.test", connect_timeout=0.4, tls=True)
    deaf("127.0.0.9", config.port)
    Names(monkeypatch, "127.0.0.1", "127.0.0.9", "127.0.0.8")
    assert "during the TLS handshake" in await fails(config)
    Names(monkeypatch, "127.0.0.8", "127.0.0.9")
    assert "Nothing listens" in await fails(config)
    Names(monkeypatch, "127.0.0.9")
    assert "within 0.4 seconds" in await fails(config)


async def test_the_name_of_the_host_is_asked_for_in_tls(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def script(peer: Peer) -> None:
        hello.set_result(await peer._reader.read(4096))
        peer.close()

    config = await serve(script, tls=True)
    Names(monkeypatch, "127.0.0.1")
    await fails(replace(config, host="smpp.carrier.test"))
    assert b"smpp.carrier.test" in await hello


@pytest.mark.parametrize("orderly", [True, False], ids=["end", "reset"])
async def test_tls_handshake_that_is_cut_off(serve: Serve, orderly: bool) -> None:
    async def script(peer: Peer) -> None:
        await peer._reader.read(10)
        peer.close() if orderly else cut_off(peer)

    config = await serve(script, tls=True)
    assert await fails(config) == (
        f"127.0.0.1:{config.port} closed the connection during the TLS handshake. "
        "Check that this port speaks TLS."
    )


async def test_tls_with_a_port_that_answers_in_smpp(serve: Serve) -> None:
    async def script(peer: Peer) -> None:
        await peer._reader.read(10)
        peer.send(pdu.encode_generic_nack(0, command_statuses.ESME_RINVCMDLEN))
        peer.close()

    assert "does not speak TLS as expected" in await fails(await serve(script, tls=True))


async def test_tls_with_a_port_that_says_nothing(serve: Serve) -> None:
    async def script(peer: Peer) -> None:
        await peer.wait_closed()

    said = await fails(await serve(script, tls=True, connect_timeout=0.2))
    assert "within 0.2 seconds" in said
    assert "speaks TLS" in said


@pytest.mark.parametrize("orderly", [True, False], ids=["end", "reset"])
@pytest.mark.parametrize("bind_read", [True, False], ids=["after the bind", "at once"])
async def test_end_instead_of_an_answer_to_the_bind(serve: Serve, orderly: bool, bind_read: bool) -> None:
    async def script(peer: Peer) -> None:
        if bind_read:
            await peer.expect(pdu.BIND_TRANSCEIVER)
        peer.close() if orderly else cut_off(peer)

    config = await serve(script)
    assert await fails(config) == (
        f"127.0.0.1:{config.port} closed the connection instead of answering the bind. "
        "Check that it lets this machine's address in, and the TLS setting."
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (command_statuses.ESME_RINVSYSTYP, "Check system_type. (ESME_RINVSYSTYP)"),
        (command_statuses.ESME_RINVCMDID, "It may not know transceivers: choose a pair. (ESME_RINVCMDID)"),
    ],
)
async def test_refusals_of_a_bind(serve: Serve, status: int, words: str) -> None:
    async def script(peer: Peer) -> None:
        bind = await peer.expect(pdu.BIND_TRANSCEIVER)
        peer.send(pdu.encode_bind_resp(bind.command_id, bind.sequence, status))
        await peer.wait_closed()

    assert words in await fails(await serve(script))


async def test_end_behind_the_carriers_unbind_is_its_unbind(serve: Serve) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        await peer.receive()
        peer.send(pdu.encode_unbind(9))
        peer.close()

    session = Session(await serve(script), on_reports=nothing)
    await session.open()
    asking = asyncio.create_task(session.query("1", "Sendmill"))
    async with asyncio.timeout(2):
        await session.closed.wait()
        await asking
    await session.close()
    assert session.reason == "The carrier ended the session (unbind)."


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionResetError(), "ConnectionResetError"),
        (OSError(104, "Connection reset by peer"), "Connection reset by peer"),
        (OSError("odd"), "odd"),
    ],
)
def test_a_reason_is_never_empty(error: OSError, reason: str) -> None:
    assert _reason_of(error) == reason
