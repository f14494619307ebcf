"""The PDUs that carry text: submit_sm, deliver_sm and data_sm, in either direction (SMPP 3.4 §4.4, §4.6, §4.7)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from struct import Struct
from typing import Final, NamedTuple

from sendmill.carriers.smpp.pdu.commands import (
    DATA_SM,
    DELIVER_SM,
    ESM_RECEIPT,
    SUBMIT_SM,
    TAG_MESSAGE_PAYLOAD,
)
from sendmill.carriers.smpp.pdu.fields import c_octets, encode_tlv, encode_tlvs, read_tlvs
from sendmill.carriers.smpp.pdu.frame import MAX_LENGTH, PduError, encode_pdu

LONGEST_SHORT_MESSAGE: Final = 254

_HEADER: Final = Struct(">IIII")
_NO_TLVS: Final[Mapping[int, bytes]] = {}

# One match instead of seventeen steps: every quantifier is followed by the NUL it excludes, so it is linear.
_LAYOUT: Final = re.compile(
    rb"([^\0]*)\0(..)([^\0]*)\0(..)([^\0]*)\0(...)([^\0]*)\0([^\0]*)\0(.....)", re.DOTALL
)
_DATA_LAYOUT: Final = re.compile(rb"([^\0]*)\0(..)([^\0]*)\0(..)([^\0]*)\0(...)", re.DOTALL)


class Message(NamedTuple):
    """The fields of a submit_sm, deliver_sm or data_sm; `payload` is short_message, or else message_payload."""

    source: str
    destination: str
    payload: bytes
    esm_class: int = 0
    data_coding: int = 0
    registered_delivery: int = 0
    source_ton: int = 0
    source_npi: int = 0
    destination_ton: int = 1
    destination_npi: int = 1
    service_type: str = ""
    protocol_id: int = 0
    priority: int = 0
    schedule: str = ""
    validity: str = ""
    replace: int = 0
    default_message: int = 0
    tlvs: Mapping[int, bytes] = _NO_TLVS


def decode_message(body: bytes) -> Message:
    """Decode the body of a submit_sm or deliver_sm; raises PduError when mandatory fields are missing or cut."""
    match = _LAYOUT.match(body)
    if match is None:
        raise PduError("the message ends before its mandatory fields do")
    service, source_type, source, dest_type, destination, esm, schedule, validity, flags = match.groups()
    start = match.end()
    end = start + flags[4]
    if end > len(body):
        raise PduError("short_message is shorter than sm_length says")
    payload = body[start:end]
    tlvs = _NO_TLVS
    if end < len(body):
        tlvs = read_tlvs(body, end)
        if not payload.strip(b"\0"):
            payload = tlvs.get(TAG_MESSAGE_PAYLOAD, payload)
    return Message(
        source.decode("latin-1"),
        destination.decode("latin-1"),
        payload,
        esm[0],
        flags[2],
        flags[0],
        source_type[0],
        source_type[1],
        dest_type[0],
        dest_type[1],
        service.decode("latin-1") if service else "",
        esm[1],
        esm[2],
        schedule.decode("latin-1") if schedule else "",
        validity.decode("latin-1") if validity else "",
        flags[1],
        flags[3],
        tlvs,
    )


decode_submit_sm = decode_message
decode_deliver_sm = decode_message


class Delivery(NamedTuple):
    """The fields of a deliver_sm or data_sm that reports and replies are read from."""

    source: bytes
    destination: bytes
    payload: bytes
    esm_class: int
    data_coding: int
    tlvs: Mapping[int, bytes]


def decode_delivery(body: bytes) -> Delivery:
    """Decode the fields of a deliver_sm that a report needs, at half the cost of decode_message; raises as it does."""
    match = _LAYOUT.match(body)
    if match is None:
        raise PduError("the message ends before its mandatory fields do")
    source, destination, classes, flags = match.group(3, 5, 6, 9)
    start = match.end()
    end = start + flags[4]
    size = len(body)
    if end == size:
        return Delivery(source, destination, body[start:], classes[0], flags[2], _NO_TLVS)
    if end > size:
        raise PduError("short_message is shorter than sm_length says")
    tlvs = read_tlvs(body, end)
    payload = body[start:end]
    if not payload.strip(b"\0"):
        # Some carriers count the NUL that ends a string: sm_length is 1, and the text is in message_payload.
        payload = tlvs.get(TAG_MESSAGE_PAYLOAD, payload)
    return Delivery(source, destination, payload, classes[0], flags[2], tlvs)


def decode_data_sm(body: bytes) -> Message:
    """Decode the body of a data_sm, whose text is in message_payload; raises PduError as decode_message does."""
    match = _DATA_LAYOUT.match(body)
    if match is None:
        raise PduError("the message ends before its mandatory fields do")
    service, source_type, source, dest_type, destination, flags = match.groups()
    tlvs = read_tlvs(body, match.end())
    return Message(
        source.decode("latin-1"),
        destination.decode("latin-1"),
        tlvs.get(TAG_MESSAGE_PAYLOAD, b""),
        flags[0],
        flags[2],
        flags[1],
        source_type[0],
        source_type[1],
        dest_type[0],
        dest_type[1],
        service.decode("latin-1"),
        tlvs=tlvs,
    )


def encode_message(command_id: int, sequence: int, message: Message) -> bytes:
    """Encode a submit_sm or deliver_sm; a payload over 254 octets goes into message_payload.

    Raises PduError when a field does not fit. Readable rather than fast: batches use encode_submit_batch.
    """
    payload, tail = message.payload, encode_tlvs(message.tlvs)
    if len(payload) > LONGEST_SHORT_MESSAGE and TAG_MESSAGE_PAYLOAD not in message.tlvs:
        payload, tail = b"", encode_tlv(TAG_MESSAGE_PAYLOAD, payload) + tail
    elif TAG_MESSAGE_PAYLOAD in message.tlvs:
        payload = b""
    try:
        body = b"".join(
            (
                c_octets(message.service_type, 5, "service_type"),
                bytes((message.source_ton, message.source_npi)),
                c_octets(message.source, 20, "source_addr"),
                bytes((message.destination_ton, message.destination_npi)),
                c_octets(message.destination, 20, "destination_addr"),
                bytes((message.esm_class, message.protocol_id, message.priority)),
                c_octets(message.schedule, 16, "schedule_delivery_time"),
                c_octets(message.validity, 16, "validity_period"),
                bytes((message.registered_delivery, message.replace, message.data_coding)),
                bytes((message.default_message, len(payload))),
                payload,
                tail,
            )
        )
    except ValueError as error:
        raise error if isinstance(error, PduError) else PduError("a field is not one octet") from None
    if len(body) > MAX_LENGTH - 16:
        raise PduError("the message is too long for a PDU")
    return encode_pdu(command_id, 0, sequence, body)


def encode_submit_sm(sequence: int, message: Message) -> bytes:
    """Encode a submit_sm (SMPP 3.4 §4.4.1); raises PduError as encode_message does."""
    return encode_message(SUBMIT_SM, sequence, message)


def encode_data_sm(sequence: int, message: Message) -> bytes:
    """Encode a data_sm (SMPP 3.4 §4.7.1); raises PduError when a field does not fit.

    The payload goes into message_payload, in front of the other optional parameters.
    """
    tlvs = {TAG_MESSAGE_PAYLOAD: message.payload, **message.tlvs} if message.payload else message.tlvs
    body = b"".join(
        (
            c_octets(message.service_type, 5, "service_type"),
            bytes((message.source_ton, message.source_npi)),
            c_octets(message.source, 64, "source_addr"),
            bytes((message.destination_ton, message.destination_npi)),
            c_octets(message.destination, 64, "destination_addr"),
            bytes((message.esm_class, message.registered_delivery, message.data_coding)),
            encode_tlvs(tlvs),
        )
    )
    return encode_pdu(DATA_SM, 0, sequence, body)


def encode_deliver_sm(
    sequence: int,
    source: str,
    destination: str,
    text: bytes,
    *,
    esm_class: int = ESM_RECEIPT,
    data_coding: int = 0,
    tlvs: bytes = b"",
    source_type: bytes = b"\x01\x01",
    destination_type: bytes = b"\x00\x00",
) -> bytes:
    """Encode a deliver_sm (SMPP 3.4 §4.6.1) in one pass, for an SMSC that sends many.

    `tlvs` is already encoded and addresses are not checked. `source_type` and `destination_type` are TON and NPI.
    Raises PduError when `text` is over 255 octets.
    """
    length = len(text)
    if length > 255:
        raise PduError("short_message is longer than 255 octets; use message_payload")
    middle = _between(destination_type, destination, esm_class, data_coding)
    body = b"\0%b%b%b%c%b%b" % (source_type, source.encode("latin-1"), middle, length, text, tlvs)
    return _HEADER.pack(16 + len(body), DELIVER_SM, 0, sequence) + body


@lru_cache(maxsize=256)
def _between(destination_type: bytes, destination: str, esm_class: int, data_coding: int) -> bytes:
    """Encode the fields between the source address of a deliver_sm and its sm_length: nearly always the same."""
    return b"\0%b%b\0%c\0\0\0\0\0\0%c\0" % (
        destination_type,
        destination.encode("latin-1"),
        esm_class,
        data_coding,
    )
