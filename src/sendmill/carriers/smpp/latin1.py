"""Re-encodes parts from GSM-7 to Latin-1, for carriers whose default alphabet (data_coding 0) is Latin-1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sendmill.carriers.protocol import OutgoingPart
from sendmill.domain.segments import decode_gsm7

_LONGEST_UCS2: Final = 140  # octets of one part


def write_latin1(parts: Sequence[OutgoingPart]) -> list[OutgoingPart]:
    """Return the same parts with GSM-7 text re-encoded in Latin-1, which never needs more octets; UCS-2 stays as it is.

    € and the Greek capitals are not in Latin-1. A message of one part that has one of them becomes UCS-2 where that
    fits into one part. Otherwise nothing of the message can be sent, and each of its parts is replaced by one that no
    PDU can hold (`pdu.flaw_of`).
    """
    written = [_write(part) for part in parts]
    if None not in written:
        return [part for part in written if part is not None]
    lost = {_message(part) for part, other in zip(parts, written, strict=True) if other is None}
    return [
        part._replace(total=0) if other is None or (part.total > 1 and _message(part) in lost) else other
        for part, other in zip(parts, written, strict=True)
    ]


def _message(part: OutgoingPart) -> tuple[int, int, int]:
    return part.destination, part.reference, part.total


def _write(part: OutgoingPart) -> OutgoingPart | None:
    if part.ucs2:
        return part
    text = decode_gsm7(part.payload)
    try:
        return part._replace(payload=text.encode("latin-1"))
    except UnicodeEncodeError:
        pass
    payload = text.encode("utf-16-be")
    fits = part.total == 1 and len(payload) <= _LONGEST_UCS2
    return part._replace(payload=payload, ucs2=True) if fits else None
