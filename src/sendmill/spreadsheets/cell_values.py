"""Converts the raw content of cells to text: whole numbers, dates, escapes.

The rule throughout: a number is printed as the number it is, a text stays as typed, and everything else becomes a
text that names what was in the cell. It never becomes nothing, or a row would vanish without a reason.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

import polars as pl

_LAST_DATE = 2_958_466  # serial number of the day after 9999-12-31, the last one a spreadsheet can show
_LARGEST_WHOLE = 1e21  # from here on the digits of a stored number are not those that were typed
_ENTITY = re.compile(
    r"&(?:#(?P<number>[0-9]{1,7})|#x(?P<hex>[0-9A-Fa-f]{1,6})|(?P<name>lt|gt|amp|quot|apos));"
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_PLAIN_NUMBER = r"^(?:0|[1-9][0-9]{0,14})$"
_NEEDS_UNESCAPE = r"[&\r]|_x[0-9A-Fa-f]{4}_"


def _character(match: re.Match[str]) -> str:
    if name := match["name"]:
        return _NAMED[name]
    code = int(match["number"]) if match["number"] else int(match["hex"], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _escaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def unescape_xml(raw: str) -> str:
    """Return the characters that raw XML text stands for.

    Entities are replaced, and line ends normalised (XML 1.0 §2.11).
    """
    return _ENTITY.sub(_character, raw.replace("\r\n", "\n").replace("\r", "\n"))


def unescape_text(text: str) -> str:
    """Replace the `_xHHHH_` escapes of spreadsheet strings (ST_Xstring, ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPE.sub(_escaped, text)


def _replace(series: pl.Series, odd: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """Apply `change` to the values marked in `odd`, once per distinct value."""
    values = series.filter(odd).unique()
    if not len(values):
        return series
    changed = pl.Series(values.name, [change(value) for value in values], dtype=pl.String)
    return series.to_frame("x").select(
        pl.when(odd.alias("odd")).then(pl.col("x").replace(values, changed)).otherwise(pl.col("x"))
    )["x"]


def text_column(raw: pl.Series, *, xml: bool) -> pl.Series:
    """Return text cells as typed. `xml`: the text is raw XML; else its entities are already replaced."""
    odd = raw.str.contains(_NEEDS_UNESCAPE)
    if not odd.any():
        return raw
    return _replace(raw, odd, lambda text: unescape_text(unescape_xml(text) if xml else text))


def number_column(raw: pl.Series) -> pl.Series:
    """Return numeric cells printed as the number they are: integers exactly and without exponent."""
    return _replace(raw, ~raw.str.contains(_PLAIN_NUMBER), print_number)


def print_number(raw: str) -> str:
    """Print a stored number: `8.613112345678E+12` and `8613112345678.0` give `8613112345678`, `0.5` stays.

    A value that is no number, or too large to be one that somebody typed (1e21 and more), is returned as it
    is.
    """
    raw = raw.strip()
    try:
        number = float(raw)
    except ValueError:
        return raw
    if not abs(number) < _LARGEST_WHOLE:
        return raw
    try:
        if number.is_integer():
            # The file has up to 17 digits, a float only 15 exact ones: the digits of the file count.
            exact = Decimal(raw.replace("_", ""))
            return str(int(exact)) if exact == exact.to_integral_value() else str(int(number))
        return format(Decimal(repr(number)), "f")
    except InvalidOperation:
        return raw


def date_column(raw: pl.Series, from_1904: bool) -> pl.Series:
    """Return numeric cells with a date format as `2026-01-31`, `2026-01-31 08:30:00` or `08:30:00`.

    A number that is no date a spreadsheet can show stays the number: a phone number under a date format is
    one.
    """
    return _replace(raw, raw.is_not_null(), lambda text: print_date(text, from_1904))


def print_date(raw: str, from_1904: bool) -> str:
    """Print a date's serial number in ISO form; see `date_column`."""
    try:
        serial = float(raw)
    except ValueError:
        return raw
    if not 0 <= serial < _LAST_DATE - (1_462 if from_1904 else 0):
        return print_number(raw)
    days, seconds = divmod(round(serial * 86_400), 86_400)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if days == 0 and (seconds or not from_1904):
        return clock
    if days == 60 and not from_1904:
        day = "1900-02-29"  # spreadsheets count this day, which never existed
    else:
        epoch = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30 if days > 60 else 31)
        day = (epoch + dt.timedelta(days=days)).isoformat()
    return f"{day} {clock}" if seconds else day
