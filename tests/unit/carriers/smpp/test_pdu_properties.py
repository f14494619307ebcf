"""What holds for any PDU and any bytes: round trips, clean refusals, and agreement with two other codecs."""

from collections.abc import Callable
from typing import Any

import pytest
import smpp34
import smpplib.smpp
from hypothesis import given
from hypothesis import strategies as st

from sendmill.carriers.protocol import OutgoingPart
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.pdu import Bind, Decoder, FramingError, Message, Pdu, PduError, SubmitShape

octet = st.integers(0, 255)
sequences = st.integers(1, pdu.MAX_SEQUENCE)
latin = st.characters(min_codepoint=1, max_codepoint=255)
printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


def texts(longest: int) -> st.SearchStrategy[str]:
    return st.text(printable, max_size=longest)


tlvs = st.dictionaries(
    st.integers(0, 0xFFFF).filter(lambda tag: tag != pdu.TAG_MESSAGE_PAYLOAD),
    st.binary(max_size=40),
    max_size=4,
)
messages = st.builds(
    Message,
    source=texts(20),
    destination=texts(20),
    payload=st.binary(max_size=254),
    esm_class=octet,
    data_coding=octet,
    registered_delivery=octet,
    source_ton=octet,
    source_npi=octet,
    destination_ton=octet,
    destination_npi=octet,
    service_type=texts(5),
    protocol_id=octet,
    priority=octet,
    schedule=texts(16),
    validity=texts(16),
    replace=octet,
    default_message=octet,
    tlvs=tlvs,
)


def parts() -> st.SearchStrategy[OutgoingPart]:
    return st.integers(1, 255).flatmap(
        lambda total: st.builds(
            OutgoingPart,
            destination=st.integers(1, 10**20 - 1),
            payload=st.binary(max_size=300),
            ucs2=st.booleans(),
            reference=octet,
            total=st.just(total),
            number=st.integers(1, total),
        )
    )


@given(sequences, messages)
def test_message_survives_the_way_there_and_back(sequence: int, message: Message) -> None:
    (whole,) = Decoder().feed(pdu.encode_submit_sm(sequence, message))
    assert whole[:3] == (pdu.SUBMIT_SM, 0, sequence)
    assert pdu.decode_submit_sm(whole.body) == message


@given(sequences, st.builds(Bind, texts(15), texts(8), texts(12), octet, octet, octet, texts(40)))
def test_bind_survives_the_way_there_and_back(sequence: int, bind: Bind) -> None:
    (whole,) = Decoder().feed(pdu.encode_bind("receiver", sequence, bind))
    assert pdu.decode_bind(whole.body) == bind


@given(st.lists(parts(), max_size=5), st.sampled_from(["udh", "sar", "payload"]))
def test_window_holds_every_part(window: list[OutgoingPart], long_messages: pdu.LongMessages) -> None:
    shape = SubmitShape("Sendmill", source_ton=5, source_npi=0, long_messages=long_messages)
    pdus = Decoder().feed(pdu.encode_submit_batch(shape, 5, window))
    assert [whole.sequence for whole in pdus] == list(range(5, 5 + len(window)))
    for part, whole in zip(window, pdus, strict=True):
        message = pdu.decode_submit_sm(whole.body)
        assert message.destination == str(part.destination)
        assert message.data_coding == (8 if part.ucs2 else 0)
        header = b""
        if part.total > 1 and long_messages == "sar":
            assert message.tlvs[0x20C] == part.reference.to_bytes(2, "big")
            assert message.tlvs[0x20E] + message.tlvs[0x20F] == bytes((part.total, part.number))
        elif part.total > 1:
            header = bytes((5, 0, 3, part.reference, part.total, part.number))
        assert message.payload == header + part.payload
        assert message.esm_class == (pdu.ESM_UDHI if header else 0)


