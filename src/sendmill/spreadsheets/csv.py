"""Reads CSV lists: finds encoding and separator, and applies the same limits as for a sheet.

UTF-8 with or without a byte order mark, and UTF-16 with one, are recognised with certainty. Other encodings (GB18030,
Latin-1) would decode to wrong text without an error, so they are refused with advice instead of guessed.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from sendmill.spreadsheets.errors import refusal
from sendmill.spreadsheets.limits import SHEET_ROWS, Limits
from sendmill.spreadsheets.table import Table, finish_table

SEPARATORS = ",;\t"
# What a spreadsheet program takes for a formula, also behind apostrophes that guard it.
GUARDED = r"^'*[=+\-@\t\r\n]"
# A phone number calculates nothing, and must be unchanged when the file is uploaded again.
PLAIN_PLUS = r"^\+[0-9]{1,15}$"
_GUARD = r"^'('*[=+\-@\t\r\n])"
_BATCH = 50_000
_SAMPLE_LINES = 100


def read_csv(path: Path, columns: int, limits: Limits) -> Table:
    """Read a CSV file: the first row is the header, columns A… are text as written. Raises SpreadsheetError.

    Row numbers count records, as a spreadsheet program shows them. One apostrophe in front of `=`, `+`, `-`, `@`, tab
    or line end is removed: our own exports add it (see `writer.write_csv`), and people do too.
    """
    encoding = _find_encoding(path)
    frames: list[pl.DataFrame] = []
    first: int | None = None
    numbers: list[int] = []
    texts: list[list[str]] = [[] for _ in range(columns)]
    for number, record in _records(path, encoding, limits):
        if first is None and any(map(str.strip, record)):
            first = number
        numbers.append(number)
        for index, column in enumerate(texts):
            column.append(record[index] if index < len(record) else "")
        if len(numbers) >= _BATCH:
            frames.append(_frame(numbers, texts))
            numbers, texts = [], [[] for _ in range(columns)]
    frames.append(_frame(numbers, texts))
    return finish_table(pl.concat(frames), first, "", limits)


def _frame(numbers: list[int], texts: list[list[str]]) -> pl.DataFrame:
    frame = pl.DataFrame({"row": pl.Series(numbers, dtype=pl.Int32)})
    return frame.with_columns(
        pl.Series(f"c{index}", column, dtype=pl.String).str.replace(_GUARD, "$1")
        for index, column in enumerate(texts)
    )


def _find_encoding(path: Path) -> str:
    """Return the encoding when it is certain; raise SpreadsheetError otherwise."""
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith(codecs.BOM_UTF8):
            encoding = "utf-8-sig"
        elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and head != codecs.BOM_UTF32_LE:
            encoding = "utf-16"
        else:
            encoding = "utf-8"
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while piece := file.read(1 << 20):
                if "\x00" in decoder.decode(piece):
                    raise refusal("csv_encoding")
            decoder.decode(b"", True)
        except UnicodeDecodeError as error:
            raise refusal("csv_encoding") from error
    return encoding


def guard_cell(text: str) -> str:
    """Return a text in a form that no spreadsheet program takes for a formula; a phone number stays as it is."""
    return f"'{text}" if re.match(GUARDED, text) and not re.match(PLAIN_PLUS, text) else text


def find_separator(lines: list[str]) -> str:
    """Return the separator that most lines have outside of quotation marks; a comma when none has any."""
    counts = {separator: [0, 0] for separator in SEPARATORS}
    for line in lines:
        outside = "".join(line.split('"')[::2])
        for separator, count in counts.items():
            count[0] += separator in outside
            count[1] += outside.count(separator)
    return max(SEPARATORS, key=lambda separator: counts[separator])


def _records(path: Path, encoding: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, fields) of each record that is not empty."""
    csv.field_size_limit(limits.text_bytes)
    with path.open(encoding=encoding, newline="") as file:
        lines = list(
            islice(iter(lambda: file.readline(limits.text_bytes * limits.max_columns), ""), _SAMPLE_LINES)
        )
        separator = find_separator(lines)
        file.seek(0)
        # Excel's own line that names the separator; Excel does not show it as a row.
        if lines and lines[0].rstrip("\r\n").lower() in ("sep=,", "sep=;", "sep=\t"):
            separator = lines[0][4]
            file.readline()
        number = 0
        try:
            for number, record in enumerate(csv.reader(file, delimiter=separator, strict=True), 1):
                if number > SHEET_ROWS:
                    raise refusal("too_many_rows", limit=limits.max_rows)
                if len(record) > limits.max_columns and any(record[limits.max_columns :]):
                    raise refusal("too_many_columns", limit=limits.max_columns)
                if any(record):
                    yield number, record
        except csv.Error as error:
            if "field larger" in str(error):
                raise refusal("text_too_long", limit=limits.text_bytes) from error
            raise refusal("csv_quotes", row=number + 1) from error
