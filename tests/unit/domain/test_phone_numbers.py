"""The number check: every row of the rules, and libphonenumber as the oracle."""

import random

import phonenumbers
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumber, ValidationResult

from sendmill.domain.phone_numbers import (
    MEANINGS,
    CheckedNumber,
    NumberReason,
    NumberRules,
    calling_code_column,
    check_column,
    check_number,
    region_column,
)
from sendmill.domain.types import ApplicationType

INTERNATIONAL = NumberRules.of(ApplicationType.INTERNATIONAL)
MAINLAND = NumberRules.of(ApplicationType.MAINLAND)
LANDLINES = NumberRules.of(ApplicationType.MAINLAND, allow_landlines=True)
PREFIXING = NumberRules.of(ApplicationType.INTERNATIONAL, add_86=True)
STRICT = NumberRules.of(ApplicationType.INTERNATIONAL, delete_unusual=True)
PLUS_ONLY = NumberRules.of(ApplicationType.MAINLAND, add_86=False)
EVERY_RULES = [INTERNATIONAL, MAINLAND, LANDLINES, PREFIXING, STRICT, PLUS_ONLY]


def check_both(text: str | None, rules: NumberRules) -> CheckedNumber:
    """Check one text alone and as a column; both must say the same."""
    single = check_number(text, rules)
    (row,) = check_column(pl.Series([text], dtype=pl.String), rules).to_dicts()
    reason = NumberReason(row["reason"]) if row["reason"] is not None else None
    assert CheckedNumber(row["number"], reason, row["unusual"], row["repaired"]) == single
    return single


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13112345678", 8613112345678),
        ("8613112345678", 8613112345678),
        ("+8613112345678", 8613112345678),
        ("19912345678", 8619912345678),
    ],
)
def test_mainland_numbers_get_their_prefix(text: str, number: int) -> None:
    assert check_both(text, MAINLAND) == CheckedNumber(number, None, unusual=False, repaired=False)
    assert check_both(text, PREFIXING).number == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("23112345678", NumberReason.NOT_RECOGNISED),
        ("1311234567", NumberReason.NOT_RECOGNISED),
        ("1234123456789", NumberReason.NOT_RECOGNISED),
        ("861311234567", NumberReason.NOT_RECOGNISED),
        ("01311234567", NumberReason.NOT_RECOGNISED),
        ("+2412000000", NumberReason.NOT_MAINLAND),
        ("+85212345678", NumberReason.NOT_MAINLAND),
        ("+861012345678", NumberReason.NOT_MAINLAND),
        ("12345678901", NumberReason.NOT_MAINLAND),
        ("8612345678901", NumberReason.NOT_MAINLAND),
        ("+86131123456789", NumberReason.NOT_MAINLAND),
    ],
)
def test_what_a_mainland_application_deletes(text: str, reason: NumberReason) -> None:
    assert check_both(text, MAINLAND) == CheckedNumber(None, reason, unusual=False, repaired=False)


