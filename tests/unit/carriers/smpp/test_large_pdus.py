"""A deliver_sm of 64 KiB and more is legal: it is read, acknowledged, and takes bounded memory."""

from __future__ import annotations

import asyncio
import struct

from tests.unit.carriers.smpp.conftest import Peer, Serve, receipt

from sendmill.carriers.protocol import Report
from sendmill.carriers.smpp import large_reports, pdu
from sendmill.carriers.smpp.large_reports import LargeReports
from sendmill.carriers.smpp.pdu import Decoder
from sendmill.carriers.smpp.session import Session

LONGEST = 65_535


def huge(sequence: int, text: bytes = b"x" * LONGEST) -> bytes:
    """A deliver_sm by hand: every mandatory field, no short_message, and message_payload (SMPP 3.4 §4.6.1)."""
    body = b"\0\1\0018613100000000\0\5\0Sendmill\0" + bytes(8) + b"\0\0"
    body += struct.pack(">HH", 0x0424, len(text)) + text
    return struct.pack(">IIII", 16 + len(body), 5, 0, sequence) + body


def test_the_longest_payload_is_framed_however_it_is_split() -> None:
    data = huge(7) + pdu.encode_enquire_link(8)
    assert len(huge(7)) > 65_536
    for size in (1000, 65_536, len(data)):
        decoder = Decoder()
        found = [one for at in range(0, len(data), size) for one in decoder.feed(data[at : at + size])]
        assert [(one.command_id, one.sequence) for one in found] == [(5, 7), (0x15, 8)]


async def test_a_reply_of_64_kib_is_kept_whole_and_blocks_nothing(serve: Serve) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        peer.send(huge(1), receipt(2, "after"))
        assert [one.sequence for one in await peer.receive(2)] == [1, 2]
        await peer.accept_unbind()

    reports: list[Report] = []
    session = Session(await serve(script), on_reports=reports.extend)
    await session.open()
    async with asyncio.timeout(5):
        while len(reports) < 2:
            await asyncio.sleep(0.005)
    session.acknowledge([report.sequence for report in reports])
    assert [report.kind for report in reports] == ["reply", "report"]
    assert reports[0].raw == "x" * LONGEST
    assert reports[1].carrier_id == "after"
    await session.close()


async def test_reading_stops_while_large_ones_fill_the_memory(serve: Serve) -> None:
    count = 3 * large_reports.MOST // LONGEST

    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        for sequence in range(1, count + 1):
            peer.send(huge(sequence))
        await peer.receive(count)
        await peer.accept_unbind()

    sequences: list[int] = []
    acknowledged = 0
    session = Session(
        await serve(script), on_reports=lambda new: sequences.extend(one.sequence for one in new)
    )
    await session.open()
    most = 0
    async with asyncio.timeout(20):
        while acknowledged < count:
            before = len(sequences)
            await asyncio.sleep(0.02)
            most = max(most, len(sequences) - acknowledged)
            if before == len(sequences):
                session.acknowledge(sequences[acknowledged:])
                acknowledged = len(sequences)
    # One read more than the bound: up to 256 KiB.
    assert most * LONGEST < large_reports.MOST + 8 * LONGEST
    await session.close()


def test_what_is_acknowledged_is_no_longer_counted() -> None:
    waiting = LargeReports()
    for sequence in range(300):
        waiting.note(sequence, LONGEST)
    assert waiting.full
    waiting.note(0, LONGEST)  # a carrier that gives a number again
    waiting.forget(range(50, 1000))
    assert not waiting.full
    waiting.forget(range(50))
    assert waiting._octets == 0
