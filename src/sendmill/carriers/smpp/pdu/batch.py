"""Encoding on the hot path: a batch of submit_sm, and batches of responses, each built in one pass."""

from collections.abc import Iterable, Sequence
from itertools import repeat
from struct import Struct
from typing import Final, Literal

from sendmill.carriers.protocol import OutgoingPart
from sendmill.carriers.smpp.pdu.commands import (
    DATA_SM_RESP,
    DELIVER_SM_RESP,
    ESM_UDHI,
    SUBMIT_SM,
    SUBMIT_SM_RESP,
    TAG_MESSAGE_PAYLOAD,
)
from sendmill.carriers.smpp.pdu.fields import c_octets
from sendmill.carriers.smpp.pdu.frame import HEADER_LENGTH, PduError
from sendmill.carriers.smpp.pdu.message import LONGEST_SHORT_MESSAGE

LongMessages = Literal["udh", "sar", "payload"]

_HEADER: Final = Struct(">IIII")
_EMPTY_ID: Final = Struct(">IIIIx")
_PAYLOAD: Final = Struct(">HH")
_SAR: Final = Struct(">HHHHHBHHB")
_LENGTHS: Final = [bytes((length,)) for length in range(256)]
_DESTINATIONS: Final = 10**20
_LONGEST_PAYLOAD: Final = 65_000
LONGEST_PART: Final = 140  # octets of one part
LONGEST_GSM7_PART: Final = 160  # the same in GSM-7, which is written as one septet an octet


class SubmitShape:
    """The fields that all parts of a submission share, encoded once: sender ID, esm_class, flags.

    Addresses and lengths follow SMPP 3.4 §4.4.1; raises PduError when a field does not fit. `default_longest` is how
    many octets of the default alphabet fit into one part.
    """

    __slots__ = ("fixed", "head", "long_messages", "longest", "single", "unreported", "with_udh")

    def __init__(
        self,
        source: str,
        *,
        source_ton: int,
        source_npi: int,
        dest_ton: int = 1,
        dest_npi: int = 1,
        service_type: str = "",
        validity: str = "",
        protocol_id: int = 0,
        priority: int = 0,
        registered_delivery: int = 1,
        last_part_only: bool = False,
        default_coding: int = 0,
        long_messages: LongMessages = "udh",
        default_longest: int = LONGEST_GSM7_PART,
    ) -> None:
        self.head = b"".join(
            (
                c_octets(service_type, 5, "service_type"),
                bytes((source_ton, source_npi)),
                c_octets(source, 20, "source_addr"),
                bytes((dest_ton, dest_npi)),
            )
        )
        tail = c_octets("", 0, "schedule_delivery_time") + c_octets(validity, 16, "validity_period")

        def middle(esm_class: int, registered: int) -> tuple[bytes, bytes]:
            """Return these fields of a part in the default alphabet, and of one in UCS-2."""
            head = bytes((0, esm_class, protocol_id, priority)) + tail
            return head + bytes((registered, 0, default_coding, 0)), head + bytes((registered, 0, 8, 0))

        self.single = middle(0, registered_delivery)
        self.with_udh = middle(ESM_UDHI, registered_delivery)
        # Of the parts of a long message before the last one.
        self.unreported = middle(0 if long_messages == "sar" else ESM_UDHI, 0) if last_part_only else None
        self.long_messages = long_messages
        # A text that is longer than one part must not look like one: the carrier is to cut it.
        whole = long_messages == "payload"
        self.longest = (
            (default_longest, LONGEST_PART) if whole else (LONGEST_SHORT_MESSAGE, LONGEST_SHORT_MESSAGE)
        )
        self.fixed = HEADER_LENGTH + len(self.head) + len(self.single[0]) + 1


