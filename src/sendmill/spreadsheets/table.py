"""Converts cells to rows: the wanted columns as text, true row numbers, without the header and blank rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import polars as pl

from sendmill.spreadsheets.cell_values import date_column, number_column, text_column
from sendmill.spreadsheets.errors import refusal
from sendmill.spreadsheets.fast_cells import Cells, Form, Unusual, refuse_long, scan_sheet, scan_strings
from sendmill.spreadsheets.guard import Package
from sendmill.spreadsheets.limits import SHEET_ROWS, Limits
from sendmill.spreadsheets.workbook import Workbook, read_workbook
from sendmill.spreadsheets.xml_cells import column_of, letters_of, parse_sheet, parse_strings

_LIKE_NUMBER = re.compile(r"[+＋]?[0-9０-９][0-9０-９ ().\-\u00a0]{5,30}")


@dataclass(frozen=True, slots=True)
class Table:
    """The content of a file.

    `frame` has the columns row (Int32) and c0… (String, never null), `header` the texts of the header (empty when the
    file has none), `sheet` the name of the sheet ("" for CSV).
    """

    frame: pl.DataFrame
    header: tuple[str, ...]
    sheet: str


def read_package(package: Package, columns: int, limits: Limits) -> Table:
    """Read the first visible sheet of an XLSX package. Raises SpreadsheetError."""
    workbook = read_workbook(package)
    try:
        with closing(package.stream(workbook.sheet)) as stream:
            frame, first = _collect(scan_sheet(stream), columns, workbook, limits)
    except Unusual:
        with closing(package.stream(workbook.sheet)) as stream:
            frame, first = _collect(parse_sheet(stream, limits), columns, workbook, limits)
    frame = _fill_shared(frame, package, workbook, limits)
    return finish_table(frame, first, workbook.sheet_name, limits)


def _collect(
    pieces: Iterable[Cells], columns: int, workbook: Workbook, limits: Limits
) -> tuple[pl.DataFrame, int | None]:
    """Return the rows of all pieces, and the number of the first row with any content.

    The columns are row, c0… (text) and s0… (index of a shared string).
    """
    frames: list[pl.DataFrame] = [_no_rows(columns)]
    first: int | None = None
    last = 0
    for cells in pieces:
        _refuse_wide(cells, limits)
        if first is None:
            first = next(
                (int(row) for row, value in zip(cells.rows, cells.values, strict=True) if value), None
            )
        rows = pl.Series("row", cells.rows).cast(pl.Int32)
        lowest, highest = rows[0], rows[-1]
        if lowest <= last or highest > SHEET_ROWS or not rows.is_sorted():
            raise refusal("damaged")
        frames.append(_rows_of(cells, rows, columns, workbook, limits))
        last = highest
    return pl.concat(frames), first


def _no_rows(columns: int) -> pl.DataFrame:
    schema: dict[str, type[pl.DataType]] = {"row": pl.Int32}
    for index in range(columns):
        schema |= {f"c{index}": pl.String, f"s{index}": pl.UInt32}
    return pl.DataFrame(schema=schema)


def _refuse_wide(cells: Cells, limits: Limits) -> None:
    """Raise SpreadsheetError for content right of the allowed columns.

    Cells there that are only formatted do no harm.
    """
    wide = {letters for letters in set(cells.letters) if column_of(letters) >= limits.max_columns}
    if wide and any(
        value and letters in wide for letters, value in zip(cells.letters, cells.values, strict=True)
    ):
        raise refusal("too_many_columns", limit=limits.max_columns)


def _rows_of(cells: Cells, rows: pl.Series, columns: int, workbook: Workbook, limits: Limits) -> pl.DataFrame:
    """Return one row per spreadsheet row of the piece, with the wanted columns."""
    values = pl.Series(cells.values, dtype=pl.String)
    if (values.str.len_bytes() > limits.text_bytes).any():
        refuse_long(cells.values, limits)
    frame = pl.DataFrame({"row": rows, "value": values})
    wanted = [letters_of(index) for index in range(columns)]
    if set(cells.letters) == {"A"}:
        parts = [_texts(frame, cells, workbook)]
    else:
        frame = _texts(frame, cells, workbook)
        split = frame.with_columns(column=pl.Series(cells.letters, dtype=pl.String)).partition_by(
            "column", as_dict=True, include_key=False
        )
        parts = [split.get((letters,), frame.clear()) for letters in wanted]
    return _join(parts, columns)


def _join(parts: list[pl.DataFrame], columns: int) -> pl.DataFrame:
    """Join the cells of all columns by their rows."""
    if any((part["row"].diff() <= 0).any() for part in parts):
        raise refusal("damaged")  # a cell given twice: unknown which one counts
    longest = max(parts, key=lambda part: part.height)
    row = longest["row"]
    if any(part.height and not part["row"].equals(row) for part in parts):
        row = pl.concat([part["row"] for part in parts]).unique().sort()
    result = row.to_frame()
    for index in range(columns):
        names = {"text": f"c{index}", "shared": f"s{index}"}
        part = parts[index].rename(names) if index < len(parts) else None
        if part is None:
            result = result.with_columns(
                pl.lit(None, pl.String).alias(names["text"]), pl.lit(None, pl.UInt32).alias(names["shared"])
            )
        elif part.height == row.len():
            result = result.hstack(part.drop("row"))
        else:
            result = result.join(part, on="row", how="left", maintain_order="left")
    return result


def _meaning(form: Form, workbook: Workbook) -> str:
    """Return the rule by which a cell of that form becomes text."""
    if form.kind in ("", "n"):
        return "date" if form.style in workbook.date_styles else "number"
    return {"s": "shared", "b": "boolean"}.get(form.kind, "text")


def _texts(frame: pl.DataFrame, cells: Cells, workbook: Workbook) -> pl.DataFrame:
    """Return row, text and shared (the index of a shared string) of the cells, in their order."""
    meanings = {head: _meaning(form, workbook) for head, form in cells.forms.items()}
    present = sorted(set(meanings.values()))
    if len(present) == 1:
        return _texts_of(frame, present[0], cells.xml, workbook)
    marked = frame.with_columns(
        meaning=pl.Series([meanings[head] for head in cells.heads], dtype=pl.String),
        order=pl.int_range(pl.len()),
    )
    parts = []
    for meaning in present:
        part = marked.filter(pl.col("meaning") == meaning)
        parts.append(_texts_of(part, meaning, cells.xml, workbook).with_columns(part["order"]))
    return pl.concat(parts).sort("order").drop("order")


def _texts_of(frame: pl.DataFrame, meaning: str, xml: bool, workbook: Workbook) -> pl.DataFrame:
    """Return row, text and shared of cells that all have the same meaning."""
    raw = frame["value"]
    if meaning == "shared":
        index = raw.str.strip_chars().cast(pl.UInt32, strict=False)
        if (index.is_null() & (raw != "")).any():
            raise refusal("damaged")
        return frame.select("row", text=pl.lit(None, pl.String), shared=index)
    if meaning == "number":
        texts = number_column(raw)
    elif meaning == "date":
        texts = date_column(raw, workbook.from_1904)
    elif meaning == "boolean":
        texts = raw.replace({"1": "TRUE", "0": "FALSE"})
    else:  # text typed in or computed, an error's text such as #N/A, a date already written out
        texts = text_column(raw, xml=xml)
    return frame.select("row", text=texts, shared=pl.lit(None, pl.UInt32))


def _fill_shared(frame: pl.DataFrame, package: Package, workbook: Workbook, limits: Limits) -> pl.DataFrame:
    """Replace references to shared strings by the strings, which are read only when a cell refers to one."""
    indexes = [
        name for name in frame.columns if name.startswith("s") and frame[name].null_count() < frame.height
    ]
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
        with closing(package.stream(name)) as stream:
            parts = [_strings(part, xml=True) for part in scan_strings(stream, limits)]
    except Unusual:
        with closing(package.stream(name)) as stream:
            parts = [_strings(part, xml=False) for part in parse_strings(stream, limits)]
    return pl.concat([_strings([], xml=False), *parts])


def _strings(texts: list[str], *, xml: bool) -> pl.Series:
    return text_column(pl.Series("text", texts, dtype=pl.String), xml=xml).alias("text")


def finish_table(frame: pl.DataFrame, first: int | None, sheet: str, limits: Limits) -> Table:
    """Remove the header and the blank rows, and apply the limit of rows. Raises SpreadsheetError.

    `first` is the first row with content in any column. The header is row 1; when row 1 is blank it is `first`,
    unless its text in column A looks like a phone number: a row is never lost because a header is missing. A row is
    blank when all the columns that are read are empty or white space.
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
