"""Length and parts: the boundaries, and what must hold of any text."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.segments import (
    Encoding,
    Measure,
    decode_gsm7,
    encode_gsm7,
    encode_parts,
    measure,
    measure_column,
    split,
)
from sendmill.domain.types import ApplicationType

INTERNATIONAL, MAINLAND = ApplicationType.INTERNATIONAL, ApplicationType.MAINLAND
GSM7, UCS2 = Encoding.GSM7, Encoding.UCS2
EMOJI = "😀"

# GSM 03.38 §6.2.1, code by code: the table is written out again so that a slip in either shows.
TABLE = {
    0x00: "@", 0x01: "£", 0x02: "$", 0x03: "¥", 0x04: "è", 0x05: "é", 0x06: "ù", 0x07: "ì",
    0x08: "ò", 0x09: "Ç", 0x0A: "\n", 0x0B: "Ø", 0x0C: "ø", 0x0D: "\r", 0x0E: "Å", 0x0F: "å",
    0x10: "Δ", 0x11: "_", 0x12: "Φ", 0x13: "Γ", 0x14: "Λ", 0x15: "Ω", 0x16: "Π", 0x17: "Ψ",
    0x18: "Σ", 0x19: "Θ", 0x1A: "Ξ", 0x1C: "Æ", 0x1D: "æ", 0x1E: "ß", 0x1F: "É", 0x24: "¤",
    0x40: "¡", 0x5B: "Ä", 0x5C: "Ö", 0x5D: "Ñ", 0x5E: "Ü", 0x5F: "§", 0x60: "¿", 0x7B: "ä",
    0x7C: "ö", 0x7D: "ñ", 0x7E: "ü", 0x7F: "à",
}  # fmt: skip
SAME = " !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DOUBLE = {"^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65}


def test_the_whole_alphabet_by_its_codes() -> None:
    assert len(TABLE) + len(SAME) == 127
    for code, character in TABLE.items():
        assert encode_gsm7(character) == bytes([code])
        assert decode_gsm7(bytes([code])) == character
    assert encode_gsm7(SAME) == SAME.encode("ascii")
    assert decode_gsm7(SAME.encode("ascii")) == SAME
    for character, code in DOUBLE.items():
        assert encode_gsm7(character) == bytes([0x1B, code])
        assert decode_gsm7(bytes([0x1B, code])) == character


@pytest.mark.parametrize(
    "text", ["`", "\t", "\f", "\x00", "\x1b", "é\x1b", "ç", "ê", "中", "€中", EMOJI, "“"]
)
def test_what_gsm7_cannot_hold(text: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        encode_gsm7(text)
    assert encode_parts(text, INTERNATIONAL) == (UCS2, [text.encode("utf-16-be")])


def test_octets_that_are_no_gsm7_still_give_a_text() -> None:
    assert decode_gsm7(b"a\x80\xff") == "a\ufffd\ufffd"
    assert decode_gsm7(b"a\x1b") == "a"
    assert decode_gsm7(b"\x1bA\x1b\x0a\x1b\x65") == "A\f€"


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("", INTERNATIONAL, Measure(GSM7, 0, 1, None)),
        ("a" * 160, INTERNATIONAL, Measure(GSM7, 160, 1, None)),
        ("a" * 161, INTERNATIONAL, Measure(GSM7, 161, 2, None)),
        ("a" * 306, INTERNATIONAL, Measure(GSM7, 306, 2, None)),
        ("a" * 307, INTERNATIONAL, Measure(GSM7, 307, 3, None)),
        ("€" * 80, INTERNATIONAL, Measure(GSM7, 160, 1, None)),
        ("€" * 81, INTERNATIONAL, Measure(GSM7, 162, 2, None)),
        # 152 septets fit the first part, as the pair on its edge must stay whole.
        ("a" * 152 + "€" + "a" * 152, INTERNATIONAL, Measure(GSM7, 306, 3, None)),
        ("a" * 151 + "€" + "a" * 153, INTERNATIONAL, Measure(GSM7, 306, 2, None)),
        ("^{}\\[]~|€", INTERNATIONAL, Measure(GSM7, 18, 1, None)),
        ("é" * 160, INTERNATIONAL, Measure(GSM7, 160, 1, None)),
        ("a" * 69 + "ç", INTERNATIONAL, Measure(UCS2, 70, 1, "ç")),
        ("a" * 70 + "ç", INTERNATIONAL, Measure(UCS2, 71, 2, "ç")),
        ("Hi `中`", INTERNATIONAL, Measure(UCS2, 6, 1, "`")),
        ("中" * 70, INTERNATIONAL, Measure(UCS2, 70, 1, "中")),
        ("中" * 134, INTERNATIONAL, Measure(UCS2, 134, 2, "中")),
        ("中" * 135, INTERNATIONAL, Measure(UCS2, 135, 3, "中")),
        (EMOJI * 35, INTERNATIONAL, Measure(UCS2, 70, 1, EMOJI)),
        (EMOJI * 36, INTERNATIONAL, Measure(UCS2, 72, 2, EMOJI)),
        # 66 units fit a part of emoji: 134 units are two of 66 and one of 2.
        (EMOJI * 67, INTERNATIONAL, Measure(UCS2, 134, 3, EMOJI)),
        ("中" * 66 + EMOJI + "中" * 66, INTERNATIONAL, Measure(UCS2, 134, 3, "中")),
        ("a" * 70, MAINLAND, Measure(UCS2, 70, 1, None)),
        ("a" * 71, MAINLAND, Measure(UCS2, 71, 2, None)),
        ("【签名】" + "中" * 66, MAINLAND, Measure(UCS2, 70, 1, None)),
        ("【签名】" + "中" * 67, MAINLAND, Measure(UCS2, 71, 2, None)),
        ("中" * 134, MAINLAND, Measure(UCS2, 134, 2, None)),
        ("中" * 135, MAINLAND, Measure(UCS2, 135, 3, None)),
    ],
)
def test_length_and_parts(text: str, kind: ApplicationType, expected: Measure) -> None:
    assert measure(text, kind) == expected
    assert measure_column(pl.Series([text]), kind).row(0) == (
        expected.encoding is UCS2,
        expected.units,
        expected.parts,
    )
    encoding, payloads = encode_parts(text, kind)
    assert (encoding, len(payloads)) == (expected.encoding, expected.parts)


def test_a_pair_on_the_edge_goes_whole_into_the_next_part() -> None:
    assert split("a" * 152 + "€" + "b" * 10, GSM7) == ["a" * 152, "€" + "b" * 10]
    assert split("中" * 66 + EMOJI + "文" * 10, UCS2) == ["中" * 66, EMOJI + "文" * 10]


def test_a_lone_surrogate_does_not_stop_anything() -> None:
    assert encode_parts("\ud800", INTERNATIONAL) == (UCS2, [b"\x00?"])
    assert measure("\ud800", INTERNATIONAL).parts == 1


def test_columns_are_measured_with_their_types() -> None:
    measured = measure_column(pl.Series([], dtype=pl.String), INTERNATIONAL)
    assert measured.schema == {"ucs2": pl.Boolean, "units": pl.Int32, "parts": pl.Int16}
    assert measure_column(pl.Series([None], dtype=pl.String), INTERNATIONAL).row(0) == (False, 0, 1)


PIECES = st.one_of(
    st.text(alphabet="abc €^{}[]~|\\é\n", max_size=200),
    st.text(alphabet="ab😀中€", max_size=200),
    st.text(max_size=50),
    st.builds(lambda text, times: text * times, st.text(max_size=5), st.integers(1, 120)),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=3).map("".join)
KINDS = st.sampled_from(list(ApplicationType))


@given(TEXTS, KINDS)
def test_payloads_fit_and_hold_the_text(text: str, kind: ApplicationType) -> None:
    encoding, payloads = encode_parts(text, kind)
    size = (160 if len(payloads) == 1 else 153) if encoding is GSM7 else (140 if len(payloads) == 1 else 134)
    assert all(len(payload) <= size for payload in payloads)
    assert all(payloads) or text == ""
    decode = decode_gsm7 if encoding is GSM7 else lambda payload: payload.decode("utf-16-be")
    assert "".join(decode(payload) for payload in payloads) == text
    assert "".join(split(text, encoding)) == text
    assert len(split(text, encoding)) == len(payloads)


@given(TEXTS, KINDS)
def test_the_measure_is_that_of_the_payloads(text: str, kind: ApplicationType) -> None:
    measured = measure(text, kind)
    encoding, payloads = encode_parts(text, kind)
    unit = 1 if encoding is GSM7 else 2
    assert measured.encoding is encoding
    assert measured.parts == len(payloads)
    assert measured.units == sum(len(payload) for payload in payloads) // unit
    if measured.forcing is not None:
        position = text.index(measured.forcing)
        assert measure(text[:position], kind).encoding is GSM7
        assert measure(measured.forcing, kind).encoding is UCS2
    assert (measured.forcing is not None) == (encoding is UCS2 and kind is INTERNATIONAL)


@given(st.lists(TEXTS, max_size=10), KINDS)
def test_a_column_is_measured_as_each_text_alone(texts: list[str], kind: ApplicationType) -> None:
    column = measure_column(pl.Series(texts, dtype=pl.String), kind)
    alone = [measure(text, kind) for text in texts]
    assert column.rows() == [(one.encoding is UCS2, one.units, one.parts) for one in alone]


@given(st.text(alphabet="".join(TABLE.values()) + SAME + "".join(DOUBLE), max_size=200))
def test_gsm7_there_and_back(text: str) -> None:
    assert decode_gsm7(encode_gsm7(text)) == text


@given(st.binary(max_size=200))
def test_any_octets_decode(octets: bytes) -> None:
    assert len(decode_gsm7(octets)) <= len(octets)
