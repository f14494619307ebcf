"""From cells to rows: the wanted columns as text, true row numbers, the header and blank rows taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from sendmill.tasks.spreadsheet.cells import Cells, Unusual, scan_sheet, scan_strings
from sendmill.tasks.spreadsheet.errors import refusal
from sendmill.tasks.spreadsheet.events import column_of, letters_of, parse_sheet, parse_strings
from sendmill.tasks.spreadsheet.guard import Package
from sendmill.tasks.spreadsheet.limits import SHEET_ROWS, Limits
from sendmill.tasks.spreadsheet.values import date_column, number_column, text_column
from sendmill.tasks.spreadsheet.workbook import Workbook, read_workbook

_LIKE_NUMBER = re.compile(r"[+＋]?[0-9０-９][0-9０-９ ().\-\u00a0]{5,30}")
_SHARED = "s"


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: `frame` (row Int32, c0…: String, never null), the header's texts (empty when the file
    has none) and the name of the sheet ("" for CSV)."""

    frame: pl.DataFrame
    header: tuple[str, ...]
    sheet: str


def read_package(package: Package, columns: int, limits: Limits) -> Table:
    """Read the first visible sheet of an XLSX package. Raises SpreadsheetError."""
    workbook = read_workbook(package)
    try:
        collected = _collect(scan_sheet(package.stream(workbook.sheet), limits), columns, workbook, limits)
    except Unusual:
        collected = _collect(parse_sheet(package.stream(workbook.sheet), limits), columns, workbook, limits)
    frame, first = collected
    frame = _fill_shared(frame, package, workbook, limits)
    return finish_table(frame, first, workbook.sheet_name, limits)


def _collect(
    pieces: Iterable[Cells], columns: int, workbook: Workbook, limits: Limits
) -> tuple[pl.DataFrame, int | None]:
    """Return the rows of all pieces (c0…: text, s0…: index of a shared string) and the first row with any content."""
    frames: list[pl.DataFrame] = [_no_rows(columns)]
    first: int | None = None
    last = 0
    for cells in pieces:
        _refuse_wide(cells, limits)
        if first is None:
            first = next((int(row) for row, value in zip(cells.rows, cells.values, strict=True) if value), None)
        rows = pl.Series("row", cells.rows).cast(pl.Int32)
        lowest, highest = rows[0], rows[-1]
        if lowest < last or highest > SHEET_ROWS or not rows.is_sorted():
            raise refusal("damaged")
        frame = _rows_of(cells, rows, columns, workbook)
        # A piece may end inside a row only in the exact reader; the halves meet in finish_table's check.
        last = highest
        frames.append(frame)
    return pl.concat(frames), first


def _no_rows(columns: int) -> pl.DataFrame:
    schema: dict[str, type[pl.DataType]] = {"row": pl.Int32}
    schema |= {f"c{index}": pl.String for index in range(columns)}
    schema |= {f"s{index}": pl.UInt32 for index in range(columns)}
    return pl.DataFrame(schema=schema)


def _refuse_wide(cells: Cells, limits: Limits) -> None:
    """Refuse content to the right of the allowed columns; cells there that are only formatted do no harm."""
    wide = {letters for letters in set(cells.letters) if column_of(letters) >= limits.max_columns}
    if wide and any(
        value and letters in wide for letters, value in zip(cells.letters, cells.values, strict=True)
    ):
        raise refusal("too_many_columns", limit=limits.max_columns)


def _rows_of(cells: Cells, rows: pl.Series, columns: int, workbook: Workbook) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "row": rows,
            "column": pl.Series(cells.letters, dtype=pl.String),
            "style": pl.Series(cells.styles, dtype=pl.String),
            "kind": pl.Series(cells.kinds, dtype=pl.String),
            "value": pl.Series(cells.values, dtype=pl.String),
        }
    )
    wanted = [letters_of(index) for index in range(columns)]
    if set(cells.letters) - set(wanted):
        frame = frame.filter(pl.col("column").is_in(wanted))
    present = [_texts_of(part, kind, cells.xml, workbook) for kind, part in _by_kind(frame, cells)]
    texts = pl.concat(present) if present else frame.select("row", "column", text="value", shared=pl.lit(0, pl.UInt32))
    result = frame.select(pl.col("row").unique(maintain_order=True))
    for index, letters in enumerate(wanted):
        column = texts.filter(pl.col("column") == letters).select(
            "row", pl.col("text").alias(f"c{index}"), pl.col("shared").alias(f"s{index}")
        )
        if len(present) > 1:
            column = column.sort("row")
        if column["row"].n_unique() != column.height:
            raise refusal("damaged")  # a cell given twice: no office program does, and none knows which one counts
        if column.height == result.height:
            result = result.hstack(column.drop("row"))
        else:
            result = result.join(column, on="row", how="left", maintain_order="left")
    names = ["row", *(f"c{index}" for index in range(columns)), *(f"s{index}" for index in range(columns))]
    return result.select(names)


