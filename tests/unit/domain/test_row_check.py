"""The check of a whole file: what is kept, what is deleted and why, and that it adds up."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.phone_numbers import NumberRules
from sendmill.domain.row_check import (
    CheckedFile,
    Counts,
    announce,
    check_rows,
    explain,
)
from sendmill.domain.templates import Template, parse
from sendmill.domain.types import ApplicationType

MAINLAND = NumberRules.of(ApplicationType.MAINLAND)
INTERNATIONAL = NumberRules.of(ApplicationType.INTERNATIONAL)
TEMPLATE = parse("Order ${NUM_6} for ${TXT_5}.", ApplicationType.INTERNATIONAL)

ACCEPTED_SCHEMA = {"row": pl.Int32, "number": pl.Int64, "variables": pl.List(pl.String)}
DELETED_SCHEMA = {
    "row": pl.Int32,
    "text": pl.String,
    "number": pl.Int64,
    "reason": pl.String,
    "detail": pl.String,
}


def sheet(*cells: tuple[str | None, ...]) -> pl.DataFrame:
    """Return rows as the reader delivers them: the first data row of a sheet is row 2."""
    width = max((len(row) for row in cells), default=1)
    columns = {
        f"c{position}": pl.Series([row[position] for row in cells], dtype=pl.String)
        for position in range(width)
    }
    return pl.DataFrame({"row": pl.int_range(2, len(cells) + 2, dtype=pl.Int32, eager=True), **columns})


def check(cells: list[tuple[str | None, ...]], rules: NumberRules, template: Template | None) -> CheckedFile:
    checked = check_rows(sheet(*cells), rules, template)
    assert checked.accepted.schema == ACCEPTED_SCHEMA
    assert checked.deleted.schema == DELETED_SCHEMA
    return checked


def test_a_mainland_file() -> None:
    checked = check(
        [
            ("13112345678",),
            ("+86 131 1234 5678",),
            ("8613112345679",),
            ("23112345678",),
            ("+2412000000",),
            ("15412345678",),
            ("131-1234-5680",),
        ],
        MAINLAND,
        None,
    )
    assert checked.accepted.rows() == [
        (2, 8613112345678, []),
        (4, 8613112345679, []),
        (7, 8615412345678, []),
        (8, 8613112345680, []),
    ]
    assert checked.deleted.rows() == [
        (3, "+86 131 1234 5678", 8613112345678, "duplicate", "2"),
        (5, "23112345678", None, "not_recognised", ""),
        (6, "+2412000000", None, "not_mainland", ""),
    ]
    assert checked.counts == Counts(
        rows=7, accepted=4, invalid=2, duplicate=1, unfit=0, unusual=1, repaired=1
    )


def test_values_are_trimmed_and_unfit_ones_delete_their_row() -> None:
    checked = check(
        [
            ("+8613112345671", "1", " ab "),
            ("+8613112345672", "x", "abcdefg"),
            ("+8613112345673", "1", None),
            ("+8613112345674", "1", "中文"),
            ("+8613112345675", "1", "中文字"),
        ],
        INTERNATIONAL,
        TEMPLATE,
    )
    assert checked.accepted.rows() == [
        (2, 8613112345671, ["1", "ab"]),
        (5, 8613112345674, ["1", "中文"]),
    ]
    assert checked.deleted.select("row", "reason", "detail").rows() == [
        (3, "unfit", "not_digits NUM_6"),
        (4, "unfit", "empty TXT_5"),
        (6, "unfit", "too_long TXT_5"),
    ]
    assert checked.counts == Counts(
        rows=5, accepted=2, invalid=0, duplicate=0, unfit=3, unusual=0, repaired=0
    )


def test_an_unfit_row_does_not_use_its_number_up() -> None:
    checked = check(
        [
            ("+8613112345671", "x", "ab"),
            ("+8613112345671", "1", "ab"),
            ("+8613112345671", "2", "ab"),
            ("+8613112345671", "x", "ab"),
        ],
        INTERNATIONAL,
        TEMPLATE,
    )
    assert checked.accepted.rows() == [(3, 8613112345671, ["1", "ab"])]
    assert checked.deleted.select("row", "reason", "detail").rows() == [
        (2, "unfit", "not_digits NUM_6"),
        (4, "duplicate", "3"),
        (5, "duplicate", "3"),
    ]


def test_blank_rows_are_no_rows() -> None:
    blank = [(None, None, None), ("", " ", "\u00a0"), ("+8613112345671", "1", "a"), (None, "1", "a")]
    checked = check(blank, INTERNATIONAL, TEMPLATE)
    assert checked.accepted.height == 1
    assert checked.deleted.rows() == [(5, "", None, "empty", "")]
    assert checked.counts.rows == 2
    assert check([(None,), (" ",)], MAINLAND, None).counts.rows == 0


def test_columns_that_lack_are_empty_values_and_further_ones_are_not_read() -> None:
    checked = check([("+8613112345671", "1")], INTERNATIONAL, TEMPLATE)
    assert checked.deleted.row(0)[3:] == ("unfit", "empty TXT_5")
    checked = check([("+8613112345671", "anything")], INTERNATIONAL, None)
    assert checked.accepted.rows() == [(2, 8613112345671, [])]


def test_an_empty_file() -> None:
    assert check([], MAINLAND, None).counts == Counts(0, 0, 0, 0, 0, 0, 0)
    assert check([], INTERNATIONAL, TEMPLATE).accepted.height == 0


def test_a_deleted_row_is_explained() -> None:
    assert str(explain("duplicate", "3")) == "The number is already in row 3."
    assert str(explain("unfit", "too_long TXT_5", TEMPLATE)) == "TXT_5 is too long: at most 5 characters."
    assert str(explain("unfit", "too_long TXT_5")) == "The value of TXT_5 does not fit."
    assert str(explain("needs_country_code", "")) == "The number needs + and country code."


@pytest.mark.parametrize(
    ("counts", "code", "sentence"),
    [
        (
            Counts(5, 0, 5, 0, 0, 0, 0),
            "none_valid",
            "Submission request failed. The recipient number file includes invalid phone numbers.",
        ),
        (
            Counts(10, 4, 3, 2, 1, 0, 0),
            "some_deleted",
            "4 phone number(s) imported. Redundant and invalid numbers have been deleted. "
            "You will not be charged for the 6 message(s) deleted.",
        ),
        (Counts(4, 4, 0, 0, 0, 0, 0), "imported", "4 phone number(s) imported."),
    ],
)
def test_what_is_said_of_a_file(counts: Counts, code: str, sentence: str) -> None:
    said = announce(counts)
    assert (said.code, str(said)) == (code, sentence)


NUMBERS = st.one_of(
    st.sampled_from(["+8613112345671", "+86 13112345671", "13112345671", "+2412000000", "", None, "x"]),
    st.integers(8613000000000, 8613000000005).map("+{}".format),
)
VALUES = st.sampled_from(["1", "12", " 3 ", "x", "", None])
ROWS = st.lists(st.tuples(NUMBERS, VALUES, st.sampled_from(["a", "b", None])), max_size=30)


@given(ROWS, st.sampled_from([MAINLAND, INTERNATIONAL]), st.sampled_from([TEMPLATE, None]))
def test_counts_add_up_and_every_row_is_somewhere_once(
    cells: list[tuple[str | None, ...]], rules: NumberRules, template: Template | None
) -> None:
    checked = check(cells, rules, template)
    counts = checked.counts
    assert counts.rows == counts.accepted + counts.invalid + counts.duplicate + counts.unfit
    assert counts.rows == checked.accepted.height + checked.deleted.height
    assert counts.deleted == checked.deleted.height
    rows = checked.accepted["row"].to_list() + checked.deleted["row"].to_list()
    assert len(rows) == len(set(rows))
    assert checked.accepted["number"].is_unique().all()
    assert checked.accepted["row"].is_sorted()
    assert checked.deleted["row"].is_sorted()
    assert checked.deleted["reason"].null_count() == 0
    assert checked.deleted["detail"].null_count() == 0
    for _, _, _, reason, detail in checked.deleted.iter_rows():
        assert str(explain(reason, detail, template))


@given(ROWS, st.sampled_from([TEMPLATE, None]))
def test_what_was_accepted_is_accepted_again(
    cells: list[tuple[str | None, ...]], template: Template | None
) -> None:
    accepted = check(cells, INTERNATIONAL, template).accepted
    again = [(f"+{number}", *values) for _, number, values in accepted.iter_rows()]
    checked = check(again, INTERNATIONAL, template)
    assert checked.counts.deleted == checked.counts.repaired == 0
    assert checked.accepted.drop("row").equals(accepted.drop("row"))


@given(ROWS)
def test_a_duplicate_points_to_the_row_that_is_kept(cells: list[tuple[str | None, ...]]) -> None:
    checked = check(cells, MAINLAND, TEMPLATE)
    kept = {str(row): number for row, number, _ in checked.accepted.iter_rows()}
    for row, _, number, reason, detail in checked.deleted.iter_rows():
        if reason == "duplicate":
            assert kept[detail] == number
            assert int(detail) < row
        if reason == "unfit":
            assert all(int(other) > row for other, same in kept.items() if same == number)
