"""Length and parts: which alphabet a text needs, how long it is there, and the payload of every part.

A text is GSM-7 (GSM 03.38 default alphabet with its extension table, sent unpacked, one septet an octet) or
UCS-2 (UTF-16BE). A part is never cut inside an escape sequence or a surrogate pair, so parts may be one unit
short of full. Mainland texts are always UCS-2. A character outside the Basic Multilingual Plane takes two
units in both kinds of application: it takes two on the air.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from sendmill.domain.types import ApplicationType


class Encoding(StrEnum):
    """The alphabet a text is sent in."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True)
class Measure:
    """How long a text is: `units` are septets or UTF-16 units; `forcing` is the first character beyond GSM-7.

    `forcing` is null where the text is GSM-7, and in mainland texts, which are UCS-2 whatever they hold.
    """

    encoding: Encoding
    units: int
    parts: int
    forcing: str | None


GSM7_SINGLE, GSM7_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67

# GSM 03.38 §6.2.1: the default alphabet in the order of its codes; 0x1B leads to the extension table.
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_ESCAPE = 0x1B

_ENCODABLE = codecs.charmap_build(_BASIC + "\ufffe" * 128)
_ESCAPED = {character: "\x1b" + _BASIC[code] for character, code in _EXTENSION.items()}
_UNESCAPED = {code: character for character, code in _EXTENSION.items()} | {0x0A: "\f"}
_DECODABLE = _BASIC + "\ufffd" * 128

_ALPHABET = _BASIC.replace("\x1b", "") + "".join(_EXTENSION)
_BEYOND_PATTERN = f"[^{re.escape(_ALPHABET)}]"
_EXTENSION_PATTERN = f"[{re.escape(''.join(_EXTENSION))}]"
_ASTRAL_PATTERN = "[\U00010000-\U0010ffff]"
_beyond = re.compile(_BEYOND_PATTERN)

# An enum's member costs a look-up; the hot path asks for it twice a message.
_GSM7, _UCS2, _MAINLAND = Encoding.GSM7, Encoding.UCS2, ApplicationType.MAINLAND

# The ASCII characters that are one septet each; every other octet becomes one that isascii() finds.
_ASCII_TO_GSM7 = bytes(
    _BASIC.index(chr(code)) if code < 128 and code != _ESCAPE and chr(code) in _BASIC else 0xFF
    for code in range(256)
)


