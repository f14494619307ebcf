"""Reads delivery reports and replies from a carrier's deliver_sm, as tolerantly as carriers vary."""

import re
from codecs import BOM_UTF16_LE
from collections.abc import Mapping
from typing import Final

from sendmill.carriers.protocol import Report
from sendmill.carriers.report_words import word_of
from sendmill.carriers.smpp.configuration import DefaultAlphabet
from sendmill.carriers.smpp.pdu import (
    CODING_DEFAULT,
    CODING_LATIN1,
    CODING_UCS2,
    ESM_INTERMEDIATE,
    ESM_RECEIPT,
    ESM_TYPE_MASK,
    ESM_UDHI,
    TAG_MESSAGE_STATE,
    TAG_NETWORK_ERROR_CODE,
    TAG_RECEIPTED_MESSAGE_ID,
    TAG_SAR_MSG_REF_NUM,
    TAG_SAR_SEGMENT_SEQNUM,
    TAG_SAR_TOTAL_SEGMENTS,
    Delivery,
    PduError,
    decode_data_sm,
    decode_delivery,
    read_tlvs,
)
from sendmill.domain.segments import decode_gsm7
from sendmill.domain.status_codes import FINAL_WORDS, MessageState

STATS: Final = tuple(state.code for state in MessageState)
"""The word for each message state in a report's text, by the state's number (SMPP 3.4 §5.2.28)."""

_KNOWN: Final = {stat.encode(): (stat, stat in FINAL_WORDS) for stat in STATS}

_STATE: Final = {stat: b"\x04\x27\0\1%c" % state for state, stat in enumerate(STATS)}

# A whole deliver_sm with a report in the order of SMPP 3.4 appendix B: nearly every one. Anything else takes
# the tolerant way, which reads these the same: a value here is one that both ways end at the same octet, and
# the last one must be followed by a blank (or by the end of the text, which the caller looks at).
_VALUE: Final = rb"[^\0- \x7f-\xff,;|\"']+"
_PLAIN: Final = re.compile(
    rb"[^\0]*\0..\+?(\d{1,18})\0..([^\0]*)\0\x04..\0\0..[\0\1\3].(.)"
    rb"id:(%b)(?: sub:%b)?(?: dlvrd:%b)?(?: submit date:(%b))? done date:(%b) stat:(%b) err:(%b)"
    % ((_VALUE,) * 7),
    re.ASCII | re.DOTALL,
)
# Some carriers set both bits, to which SMPP 3.4 gives no meaning.
_REPORT_TYPES: Final = (ESM_RECEIPT, ESM_INTERMEDIATE, ESM_RECEIPT | ESM_INTERMEDIATE)

_NAMES: Final = r"id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat(?:us)?|err|text"
_START: Final = r"(?:^|(?<=[\s,;|\"']))"
_FIELD: Final = re.compile(
    rf"{_START}({_NAMES})[ ]?[:=](?:[ \t]+(?!(?:{_NAMES})[ ]?[:=]))?([^\s,;|]*)", re.IGNORECASE
)
_ID: Final = re.compile(rf"{_START}id[ ]?[:=]", re.IGNORECASE)
# An id with blanks inside ends where the next field begins, if only plain words stand between.
_LONG_ID: Final = re.compile(
    rf"{_START}id[ ]?[:=][ \t]*((?:(?!(?:{_NAMES})\b)[^\s,;|:=]+[ ]){{2,4}})[ ]*(?:{_NAMES})[ ]?[:=]",
    re.IGNORECASE,
)
_TEXT: Final = re.compile(rf"{_START}text[ ]?[:=]", re.IGNORECASE)
_QUOTES: Final = "\"'"


