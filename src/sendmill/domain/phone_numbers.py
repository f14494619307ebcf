"""The number check: the E.164 number of a cell, or the reason why it has none.

`check_number` takes one text and `check_column` a whole column; they give the same results. Numbers are
integers everywhere inside: E.164 without the plus sign, at most 15 digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import polars as pl

from sendmill.domain import numbering_plan
from sendmill.domain.types import ApplicationType


class NumberReason(StrEnum):
    """Why a row has no usable number; one value per cause, in the order of the check."""

    EMPTY = "empty"
    SCIENTIFIC = "scientific"
    BAD_CHARACTERS = "bad_characters"
    NEEDS_COUNTRY_CODE = "needs_country_code"
    NOT_RECOGNISED = "not_recognised"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNKNOWN_COUNTRY = "unknown_country"
    NOT_POSSIBLE = "not_possible"
    NOT_MAINLAND = "not_mainland"
    UNUSUAL = "unusual"


MEANINGS: dict[NumberReason, str] = {
    NumberReason.EMPTY: "There is no number in this row.",
    NumberReason.SCIENTIFIC: "The number is text in scientific notation and has lost digits. Format the "
    "column as text and enter the number again.",
    NumberReason.BAD_CHARACTERS: "The number contains characters that no phone number has.",
    NumberReason.NEEDS_COUNTRY_CODE: "The number needs + and country code.",
    NumberReason.NOT_RECOGNISED: "The number is neither 11 digits starting with 1, nor 13 digits starting "
    "with 86, nor does it start with + and country code.",
    NumberReason.TOO_SHORT: "The number is too short: with its country code it needs at least 7 digits.",
    NumberReason.TOO_LONG: "The number is too long: with its country code it can have at most 15 digits.",
    NumberReason.UNKNOWN_COUNTRY: "No country has this country code.",
    NumberReason.NOT_POSSIBLE: "No number of this length exists in this country.",
    NumberReason.NOT_MAINLAND: "This is not a mainland number.",
    NumberReason.UNUSUAL: "The number is in a range that is not known to be in use.",
}


@dataclass(frozen=True)
class NumberRules:
    """The settings of an application that the number check depends on."""

    application_type: ApplicationType
    add_86: bool
    delete_unusual: bool = False
    allow_landlines: bool = False

    @classmethod
    def of(
        cls,
        application_type: ApplicationType | str,
        *,
        add_86: bool | None = None,
        delete_unusual: bool = False,
        allow_landlines: bool = False,
    ) -> NumberRules:
        """Return the rules of an application; by default `add_86` is on for mainland only."""
        kind = ApplicationType(application_type)
        prefix = kind is ApplicationType.MAINLAND if add_86 is None else add_86
        return cls(kind, prefix, delete_unusual, allow_landlines)


@dataclass(frozen=True)
class CheckedNumber:
    """What one text is: a number, or the reason why it is none.

    `unusual`: of possible length in a range that is not known (true for kept ones and for those deleted for
    it). `repaired`: it is a number, and characters were taken out or converted to make it one.
    """

    number: int | None
    reason: NumberReason | None
    unusual: bool
    repaired: bool


# Invisible characters come along when a number is copied from a contact card or a web page. White space is
# listed, as \s is not the same set for re and for polars.
_SPACES = (
    "\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
)
_MARKS = "\\-.()\u2010-\u2015\u2212\u00b7"
_WIDE = {
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    "＋": "+",
    "－": "-",
    "．": ".",
    "（": "(",
    "）": ")",
    "Ｅ": "E",
    "ｅ": "e",
    "，": ",",
}
_WIDE_TABLE = str.maketrans(_WIDE)
_SPACES_PATTERN = f"[{_SPACES}]"
_MARKS_PATTERN = f"[{_MARKS}]"
_SCIENTIFIC_PATTERN = r"^[+-]?[0-9]+(?:[.,][0-9]*)?[eE][+-]?[0-9]+$"
# A number cell that some program wrote as text: taking only the dot out would make another number of it.
_DECIMAL_PATTERN = r"^(\+?[0-9]+)\.0$"
_DIGITS_PATTERN = r"^\+?[0-9]+$"

_spaces, _marks, _scientific, _decimal, _digits = (
    re.compile(pattern)
    for pattern in (_SPACES_PATTERN, _MARKS_PATTERN, _SCIENTIFIC_PATTERN, _DECIMAL_PATTERN, _DIGITS_PATTERN)
)

_MAINLAND_MOBILE = (8613_000000000, 8619_999999999)


def check_number(text: str | None, rules: NumberRules) -> CheckedNumber:
    """Return what one text is under the number check; the same result as `check_column` gives for it."""
    text = text or ""
    bare = _spaces.sub("", text.translate(_WIDE_TABLE))
    if _scientific.match(bare):
        return _invalid(NumberReason.SCIENTIFIC)
    clean = _marks.sub("", _decimal.sub(r"\1", bare))
    if not clean:
        return _invalid(NumberReason.EMPTY)
    if not _digits.match(clean):
        return _invalid(NumberReason.BAD_CHARACTERS)
    plus, digits = clean[0] == "+", clean.lstrip("+")
    if not plus and rules.add_86 and len(digits) == 11 and digits[0] == "1":
        digits = "86" + digits
    elif not plus and not (rules.add_86 and len(digits) == 13 and digits.startswith("86")):
        return _invalid(NumberReason.NOT_RECOGNISED if rules.add_86 else NumberReason.NEEDS_COUNTRY_CODE)
    return _check_digits(digits, rules, repaired=clean != text)


def _invalid(reason: NumberReason, *, unusual: bool = False) -> CheckedNumber:
    return CheckedNumber(None, reason, unusual, repaired=False)


def _check_digits(digits: str, rules: NumberRules, *, repaired: bool) -> CheckedNumber:
    """Check the digits of a number that has its country code."""
    if len(digits) < numbering_plan.SHORTEST:
        return _invalid(NumberReason.TOO_SHORT)
    if len(digits) > numbering_plan.LONGEST:
        return _invalid(NumberReason.TOO_LONG)
    code = numbering_plan.plan().verdicts[int(digits[:3]) * 16 + len(digits)]
    if code == numbering_plan.UNKNOWN_CALLING_CODE:
        return _invalid(NumberReason.UNKNOWN_COUNTRY)
    if code == numbering_plan.IMPOSSIBLE_LENGTH:
        return _invalid(NumberReason.NOT_POSSIBLE)
    number = int(digits)
    if rules.application_type is ApplicationType.MAINLAND:
        mobile = _MAINLAND_MOBILE[0] <= number <= _MAINLAND_MOBILE[1]
        landline = rules.allow_landlines and numbering_plan.mainland_landline().match(digits)
        if not mobile and not landline:
            return _invalid(NumberReason.NOT_MAINLAND)
    unusual = numbering_plan.known_range(code).match(digits) is None
    if unusual and rules.delete_unusual:
        return _invalid(NumberReason.UNUSUAL, unusual=True)
    return CheckedNumber(number, None, unusual, repaired)


# In a column a reason is a small number until the end: 0 is none, then the reasons in their order.
_REASONS = tuple(NumberReason)
_CODE = {reason: position for position, reason in enumerate(_REASONS, start=1)}
_REASON_NAMES = pl.Series([None, *(str(reason) for reason in _REASONS)], dtype=pl.String)


def check_column(numbers: pl.Series, rules: NumberRules) -> pl.DataFrame:
    """Check a column of texts (null is an empty text).

    Returns a frame of the same height and order: `number` Int64 or null, `reason` String (a `NumberReason`)
    or null, `unusual` and `repaired` Boolean, as in `CheckedNumber`.
    """
    frame = _read(numbers.cast(pl.String).rename("text"))
    frame = _complete(frame, rules)
    frame = frame.with_columns(_verdict(frame))
    frame = _decide(frame, rules)
    unusual = _unusual(frame)
    if rules.delete_unusual:
        deleted = pl.lit(_CODE[NumberReason.UNUSUAL], dtype=pl.UInt8)
        frame = frame.with_columns(cause=pl.when(unusual).then(deleted).otherwise("cause"))
    accepted = frame.get_column("cause") == 0
    return pl.DataFrame(
        {
            "number": frame.select(pl.when(accepted).then("value")).to_series(),
            "reason": _REASON_NAMES.gather(frame.get_column("cause").cast(pl.UInt32)),
            "unusual": unusual,
            "repaired": frame.get_column("repaired") & accepted,
        }
    )


def _read(texts: pl.Series) -> pl.DataFrame:
    """Return `value`, `plus`, `digits` (how many), `repaired`, `cause` of every text."""
    value = texts.cast(pl.Int64, strict=False)
    frame = pl.DataFrame({"text": texts, "value": value}).select(
        "value",
        plus=pl.col("text").str.starts_with("+").fill_null(value=False),
        digits=pl.col("text").str.len_bytes().fill_null(0).cast(pl.Int64),
        repaired=pl.lit(value=False),
        cause=pl.lit(0, dtype=pl.UInt8),
    )
    frame = frame.with_columns(digits=pl.col("digits") - pl.col("plus"))
    unclean = (value.is_null() | (value <= 0)).arg_true()
    if unclean.is_empty():
        return frame
    repaired = _repair(texts.gather(unclean))
    return frame.with_columns(
        frame.get_column(name).scatter(unclean, repaired.get_column(name)) for name in frame.columns
    )


def _repair(texts: pl.Series) -> pl.DataFrame:
    """Repair texts that are not plain digits; the same columns as `_read`."""
    text = pl.col("text").fill_null("")
    bare = text.str.replace_many(list(_WIDE), list(_WIDE.values())).str.replace_all(_SPACES_PATTERN, "")
    frame = pl.DataFrame({"text": texts}).select(text, bare=bare)
    clean = pl.col("bare").str.replace(_DECIMAL_PATTERN, "$1").str.replace_all(_MARKS_PATTERN, "")
    frame = frame.with_columns(clean=clean, scientific=pl.col("bare").str.contains(_SCIENTIFIC_PATTERN))
    readable = pl.col("clean").str.contains(_DIGITS_PATTERN)
    frame = frame.select(
        value=pl.col("clean").cast(pl.Int64, strict=False).fill_null(0),
        plus=pl.col("clean").str.starts_with("+"),
        digits=pl.col("clean").str.len_bytes().cast(pl.Int64),
        repaired=pl.col("clean") != pl.col("text"),
        cause=_first_cause(
            (pl.col("scientific"), NumberReason.SCIENTIFIC),
            (pl.col("clean") == "", NumberReason.EMPTY),
            (~readable, NumberReason.BAD_CHARACTERS),
        ),
    )
    return frame.with_columns(digits=pl.col("digits") - pl.col("plus"))


def _first_cause(*causes: tuple[pl.Expr, NumberReason]) -> pl.Expr:
    """Return the code of the first cause that holds, or 0."""
    chosen = pl.lit(0, dtype=pl.UInt8)
    for condition, reason in reversed(causes):
        chosen = pl.when(condition).then(pl.lit(_CODE[reason], dtype=pl.UInt8)).otherwise(chosen)
    return chosen


def _complete(frame: pl.DataFrame, rules: NumberRules) -> pl.DataFrame:
    """Give the numbers their country code: add 86 where the rules say so, refuse those that need one."""
    value, digits, cause = pl.col("value"), pl.col("digits"), pl.col("cause")
    if not rules.add_86:
        lacking = _first_cause((~pl.col("plus"), NumberReason.NEEDS_COUNTRY_CODE))
        return frame.with_columns(cause=pl.when(cause == 0).then(lacking).otherwise(cause))
    bare = ~pl.col("plus") & (cause == 0)
    short = bare & (digits == 11) & (value // 10**10 == 1)
    whole = bare & (digits == 13) & (value // 10**11 == 86)
    lacking = _first_cause((bare & ~short & ~whole, NumberReason.NOT_RECOGNISED))
    return frame.with_columns(
        value=pl.when(short).then(value + 86 * 10**11).otherwise(value),
        digits=pl.when(short).then(13).otherwise(digits),
        cause=pl.when(cause == 0).then(lacking).otherwise(cause),
    )


@cache
def _verdicts() -> pl.Series:
    return pl.Series("verdict", numbering_plan.plan().verdicts, dtype=pl.Int16)


_POWERS = pl.Series([10 ** max(0, digits - 3) for digits in range(16)], dtype=pl.Int64)


def _verdict(frame: pl.DataFrame) -> pl.Series:
    """Return the calling code of every number, or why it cannot have one (see `numbering_plan.Plan`)."""
    digits = frame.get_column("digits").clip(0, 15)
    power = _POWERS.gather(digits.cast(pl.UInt32))
    # A number with more digits than fit is refused for that: whatever is looked up for it does not matter.
    head = (frame.get_column("value") // power).clip(0, 999)
    return _verdicts().gather((head * 16 + digits).cast(pl.UInt32))


def _decide(frame: pl.DataFrame, rules: NumberRules) -> pl.DataFrame:
    """Set the cause of every number that is not possible, or not of this application."""
    digits, verdict = pl.col("digits"), pl.col("verdict")
    causes = [
        (digits < numbering_plan.SHORTEST, NumberReason.TOO_SHORT),
        (digits > numbering_plan.LONGEST, NumberReason.TOO_LONG),
        (verdict == numbering_plan.UNKNOWN_CALLING_CODE, NumberReason.UNKNOWN_COUNTRY),
        (verdict == numbering_plan.IMPOSSIBLE_LENGTH, NumberReason.NOT_POSSIBLE),
    ]
    if rules.application_type is ApplicationType.MAINLAND:
        foreign = ~pl.col("value").is_between(*_MAINLAND_MOBILE)
        if rules.allow_landlines:
            landline = pl.col("value").cast(pl.String).str.contains(numbering_plan.plan().mainland_landline)
            foreign &= ~landline
        causes.append((foreign, NumberReason.NOT_MAINLAND))
    return frame.with_columns(
        cause=pl.when(pl.col("cause") == 0).then(_first_cause(*causes)).otherwise("cause")
    )


def _unusual(frame: pl.DataFrame) -> pl.Series:
    """Return which of the possible numbers lie in no known range: one pattern per calling code in use."""
    possible = frame.get_column("cause") == 0
    rows = possible.arg_true()
    unusual = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    if rows.is_empty():
        return unusual
    candidates = frame.filter(possible).select("value", "verdict").with_columns(row=rows)
    for (code,), group in candidates.partition_by("verdict", as_dict=True, maintain_order=False).items():
        known = group.get_column("value").cast(pl.String).str.contains(numbering_plan.plan().known[code])
        unusual = unusual.scatter(group.get_column("row").filter(~known), values=True)
    return unusual


def calling_code_column(numbers: pl.Series) -> pl.Series:
    """Return the calling code (Int16) of every checked number (Int64), null for null."""
    frame = pl.DataFrame({"value": numbers.cast(pl.Int64)})
    frame = frame.with_columns(
        digits=pl.col("value").cast(pl.String).str.len_bytes().cast(pl.Int64).fill_null(0)
    )
    code = _verdict(frame.with_columns(pl.col("value").fill_null(0)))
    return pl.select(pl.when(code > 0).then(code)).to_series().rename("calling_code")


def region_column(numbers: pl.Series) -> pl.Series:
    """Return the ISO region (String, "GA"; "001" for global services) of every checked number (Int64).

    Where several regions share a calling code (US, CA and others +1) the number's range decides; a number in
    no known range belongs to the main region of its calling code. Null for null.
    """
    frame = pl.DataFrame({"value": numbers, "code": calling_code_column(numbers)}).with_row_index("row")
    plan = numbering_plan.plan()
    main = frame.get_column("code").replace_strict(plan.main_region, return_dtype=pl.String, default=None)
    for code, regions in plan.regions.items():
        rest = frame.filter(pl.col("code") == code).select("row", text=pl.col("value").cast(pl.String))
        for region, pattern in regions:
            if rest.is_empty():
                break
            belongs = rest.get_column("text").str.contains(pattern)
            if region != regions[0][0]:
                main = main.scatter(rest.filter(belongs).get_column("row"), region)
            rest = rest.filter(~belongs)
    return main.rename("region")