def _by_kind(frame: pl.DataFrame, cells: Cells) -> list[tuple[str, pl.DataFrame]]:
    kinds = set(cells.kinds)
    if len(kinds) == 1:
        return [(kinds.pop(), frame)]
    return [(kind, frame.filter(pl.col("kind") == kind)) for kind in sorted(kinds)]


def _texts_of(frame: pl.DataFrame, kind: str, xml: bool, workbook: Workbook) -> pl.DataFrame:
    """Return row, column, text and shared (index of a shared string) of cells that are all of one kind."""
    raw = frame["value"]
    shared = pl.lit(None, pl.UInt32)
    if kind == _SHARED:
        index = raw.str.strip_chars().cast(pl.UInt32, strict=False)
        if (index.is_null() & (raw != "")).any():
            raise refusal("damaged")
        return frame.select("row", "column", text=pl.lit(None, pl.String), shared=index)
    if kind in ("", "n"):
        texts = _numbers(frame, raw, workbook)
    elif kind == "b":
        texts = raw.replace({"1": "TRUE", "0": "FALSE"})
    else:  # str, inlineStr, e (error: its text, such as #N/A), d (a date already written out)
        texts = text_column(raw, xml=xml)
    return frame.select("row", "column", text=texts, shared=shared)


def _numbers(frame: pl.DataFrame, raw: pl.Series, workbook: Workbook) -> pl.Series:
    filled = raw.set(raw == "", None) if (raw == "").any() else raw
    dated = frame["style"].is_in(list(workbook.date_styles)) if workbook.date_styles else None
    numbers = number_column(filled)
    if dated is None or not dated.any():
        return numbers
    dates = date_column(filled.set(~dated, None), workbook.from_1904)
    return frame.select(pl.when(dated).then(dates).otherwise(numbers).alias("value"))["value"]


def _fill_shared(frame: pl.DataFrame, package: Package, workbook: Workbook, limits: Limits) -> pl.DataFrame:
    """Put the shared strings where cells refer to them; the strings are only read when a cell does."""
    indexes = [name for name in frame.columns if name.startswith("s") and frame[name].null_count() < frame.height]
    if indexes:
        strings = _read_strings(package, workbook, limits)
        highest = max(frame.select(pl.max_horizontal(pl.col(indexes).max())).item(), 0)
        if highest >= len(strings):
            raise refusal("damaged")
        for name in indexes:
            text = f"c{name[1:]}"
            frame = frame.with_columns(
                pl.coalesce(strings.gather(frame[name]).alias(text), pl.col(text)).alias(text),
            )
    return frame.drop([name for name in frame.columns if name.startswith("s")])


def _read_strings(package: Package, workbook: Workbook, limits: Limits) -> pl.Series:
    if workbook.strings is None:
        raise refusal("damaged")
    name = workbook.strings
    try:
        lists = scan_strings(package.stream(name), limits)
        parts = [text_column(pl.Series(part, dtype=pl.String), xml=True) for part in lists]
    except Unusual:
        lists = parse_strings(package.stream(name), limits)
        parts = [text_column(pl.Series(part, dtype=pl.String), xml=False) for part in lists]
    return pl.concat([pl.Series("text", [], dtype=pl.String), *(part.alias("text") for part in parts)])


def finish_table(frame: pl.DataFrame, first: int | None, sheet: str, limits: Limits) -> Table:
    """Take out the header and the blank rows and apply the row limit. Raises SpreadsheetError.

    `first` is the first row with content in any column. The header is row 1; when row 1 is blank it is `first`,
    unless what stands there in column A looks like a phone number: a row is never lost for a missing header.
    A row is blank when all the columns that are read are empty or white space.
    """
    names = frame.columns[1:]
    frame = frame.with_columns(pl.col(names).fill_null(""))
    if not frame["row"].is_sorted() or frame["row"].n_unique() != frame.height:
        raise refusal("damaged")
    header: tuple[str, ...] = ()
    if first is not None:
        texts = next(frame.filter(pl.col("row") == first).drop("row").iter_rows(), ("",) * len(names))
        if first == 1 or not _LIKE_NUMBER.fullmatch(texts[0].strip()):
            header = texts
            frame = frame.filter(pl.col("row") > first)
    frame = frame.filter(pl.any_horizontal(pl.col(names).str.strip_chars() != ""))
    if frame.height > limits.max_rows:
        raise refusal("too_many_rows", limit=limits.max_rows)
    if frame.height == 0:
        raise refusal("no_rows")
    return Table(frame, header, sheet)