def read_report(sequence: int, body: bytes, alphabet: DefaultAlphabet = "gsm7") -> Report:
    """Read the report or reply in the body of a deliver_sm. Never raises: what cannot be read is "unreadable"."""
    match = _PLAIN.match(body)
    if match is not None:
        number, destination, length, carrier_id, submitted, done, written, error = match.groups()
        start, stop = match.end(3), match.end()
        end = start + length[0]
        if stop <= end <= len(body) and (stop == end or body[stop] == 32):  # a blank
            stat, final = _KNOWN.get(written) or _outcome_of(written)
            told_id = carrier_id.decode()
            network_error = None
            if body[end:] == b"\0\x1e\0%c%b\0%b" % (len(carrier_id) + 1, carrier_id, _STATE.get(stat, b"\0")):
                # Nearly every carrier repeats id and state as optional parameters.
                pass
            elif end < len(body):
                tlvs = read_tlvs(body, end)
                told_id = _id_of(tlvs) or told_id
                told = _stat_of_state(tlvs)
                if told:
                    stat, final = told, told in FINAL_WORDS
                network_error = tlvs.get(TAG_NETWORK_ERROR_CODE)
            # Straight to the tuple: this line is reached for nearly every message sent.
            return tuple.__new__(
                Report,
                (
                    "report",
                    told_id,
                    stat,
                    final,
                    error.decode(),
                    network_error,
                    int(number),
                    body[start:end].decode("latin-1").replace("\0", ""),
                    sequence,
                    done.decode(),
                    destination.decode("latin-1"),
                    None,
                    submitted and submitted.decode(),
                ),
            )
    try:
        delivery = decode_delivery(body)
    except PduError:
        return _unreadable(sequence, body)
    return _read(sequence, delivery, alphabet)


def read_data_report(sequence: int, body: bytes, alphabet: DefaultAlphabet = "gsm7") -> Report:
    """Read the report or reply in the body of a data_sm, as read_report does."""
    try:
        message = decode_data_sm(body)
    except PduError:
        return _unreadable(sequence, body)
    source, destination = message.source.encode("latin-1"), message.destination.encode("latin-1")
    delivery = Delivery(
        source, destination, message.payload, message.esm_class, message.data_coding, message.tlvs
    )
    return _read(sequence, delivery, alphabet)


def _read(sequence: int, delivery: Delivery, alphabet: DefaultAlphabet) -> Report:
    kind = delivery.esm_class & ESM_TYPE_MASK
    # A reply whose text looks like a report is still a reply: else anyone could forge a delivery report.
    if kind in _REPORT_TYPES or TAG_RECEIPTED_MESSAGE_ID in delivery.tlvs:
        return _read_delivery_report(sequence, delivery, intermediate=kind == ESM_INTERMEDIATE)
    part, payload = _split_header(delivery)
    return Report(
        "reply",
        None,
        None,
        True,
        None,
        None,
        _number(delivery.source),
        _text(payload, delivery.data_coding, alphabet),
        sequence,
        None,
        delivery.destination.decode("latin-1"),
        part,
    )


def _read_delivery_report(sequence: int, delivery: Delivery, *, intermediate: bool) -> Report:
    tlvs = delivery.tlvs
    _, payload = _split_header(delivery)
    # Whatever its default alphabet, an SMSC writes the text of reports in ASCII.
    text = _text(payload, delivery.data_coding, "latin1")
    fields = read_fields(text)
    if text and "stat" not in fields and "id" not in fields:
        # Some declare one alphabet and write the other, in either direction.
        other = CODING_LATIN1 if delivery.data_coding == CODING_UCS2 else CODING_UCS2
        otherwise = _text(payload, other, "latin1")
        found = read_fields(otherwise)
        if "stat" in found or "id" in found:
            text, fields = otherwise, found
    stat = _stat_of_state(tlvs) or word_of(fields.get("stat", ""))
    # An intermediate notification of a failure says "not yet"; one of a delivery cannot be taken back.
    final = stat == "DELIVRD" if intermediate else stat in FINAL_WORDS
    return Report(
        "report" if stat else "unreadable",
        _id_of(tlvs) or fields.get("id") or None,
        stat or None,
        final,
        fields.get("err") or None,
        tlvs.get(TAG_NETWORK_ERROR_CODE),
        _number(delivery.source),
        text or _tlvs_in_words(tlvs),
        sequence,
        fields.get("done date") or None,
        delivery.destination.decode("latin-1"),
        None,
        fields.get("submit date") or None,
    )


def report_in(reply: Report) -> Report:
    """Return the report that the text of a reply is, for a carrier that sends reports as plain messages.

    A text without an id or without a state is a reply.
    """
    fields = read_fields(reply.raw) if reply.kind == "reply" and reply.part is None else {}
    if "id" not in fields or "stat" not in fields:
        return reply
    stat = word_of(fields["stat"])
    return reply._replace(
        kind="report",
        carrier_id=fields["id"] or None,
        stat=stat,
        final=stat in FINAL_WORDS,
        error=fields.get("err") or None,
        done=fields.get("done date") or None,
        submitted=fields.get("submit date") or None,
    )


