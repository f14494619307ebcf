"""Binding, framing and what a service centre checks."""

import asyncio
import random

import pytest
from tests.rig.smpp_client import Client, bound, long_parts, message
from tests.unit.simulator.conftest import Start

from sendmill.carriers.smpp.pdu import (
    ENQUIRE_LINK_RESP,
    GENERIC_NACK,
    SUBMIT_SM_RESP,
    UNBIND_RESP,
    Bind,
    Message,
    decode_bind_resp,
    encode_bind,
    encode_enquire_link,
    encode_pdu,
    encode_submit_sm,
    encode_unbind,
)
from sendmill.simulator.faults import Faults
from sendmill.simulator.submit_checks import Part, RefusedError, inspect


async def test_a_bind_answers_with_its_name_and_version(start: Start) -> None:
    smsc = await start()
    client = await Client.connect(smsc.port)
    assert await client.bind() == 0
    assert decode_bind_resp(client.pdus[0].body) == ("sendmill-sim", 0x34)
    client.close()


@pytest.mark.parametrize(
    ("system_id", "password", "status"), [("nobody", "demo", 0x0F), ("demo", "wrong", 0x0E)]
)
async def test_a_stranger_may_not_bind(start: Start, system_id: str, password: str, status: int) -> None:
    smsc = await start()
    client = await Client.connect(smsc.port)
    assert await client.bind(system_id=system_id, password=password) == status
    await client.until(lambda: client.closed)


