"""Two ways to read a report, the usual one and the tolerant one: both say the same of the same octets."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.carriers.smpp.test_report import RECEIPT, body_of, read

from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp import report as report_module
from sendmill.carriers.smpp.report import read_report

# What may stand where a value ends, and words that look like fields: the two ways must not differ in what ends what.
ENDS = [
    "",
    " ",
    "  ",
    "\t",
    "\n",
    "\x0b",
    "\x1c",
    "\x85",
    "\xa0",
    "\0",
    *",;|'\"=:",
    "0",
    "\xe9",
    "\x7f",
    "\x01",
]
FIELDS = [
    " text:",
    " text :",
    " id:9",
    " id:9 8 stat:X",
    " id=a b c err:1",
    " err:1",
    " stat:UNDELIV",
    " sub:1 ",
]
EDGES = [place for place in range(len(RECEIPT) + 1) if not RECEIPT[place : place + 1].isalnum()]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(EDGES) | st.integers(0, len(RECEIPT)),
            st.sampled_from(ENDS + FIELDS),
            st.booleans(),
        ),
        max_size=3,
    ),
    st.sampled_from([{}, {0x1E: b"0123456789\0", 0x427: b"\x02"}, {0x1E: b"77\0"}]),
)
@example([(RECEIPT.index("err:") + 5, "'", False)], {})  # err:0'00
@example([(RECEIPT.index("err:") + 5, "\xe9", False)], {})
@example([(RECEIPT.index("err:") + 7, "\x01", True)], {})
@example([(RECEIPT.index(" text:"), " id=a b c err:1", False)], {})
def test_tolerant_and_fast_ways_end_values_alike(
    changes: list[tuple[int, str, bool]], tlvs: dict[int, bytes]
) -> None:
    text = RECEIPT
    for place, change, instead in changes:
        text = text[:place] + change + text[place + instead :]
    body = body_of(text, tlvs=tlvs)
    assert read_report(7, body) == report_module._read(7, pdu.decode_delivery(body), "gsm7")


@pytest.mark.parametrize(
    "text", [RECEIPT, RECEIPT[: RECEIPT.index(" text:")], RECEIPT.replace("err:000", "err:E1")]
)
def test_the_usual_reports_take_the_fast_way(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(report_module, "_read")
    tlvs = {0x1E: b"0123456789\0", 0x427: b"\x02"}
    assert read(text, tlvs=tlvs).carrier_id == read(text).carrier_id == "0123456789"