def encode_submit_batch(shape: SubmitShape, first_sequence: int, parts: Sequence[OutgoingPart]) -> bytes:
    """Encode `parts` as submit_sm, numbered upwards from `first_sequence`, into one byte string for one write.

    Parts of long messages carry a 6-octet UDH with the 8-bit reference, or sar_* parameters. A payload that does not
    fit into short_message goes into message_payload, which is how "payload" submits a whole long message as one part.
    Raises PduError when a part cannot be encoded (`flaw_of` says why).
    """
    pieces: list[bytes] = []
    append = pieces.append
    pack = _HEADER.pack
    head, fixed, lengths, single, longest = shape.head, shape.fixed, _LENGTHS, shape.single, shape.longest
    sequence = first_sequence
    for part in parts:
        destination, payload, ucs2, _, total, _ = part
        size = len(payload)
        if total != 1 or size > longest[ucs2] or not 0 < destination < _DESTINATIONS:
            append(_encode_long(shape, sequence, part))
        else:
            digits = b"%d" % destination
            append(
                b"%b%b%b%b%b%b"
                % (
                    pack(fixed + len(digits) + size, SUBMIT_SM, 0, sequence),
                    head,
                    digits,
                    single[ucs2],
                    lengths[size],
                    payload,
                )
            )
        sequence += 1
    return b"".join(pieces)


def _encode_long(shape: SubmitShape, sequence: int, part: OutgoingPart) -> bytes:
    flaw = flaw_of(part)
    if flaw is not None:
        raise PduError(flaw)
    destination, payload, ucs2, reference, total, number = part
    middle, extra = shape.single[ucs2], b""
    if total > 1 and shape.long_messages == "sar":
        extra = _SAR.pack(0x020C, 2, reference, 0x020E, 1, total, 0x020F, 1, number)
    elif total > 1:
        middle = shape.with_udh[ucs2]
        payload = bytes((5, 0, 3, reference & 0xFF, total, number)) + payload
    if shape.unreported is not None and number < total:
        middle = shape.unreported[ucs2]
    if len(payload) > shape.longest[ucs2]:
        extra = _PAYLOAD.pack(TAG_MESSAGE_PAYLOAD, len(payload)) + payload + extra
        payload = b""
    body = b"".join((shape.head, b"%d" % destination, middle, _LENGTHS[len(payload)], payload, extra))
    return _HEADER.pack(HEADER_LENGTH + len(body), SUBMIT_SM, 0, sequence) + body


def flaw_of(part: OutgoingPart) -> str | None:
    """Return why a part cannot be encoded as a submit_sm, or None when it can."""
    if not 0 < part.destination < _DESTINATIONS:
        return "the destination is not a number of 1 to 20 digits"
    if len(part.payload) > _LONGEST_PAYLOAD:
        return f"the text is longer than {_LONGEST_PAYLOAD} octets"
    if not (0 < part.number <= part.total < 256 and 0 <= part.reference < 65536):
        return "the reference, total or number of the part is out of range"
    return None


def encode_submit_sm_resps(answers: Iterable[tuple[int, str]]) -> bytes:
    """Encode acceptances, each (sequence number, message id), into one byte string (SMPP 3.4 §4.4.2)."""
    pack = _HEADER.pack
    pieces = []
    for sequence, message_id in answers:
        encoded = message_id.encode("latin-1")
        pieces.append(pack(17 + len(encoded), SUBMIT_SM_RESP, 0, sequence) + encoded + b"\0")
    return b"".join(pieces)


def encode_submit_sm_resp(sequence: int, status: int, message_id: str = "") -> bytes:
    """Encode one submit_sm_resp; a refusal has no body (SMPP 3.4 §4.4.2)."""
    if status:
        return _HEADER.pack(HEADER_LENGTH, SUBMIT_SM_RESP, status, sequence)
    return encode_submit_sm_resps(((sequence, message_id),))


def decode_submit_sm_resp(body: bytes) -> str:
    """Return the message id as it was written, without the blanks around it, which reports may leave out.

    Empty when the body is missing, as in most refusals.
    """
    end = body.find(b"\0")
    return (body if end < 0 else body[:end]).strip().decode("latin-1")


def encode_deliver_sm_resps(sequences: Iterable[int], status: int = 0) -> bytes:
    """Encode acknowledgements of many deliver_sm into one byte string (SMPP 3.4 §4.6.2)."""
    return b"".join(map(_EMPTY_ID.pack, repeat(17), repeat(DELIVER_SM_RESP), repeat(status), sequences))


def encode_data_sm_resps(sequences: Iterable[int], status: int = 0) -> bytes:
    """Encode acknowledgements of many data_sm into one byte string (SMPP 3.4 §4.7.2)."""
    return b"".join(map(_EMPTY_ID.pack, repeat(17), repeat(DATA_SM_RESP), repeat(status), sequences))
