from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from benchmarks.make_xlsx import make_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from sendmill.domain.phone_numbers import NumberRules
from sendmill.domain.row_check import check_rows
from sendmill.domain.templates import parse
from sendmill.domain.types import ApplicationType
from sendmill.spreadsheets import writer
from sendmill.spreadsheets.guard import Package
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import read_rows, read_table
from sendmill.spreadsheets.table import read_package
from sendmill.spreadsheets.template_file import template_file
from sendmill.spreadsheets.writer import write_xlsx


def read_here(path: Path, columns: int) -> list[tuple[object, ...]]:
    with Package(path, Limits()) as package:
        return read_package(package, columns, Limits()).frame.rows()


def test_openpyxl_reads_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    frames = [
        pl.DataFrame({"number": ["+8613800138000", "=1+1"], "code": ["DELIVRD", None]}),
        pl.DataFrame({"number": [8613800138001], "code": ["a & <b>\n"]}),
    ]
    assert write_xlsx(path, ["number", "code"], frames) == 3
    sheet = openpyxl.load_workbook(path).active
    assert list(sheet.iter_rows(values_only=True)) == [
        ("number", "code"), ("+8613800138000", "DELIVRD"), ("=1+1", None), ("8613800138001", "a & <b>\n"),
    ]  # fmt: skip
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert {cell.number_format for row in sheet.iter_rows() for cell in row if cell.value is not None} == {
        "@"
    }


def test_same_rows_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        write_xlsx(target, ["number"], [pl.DataFrame({"a": ["1"]})])
    assert first.getvalue() == second.getvalue()


def test_sheets_split_with_the_header_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "SHEET_ROWS", 4)
    path = tmp_path / "out.xlsx"
    assert write_xlsx(path, ["n"], [pl.DataFrame({"a": range(5)}), pl.DataFrame({"a": range(5, 7)})]) == 7
    sheets = openpyxl.load_workbook(path).worksheets
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in sheets] == [
        ["n", "0", "1", "2"], ["n", "3", "4", "5"], ["n", "6"],
    ]  # fmt: skip


@pytest.mark.slow
def test_a_million_rows_fill_the_sheet_to_its_last_row(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows = writer.SHEET_ROWS + 1
    numbers = pl.DataFrame({"a": pl.int_range(rows, eager=True)})
    assert write_xlsx(path, ["n"], [numbers]) == rows
    with Package(path, Limits()) as package:
        assert package.has("xl/worksheets/sheet2.xml")
        frame = read_package(package, 1, Limits(max_rows=writer.SHEET_ROWS)).frame
    assert (frame.height, frame["row"][-1], frame["c0"][-1]) == (1_048_575, 1_048_576, "1048574")


def test_nothing_to_write_is_a_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write_xlsx(path, ["number"], []) == 0
    assert list(openpyxl.load_workbook(path).active.iter_rows(values_only=True)) == [("number",)]


_TEXTS = st.text(
    st.one_of(st.sampled_from("_x0041&<>'\" \t\r\n\x00\x01\x1f\ufffe\uffff"), st.characters(codec="utf-8"))
)


def is_blank(text: str) -> bool:
    """White space of Unicode only: Python counts four separators (U+001C to U+001F) to it, Unicode does not."""
    return all(character.isspace() and not "\x1c" <= character <= "\x1f" for character in text)


@settings(deadline=None)
@given(st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=8))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("xlsx") / "out.xlsx"
    frame = pl.DataFrame([*cells, ("end", "")], schema={"a": pl.String, "b": pl.String}, orient="row")
    write_xlsx(path, ["a", "b"], [frame])
    expected = [row for row in frame.rows() if not is_blank("".join(row))]
    assert [row[1:] for row in read_here(path, 2)] == expected


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (ApplicationType.INTERNATIONAL, None),
        (ApplicationType.MAINLAND, None),
        (ApplicationType.INTERNATIONAL, "Order ${NUM_6} of ${TXT_20} comes on ${DATE} at ${TIME}."),
        (ApplicationType.MAINLAND, "您的订单${1}将于${2}送达"),
    ],
)
def test_the_template_file_imports_as_it_is(
    tmp_path: Path, kind: ApplicationType, content: str | None, lang: str
) -> None:
    attributes = {"1": "CHARDIGIT", "2": "DATETIME"} if kind is ApplicationType.MAINLAND else None
    template = parse(content, kind, attributes) if content else None
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_file(template, kind, lang))
    variables = template.variables if template else ()
    table = read_table(path, columns=1 + len(variables))
    assert table.header[1:] == tuple(variable.name for variable in variables)
    assert ("number" in table.header[0]) == (lang == "en")
    checked = check_rows(table.frame, NumberRules.of(kind), template)
    assert (checked.counts.accepted, checked.counts.rows, checked.counts.unusual) == (3, 3, 0)
    sheet = openpyxl.load_workbook(path).active
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}
    assert sheet.column_dimensions["A"].number_format == "@"


def test_benchmark_lists_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_xlsx(tmp_path / f"{name}.xlsx", 250, 3, seed)
    first, second, third = ((tmp_path / f"{name}.xlsx").read_bytes() for name in "abc")
    assert first == second != third
    frame = read_rows(tmp_path / "a.xlsx", columns=3)
    assert frame["c0"].n_unique() == frame.height == 250
