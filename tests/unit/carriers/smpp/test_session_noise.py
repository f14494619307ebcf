"""A carrier that says anything at all: the session goes on or ends with a sentence, and everyone is answered."""

from __future__ import annotations

import asyncio
import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.carriers.smpp.conftest import Peer

from sendmill.carriers.protocol import BindError, OutgoingPart, Report
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.session import Session

REQUESTS = [
    *(pdu.BIND_RECEIVER, pdu.BIND_TRANSMITTER, pdu.BIND_TRANSCEIVER, pdu.OUTBIND, pdu.UNBIND),
    *(pdu.SUBMIT_SM, pdu.DELIVER_SM, pdu.DATA_SM, pdu.QUERY_SM, pdu.ENQUIRE_LINK, pdu.ALERT_NOTIFICATION),
]
KNOWN = [*REQUESTS, *(request | pdu.RESPONSE for request in REQUESTS), pdu.GENERIC_NACK]
PARTS = [OutgoingPart(4915510000000 + place, b"Hello", False, 0, 1, 1) for place in range(3)]
END = bytes(16)  # a PDU whose length says 0: no session goes on after it

commands = st.one_of(st.sampled_from(KNOWN), st.integers(0, 0xFFFFFFFF))
bodies = st.one_of(
    st.binary(max_size=80),
    st.builds(
        lambda esm_class, text, tlvs: pdu.encode_deliver_sm(
            1, "4915510000000", "Sendmill", text, esm_class=esm_class, tlvs=tlvs
        )[16:],
        st.integers(0, 255),
        st.binary(max_size=120),
        st.binary(max_size=40),
    ),
)
noise = st.lists(
    st.builds(pdu.encode_pdu, commands, st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF), bodies),
    max_size=12,
)


async def meet(said: bytes, at_once: bool) -> tuple[list[int | None], list[Report], str]:
    """Bind to a carrier that says this and nothing else, at once or when it has got three parts: their outcomes,
    what was taken for reports, and why the session ended."""
    ended = asyncio.Event()

    async def carrier(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        await peer.accept_bind()
        with contextlib.suppress(ConnectionError, EOFError):
            await peer.receive(0 if at_once else len(PARTS))
            peer.send(said)
            await peer.wait_closed()
        writer.close()
        ended.set()

    server = await asyncio.start_server(carrier, "127.0.0.1", 0)
    config = CarrierConfig(host="127.0.0.1", port=server.sockets[0].getsockname()[1], system_id="demo")
    reports: list[Report] = []

    def take(arrived: list[Report]) -> None:
        reports.extend(arrived)
        session.acknowledge([report.sequence for report in arrived])

    session = Session(config, on_reports=take)
    with contextlib.suppress(BindError):
        await session.open()
    async with asyncio.timeout(10):
        outcomes = await session.submit("Sendmill", PARTS)
        await session.closed.wait()
        await ended.wait()
    await session.close()
    server.close()
    await server.wait_closed()
    return [outcome.status for outcome in outcomes], reports, session.reason


@settings(max_examples=60)
@given(noise, st.booleans())
def test_any_pdus_leave_nobody_waiting(said: list[bytes], at_once: bool) -> None:
    statuses, reports, reason = asyncio.run(meet(b"".join(said) + END, at_once))
    assert len(statuses) == len(PARTS)
    assert reason.endswith(".")
    assert all("\0" not in report.raw for report in reports)


@settings(max_examples=40)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_leave_nobody_waiting(said: bytes, at_once: bool) -> None:
    # Whatever length the bytes began, it is over after so many zeros.
    statuses, _, reason = asyncio.run(meet(said + bytes(pdu.MAX_LENGTH + 16), at_once))
    assert len(statuses) == len(PARTS)
    assert reason.endswith(".")
