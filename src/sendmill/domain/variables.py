"""The variables of a template: their kinds, what a value of each may be, and why a value is unfit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from sendmill.domain.violations import Violation

LONGEST_VALUE = 20
LONGEST_VERIFICATION = 8


class Attribute(StrEnum):
    """What a variable holds. The first five are chosen for mainland variables; the rest are their names."""

    PHONE = "PHONE"
    CHARDIGIT = "CHARDIGIT"
    DATETIME = "DATETIME"
    MONEY = "MONEY"
    TEXT = "TEXT"
    TXT = "TXT"
    NUM = "NUM"
    DATE = "DATE"
    TIME = "TIME"


MAINLAND_ATTRIBUTES = (
    Attribute.PHONE,
    Attribute.CHARDIGIT,
    Attribute.DATETIME,
    Attribute.MONEY,
    Attribute.TEXT,
)


@dataclass(frozen=True)
class Variable:
    """One column of values. `max_length` is in characters, of which TXT counts those beyond ASCII twice."""

    name: str
    attribute: Attribute
    max_length: int | None


# Code of a broken rule -> its sentence; `explain` fills in the places.
UNFIT: dict[str, str] = {
    "empty": "%(variable)s is empty.",
    "line_break": "%(variable)s contains a line break; line breaks belong into the template.",
    "control_character": "%(variable)s contains a control character.",
    "too_short": "%(variable)s is too short: at least %(minimum)d characters.",
    "too_long": "%(variable)s is too long: at most %(maximum)d characters.",
    "bad_characters": "%(variable)s contains characters that a %(attribute)s variable does not allow.",
    "not_digits": "%(variable)s may contain digits only.",
    "bad_date": "%(variable)s is not a date in the form yyyy/MM/dd.",
    "bad_time": "%(variable)s is not a time in the form HH:mm or HH:mm:ss.",
}

_MINIMUM = {Attribute.PHONE: 4}
_LINE_BREAK = r"[\n\r\x{0b}\x{0c}\x{85}\x{2028}\x{2029}]"
_CONTROL = r"[\x{00}-\x{1f}\x{7f}-\x{9f}]"
_ALLOWED = {
    Attribute.PHONE: ("^[0-9+-]*$", "bad_characters"),
    Attribute.CHARDIGIT: ("^[A-Za-z0-9_]*$", "bad_characters"),
    Attribute.TEXT: ("^[^.。'<>{}]*$", "bad_characters"),
    Attribute.NUM: ("^[0-9]*$", "not_digits"),
    Attribute.DATE: ("^[0-9]{4}/[0-9]{2}/[0-9]{2}$", "bad_date"),
    Attribute.TIME: ("^(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?$", "bad_time"),
}
# A value of letters, digits and plain punctuation has nothing that the searches below look for.
_PLAIN = r"^[ -~\x{4e00}-\x{9fff}]+$"


def trim(values: pl.Expr) -> pl.Expr:
    """Take the white space around values away: what is sent and what is checked is the value without it."""
    return values.str.strip_chars().fill_null("")


def unfit_column(variable: Variable, values: pl.Series) -> pl.Series:
    """Return for every value the code of the first rule it breaks (a key of `UNFIT`), null where it fits.

    White space around a value does not count; a null or blank value is empty, and no value may be.
    """
    value = pl.col("value")
    frame = pl.DataFrame({"value": values.cast(pl.String)}).select(trim(value))
    rules: list[tuple[pl.Expr, str]] = [(value == "", "empty")]
    if not frame.get_column("value").str.contains(_PLAIN).all():
        rules += [
            (value.str.contains(_LINE_BREAK), "line_break"),
            (value.str.contains(_CONTROL), "control_character"),
        ]
    length = value.str.len_chars()
    if variable.attribute is Attribute.TXT:
        # An ASCII character is one octet; only the others make the two lengths differ.
        length += value.str.count_matches(r"[^\x{00}-\x{7f}]")
    if variable.attribute in _MINIMUM:
        rules.append((length < _MINIMUM[variable.attribute], "too_short"))
    if variable.max_length is not None:
        rules.append((length > variable.max_length, "too_long"))
    if variable.attribute in _ALLOWED:
        pattern, code = _ALLOWED[variable.attribute]
        rules.append((~value.str.contains(pattern), code))
    if variable.attribute is Attribute.DATE:
        rules.append((value.str.to_date("%Y/%m/%d", strict=False).is_null(), "bad_date"))
    broken = pl.lit(None, dtype=pl.String)
    for condition, code in reversed(rules):
        broken = pl.when(condition).then(pl.lit(code)).otherwise(broken)
    return frame.select(broken.alias(values.name)).to_series()


def explain_unfit(variable: Variable, code: str) -> Violation:
    """Return the broken rule of a value in words."""
    parameters = {
        "variable": variable.name,
        "attribute": str(variable.attribute),
        "minimum": _MINIMUM.get(variable.attribute, 1),
        "maximum": variable.max_length or LONGEST_VALUE,
    }
    return Violation(code, UNFIT[code], parameters)


_SAMPLES = {
    Attribute.PHONE: "4001234567",
    Attribute.CHARDIGIT: "A1B2C3",
    Attribute.DATETIME: "2030-01-31 10:30",
    Attribute.MONEY: "99.50",
    Attribute.TEXT: "示例文字",
    Attribute.TXT: "Sample text",
    Attribute.NUM: "123456",
    Attribute.DATE: "2030/01/31",
    Attribute.TIME: "10:30",
}


def sample_value(variable: Variable) -> str:
    """Return a value that fits a variable, for previews and for the template of the number file."""
    sample = _SAMPLES[variable.attribute]
    return sample[: variable.max_length].strip() if variable.max_length is not None else sample
