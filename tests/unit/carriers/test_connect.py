"""Connections that fail, and what a person is told to check."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest

from sendmill.carriers import pdu, statuses
from sendmill.carriers.base import BindError, CarrierConfig, ConnectError
from sendmill.carriers.report import Report
from sendmill.carriers.smpp import Session
from sendmill.carriers.wire import _reason_of

from .conftest import Peer, Serve


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
        peer.send(pdu.encode_generic_nack(0, statuses.ESME_RINVCMDLEN))
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
        (statuses.ESME_RINVSYSTYP, "Check system_type. (ESME_RINVSYSTYP)"),
        (statuses.ESME_RINVCMDID, "It may not know transceivers: choose a pair. (ESME_RINVCMDID)"),
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