@pytest.mark.parametrize(
    ("text", "number", "unusual"),
    [
        ("+2412000000", 2412000000, False),
        ("+85212345678", 85212345678, True),
        ("+8613112345678", 8613112345678, False),
        ("+12025550123", 12025550123, False),
        ("+390612345678", 390612345678, False),
    ],
)
def test_numbers_with_plus_in_an_international_application(
    text: str, number: int | None, unusual: bool
) -> None:
    checked = check_both(text, INTERNATIONAL)
    assert (checked.number, checked.unusual) == (number, unusual)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("13112345678", NumberReason.NEEDS_COUNTRY_CODE),
        ("8613112345678", NumberReason.NEEDS_COUNTRY_CODE),
        ("12025550123", NumberReason.NEEDS_COUNTRY_CODE),
        ("008613112345678", NumberReason.NEEDS_COUNTRY_CODE),
        ("+4479", NumberReason.TOO_SHORT),
        ("+447911", NumberReason.TOO_SHORT),
        ("+4479111", NumberReason.NOT_POSSIBLE),
        ("+1234567890123456", NumberReason.TOO_LONG),
        ("+" + "9" * 40, NumberReason.TOO_LONG),
        ("+999123456789", NumberReason.UNKNOWN_COUNTRY),
        ("+0131123456", NumberReason.UNKNOWN_COUNTRY),
        ("+4407911123456", NumberReason.NOT_POSSIBLE),
        ("+12345678", NumberReason.NOT_POSSIBLE),
        ("8.61E+12", NumberReason.SCIENTIFIC),
        ("8,61e12", NumberReason.SCIENTIFIC),
        ("+8.613112345678E+12", NumberReason.SCIENTIFIC),
        ("８．６１Ｅ＋１２", NumberReason.SCIENTIFIC),
        ("abc", NumberReason.BAD_CHARACTERS),
        ("+86131x2345678", NumberReason.BAD_CHARACTERS),
        ("86+13112345678", NumberReason.BAD_CHARACTERS),
        ("++8613112345678", NumberReason.BAD_CHARACTERS),
        ("+", NumberReason.BAD_CHARACTERS),
        ("+٨٦١٣١١٢٣٤٥٦٧٨", NumberReason.BAD_CHARACTERS),
        ("+8613112345678\n+8613112345679", NumberReason.BAD_CHARACTERS),
        ("\x1c+8613112345678", NumberReason.BAD_CHARACTERS),
        ("", NumberReason.EMPTY),
        (None, NumberReason.EMPTY),
        (" - ", NumberReason.EMPTY),
    ],
)
def test_what_an_international_application_deletes(text: str | None, reason: NumberReason) -> None:
    assert check_both(text, INTERNATIONAL) == CheckedNumber(None, reason, unusual=False, repaired=False)


@pytest.mark.parametrize(
    "text",
    [
        "+86 131 1234 5678",
        " +8613112345678",
        "+8613112345678\u00a0",
        "+86-131-1234-5678",
        "+86.131.1234.5678",
        "(+86) 131-1234-5678",
        "（＋86）131－1234－5678",
        "＋８６１３１１２３４５６７８",
        "+86\u3000131\u20091234\u202f5678",
        "+86\u2011131\u20131234\u22125678",
        "\u202a+8613112345678\u202c",
        "\ufeff+8613112345678",
        "+8613112345678.0",
        "\t+8613112345678\r\n",
    ],
)
@pytest.mark.parametrize("rules", [INTERNATIONAL, MAINLAND])
def test_written_forms_are_repaired_and_counted(text: str, rules: NumberRules) -> None:
    assert check_both(text, rules) == CheckedNumber(8613112345678, None, unusual=False, repaired=True)


def test_a_decimal_tail_is_not_read_as_one_more_digit() -> None:
    assert check_both("+491701234567.0", INTERNATIONAL).number == 491701234567
    assert check_both("13112345678.0", MAINLAND).number == 8613112345678


def test_prefix_that_the_rules_add_is_no_repair() -> None:
    assert not check_both("13112345678", MAINLAND).repaired
    assert check_both("131 1234 5678", MAINLAND).repaired


def test_a_mainland_number_in_an_unknown_range_is_kept_as_unusual() -> None:
    assert check_both("15412345678", MAINLAND) == CheckedNumber(
        8615412345678, None, unusual=True, repaired=False
    )


def test_unusual_numbers_are_deleted_when_the_setting_says_so() -> None:
    assert check_both("+85212345678", STRICT) == CheckedNumber(
        None, NumberReason.UNUSUAL, unusual=True, repaired=False
    )
    assert check_both("+8613112345678", STRICT).number == 8613112345678


def test_landlines_when_the_setting_allows_them() -> None:
    assert check_both("+861062345678", MAINLAND).reason is NumberReason.NOT_MAINLAND
    assert check_both("+861062345678", LANDLINES).number == 861062345678
    assert check_both("+864001234567", LANDLINES).reason is NumberReason.NOT_MAINLAND
    assert check_both("+2412000000", LANDLINES).reason is NumberReason.NOT_MAINLAND


def test_mainland_without_the_prefix_rules_needs_plus() -> None:
    assert check_both("13112345678", PLUS_ONLY).reason is NumberReason.NEEDS_COUNTRY_CODE
    assert check_both("+8613112345678", PLUS_ONLY).number == 8613112345678


