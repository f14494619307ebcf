"""Framing: cuts a byte stream into PDUs, and encodes PDUs that have no body."""

from struct import Struct
from typing import Final, NamedTuple

from sendmill.carriers.smpp.pdu.commands import (
    ENQUIRE_LINK,
    ENQUIRE_LINK_RESP,
    GENERIC_NACK,
    UNBIND,
    UNBIND_RESP,
)

HEADER_LENGTH: Final = 16
# A message_payload has up to 65,535 octets (SMPP 3.4 §5.3.2.32): a legal deliver_sm is longer than 64 KiB. Other
# optional parameters may be as long; three beside it are more than any carrier was seen to send.
MAX_LENGTH: Final = 256 * 1024

_HEADER: Final = Struct(">IIII")
_WORD: Final = Struct(">I")


class PduError(ValueError):
    """Bytes that SMPP 3.4 does not allow, or values that do not fit into a PDU."""


class Pdu(NamedTuple):
    """One PDU: the fields of its header, and its body, not decoded."""

    command_id: int
    status: int
    sequence: int
    body: bytes


class FramingError(PduError):
    """An impossible command_length, after which the stream cannot be read: answer with generic_nack and close.

    `sequence` is that of the offending PDU (0 when its header had not arrived). `pdus` are the whole PDUs before it
    in the same bytes: they are good and have to be handled first.
    """

    def __init__(self, length: int, sequence: int, pdus: list[Pdu]) -> None:
        super().__init__(f"command_length {length} is outside of {HEADER_LENGTH} and the accepted bound")
        self.length = length
        self.sequence = sequence
        self.pdus = pdus


class Decoder:
    """Cuts a byte stream into PDUs. Memory is bounded by `max_length` plus the bytes of one `feed`."""

    __slots__ = ("_broken", "_held", "_max_length", "_wanted")

    def __init__(self, max_length: int = MAX_LENGTH) -> None:
        self._max_length = max_length
        self._held = bytearray()
        self._wanted = 4
        self._broken: FramingError | None = None

    def feed(self, data: bytes) -> list[Pdu]:
        """Return the PDUs that `data` completes, in order; an incomplete rest is kept for the next call.

        Raises FramingError when a command_length is below 16 or above the bound (SMPP 3.4 §3.2), and again on every
        later call.
        """
        if self._broken is not None:
            raise FramingError(self._broken.length, self._broken.sequence, [])
        if self._held:
            self._held += data
            if len(self._held) < self._wanted:
                return []
            data = bytes(self._held)
            self._held.clear()
        pdus: list[Pdu] = []
        append = pdus.append
        unpack = _HEADER.unpack_from
        # Straight to the tuple: the constructor of a NamedTuple costs as much as the rest of this loop.
        new = tuple.__new__
        max_length = self._max_length
        at, size = 0, len(data)
        while size - at >= HEADER_LENGTH:
            length, command_id, status, sequence = unpack(data, at)
            if not HEADER_LENGTH <= length <= max_length:
                self._fail(length, sequence, pdus)
            end = at + length
            if end > size:
                break
            append(new(Pdu, (command_id, status, sequence, data[at + HEADER_LENGTH : end])))
            at = end
        if at < size:
            self._hold(data, at, pdus)
        return pdus

    def _hold(self, data: bytes, at: int, pdus: list[Pdu]) -> None:
        rest = len(data) - at
        self._wanted = 4
        if rest >= 4:
            length: int = _WORD.unpack_from(data, at)[0]
            if not HEADER_LENGTH <= length <= self._max_length:
                self._fail(length, 0, pdus)
            self._wanted = length
        self._held += data[at:]

    def _fail(self, length: int, sequence: int, pdus: list[Pdu]) -> None:
        self._broken = FramingError(length, sequence, pdus)
        raise self._broken


def encode_pdu(command_id: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    """Encode a PDU around a body that is already encoded."""
    return _HEADER.pack(HEADER_LENGTH + len(body), command_id, status, sequence) + body


def encode_enquire_link(sequence: int) -> bytes:
    """Encode an enquire_link (SMPP 3.4 §4.11.1)."""
    return encode_pdu(ENQUIRE_LINK, 0, sequence)


def encode_enquire_link_resp(sequence: int) -> bytes:
    """Encode the response to the peer's enquire_link with this `sequence` (SMPP 3.4 §4.11.2)."""
    return encode_pdu(ENQUIRE_LINK_RESP, 0, sequence)


def encode_unbind(sequence: int) -> bytes:
    """Encode an unbind (SMPP 3.4 §4.2.1)."""
    return encode_pdu(UNBIND, 0, sequence)


def encode_unbind_resp(sequence: int, status: int = 0) -> bytes:
    """Encode the response to the peer's unbind with this `sequence` (SMPP 3.4 §4.2.2)."""
    return encode_pdu(UNBIND_RESP, status, sequence)


def encode_generic_nack(sequence: int, status: int) -> bytes:
    """Encode a generic_nack; `sequence` is 0 when that of the offending PDU could not be read (SMPP 3.4 §4.3.1)."""
    return encode_pdu(GENERIC_NACK, status, sequence)
