"""Delivery reports and replies: what waits to be delivered, and its encoding as a deliver_sm."""

import time
from functools import lru_cache
from random import Random
from typing import NamedTuple

from sendmill.carriers.smpp.pdu import (
    CODING_UCS2,
    ESM_INTERMEDIATE,
    ESM_RECEIPT,
    LONGEST_SHORT_MESSAGE,
    TAG_MESSAGE_PAYLOAD,
    TAG_MESSAGE_STATE,
    TAG_NETWORK_ERROR_CODE,
    TAG_RECEIPTED_MESSAGE_ID,
    encode_deliver_sm,
    encode_tlv,
)
from sendmill.simulator.faults import Faults, ReceiptForm, State
from sendmill.simulator.message_ids import writer

STAT = {
    State.ENROUTE: "ENROUTE",
    State.DELIVERED: "DELIVRD",
    State.EXPIRED: "EXPIRED",
    State.DELETED: "DELETED",
    State.UNDELIVERABLE: "UNDELIV",
    State.ACCEPTED: "ACCEPTD",
    State.UNKNOWN: "UNKNOWN",
    State.REJECTED: "REJECTD",
}
ERROR = dict.fromkeys(State, 0) | {
    State.EXPIRED: 27,
    State.DELETED: 34,
    State.UNDELIVERABLE: 1,
    State.UNKNOWN: 255,
    State.REJECTED: 8,
}
_ESM_CLASS = dict.fromkeys(State, ESM_RECEIPT) | {State.ENROUTE: ESM_INTERMEDIATE}
_MINUTE = 60
_ID_TAG = TAG_RECEIPTED_MESSAGE_ID.to_bytes(2, "big")
_NETWORK_GSM = 3
_REPLY_LENGTHS = (160, 70)
# Characters that have the same octet in ASCII and in the GSM 03.38 default alphabet.
_SAME_IN_GSM = frozenset(
    "\n\r !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)


class Receipt(NamedTuple):
    """A report that waits. Times are Unix seconds; `origin` is the number of the bind that submitted.

    `reported` False means that only the state changes: the client asked for no report, or the report is lost.
    """

    serial: int
    recipient: str
    sender: str
    sender_type: bytes
    system_id: str
    origin: int
    state: State
    reported: bool
    submitted: int
    done: int
    text: bytes


class Reply(NamedTuple):
    """A message from a person (MO) to the sender ID `destination`."""

    sender: str
    destination: str
    system_id: str
    origin: int
    payload: bytes
    data_coding: int


Delivery = Receipt | Reply


def write_reply(text: str) -> tuple[bytes, int]:
    """Return the payload and data_coding of a reply; raises ValueError when it is longer than one part."""
    plain = _SAME_IN_GSM.issuperset(text)
    payload = text.encode("ascii" if plain else "utf-16-be")
    if len(payload) > (_REPLY_LENGTHS[0] if plain else 2 * _REPLY_LENGTHS[1]):
        raise ValueError("A reply is one part: 160 plain characters, 70 when it has others.")
    return payload, 0 if plain else CODING_UCS2


class Writer:
    """Encodes deliveries as deliver_sm, with the faults of reports."""

    def __init__(self, faults: Faults, random: Random) -> None:
        self._faults = faults
        self._random = random
        self._id = writer(faults.report_id_form or faults.id_form, faults.ids_anew)
        self._spoils = faults.odd_receipts > 0 or faults.mangled_receipts > 0
        self._words = faults.words
        self._in_text = faults.receipt is not ReceiptForm.TLV
        self._in_tlvs = faults.receipt is not ReceiptForm.TEXT

    def write(self, sequence: int, delivery: Delivery) -> bytes:
        """Return the PDU of a delivery. A reply is encoded as a report is, with esm_class 0."""
        if isinstance(delivery, Reply):
            payload, tlvs = delivery.payload, b""
            if len(payload) > LONGEST_SHORT_MESSAGE:
                payload, tlvs = b"", encode_tlv(TAG_MESSAGE_PAYLOAD, payload)
            return encode_deliver_sm(
                sequence,
                delivery.sender,
                delivery.destination,
                payload,
                esm_class=0,
                data_coding=delivery.data_coding,
                tlvs=tlvs,
            )
        message_id = self._id(delivery.serial)[: self._faults.report_id_length or None]
        tlvs = _tlvs(message_id, delivery.state) if self._in_tlvs else b""
        text = _text(message_id, delivery) if self._in_text else b""
        if self._words:
            text, tlvs = self._worded(text, delivery.state), b""
        if self._spoils:
            text, tlvs = self._spoil(message_id, delivery, text, tlvs)
        esm_class = _ESM_CLASS[delivery.state]
        if self._faults.plain_reports:
            esm_class, tlvs = 0, b""
        return encode_deliver_sm(
            sequence,
            delivery.recipient,
            delivery.sender,
            text,
            esm_class=esm_class,
            tlvs=tlvs,
            destination_type=delivery.sender_type,
        )

    def _worded(self, text: bytes, state: State) -> bytes:
        word = self._words.get(state.name, STAT[state])
        return text.replace(b"stat:%b" % STAT[state].encode(), b"stat:%b" % word.encode("latin-1"), 1)

    def _spoil(self, message_id: str, receipt: Receipt, text: bytes, tlvs: bytes) -> tuple[bytes, bytes]:
        draw = self._random.random()
        if draw < self._faults.mangled_receipts:
            return self._random.choice(_MANGLED), b""
        if draw < self._faults.mangled_receipts + self._faults.odd_receipts and self._in_text:
            return self._random.choice(_ODD)(message_id, receipt).encode("latin-1"), tlvs
        return text, tlvs


def _tlvs(message_id: str, state: State) -> bytes:
    written = message_id.encode("latin-1") + b"\0"
    return b"%b\0%c%b%b" % (_ID_TAG, len(written), written, _STATE_TLVS[state])


def _state_tlvs(state: State) -> bytes:
    tlvs = encode_tlv(TAG_MESSAGE_STATE, bytes((state,)))
    if ERROR[state]:
        tlvs += encode_tlv(TAG_NETWORK_ERROR_CODE, bytes((_NETWORK_GSM, 0, ERROR[state])))
    return tlvs


_STATE_TLVS = {state: _state_tlvs(state) for state in State}


def _text(message_id: str, receipt: Receipt) -> bytes:
    ending = _ending(receipt.state, receipt.submitted // _MINUTE, receipt.done // _MINUTE, receipt.text)
    return b"id:%b%b" % (message_id.encode("latin-1"), ending)


@lru_cache(maxsize=1024)
def _ending(state: State, submitted: int, done: int, text: bytes) -> bytes:
    """Return the text of a report after the id; times are in minutes."""
    return b" sub:001 dlvrd:%b submit date:%b done date:%b %b text:%b" % (
        _DELIVERED_COUNT[state],
        _date(submitted),
        _date(done),
        _STAT_AND_ERROR[state],
        text,
    )


_DELIVERED_COUNT = {state: b"001" if state is State.DELIVERED else b"000" for state in State}
_STAT_AND_ERROR = {state: f"stat:{STAT[state]} err:{ERROR[state]:03d}".encode() for state in State}


@lru_cache(maxsize=1024)
def _date(minute: int) -> bytes:
    return time.strftime("%y%m%d%H%M", time.gmtime(minute * _MINUTE)).encode()


def final_date(second: int) -> str:
    """Return a Unix second as the absolute time of SMPP 3.4 §7.1.1, in UTC; empty for 0."""
    return time.strftime("%y%m%d%H%M%S000+", time.gmtime(second)) if second else ""


def _long_dates(message_id: str, receipt: Receipt) -> str:
    submitted, done = (
        time.strftime("%y%m%d%H%M%S", time.gmtime(second)) for second in (receipt.submitted, receipt.done)
    )
    dates = f"submit date:{submitted} done date:{done}"
    return f"id:{message_id} sub:001 dlvrd:001 {dates} stat:{STAT[receipt.state]} err:0 text:"


def _zero_dates(message_id: str, receipt: Receipt) -> str:
    stat = STAT[receipt.state]
    return f"id:{message_id} sub:1 dlvrd:1 submit date:0000000000 done date:0000000000 stat:{stat} err:000"


def _lower_case(message_id: str, receipt: Receipt) -> str:
    stat = STAT[receipt.state].lower()
    return f"id:{message_id} sub:000 dlvrd:000 stat:{stat} err:xyz Text:"


def _reordered(message_id: str, receipt: Receipt) -> str:
    done = _date(receipt.done // _MINUTE).decode()
    return f"stat:{STAT[receipt.state]} err:E12 id:{message_id} done date:{done}"


_ODD = (_long_dates, _zero_dates, _lower_case, _reordered)
_MANGLED = (
    b"",
    b"id: sub: dlvrd:",
    b"\xff\xfe\x00\x1bid",
    b"<report/>",
    b"Your message was processed.",
)