def read_fields(text: str) -> dict[str, str]:
    """Return the fields of a report's text by name.

    Names are id, sub, dlvrd, submit date, done date, stat, err; those that are missing are left out. In the text they
    may be in any case and order. The original text of the message, after "text:", counts only for a field that is
    missing before it, and there the last occurrence counts.
    """
    fields: dict[str, str] = {}
    own = _TEXT.search(text)
    end = own.start() if own else len(text)
    # The first id counts, as of every field.
    first_id = _ID.search(text, 0, end)
    long_id = _LONG_ID.match(text, first_id.start(), end) if first_id else None
    if long_id:
        fields["id"] = long_id[1].strip(" " + _QUOTES)
    for name, value in _FIELD.findall(text[:end]):
        fields.setdefault(_field_name(name), value.strip(_QUOTES))
    if own:
        found = _FIELD.findall(text[own.end() :])
        behind = {_field_name(name): value.strip(_QUOTES) for name, value in found}
        fields = behind | fields
    fields.pop("text", None)
    return fields


def _field_name(name: str) -> str:
    lower = name.lower()
    if lower.endswith("date"):
        return "done date" if lower.startswith("done") else "submit date"
    return "stat" if lower == "status" else lower


def _id_of(tlvs: Mapping[int, bytes]) -> str:
    return tlvs.get(TAG_RECEIPTED_MESSAGE_ID, b"").split(b"\0", 1)[0].strip().decode("latin-1")


def _stat_of_state(tlvs: Mapping[int, bytes]) -> str:
    state = tlvs.get(TAG_MESSAGE_STATE)
    return STATS[state[0]] if state and state[0] < len(STATS) else ""


def _outcome_of(written: bytes) -> tuple[str, bool]:
    stat = word_of(written.decode())
    return stat, stat in FINAL_WORDS


def _number(address: bytes) -> int | None:
    digits = address.removeprefix(b"+")
    return int(digits) if digits.isdigit() and len(digits) <= 18 else None


def _split_header(delivery: Delivery) -> tuple[tuple[int, int, int] | None, bytes]:
    """Return (reference, total, number) of a part of a long text, and the payload without its UDH (3GPP TS 23.040)."""
    payload, tlvs = delivery.payload, delivery.tlvs
    reference, total, number = (
        tlvs.get(tag) for tag in (TAG_SAR_MSG_REF_NUM, TAG_SAR_TOTAL_SEGMENTS, TAG_SAR_SEGMENT_SEQNUM)
    )
    if reference and total and number:
        return (int.from_bytes(reference, "big"), total[0], number[0]), payload
    if not delivery.esm_class & ESM_UDHI or not payload or payload[0] >= len(payload):
        return None, payload
    header, text = payload[1 : payload[0] + 1], payload[payload[0] + 1 :]
    at = 0
    while at + 2 <= len(header):
        name, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        if (name, len(value)) in ((0x00, 3), (0x08, 4)):
            return (int.from_bytes(value[:-2], "big"), value[-2], value[-1]), text
        at += 2 + size
    return None, text


def _text(payload: bytes, data_coding: int, alphabet: DefaultAlphabet) -> str:
    if data_coding == CODING_UCS2:
        order = "utf-16-le" if payload.startswith(BOM_UTF16_LE) else "utf-16-be"
        return _clean(payload.decode(order, "replace").removeprefix("\ufeff"))
    if data_coding == CODING_DEFAULT and alphabet == "gsm7" and payload.isascii():
        return _clean(decode_gsm7(payload))
    return _clean(payload.decode("latin-1"))


def _clean(text: str) -> str:
    return text.replace("\0", "")


def _tlvs_in_words(tlvs: Mapping[int, bytes]) -> str:
    return " ".join(f"0x{tag:04X}={value.hex()}" for tag, value in tlvs.items())


def _unreadable(sequence: int, body: bytes) -> Report:
    return Report("unreadable", None, None, False, None, None, None, body.hex(), sequence)