def test_an_empty_column_has_the_same_columns() -> None:
    empty = check_column(pl.Series([], dtype=pl.String), INTERNATIONAL)
    assert empty.schema == {
        "number": pl.Int64,
        "reason": pl.String,
        "unusual": pl.Boolean,
        "repaired": pl.Boolean,
    }
    assert empty.height == 0


def test_a_column_of_nulls_is_empty_numbers() -> None:
    checked = check_column(pl.Series([None, None]), INTERNATIONAL)
    assert checked.get_column("reason").to_list() == ["empty", "empty"]


def test_every_reason_has_its_sentence() -> None:
    assert set(MEANINGS) == set(NumberReason)


TEXTS = st.one_of(
    st.text(alphabet="+0123456789 -.()\u00a0＋８６１eExX٣\u202a\t\x1c\x85\u2028", max_size=20),
    st.text(max_size=12),
    st.builds("+{}{}".format, st.integers(1, 999), st.integers(0, 10**12)),
    st.builds("1{}".format, st.integers(10**9, 10**10 - 1)),
    st.builds("86{}".format, st.integers(10**10, 10**11 - 1)),
    st.none(),
)


@given(st.lists(TEXTS, max_size=40), st.sampled_from(EVERY_RULES))
def test_a_column_is_checked_as_each_number_alone(texts: list[str | None], rules: NumberRules) -> None:
    checked = check_column(pl.Series(texts, dtype=pl.String), rules)
    alone = [check_number(text, rules) for text in texts]
    assert checked.rows() == [(one.number, one.reason, one.unusual, one.repaired) for one in alone]


@given(TEXTS, st.sampled_from(EVERY_RULES))
def test_an_accepted_number_is_accepted_again_in_its_e164_form(text: str | None, rules: NumberRules) -> None:
    checked = check_number(text, rules)
    assert (checked.number is None) == (checked.reason is not None)
    if checked.number is not None:
        again = check_number(f"+{checked.number}", rules)
        assert again == CheckedNumber(checked.number, None, checked.unusual, repaired=False)


def parsed(code: int, national: str) -> PhoneNumber:
    """Return the number as libphonenumber holds it, without its guesses about trunk prefixes."""
    zeros = min(len(national) - len(national.lstrip("0")), len(national) - 1)
    return PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=True if zeros else None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def sample_nationals(seed: int, code: int, regions: tuple[str, ...]) -> list[str]:
    """Return national numbers of a calling code: random ones, and examples with a changed tail."""
    rng = random.Random(seed)
    examples = []
    for region in regions:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
        for kind in ("fixed_line", "mobile", "toll_free", "voip", "uan", "personal_number"):
            description = getattr(metadata, kind)
            if description is not None and description.example_number:
                examples.append(description.example_number)
    nationals = []
    for _ in range(30):
        kept, length = "", rng.randint(3, 12)
        if examples and rng.random() < 0.6:
            example = rng.choice(examples)
            kept, length = example[: rng.randrange(len(example))], len(example)
        nationals.append(kept + "".join(rng.choice("0123456789") for _ in range(length - len(kept))))
    return [national for national in nationals if 7 <= len(str(code)) + len(national) <= 15]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_libphonenumber_says_the_same_of_every_country(seed: int) -> None:
    texts, possible, unusual, regions = [], [], [], []
    for code, shared in COUNTRY_CODE_TO_REGION_CODE.items():
        for national in sample_nationals(seed, code, shared):
            number = parsed(code, national)
            fits = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
            texts.append(f"+{code}{national}")
            possible.append(fits)
            unusual.append(fits and not phonenumbers.is_valid_number(number))
            regions.append((phonenumbers.region_code_for_number(number) or shared[0]) if fits else None)
    checked = check_column(pl.Series(texts), INTERNATIONAL)
    assert checked.get_column("number").is_not_null().to_list() == possible
    assert checked.get_column("unusual").to_list() == unusual
    assert region_column(checked.get_column("number")).to_list() == regions
    assert any(unusual)
    assert not all(unusual)


def test_regions_and_calling_codes_of_numbers() -> None:
    numbers = pl.Series([12025550123, 14165550123, 18765550123, 8613112345678, 2412000000, None])
    assert region_column(numbers).to_list() == ["US", "CA", "JM", "CN", "GA", None]
    assert calling_code_column(numbers).to_list() == [1, 1, 1, 86, 241, None]
