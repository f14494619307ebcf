"""A remembered shape never reads a submit_sm in another way than the decoder and the checks do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sendmill.carriers.smpp.pdu import Message, PduError, decode_submit_sm, encode_submit_sm
from sendmill.simulator.intake import Shape
from sendmill.simulator.submit_checks import RefusedError, inspect

SOURCES = st.sampled_from(["Sendmill", "Sendmil", "1069001", "10690012"])
DESTINATIONS = st.one_of(
    st.integers(100, 10**15 - 1).map(str),
    st.sampled_from(["12", "1" * 16, "+4479", "44 79", "4479\N{DIGIT ONE}a"]),
)
TEXTS = st.sampled_from([b"Hello", b"Hello!", b"1", b"", b"\x05\x00\x03\x07\x02\x01Hello"])


def body_of(source: str, destination: str, text: bytes, esm_class: int = 0) -> bytes:
    ton, npi = (5, 0) if source.isalpha() else (1, 1)
    message = Message(source, destination, text, esm_class, source_ton=ton, source_npi=npi)
    return encode_submit_sm(1, message)[16:]


@given(SOURCES, DESTINATIONS, TEXTS, SOURCES, DESTINATIONS, TEXTS, st.sampled_from([0, 0x40]))
def test_what_fits_a_shape_differs_in_the_destination_only(
    source: str, destination: str, text: bytes, second_source: str, second: str, second_text: bytes, esm: int
) -> None:
    try:
        shape = Shape(body_of(source, destination, text))
        body = body_of(second_source, second, second_text, esm)
    except (PduError, RefusedError):
        return
    told = shape.destination_of(body)
    if told is None:
        return
    read = decode_submit_sm(body)
    assert told == read.destination == second
    assert read == shape.message._replace(destination=second)
    inspect(read)


def test_neighbours_fit() -> None:
    shape = Shape(body_of("Sendmill", "6580000000", b"Hello"))
    assert shape.destination_of(body_of("Sendmill", "4917012345678", b"Hello")) == "4917012345678"
    assert shape.destination_of(body_of("Sendmill", "6580000000", b"Hallo")) is None
    assert shape.destination_of(body_of("Sendmill", "65800 0000", b"Hello")) is None
