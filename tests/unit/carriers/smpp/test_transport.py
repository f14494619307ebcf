"""How PDUs leave: a batch in one write, on a socket without Nagle's algorithm."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest
from tests.unit.carriers.smpp.conftest import Peer, Serve

from sendmill.carriers.protocol import Outcome, OutgoingPart, Report
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.session import Session
from sendmill.carriers.smpp.transport import Transport

COUNT = 10


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The command ids of each write."""
    seen: list[list[int]] = []
    write = Transport.write

    def note(wire: Transport, data: bytes) -> None:
        seen.append([whole.command_id for whole in pdu.Decoder().feed(data)])
        write(wire, data)

    monkeypatch.setattr(Transport, "write", note)
    return seen


async def test_a_window_and_its_acknowledgements_are_one_write_each(
    serve: Serve, parts: Callable[[int], list[OutgoingPart]], writes: list[list[int]]
) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        submits = await peer.receive(COUNT)
        answers = [pdu.encode_submit_sm_resp(submit.sequence, 0, str(submit.sequence)) for submit in submits]
        text = b"id:1 stat:DELIVRD err:000"
        reports = [
            pdu.encode_deliver_sm(place, "4915510000000", "Sendmill", text, esm_class=pdu.ESM_RECEIPT)
            for place in range(1, COUNT + 1)
        ]
        peer.send(*answers, *reports)
        await peer.receive(COUNT)
        await peer.accept_unbind()

    taken: list[Report] = []
    session = Session(await serve(script), on_reports=taken.extend)
    await session.open()
    outcomes = await session.submit("Sendmill", parts(COUNT))
    assert all(outcome == Outcome(0, outcome.carrier_id) for outcome in outcomes)
    while len(taken) < COUNT:
        await asyncio.sleep(0.005)
    session.acknowledge([report.sequence for report in taken])
    await session.close()
    assert writes == [
        [pdu.BIND_TRANSCEIVER],
        [pdu.SUBMIT_SM] * COUNT,
        [pdu.DELIVER_SM_RESP] * COUNT,
        [pdu.UNBIND],
    ]


async def test_small_writes_do_not_wait_for_acknowledgements(serve: Serve) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        await peer.accept_unbind()

    session = Session(await serve(script), on_reports=lambda reports: None)
    await session.open()
    transport = session._transport._transport
    assert transport is not None
    connection = transport.get_extra_info("socket")
    assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
    await session.close()
