"""The checks of a service centre before it accepts a message, with the command status of each refusal."""

import re
from functools import lru_cache
from typing import NamedTuple

from sendmill.carriers.smpp.pdu import (
    CODING_UCS2,
    ESM_UDHI,
    LONGEST_SHORT_MESSAGE,
    TAG_MESSAGE_PAYLOAD,
    TAG_SAR_MSG_REF_NUM,
    TAG_SAR_SEGMENT_SEQNUM,
    TAG_SAR_TOTAL_SEGMENTS,
    Message,
)

RINVMSGLEN = 0x01
RINVREGDLVFLG = 0x07
RINVSRCADR = 0x0A
RINVDSTADR = 0x0B
RINVESMCLASS = 0x43
RINVSRCTON = 0x48
RINVSRCNPI = 0x49
RINVDSTTON = 0x50
RINVDSTNPI = 0x51
RINVSCHED = 0x61
RINVEXPIRY = 0x62
ROPTPARNOTALLWD = 0xC1
RMISSINGOPTPARAM = 0xC3
RINVOPTPARAMVAL = 0xC4

_TONS = frozenset(range(7))
_NPIS = frozenset({0, 1, 3, 4, 6, 8, 9, 10, 14, 18})
_INTERNATIONAL, _ALPHANUMERIC = 1, 5
_SENDER_LETTERS = re.compile(r"[ -~]{1,11}")
_SENDER_DIGITS = re.compile(r"[0-9]{1,20}")
_TIME = re.compile(r"[0-9]{15}[-+R]")
_CONCATENATED_8, _CONCATENATED_16 = 0x00, 0x08
_OCTETS, _SEPTETS, _SAR_HEADER = 140, 160, 6
_RESERVED_RECEIPT = 3


class RefusedError(Exception):
    """A submit that is refused with the command status `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with command status 0x{status:08X}")
        self.status = status


class Part(NamedTuple):
    """A submit's place in its message, and its text without a user data header."""

    text: bytes
    reference: int
    total: int
    number: int


def inspect(message: Message) -> Part:
    """Check a submit_sm and return which part of a message it is; raises RefusedError (SMPP 3.4 §5.1.3).

    A part of a long message must fit into one short message together with its header (GSM 03.40: 140 octets, 153
    septets); a message without a header may be longer, because the centre would split it itself.
    """
    status = _sender_flaw(
        message.source,
        message.source_ton,
        message.source_npi,
        message.destination_ton,
        message.destination_npi,
    )
    if status:
        raise RefusedError(status)
    destination = message.destination
    if not (destination.isdigit() and destination.isascii() and 3 <= len(destination) <= 15):
        raise RefusedError(RINVDSTADR)
    if message.registered_delivery & _RESERVED_RECEIPT == _RESERVED_RECEIPT:
        raise RefusedError(RINVREGDLVFLG)
    if message.schedule and not _TIME.fullmatch(message.schedule):
        raise RefusedError(RINVSCHED)
    if message.validity and not _TIME.fullmatch(message.validity):
        raise RefusedError(RINVEXPIRY)
    payload = message.payload
    if message.tlvs:
        part = _read_parameters(message)
    elif len(payload) > LONGEST_SHORT_MESSAGE:
        raise RefusedError(RINVMSGLEN)
    elif message.esm_class & ESM_UDHI:
        part = _read_header(payload, message.data_coding)
    else:
        part = Part(payload, 0, 1, 1)
    if message.data_coding == CODING_UCS2 and len(part.text) % 2:
        raise RefusedError(RINVMSGLEN)
    return part


@lru_cache(maxsize=1024)
def _sender_flaw(source: str, source_ton: int, source_npi: int, to_ton: int, to_npi: int) -> int:
    if source_ton not in _TONS:
        return RINVSRCTON
    if source_npi not in _NPIS:
        return RINVSRCNPI
    if to_ton not in _TONS or to_ton == _ALPHANUMERIC:
        return RINVDSTTON
    if to_npi not in _NPIS:
        return RINVDSTNPI
    if source_ton == _ALPHANUMERIC:
        return 0 if _SENDER_LETTERS.fullmatch(source) else RINVSRCADR
    if source_ton == _INTERNATIONAL or source:
        return 0 if _SENDER_DIGITS.fullmatch(source) else RINVSRCADR
    return 0


def _read_parameters(message: Message) -> Part:
    payload, tlvs = message.payload, message.tlvs
    in_parameter = TAG_MESSAGE_PAYLOAD in tlvs
    if in_parameter and payload is not tlvs[TAG_MESSAGE_PAYLOAD] and payload:
        raise RefusedError(ROPTPARNOTALLWD)
    if not in_parameter and len(payload) > LONGEST_SHORT_MESSAGE:
        raise RefusedError(RINVMSGLEN)
    part = Part(payload, 0, 1, 1)
    if message.esm_class & ESM_UDHI:
        part = _read_header(payload, message.data_coding)
    given = [tlvs.get(tag) for tag in (TAG_SAR_MSG_REF_NUM, TAG_SAR_TOTAL_SEGMENTS, TAG_SAR_SEGMENT_SEQNUM)]
    if given == [None, None, None]:
        return part
    reference, total, number = given
    if reference is None or total is None or number is None:
        raise RefusedError(RMISSINGOPTPARAM)
    if part.total > 1:
        raise RefusedError(ROPTPARNOTALLWD)
    if (len(reference), len(total), len(number)) != (2, 1, 1) or not 1 <= number[0] <= total[0]:
        raise RefusedError(RINVOPTPARAMVAL)
    _check_fit(len(part.text), _SAR_HEADER, message.data_coding)
    return Part(part.text, int.from_bytes(reference, "big"), total[0], number[0])


def _read_header(payload: bytes, data_coding: int) -> Part:
    """Split off a user data header (GSM 03.40 §9.2.3.24); one that contradicts itself is refused."""
    end = payload[0] + 1 if payload else 1
    if end > len(payload) or end == 1:
        raise RefusedError(RINVESMCLASS)
    reference, total, number = 0, 1, 1
    at = 1
    while at < end:
        if at + 2 > end or at + 2 + payload[at + 1] > end:
            raise RefusedError(RINVESMCLASS)
        element, value = payload[at], payload[at + 2 : at + 2 + payload[at + 1]]
        if element in (_CONCATENATED_8, _CONCATENATED_16):
            if len(value) != (3 if element == _CONCATENATED_8 else 4):
                raise RefusedError(RINVESMCLASS)
            reference, total, number = int.from_bytes(value[:-2], "big"), value[-2], value[-1]
            if not 1 <= number <= total:
                raise RefusedError(RINVESMCLASS)
        at += 2 + len(value)
    text = payload[end:]
    _check_fit(len(text), end, data_coding)
    return Part(text, reference, total, number)


def _check_fit(text: int, header: int, data_coding: int) -> None:
    in_septets = data_coding in (0, 1, 3)
    room = _SEPTETS - (header * 8 + 6) // 7 if in_septets else _OCTETS - header
    if text > room:
        raise RefusedError(RINVMSGLEN)
