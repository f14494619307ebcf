"""What each kind of cell becomes, and on which row, in every spelling of the XML."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rig.workbooks import HEADER, column, make, pack, parts, sheet_xml, strings_xml

from sendmill.spreadsheets.cell_values import print_date, print_number
from sendmill.spreadsheets.errors import SpreadsheetError
from sendmill.spreadsheets.fast_cells import Unusual, scan_sheet
from sendmill.spreadsheets.guard import Package
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import read_rows, read_table
from sendmill.spreadsheets.table import read_package
from sendmill.spreadsheets.workbook import shows_date


def read_here(path: Path, columns: int = 1) -> list[tuple[object, ...]]:
    """Read without a child process; the child runs the same function."""
    with Package(path, Limits()) as package:
        return read_package(package, columns, Limits()).frame.rows()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "list.xlsx"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="{r}"><v>8613112345678</v></c>', "8613112345678"),
        ('<c r="{r}"><v>8613112345678.0</v></c>', "8613112345678"),
        ('<c r="{r}"><v>8.613112345678E+12</v></c>', "8613112345678"),
        ('<c r="{r}" t="n"><v>8.613112345678e12</v></c>', "8613112345678"),
        ('<c r="{r}"><v>8613112345678.5</v></c>', "8613112345678.5"),
        ('<c r="{r}"><v>0.10000000000000001</v></c>', "0.1"),
        ('<c r="{r}"><v>1E-7</v></c>', "0.0000001"),
        ('<c r="{r}"><v>-5</v></c>', "-5"),
        ('<c r="{r}"><v>0</v></c>', "0"),
        ('<c r="{r}"><v>123456789012345678</v></c>', "123456789012345678"),
        ('<c r="{r}"><v>1E+300</v></c>', "1E+300"),
        ('<c r="{r}"><v>1E999999999</v></c>', "1E999999999"),
        ('<c r="{r}"><v>nan</v></c>', "nan"),
        ('<c r="{r}" t="str"><v>8.613112345678E+12</v></c>', "8.613112345678E+12"),
        ('<c r="{r}" t="inlineStr"><is><t>8613112345678.0</t></is></c>', "8613112345678.0"),
        ('<c r="{r}" t="inlineStr"><is><t xml:space="preserve"> +86 131 </t></is></c>', " +86 131 "),
        (
            '<c r="{r}" t="inlineStr"><is><t>a&amp;b&#x41;&#66;&lt;_x0041__x005F_x0041_</t></is></c>',
            "a&bAB<A_x0041_",
        ),
        ('<c r="{r}" t="inlineStr"><is><r><t>+86</t></r><r><t>131</t></r></is></c>', "+86131"),
        ('<c r="{r}" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>', "a<b"),
        ('<c r="{r}" t="str"><f>"+"&amp;B1</f><v>+86131</v></c>', "+86131"),
        ('<c r="{r}"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="{r}"><f>1+1</f><v></v></c>', "=1+1"),
        ('<c r="{r}"><f>1+1</f></c>', "=1+1"),
        ('<c r="{r}" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="{r}" t="b"><v>0</v></c>', "FALSE"),
        ('<c r="{r}" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="{r}" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="{r}" t="d"><v>2026-01-31</v></c>', "2026-01-31"),
        ('<c r="{r}" s="1"><v>46053</v></c>', "2026-01-31"),
        ('<c r="{r}" s="2"><v>46053.354166666664</v></c>', "2026-01-31 08:30:00"),
        ('<c r="{r}" s="2"><v>0.5</v></c>', "12:00:00"),
        ('<c r="{r}" s="3"><v>46053</v></c>', "46053"),
        ('<c r="{r}" s="1"><v>8613112345678</v></c>', "8613112345678"),
        ('<c s="1" r="{r}" ><v >46053</v ></c>', "2026-01-31"),
        ("<c r='{r}' t='n'><v>7</v></c>", "7"),
        ('<c r="{r}"><!-- note --><v>7</v></c>', "7"),
    ],
)
def test_one_cell(book: Path, cell: str, text: str) -> None:
    make(book, column(cell))
    assert read_here(book) == [(2, text)]


def test_all_kinds_together_keep_their_rows(book: Path) -> None:
    make(
        book,
        column(
            '<c r="{r}"><v>8613112345678</v></c>',
            '<c r="{r}" t="e"><v>#N/A</v></c>',
            '<c r="{r}" s="1"/>',
            '<c r="{r}" t="s"><v>1</v></c>',
            '<c r="{r}" s="1"><v>46053</v></c>',
            '<c r="{r}" t="b"><v>1</v></c>',
            '<c r="{r}" t="s"><v>0</v></c>',
        ),
        strings_xml("<si><t>+1202</t></si>", "<si><t>text</t></si>"),
    )
    assert read_here(book) == [
        (2, "8613112345678"), (3, "#N/A"), (5, "text"), (6, "2026-01-31"), (7, "TRUE"), (8, "+1202"),
    ]  # fmt: skip


def test_dates_counted_from_1904(book: Path) -> None:
    make(book, column('<c r="{r}" s="1"><v>0</v></c>'), workbook_properties='<workbookPr date1904="1"/>')
    assert read_here(book) == [(2, "1904-01-01")]


@pytest.mark.parametrize(
    "item",
    [
        "<si><t>号码</t></si>",
        '<si><t>号码</t><phoneticPr fontId="1" type="noConversion"/></si>',
        '<si><r><t>号</t></r><r><rPr><b/></rPr><t xml:space="preserve">码</t></r></si>',
        '<si><t>号码</t><rPh sb="0" eb="1"><t>ハオ</t></rPh></si>',
    ],
)
def test_shared_strings_plain_rich_and_phonetic(book: Path, item: str) -> None:
    make(book, column('<c r="{r}" t="s"><v>1</v></c>'), strings_xml("<si><t/></si>", item))
    assert read_here(book) == [(2, "号码")]


def test_blank_rows_are_skipped_and_numbers_stay_true(book: Path) -> None:
    cells = [f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in (6, 1_048_576)]
    spaces = '<row r="9"><c r="A9" t="inlineStr"><is><t>  </t></is></c></row>'
    make(book, HEADER.replace("1", "4") + spaces.join(cells))
    assert read_here(book) == [(6, "6"), (1_048_576, "1048576")]


def test_rows_and_cells_without_references(book: Path) -> None:
    make(
        book,
        "<row><c t='inlineStr'><is><t>number</t></is></c></row><row/>"
        "<row><c><v>5</v></c><c><v>6</v></c></row><row "
        "r='7'><c/><c><v>8</v></c></row><row><c><v>9</v></c></row>",
    )
    assert read_here(book, 2) == [(3, "5", "6"), (7, "", "8"), (8, "9", "")]


def test_blank_first_column_does_not_shift_the_others(book: Path) -> None:
    make(book, '<row r="1"><c r="B1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>')
    assert read_here(book, 2) == [(2, "", "2")]
    with pytest.raises(SpreadsheetError, match="no rows below the header"):
        read_here(book, 1)


def test_header_is_row_1_even_if_it_looks_like_a_number(book: Path) -> None:
    make(
        book,
        '<row r="1"><c r="A1"><v>8613112345678</v></c></row><row r="2"><c '
        'r="A2"><v>8613112345679</v></c></row>',
    )
    assert read_here(book) == [(2, "8613112345679")]


def test_number_below_a_blank_row_1_is_not_taken_for_a_header(book: Path) -> None:
    make(book, '<row r="3"><c r="A3"><v>8613112345678</v></c></row>')
    assert read_here(book) == [(3, "8613112345678")]


def test_header_in_another_column_only_is_the_header(book: Path) -> None:
    make(
        book,
        '<row r="1"><c r="B1" t="str"><v>name</v></c></row><row r="2"><c '
        'r="A2"><v>8613112345678</v></c></row>',
    )
    assert read_here(book) == [(2, "8613112345678")]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>2</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>',
        '<row r="3"><c r="A1048577"><v>1</v></c></row>',
        '<row r="3"><c r="A3" t="s"><v>5</v></c></row>',
        '<row r="3"><c r="A3" t="s"><v>x</v></c></row>',
        '<row r="3"><c r="3A"><v>1</v></c></row>',
        '<row r="3"><c r="A3"><v>1</c></row>',
    ],
)
def test_contradictions_are_refused(book: Path, rows: str) -> None:
    make(book, HEADER + rows, strings_xml("<si><t>only</t></si>"))
    with pytest.raises(SpreadsheetError) as caught:
        read_here(book)
    assert caught.value.code == "damaged"


def test_prefixed_names_and_other_encodings(book: Path) -> None:
    sheet = (
        '<?xml version="1.0" encoding="UTF-16"?><x:worksheet '
        'xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main">'
        '<x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>号码</x:t></x:is></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    pack(book, parts(sheet.encode("utf-16")))
    assert read_table(book, columns=1).header == ("号码",)
    assert read_here(book) == [(2, "5")]


def test_first_visible_sheet(book: Path) -> None:
    workbook = openpyxl.Workbook()
    for name, state in (
        ("hidden", "hidden"),
        ("secret", "veryHidden"),
        ("list", "visible"),
        ("more", "visible"),
    ):
        sheet = workbook.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(["number"])
        sheet.append([name])
    workbook.remove(workbook.worksheets[0])
    workbook.active = 2
    workbook.save(book)
    table = read_table(book, columns=1)
    assert (table.sheet, table.frame.rows()) == ("list", [(2, "list")])


def test_a_file_of_openpyxl(book: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A3"], sheet["B3"] = "number", "when"
    sheet["A5"], sheet["B5"] = 8613112345678, dt.datetime(2026, 1, 31, 8, 30)  # noqa: DTZ001 - spreadsheets have no zone
    sheet["A6"], sheet["B6"] = 8.613112345678e12, dt.date(2026, 1, 31)
    sheet["A8"], sheet["B8"] = "8.61E+12", dt.time(8, 30)
    sheet["A9"] = "#N/A"
    sheet["B10"] = "alone"
    sheet["A11"], sheet["B11"] = True, "=A1"
    workbook.save(book)
    frame = read_rows(book, columns=2, limits=Limits())
    assert frame.schema == {"row": pl.Int32, "c0": pl.String, "c1": pl.String}
    assert frame.rows() == [
        (5, "8613112345678", "2026-01-31 08:30:00"),
        (6, "8613112345678", "2026-01-31"),
        (8, "8.61E+12", "08:30:00"),
        (9, "#N/A", ""),
        (10, "", "alone"),
        (11, "TRUE", "=A1"),
    ]


@pytest.mark.parametrize(
    ("serial", "text"),
    [("1", "1900-01-01"), ("59", "1900-02-28"), ("60", "1900-02-29"), ("61", "1900-03-01"),
     ("2958465", "9999-12-31"),
     ("2958466", "2958466"), ("-1", "-1"), ("1.25", "1900-01-01 06:00:00"), ("nan", "nan"), ("x", "x")],
)  # fmt: skip
def test_dates_of_the_1900_calendar(serial: str, text: str) -> None:
    assert print_date(serial, from_1904=False) == text


@given(st.integers(-(10**20), 10**20))
def test_integers_print_exactly(number: int) -> None:
    assert print_number(str(number)) == str(number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_prints_as_the_same_number_without_exponent(number: float) -> None:
    text = print_number(repr(number))
    assert float(text) == number
    if abs(number) < 1e21:
        assert "e" not in text.lower()


@pytest.mark.parametrize(
    ("code", "date"),
    [("General", False), ("0.00", False), ('"day" 0', False), ("[Red]0", False), ("yyyy/m/d", True),
     ("[h]:mm", True),
     ("[$-409]h:mm AM/PM", True), ("\\y0", False), ("0;yyyy", False), ("", False), ("mm:ss.0", True)],
)  # fmt: skip
def test_which_formats_are_dates(code: str, date: bool) -> None:
    assert shows_date(code) is date


_PLAIN = st.one_of(
    st.integers(0, 10**14).map(lambda number: f'<c r="{{r}}"><v>{number}</v></c>'),
    st.floats(0, 1e15).map(lambda number: f'<c r="{{r}}" s="1"><v>{number!r}</v></c>'),
    st.text("ab<&\"'_x0041 \n号", max_size=12).map(
        lambda text: (
            '<c r="{r}" s="3" t="inlineStr"><is><t xml:space="preserve">'
            + text.replace("&", "&amp;").replace("<", "&lt;")
            + "</t></is></c>"
        )
    ),
    st.just('<c r="{r}"/>'),
    st.just('<c r="{r}" t="b" s="2"><v>1</v></c>'),
    st.just('<c r="{r}" t="str"><f>A1</f><v>x</v></c>'),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_PLAIN, _PLAIN), min_size=1, max_size=8))
def test_fast_and_exact_reader_agree(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]
) -> None:
    rows = HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>'
    for number, (left, right) in enumerate(cells, 3):
        rows += (
            f'<row r="{number}">{left.replace("{r}", f"A{number}")}{right.replace("{r}", f"B{number}")}</row>'
        )
    plain, commented = sheet_xml(rows), sheet_xml(rows + "<!-- only the exact reader takes comments -->")
    assert sum(len(piece.rows) for piece in scan_sheet([plain.encode()])) == 2 + 2 * len(cells)
    with pytest.raises(Unusual):
        list(scan_sheet([commented.encode()]))
    folder = tmp_path_factory.mktemp("pair")
    assert read_here(pack(folder / "a.xlsx", parts(plain)), 2) == read_here(
        pack(folder / "b.xlsx", parts(commented)), 2
    )


def test_rows_of_the_exact_reader_are_never_torn(book: Path) -> None:
    height = 60_000
    rows = "".join(
        f'<row><c t="str"><v>a{row}</v></c><c t="str"><v>b{row}</v></c></row>' for row in range(1, height)
    )
    make(book, rows)
    assert read_here(book, 2) == [(row, f"a{row}", f"b{row}") for row in range(2, height)]