@given(st.lists(st.builds(Pdu, octet, octet, sequences, st.binary(max_size=60)), max_size=6), st.data())
def test_pdus_are_whole_however_they_were_split(pdus: list[Pdu], data: st.DataObject) -> None:
    stream = b"".join([pdu.encode_pdu(*whole) for whole in pdus])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    decoder, read = Decoder(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        read += decoder.feed(stream[start:end])
    assert read == pdus


def test_pdus_are_whole_when_they_come_octet_by_octet() -> None:
    stream = pdu.encode_enquire_link(1) + pdu.encode_submit_sm(2, Message("a", "b", b"c" * 254))
    decoder = Decoder()
    read = [whole for at in range(len(stream)) for whole in decoder.feed(stream[at : at + 1])]
    assert [(whole.command_id, whole.sequence) for whole in read] == [
        (pdu.ENQUIRE_LINK, 1),
        (pdu.SUBMIT_SM, 2),
    ]


@given(st.lists(st.binary(max_size=100), max_size=20))
def test_any_bytes_end_in_pdus_or_a_framing_error(chunks: list[bytes]) -> None:
    decoder, taken, given_in = Decoder(max_length=256), 0, 0
    for chunk in chunks:
        given_in += len(chunk)
        try:
            taken += sum(16 + len(whole.body) for whole in decoder.feed(chunk))
        except FramingError:
            with pytest.raises(FramingError):
                decoder.feed(b"")
            return
        assert given_in - taken < 256, "what is held back is less than one PDU"


@pytest.mark.parametrize("length", [0, 1, 15, pdu.MAX_LENGTH + 1, 0xFFFFFFFF])
def test_impossible_length_stops_at_once(length: int) -> None:
    good = pdu.encode_enquire_link(1)
    bad = length.to_bytes(4, "big") + bytes.fromhex("00000015 00000000 00000063")
    with pytest.raises(FramingError) as caught:
        Decoder().feed(good + bad)
    assert (caught.value.length, caught.value.sequence) == (length, 99)
    assert [whole.sequence for whole in caught.value.pdus] == [1]


def test_impossible_length_is_seen_before_the_header_is_whole() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\xff\xff") == []
    with pytest.raises(FramingError) as caught:
        decoder.feed(b"\xff\xff")
    assert caught.value.sequence == 0


def test_longest_pdu_is_accepted() -> None:
    longest = pdu.encode_pdu(pdu.DELIVER_SM, 0, 1, bytes(pdu.MAX_LENGTH - 16))
    assert len(Decoder().feed(longest)) == 1


DECODERS: list[Callable[[bytes], Any]] = [
    pdu.decode_bind,
    pdu.decode_bind_resp,
    pdu.decode_message,
    pdu.decode_delivery,
    pdu.decode_data_sm,
    pdu.decode_submit_sm_resp,
    pdu.decode_query_sm,
    pdu.decode_query_sm_resp,
]


@pytest.mark.parametrize("decode", DECODERS, ids=lambda decode: decode.__name__)
@given(body=st.binary(max_size=200))
def test_any_body_is_read_or_cleanly_refused(decode: Callable[[bytes], Any], body: bytes) -> None:
    try:
        value = decode(body)
    except PduError:
        return
    assert value is not None


@given(messages, st.integers(0, 80))
def test_cut_messages_are_refused_or_shortened(message: Message, keep: int) -> None:
    body = pdu.encode_submit_sm(1, message)[16:]
    try:
        read = pdu.decode_message(body[:keep])
    except PduError:
        return
    assert read.source == message.source
    assert read.payload == message.payload


@given(sequences, messages)
def test_smpp34_reads_what_we_write(sequence: int, message: Message) -> None:
    theirs = smpp34.decode(pdu.encode_submit_sm(sequence, message))
    assert theirs.sequence_number == sequence
    assert (
        Message(
            theirs.source_addr,
            theirs.destination_addr,
            theirs.short_message,
            theirs.esm_class,
            theirs.data_coding,
            theirs.registered_delivery,
            theirs.source_addr_ton,
            theirs.source_addr_npi,
            theirs.dest_addr_ton,
            theirs.dest_addr_npi,
            theirs.service_type,
            theirs.protocol_id,
            theirs.priority_flag,
            theirs.schedule_delivery_time,
            theirs.validity_period,
            theirs.replace_if_present_flag,
            theirs.sm_default_msg_id,
            {tlv.tag: tlv.value for tlv in theirs.tlvs},
        )
        == message
    )


@given(sequences, messages)
def test_we_read_what_smpp34_writes(sequence: int, message: Message) -> None:
    encoded = smpp34.DeliverSm(
        message.source,
        message.destination,
        message.payload,
        service_type=message.service_type,
        source_addr_ton=message.source_ton,
        source_addr_npi=message.source_npi,
        dest_addr_ton=message.destination_ton,
        dest_addr_npi=message.destination_npi,
        esm_class=message.esm_class,
        protocol_id=message.protocol_id,
        priority_flag=message.priority,
        schedule_delivery_time=message.schedule,
        validity_period=message.validity,
        registered_delivery=message.registered_delivery,
        replace_if_present_flag=message.replace,
        data_coding=message.data_coding,
        sm_default_msg_id=message.default_message,
        tlvs=[smpp34.Tlv(tag, value) for tag, value in message.tlvs.items()],
        sequence_number=sequence,
    ).encode()
    (whole,) = Decoder().feed(encoded)
    assert (whole.command_id, whole.sequence) == (pdu.DELIVER_SM, sequence)
    assert pdu.decode_deliver_sm(whole.body) == message


@given(st.binary(max_size=120))
def test_smpp34_accepts_no_message_that_we_refuse(body: bytes) -> None:
    whole = pdu.encode_pdu(pdu.DELIVER_SM, 0, 1, body)
    try:
        theirs = smpp34.decode(whole)
    except smpp34.SmppError:
        return
    ours = pdu.decode_deliver_sm(body)
    assert (ours.payload or b"") == (theirs.short_message or ours.tlvs.get(0x424, b""))
    assert ours.esm_class == theirs.esm_class


@given(sequences, texts(20).filter(bool), texts(20).filter(bool), st.binary(min_size=1, max_size=254))
def test_smpplib_reads_what_we_write(sequence: int, source: str, destination: str, payload: bytes) -> None:
    message = Message(source, destination, payload, esm_class=0x40, data_coding=8, registered_delivery=1)
    theirs = smpplib.smpp.parse_pdu(pdu.encode_submit_sm(sequence, message), need_sequence=False)
    assert theirs.command == "submit_sm"
    assert theirs.sequence == sequence
    assert theirs.source_addr == source.encode()
    assert theirs.destination_addr == destination.encode()
    assert theirs.short_message == payload
    assert (theirs.esm_class, theirs.data_coding, theirs.registered_delivery) == (0x40, 8, 1)


def test_smpplib_reads_our_bind() -> None:
    theirs = smpplib.smpp.parse_pdu(
        pdu.encode_bind("transceiver", 3, Bind("demo", "secret")), need_sequence=False
    )
    assert (theirs.command, theirs.system_id, theirs.password) == ("bind_transceiver", b"demo", b"secret")
    assert theirs.interface_version == 0x34
