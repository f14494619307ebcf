"""Files that are refused: with which sentence, and without taking anything down."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from tests.rig.workbooks import HEADER, ROW, column, make, pack, parts, refused, sheet_xml, strings_xml

from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import read_rows

GOOD = sheet_xml(HEADER + ROW)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "list.xlsx"


def ole(*names: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + b"".join(name.encode("utf-16-le") for name in names)
    )


@pytest.mark.parametrize(
    ("content", "code", "kind"),
    [
        (b"", "empty_file", None),
        (ole("Workbook"), "old_excel", None),
        (ole("EncryptionInfo", "EncryptedPackage"), "password", None),
        (b"%PDF-1.7\n", "not_spreadsheet", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "not_spreadsheet", "image"),
        (b"\xff\xd8\xff\xe0", "not_spreadsheet", "image"),
        (b"BM\x00\x00\x00", "not_spreadsheet", "image"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "not_spreadsheet", "HTML"),
        (b"<table><tr><td>1</td></tr></table>", "not_spreadsheet", "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "not_spreadsheet", "XML"),
        (b"Rar!\x1a\x07", "not_spreadsheet", "RAR"),
        (b"PK\x03\x04 but no archive", "damaged", None),
        (b"\x00\x01\x02\x03", "csv_encoding", None),
    ],
)
def test_what_is_no_spreadsheet(book: Path, content: bytes, code: str, kind: str | None) -> None:
    book.write_bytes(content)
    error = refused(book)
    assert error.code == code
    assert error.params.get("kind") == kind


def test_a_missing_file_is_a_sentence_too(book: Path) -> None:
    assert refused(book).code == "unreadable"


def test_over_size(book: Path) -> None:
    make(book, HEADER + ROW)
    assert refused(book, Limits(max_bytes=100)).code == "too_large"
    assert refused(book, Limits(max_bytes=100)).params == {"limit": "9.53674e-05"}
    with book.open("r+b") as file:
        file.truncate(12 * 1024 * 1024 + 1)
    assert str(refused(book)).startswith("The file is larger than 12 MB.")


@pytest.mark.parametrize(
    ("members", "code", "kind"),
    [
        ({"[Content_Types].xml": "", "word/document.xml": ""}, "not_spreadsheet", "Word"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}, "not_spreadsheet",
         "OpenDocument"),
        ({"list.xlsx": "x"}, "not_spreadsheet", "ZIP"),
        ({"[Content_Types].xml": "", "xl/workbook.bin": ""}, "binary_workbook", None),
        ({"[Content_Types].xml": ""}, "damaged", None),
    ],
)  # fmt: skip
def test_other_archives(book: Path, members: dict[str, str | bytes], code: str, kind: str | None) -> None:
    error = refused(pack(book, members))
    assert (error.code, error.params.get("kind")) == (code, kind)


def test_bomb_by_ratio_is_refused_from_the_directory(book: Path) -> None:
    padded = sheet_xml(HEADER + ROW, after="<!--" + " " * 20_000_000 + "-->")
    pack(book, parts(padded), level=9)
    assert book.stat().st_size < 100_000
    assert refused(book).code == "inflates"


def test_a_bomb_beside_the_sheet_counts_too(book: Path) -> None:
    pack(book, parts(GOOD) | {"xl/media/nested.zip": bytes(20_000_000)}, level=9)
    assert refused(book).code == "inflates"


def test_member_and_total_size(book: Path) -> None:
    pack(book, parts(GOOD) | {"a.bin": bytes(900_000), "b.bin": bytes(900_000)})
    assert refused(book, Limits(member_bytes=800_000)).code == "inflates"
    assert refused(book, Limits(total_bytes=1_000_000)).code == "inflates"
    assert read_rows(book, columns=1, limits=Limits()).height == 1


def test_ten_thousand_members(book: Path) -> None:
    pack(book, parts(GOOD) | {f"xl/junk{number}.xml": "" for number in range(10_000)})
    assert refused(book).code == "hostile"


def test_a_directory_that_hides_its_members(book: Path) -> None:
    pack(book, parts(GOOD) | {f"xl/junk{number}.xml": "x" * 9 for number in range(10_000)})
    data = bytearray(book.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    struct.pack_into("<HH", data, at + 8, 6, 6)
    book.write_bytes(data)
    assert refused(book).code == "hostile"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "XL/Worksheets/SHEET1.xml"])
def test_duplicate_member_names(book: Path, name: str) -> None:
    pack(book, parts(GOOD))
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr(name, GOOD)
    assert refused(book).code == "hostile"


def test_encrypted_members(book: Path) -> None:
    pack(book, parts(GOOD))
    data = bytearray(book.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    book.write_bytes(data)
    assert refused(book).code == "password"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_no_spreadsheet_uses(book: Path, method: int) -> None:
    pack(book, parts(GOOD))
    with zipfile.ZipFile(book, "a", method) as archive:
        archive.writestr("xl/extra.xml", "x" * 100)
    assert refused(book).code == "hostile"


BILLION = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def test_billion_laughs_in_every_part(book: Path) -> None:
    text = '<row r="2"><c r="A2" t="str"><v>&i;</v></c></row>'
    plain = parts(GOOD, strings_xml("<si><t>x</t></si>"))
    late = sheet_xml(text, before="<!--" + "x" * 2_000_000 + "-->" + BILLION)
    wide = sheet_xml(text, before=BILLION).replace("UTF-8", "UTF-16").encode("utf-16")
    for hostile in (
        plain | {"xl/worksheets/sheet1.xml": sheet_xml(HEADER + text, before=BILLION)},
        plain | {"xl/worksheets/sheet1.xml": late},
        plain | {"xl/worksheets/sheet1.xml": wide},
        plain | {"xl/workbook.xml": BILLION + str(plain["xl/workbook.xml"])},
        plain | {"xl/styles.xml": (BILLION + str(plain["xl/styles.xml"])).encode("utf-16-le")},
    ):
        pack(book, hostile)
        assert refused(book, Limits(ratio=10_000)).code == "hostile"
    shared = column('<c r="{r}" t="s"><v>0</v></c>')
    strings = strings_xml("<si><t>&i;</t></si>").replace("<sst", BILLION + "<sst")
    make(book, shared, strings)
    assert refused(book).code == "hostile"


@pytest.mark.parametrize("simple", [True, False])
def test_long_texts(book: Path, simple: bool) -> None:
    item = f"<si><t>{'x' * 2001}</t></si>" if simple else f"<si><r><t>{'x' * 9_000_000}</t></r></si>"
    make(book, column('<c r="{r}" t="s"><v>0</v></c>'), strings_xml(item))
    assert refused(book, Limits(ratio=10_000)).code == "text_too_long"
    make(book, column(f'<c r="{{r}}" t="str"><v>{"号" * 667}</v></c>'))
    assert refused(book).params == {"limit": 2000}
    make(book, column(f'<c r="{{r}}" t="str"><v>{"&amp;" * 2000}</v></c>'))
    assert read_rows(book, columns=1, limits=Limits())["c0"].to_list() == ["&" * 2000]


def test_text_that_never_ends(book: Path) -> None:
    sheet = sheet_xml(HEADER + '<row r="2"><c r="A2" t="str"><v>' + "x" * 40_000_000 + "</v></c></row>")
    pack(book, parts(sheet), level=9)
    assert refused(book, Limits(ratio=10_000)).code == "text_too_long"


def test_elements_nested_without_end(book: Path) -> None:
    make(book, HEADER + "<row r='2'><c r='A2'>" + "<x>" * 100_000)
    assert refused(book).code == "hostile"


def test_truncated_and_altered(book: Path) -> None:
    pack(book, parts(GOOD))
    data = book.read_bytes()
    for cut in (30, len(data) // 2, len(data) - 10):
        book.write_bytes(data[:cut])
        assert refused(book).code == "damaged"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    altered = bytearray(data)
    altered[info.header_offset + 30 + len(info.filename) + 20] ^= 0xFF
    book.write_bytes(altered)
    assert refused(book).code == "damaged"


def lie(data: bytes, name: str, field: int, value: int) -> bytes:
    """Change a 4-byte field of a member's directory entry (16 = CRC, 24 = inflated size)."""
    altered = bytearray(data)
    at = altered.rfind(b"PK\x01\x02", 0, altered.rfind(name.encode()))
    struct.pack_into("<L", altered, at + field, value)
    return bytes(altered)