async def test_a_second_bind_on_a_connection_is_refused(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        assert await client.bind() == 0x05


async def test_submits_need_a_bind_that_transmits(start: Start) -> None:
    smsc = await start()
    unbound = await Client.connect(smsc.port)
    assert (await unbound.submit(message()))[0] == 0x04
    assert (await unbound.query("1")).status == 0x04
    unbound.close()
    async with bound(smsc.port, "receiver") as receiver:
        assert (await receiver.submit(message()))[0] == 0x04
    assert smsc.statistics.accepted == 0


async def test_a_transmitter_gets_no_reports_and_a_receiver_gets_them(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port, "transmitter") as sender, bound(smsc.port, "receiver") as receiver:
        _, message_id = await sender.submit(message())
        (report,) = await receiver.reports(1)
        assert report.text_id == message_id
        assert sender.deliveries == []


async def test_enquire_link_is_answered_before_the_bind_with_its_sequence(start: Start) -> None:
    smsc = await start()
    client = await Client.connect(smsc.port)
    client.write(encode_enquire_link(4711))
    assert (await client.answer(4711)).command_id == ENQUIRE_LINK_RESP
    client.close()


async def test_unbind_is_answered_and_ends_the_connection(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        client.write(encode_unbind(9))
        assert (await client.answer(9)).command_id == UNBIND_RESP
        await client.until(lambda: client.closed)


async def test_an_unknown_command_gets_a_generic_nack(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        client.write(encode_pdu(0x00000F00, 0, 77))
        answer = await client.answer(77)
        assert (answer.command_id, answer.status) == (GENERIC_NACK, 0x03)


@pytest.mark.parametrize("length", [0, 15, 300_000, 0xFFFFFFFF])
async def test_an_impossible_length_gets_a_generic_nack_and_the_end(start: Start, length: int) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        client.write(length.to_bytes(4, "big") + bytes(12))
        await client.until(lambda: client.closed)
        assert (client.pdus[-1].command_id, client.pdus[-1].status) == (GENERIC_NACK, 0x02)


async def test_pdus_may_arrive_octet_by_octet(start: Start) -> None:
    smsc = await start()
    client = await Client.connect(smsc.port)
    for octet in encode_bind("transceiver", 1, Bind("demo", "demo")) + encode_submit_sm(2, message()):
        client.write(bytes((octet,)))
        await asyncio.sleep(0)
    assert (await client.answer(2)).status == 0
    client.close()


async def test_a_submit_with_a_broken_body_is_refused_and_the_next_one_taken(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        client.write(encode_pdu(4, 0, 50, b"\0\x05") + encode_submit_sm(51, message()))
        assert (await client.answer(50)).status == 0x02
        assert (await client.answer(51)).status == 0


async def test_an_error_response_may_have_no_body(start: Start) -> None:
    smsc = await start(Faults(refuse_rate=1.0, refuse_status=0x45))
    async with bound(smsc.port) as client:
        bare = await client.answer(client.send(message()))
        smsc.faults = Faults(refuse_rate=1.0, refuse_status=0x45, bare_errors=False)
        full = await client.answer(client.send(message()))
    assert [(pdu.command_id, pdu.status, pdu.body) for pdu in (bare, full)] == [
        (SUBMIT_SM_RESP, 0x45, b""),
        (SUBMIT_SM_RESP, 0x45, b"\0"),
    ]


async def test_noise_never_stops_the_centre(start: Start) -> None:
    smsc = await start()
    noise = random.Random(5)
    for _ in range(40):
        client = await Client.connect(smsc.port)
        for command in (4, 3, 0x80000005, 9, 1, 0x15, 0x80000000):
            body = noise.randbytes(noise.randrange(60))
            client.write(encode_pdu(command, 0, noise.randrange(1, 99), body))
        client.write(noise.randbytes(30))
        await asyncio.sleep(0)
        client.close()
    async with bound(smsc.port) as client:
        assert (await client.submit(message()))[0] == 0


WRONG: list[tuple[Message, int]] = [
    (message(source_ton=9), 0x48),
    (message(source_npi=2), 0x49),
    (message(destination_ton=7), 0x50),
    (message(destination_ton=5), 0x50),
    (message(destination_npi=7), 0x51),
    (message("+8613112345678"), 0x0B),
    (message(""), 0x0B),
    (message("12"), 0x0B),
    (message("1" * 16), 0x0B),
    (message("861311²45678"), 0x0B),
    (message()._replace(source="TwelveLetter"), 0x0A),
    (message()._replace(source=""), 0x0A),
    (message(source_ton=1, source_npi=1), 0x0A),
    (message(registered_delivery=3), 0x07),
    (message(schedule="tomorrow"), 0x61),
    (message(validity="soon"), 0x62),
    (message(text=b"x" * 255), 0x01),
    (message(text=b"odd", data_coding=8), 0x01),
    (message(esm_class=0x40, text=b""), 0x43),
    (message(esm_class=0x40, text=b"\x09\0\3\7\2\1abc"), 0x43),
    (message(esm_class=0x40, text=b"\x05\0\4\7\2\1abc"), 0x43),
    (message(esm_class=0x40, text=b"\x05\0\3\7\2\3abc"), 0x43),
    (message(esm_class=0x40, text=b"\x05\0\3\7\0\0abc"), 0x43),
    (message(esm_class=0x40, text=b"\x05\0\3\7\2\1" + b"x" * 154), 0x01),
    (message(esm_class=0x40, text=b"\x05\0\3\7\2\1" + b"\0x" * 68, data_coding=8), 0x01),
    (message(tlvs={0x020C: b"\0\7", 0x020E: b"\2"}), 0xC3),
    (message(tlvs={0x020C: b"\0\7", 0x020E: b"\2", 0x020F: b"\3"}), 0xC4),
    (message(tlvs={0x020C: b"\7", 0x020E: b"\2", 0x020F: b"\1"}), 0xC4),
    (message(tlvs={0x0424: b"payload"}), 0xC1),
    (
        message(
            esm_class=0x40,
            text=b"\x05\0\3\7\2\1abc",
            tlvs={0x020C: b"\0\7", 0x020E: b"\2", 0x020F: b"\1"},
        ),
        0xC1,
    ),
]


@pytest.mark.parametrize(("wrong", "status"), WRONG)
def test_what_a_carrier_would_not_take_is_refused(wrong: Message, status: int) -> None:
    with pytest.raises(RefusedError) as refusal:
        inspect(wrong)
    assert refusal.value.status == status


LONG = b"z" * 400
RIGHT: list[tuple[Message, Part]] = [
    (message(), Part(b"Hello", 0, 1, 1)),
    (message(text=b""), Part(b"", 0, 1, 1)),
    (message(text=b"x" * 254), Part(b"x" * 254, 0, 1, 1)),
    (message(source_ton=1, source_npi=1)._replace(source="491701234567"), Part(b"Hello", 0, 1, 1)),
    (message(source_ton=3)._replace(source="10690"), Part(b"Hello", 0, 1, 1)),
    (message(source_ton=0)._replace(source=""), Part(b"Hello", 0, 1, 1)),
    (message(validity="261122210000000+"), Part(b"Hello", 0, 1, 1)),
    (long_parts(8613112345678, [b"x" * 153, b"y"])[0], Part(b"x" * 153, 7, 2, 1)),
    (long_parts(8613112345678, [b"\0x" * 67, b"\0y"], data_coding=8)[1], Part(b"\0y", 7, 2, 2)),
    (message(esm_class=0x40, text=b"\x06\x08\4\1\2\3\2abc"), Part(b"abc", 258, 3, 2)),
    (message(esm_class=0x40, text=b"\x04\x24\2\1\1abc"), Part(b"abc", 0, 1, 1)),
    (message(tlvs={0x020C: b"\1\7", 0x020E: b"\2", 0x020F: b"\1"}), Part(b"Hello", 263, 2, 1)),
    (message(text=LONG, tlvs={0x0424: LONG}), Part(LONG, 0, 1, 1)),
]


@pytest.mark.parametrize(("right", "part"), RIGHT)
def test_what_a_carrier_takes_is_told_apart_into_parts(right: Message, part: Part) -> None:
    assert inspect(right) == part


async def test_a_message_payload_is_taken_over_the_wire(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        assert (await client.submit(message(text=LONG)))[0] == 0
