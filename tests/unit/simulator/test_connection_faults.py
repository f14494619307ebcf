"""Faults of binds and connections: silence, one session, a wrong response, a PDU of 64 KiB."""

from __future__ import annotations

import asyncio

import pytest
from tests.rig.smpp_client import Client, bound, eventually, message
from tests.unit.simulator.conftest import Start

from sendmill.carriers.smpp.pdu import (
    BIND_TRANSMITTER_RESP,
    TAG_MESSAGE_PAYLOAD,
    encode_enquire_link,
    encode_generic_nack,
)
from sendmill.simulator.faults import Faults


async def test_a_silent_bind_is_closed_and_one_that_asks_is_not(start: Start) -> None:
    smsc = await start(Faults(close_after_silence=0.2))
    async with bound(smsc.port) as silent, bound(smsc.port) as asking:
        for number in range(100, 108):
            asking.write(encode_enquire_link(number))
            await asking.answer(number)
            await asyncio.sleep(0.05)
        await silent.until(lambda: silent.closed)
        assert not asking.closed
        await asking.until(lambda: asking.closed)


async def test_binds_above_the_limit_are_refused_until_one_is_gone(start: Start) -> None:
    smsc = await start(Faults(session_limit=1))
    async with bound(smsc.port):
        second = await Client.connect(smsc.port)
        assert await second.bind() == 0x05
    status = 0x05
    async with asyncio.timeout(5):
        while status:
            client = await Client.connect(smsc.port)
            status = await client.bind()
    client.close()


async def test_a_bind_may_be_answered_as_another_kind(start: Start) -> None:
    smsc = await start(Faults(wrong_bind_response=True))
    client = await Client.connect(smsc.port)
    assert await client.bind() == 0
    assert client.pdus[0].command_id == BIND_TRANSMITTER_RESP
    client.close()


async def test_a_huge_reply_comes_again_until_it_is_acknowledged(start: Start) -> None:
    smsc = await start(Faults(huge_reply=65_535))
    for acknowledges, left in ((False, 1), (True, 0)):
        client = await Client.connect(smsc.port)
        client.acknowledges = acknowledges
        assert await client.bind() == 0
        await client.until(lambda: client.deliveries)  # noqa: B023 - it is called in this turn alone
        (reply,) = client.deliveries
        assert len(reply.tlvs[TAG_MESSAGE_PAYLOAD]) == 65_535
        if not acknowledges:
            client.write(encode_generic_nack(client.pdus[-1].sequence, 0x02))
            client.write(encode_enquire_link(77))
            await client.answer(77)
        await eventually(lambda: smsc.pending == left)  # noqa: B023
        client.close()
        await eventually(lambda: not smsc.center.connections)
    async with bound(smsc.port) as client:
        assert (await client.submit(message(registered_delivery=0)))[0] == 0
        assert client.deliveries == []


def test_a_payload_has_no_more_than_16_bits_can_count() -> None:
    with pytest.raises(ValueError, match="huge_reply"):
        Faults(huge_reply=65_536)