@pytest.mark.parametrize(("field", "value"), [(16, 1), (24, 10), (24, 400_000), (20, 5)])
def test_lying_sizes_and_crc(book: Path, field: int, value: int) -> None:
    pack(book, parts(sheet_xml(HEADER + ROW, after="<x>" + "y" * 5000 + "</x>")))
    book.write_bytes(lie(book.read_bytes(), "xl/worksheets/sheet1.xml", field, value))
    assert refused(book).code == "damaged"


def test_a_bomb_that_declares_little(book: Path) -> None:
    pack(book, parts(sheet_xml(HEADER + ROW, after="<!--" + " " * 50_000_000 + "-->")), level=9)
    book.write_bytes(lie(book.read_bytes(), "xl/worksheets/sheet1.xml", 24, 600))
    assert refused(book).code == "damaged"


def test_large_small_parts(book: Path) -> None:
    pack(book, parts(GOOD, styles="<styleSheet>" + "<xf/>" * 900_000 + "</styleSheet>"))
    assert refused(book, Limits(ratio=10_000)).code == "hostile"


@pytest.mark.parametrize("columns", [1, 2])
def test_row_limit_counts_rows_that_are_not_blank(book: Path, columns: int) -> None:
    make(book, column(*(f'<c r="{{r}}"><v>{number}</v></c>' for number in range(5)), '<c r="{r}" s="1"/>'))
    assert read_rows(book, columns=columns, limits=Limits(max_rows=5)).height == 5
    error = refused(book, Limits(max_rows=4))
    assert (error.code, error.params) == ("too_many_rows", {"limit": 4})


def test_columns_beyond_the_limit(book: Path) -> None:
    make(book, HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="AA2" s="1"/></row>')
    assert read_rows(book, columns=26, limits=Limits()).width == 27
    make(book, HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="AA2"><v>1</v></c></row>')
    assert refused(book).code == "too_many_columns"


def test_no_rows_and_no_visible_sheet(book: Path) -> None:
    make(book, "")
    assert refused(book).code == "no_rows"
    make(book, HEADER)
    assert refused(book).code == "no_rows"
    members = parts(GOOD)
    members["xl/workbook.xml"] = str(members["xl/workbook.xml"]).replace(
        'sheetId="1"', 'sheetId="1" state="hidden"'
    )
    assert refused(pack(book, members)).code == "no_sheet"


def test_a_column_count_out_of_range_is_a_programming_error(book: Path) -> None:
    with pytest.raises(ValueError, match="columns must be"):
        read_rows(book, columns=27, limits=Limits())


def test_an_ordinary_file_is_not_refused(book: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["number"])
    workbook.active.append(["+12025550123"])
    workbook.save(book)
    assert read_rows(book, columns=1).rows() == [(2, "+12025550123")]