def measure(text: str, application_type: ApplicationType) -> Measure:
    """Return the alphabet, length and number of parts of a rendered text. An empty text is one empty part."""
    encoding, octets = _encode(text, application_type)
    if encoding is Encoding.GSM7:
        parts = 1 if len(octets) <= GSM7_SINGLE else sum(1 for _ in _cuts_gsm7(octets))
        return Measure(encoding, len(octets), parts, None)
    parts = 1 if len(octets) <= 2 * UCS2_SINGLE else sum(1 for _ in _cuts_ucs2(octets))
    forcing = None if application_type is ApplicationType.MAINLAND else _beyond.search(text)
    return Measure(encoding, len(octets) // 2, parts, forcing.group() if forcing else None)


def measure_column(texts: pl.Series, application_type: ApplicationType) -> pl.DataFrame:
    """Measure a column of rendered texts: `ucs2` Boolean, `units` Int32, `parts` Int16, in the same order."""
    text = pl.col("text")
    mainland = application_type is ApplicationType.MAINLAND
    beyond = pl.lit(value=True) if mainland else text.str.contains(_BEYOND_PATTERN)
    frame = pl.DataFrame({"text": texts}).select(text.fill_null("")).with_columns(ucs2=beyond)
    doubled = pl.lit(0) if mainland else text.str.count_matches(_EXTENSION_PATTERN)
    doubles = pl.when("ucs2").then(text.str.count_matches(_ASTRAL_PATTERN)).otherwise(doubled)
    frame = frame.with_columns(doubles=doubles)
    frame = frame.with_columns(units=(text.str.len_chars() + pl.col("doubles")).cast(pl.Int32))
    single = pl.when("ucs2").then(UCS2_SINGLE).otherwise(GSM7_SINGLE)
    part = pl.when("ucs2").then(UCS2_PART).otherwise(GSM7_PART)
    units = pl.col("units")
    filled = (units + part - 1) // part
    frame = frame.with_columns(
        parts=pl.when(units <= single).then(1).otherwise(filled).cast(pl.Int16),
        # Every part but the last can lose one unit to a pair that must stay whole.
        unsure=(units > single) & (pl.col("doubles") > 0) & (units > filled * part - (filled - 1)),
    )
    parts, unsure = frame.get_column("parts"), frame.get_column("unsure").arg_true()
    if not unsure.is_empty():
        exact = [measure(one, application_type).parts for one in frame.get_column("text").gather(unsure)]
        parts = parts.scatter(unsure, pl.Series(exact, dtype=pl.Int16))
    return frame.select("ucs2", "units").with_columns(parts)


def encode_parts(text: str, application_type: ApplicationType) -> tuple[Encoding, list[bytes]]:
    """Return the alphabet and the payload of every part, without user data headers.

    A part of one is at most 160 septets or 140 octets of UTF-16BE, a part of several 153 or 134.
    """
    # Once per message sent: the plain ASCII case is written out here, the rest is in _encode.
    if application_type is not _MAINLAND and text.isascii():
        octets = text.encode().translate(_ASCII_TO_GSM7)
        if octets.isascii():
            return _GSM7, [octets] if len(octets) <= GSM7_SINGLE else list(_cuts_gsm7(octets))
    encoding, octets = _encode(text, application_type)
    if encoding is _GSM7:
        return encoding, [octets] if len(octets) <= GSM7_SINGLE else list(_cuts_gsm7(octets))
    return encoding, [octets] if len(octets) <= 2 * UCS2_SINGLE else list(_cuts_ucs2(octets))


def split(text: str, encoding: Encoding) -> list[str]:
    """Return the text of every part; joined they are the text. GSM-7 only for a text that GSM-7 can hold."""
    if encoding is Encoding.GSM7:
        octets = encode_gsm7(text)
        cuts = [octets] if len(octets) <= GSM7_SINGLE else _cuts_gsm7(octets)
        return [decode_gsm7(cut) for cut in cuts]
    octets = text.encode("utf-16-be", "replace")
    cuts = [octets] if len(octets) <= 2 * UCS2_SINGLE else _cuts_ucs2(octets)
    return [cut.decode("utf-16-be") for cut in cuts]


def encode_gsm7(text: str) -> bytes:
    """Return a text in GSM-7, unpacked; UnicodeEncodeError where a character is not in the alphabet."""
    if text.isascii():
        octets = text.encode().translate(_ASCII_TO_GSM7)
        if octets.isascii():
            return octets
    escape = text.find("\x1b")
    if escape >= 0:
        raise UnicodeEncodeError("gsm7", text, escape, escape + 1, "not in GSM 03.38")
    try:
        return codecs.charmap_encode(text, "strict", _ENCODABLE)[0]
    except UnicodeEncodeError as beyond:
        if text[beyond.start] not in _ESCAPED:
            raise
    for character, escaped in _ESCAPED.items():
        text = text.replace(character, escaped)
    return codecs.charmap_encode(text, "strict", _ENCODABLE)[0]


def decode_gsm7(octets: bytes) -> str:
    """Return the text of unpacked GSM-7; an octet above 127 is U+FFFD, an unknown escape its character."""
    text = codecs.charmap_decode(octets, "strict", _DECODABLE)[0]
    if "\x1b" not in text:
        return text
    return re.sub(r"\x1b(.?)", _unescape, text, flags=re.DOTALL)


def _unescape(match: re.Match[str]) -> str:
    character = match.group(1)
    return _UNESCAPED.get(_BASIC.find(character), character) if character else ""


def _encode(text: str, application_type: ApplicationType) -> tuple[Encoding, bytes]:
    if application_type is not _MAINLAND:
        try:
            return _GSM7, encode_gsm7(text)
        except UnicodeEncodeError:
            pass
    # A lone surrogate is no character; it is sent as a question mark rather than stopping a batch.
    return _UCS2, codecs.utf_16_be_encode(text, "replace")[0]


def _cuts_gsm7(octets: bytes) -> Iterator[bytes]:
    start, length = 0, len(octets)
    while start < length:
        end = start + GSM7_PART
        if end < length and octets[end - 1] == _ESCAPE:
            end -= 1
        yield octets[start:end]
        start = end


def _cuts_ucs2(octets: bytes) -> Iterator[bytes]:
    start, length = 0, len(octets)
    while start < length:
        end = start + 2 * UCS2_PART
        if end < length and 0xD8 <= octets[end - 2] <= 0xDB:
            end -= 2
        yield octets[start:end]
        start = end
