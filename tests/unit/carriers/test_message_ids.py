"""Ids in a response and in a report: one rule of the carrier makes them comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.carriers.message_ids import ID_FORMS, IdForm, matching, normalise_id, normalise_ids

UUID = "0B7E1F3E-8C1C-4D0A-9D6F-2F0D8F3F1C55"


@pytest.mark.parametrize(
    ("form", "response", "report"),
    [
        ("as_is", "00Ab", "00Ab"),
        ("as_is", UUID, UUID),
        ("hex_to_dec", "1A2B", "6699"),
        ("hex_to_dec", "0x1a2b", "6699"),
        ("hex_to_dec", "00001A2B", "0000006699"),
        ("hex_to_dec", "10000000000000001", "18446744073709551617"),
        ("dec_to_hex", "6699", "1A2B"),
        ("dec_to_hex", "0006699", "00001a2b"),
        ("dec_to_hex", "18446744073709551617", "10000000000000001"),
        ("strip_zeros", "123", "0000000123"),
        ("strip_zeros", "0000", "0"),
        ("fold_case", "DEADBEEF", "deadbeef"),
        ("fold_case", UUID, UUID.lower()),
        ("hex_to_dec", UUID, UUID),
        ("dec_to_hex", "not a number", "not a number"),
    ],
)
def test_response_and_report_meet(form: IdForm, response: str, report: str) -> None:
    assert normalise_id(response, form) == normalise_id(report, form, reported=True)


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        ("as_is", "1", "01"),
        ("as_is", "a", "A"),
        ("hex_to_dec", "10", "10"),
        ("strip_zeros", "10", "1"),
        ("fold_case", "01", "1"),
        ("strip_zeros", "0a", "0A"),
    ],
)
def test_different_ids_stay_apart(form: IdForm, one: str, other: str) -> None:
    assert normalise_id(one, form) != normalise_id(other, form, reported=True)


@given(st.text(max_size=80), st.sampled_from(ID_FORMS), st.booleans())
def test_any_id_has_a_form(raw: str, form: IdForm, reported: bool) -> None:
    assert isinstance(normalise_id(raw, form, reported=reported), str)


@given(st.integers(0, 2**128))
def test_hex_and_decimal_of_one_number_meet(value: int) -> None:
    assert normalise_id(f"{value:X}", "hex_to_dec") == normalise_id(str(value), "hex_to_dec", reported=True)
    assert normalise_id(str(value), "dec_to_hex") == normalise_id(f"{value:X}", "dec_to_hex", reported=True)


def test_digits_that_python_would_take_are_not_numbers() -> None:
    for raw in ("1_000", " 12", "１２", "+5", ""):
        assert normalise_id(raw, "hex_to_dec") == raw


def test_nothing_is_copied_when_nothing_changes() -> None:
    raws = ["1", "2"]
    assert normalise_ids(raws, "as_is") is raws


@pytest.mark.parametrize(
    ("accepted", "reported", "form"),
    [
        (["1A2B", "1A2C", "1A2D"], ["6699", "6701", "5"], "hex_to_dec"),
        (["6699", "6700"], ["1A2B"], "dec_to_hex"),
        (["1", "2"], ["0001", "0002"], "strip_zeros"),
        (["AB-1"], ["ab-1"], "fold_case"),
        (["1", "2"], ["2"], "as_is"),
    ],
)
def test_most_reports_match_under_the_form_of_the_carrier(
    accepted: list[str], reported: list[str], form: IdForm
) -> None:
    found = matching(accepted, reported)
    assert max(ID_FORMS, key=lambda one: found[one]) == form


@pytest.mark.parametrize(("accepted", "reported"), [(["1"], ["stranger"]), ([], ["1"]), (["1"], [])])
def test_nothing_matches_what_is_not_there(accepted: list[str], reported: list[str]) -> None:
    assert not any(matching(accepted, reported).values())
