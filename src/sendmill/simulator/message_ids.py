"""Message ids in the forms that carriers write them in.

Every accepted part has a serial number; an :class:`IdForm` turns it into the id that the carrier answers with, and
back. Carriers are known to answer in one form and to report in another, so responses and reports have a form each.
"""

from collections.abc import Callable
from enum import StrEnum

_MASK = (1 << 64) - 1
_MULTIPLIER = 0x9E3779B97F4A7C15
_INVERSE = pow(_MULTIPLIER, -1, 1 << 64)
_UUID_LENGTH = 36
LONGEST_COUNT = 10**9  # the most parts after which ids can be counted anew


class IdForm(StrEnum):
    """The form of a message id.

    ``PADDED`` is decimal with leading zeros to 20 digits, ``UNDASHED`` a UUID without dashes.
    """

    DECIMAL = "decimal"
    HEX = "hex"
    UPPER_HEX = "upper_hex"
    UUID = "uuid"
    UNDASHED = "undashed"
    PADDED = "padded"


def _write_uuid(serial: int) -> str:
    # An odd multiplier modulo 2**64 is invertible: ids look random, never repeat and can be read back.
    digits = f"{serial * _MULTIPLIER & _MASK:016x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-a{digits[15]}00-5e4d311d3c07"


def _read_uuid(text: str) -> int:
    if len(text) != _UUID_LENGTH:
        raise ValueError(text)
    digits = text[:8] + text[9:13] + text[15:18] + text[20]
    return int(digits, 16) * _INVERSE & _MASK


_WRITERS: dict[IdForm, Callable[[int], str]] = {
    IdForm.DECIMAL: str,
    IdForm.HEX: "{:x}".format,
    IdForm.UPPER_HEX: "{:X}".format,
    IdForm.UUID: _write_uuid,
    IdForm.UNDASHED: lambda serial: _write_uuid(serial).replace("-", ""),
    IdForm.PADDED: "{:020d}".format,
}


def writer(form: IdForm, anew: int = 0) -> Callable[[int], str]:
    """Return the function that writes a serial number (0 … 2**64 - 1) in `form`.

    With `anew` other than 0, ids are counted anew after that many parts.
    """
    write = _WRITERS[form]
    return write if not anew else lambda serial: write(counted_anew(serial, anew))


def counted_anew(serial: int, anew: int) -> int:
    """Return the number in the id of a part when ids are counted anew after `anew` parts.

    Only the end of a serial number is counted: two carriers that began far apart still have no id in common.
    """
    return serial // LONGEST_COUNT * LONGEST_COUNT + serial % LONGEST_COUNT % anew


def newest_of(number: int, last: int, anew: int) -> int:
    """Return the newest serial number, up to `last`, whose id is `number`."""
    first = last // LONGEST_COUNT * LONGEST_COUNT
    end, counted = last - first, number - first
    return first + end - (end - counted) % anew if 0 <= counted < anew and counted <= end else number


def read_id(text: str, form: IdForm) -> int | None:
    """Return the serial number of an id written in `form`, or None when the text is no such id."""
    try:
        if form is IdForm.UNDASHED and len(text) == _UUID_LENGTH - 4:
            text = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
        if form in (IdForm.UUID, IdForm.UNDASHED):
            return _read_uuid(text)
        if form in (IdForm.HEX, IdForm.UPPER_HEX):
            return int(text, 16)
        return int(text)
    except ValueError:
        return None
