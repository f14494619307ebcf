"""The status map: what is read, what is refused, and what a status means without an entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.command_status_names import STATUS_NAMES, status_name, status_number
from sendmill.domain.status_map import (
    DEFAULTS,
    LONGEST_WORDS,
    STANDARD,
    Entry,
    Treatment,
    as_text,
    read_status_map,
)

STATUSES = st.integers(1, 0xFFFFFFFF)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters=",;\n\"'“”", exclude_categories=["C", "Z"]), max_size=20
)
ENTRIES = st.dictionaries(STATUSES, st.builds(Entry, st.sampled_from(Treatment), WORDS), max_size=8)


@pytest.mark.parametrize(
    ("status", "treatment"),
    [
        (0x04, Treatment.REBIND),
        (0x08, Treatment.RETRY),
        (0x64, Treatment.RETRY),
        (0x0B, Treatment.FINAL),
        (0x14, Treatment.SLOW_DOWN),
        (0x58, Treatment.SLOW_DOWN),
        (0x45, Treatment.FINAL),
        (0x65, Treatment.FINAL),
        (0x66, Treatment.FINAL),
        (0x0401, Treatment.PAUSE),
        (0x040B, Treatment.PAUSE),
        (0x0412, Treatment.FINAL),
        (0xFFFFFFFF, Treatment.FINAL),
    ],
)
def test_defaults(status: int, treatment: Treatment) -> None:
    assert STANDARD.treatment(status) is treatment


def test_entries_by_number_and_by_name() -> None:
    found, wrong = read_status_map(
        "0x045 = retry; ESME_RSYSERR=final\nrx_t_appn=Slow-Down, 0x40C=pause  no  credit,"
    )
    assert not wrong
    assert found.own == {
        0x45: Entry(Treatment.RETRY),
        0x08: Entry(Treatment.FINAL),
        0x64: Entry(Treatment.SLOW_DOWN),
        0x40C: Entry(Treatment.PAUSE, "no credit"),
    }
    assert found.words == {0x40C: "no credit"}
    assert found.treatment(0x08) is Treatment.FINAL
    assert found.treatment(0x040B) is Treatment.PAUSE


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("45=retry", "status_base", "0x45"),
        ("45=retry", "status_base", "0x2D"),
        ("RSYSER=retry", "status_unknown", "RSYSER"),
        ("0x1FFFFFFFF=retry", "status_unknown", "0x1FFFFFFFF"),
        ("0x45", "status_entry", "0x45"),
        ("0x45=stop", "status_entry", "0x45=stop"),
        ("0x45=finally", "status_entry", "finally"),
        ("0=final", "status_base", "0x0"),
        ("0x0=final", "status_accepted", "0x0"),
        ("0x45=retry, 0x0045=final", "status_twice", "0x0045"),
        ("0x45=pause " + "x" * (LONGEST_WORDS + 1), "status_words", "80"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, code: str, named: str) -> None:
    _, wrong = read_status_map(text)
    assert [one.code for one in wrong] == [code]
    assert named in str(wrong[0])


def test_everything_wrong_is_named_at_once() -> None:
    assert len(read_status_map("45=retry, x=pause, 0x45")[1]) == 3


@given(ENTRIES)
def test_what_is_written_is_read(own: dict[int, Entry]) -> None:
    assert read_status_map(as_text(own)) == (read_status_map(as_text(own))[0], [])
    assert read_status_map(as_text(own))[0].own == own


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    found, wrong = read_status_map(text)
    assert 0 not in found.own
    assert all(str(one) for one in wrong)


@given(ENTRIES, STATUSES)
def test_an_own_entry_goes_before_a_default(own: dict[int, Entry], status: int) -> None:
    found = read_status_map(as_text(own))[0]
    usual = DEFAULTS.get(status, Entry(Treatment.FINAL)).treatment
    assert found.treatment(status) is (own[status].treatment if status in own else usual)
    assert found.not_sent(status) == (found.treatment(status) is not Treatment.FINAL)
    assert not found.not_sent(0)


@pytest.mark.parametrize("status", STATUS_NAMES)
def test_names_are_numbers(status: int) -> None:
    assert status_number(status_name(status)) == status
    assert status_number(status_name(status).removeprefix("ESME_").lower()) == status
