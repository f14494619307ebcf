from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendmill.spreadsheets.csv import find_separator, read_csv
from sendmill.spreadsheets.errors import SpreadsheetError
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import read_rows
from sendmill.spreadsheets.writer import write_csv


def read_here(tmp_path: Path, content: bytes, columns: int = 1, **limits: int) -> list[tuple[object, ...]]:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    return read_csv(path, columns, Limits(**limits)).frame.rows()


@pytest.mark.parametrize(
    "content",
    [
        "number,名\n+12025550123,甲\n".encode(),
        "number,名\r\n+12025550123,甲\r\n".encode("utf-8-sig"),
        "number;名\n+12025550123;甲".encode(),
        "number\t名\r+12025550123\t甲".encode(),
        '"number","名"\n"+12025550123","甲"\n'.encode(),
        "sep=;\r\nnumber;名\r\n+12025550123;甲\r\n".encode(),
        "number\t名\r\n+12025550123\t甲\r\n".encode("utf-16"),
        "number,名\n'+12025550123,甲\n".encode(),
    ],
)
def test_the_same_list_in_every_spelling(tmp_path: Path, content: bytes) -> None:
    assert read_here(tmp_path, content, 2) == [(2, "+12025550123", "甲")]


def test_texts_stay_as_typed_and_rows_true(tmp_path: Path) -> None:
    content = b'number\n\n8.61E+12\n , \n"a\nb"\n8613112345678.0\n'
    assert read_here(tmp_path, content) == [(3, "8.61E+12"), (5, "a\nb"), (6, "8613112345678.0")]


@pytest.mark.parametrize(
    "content",
    ["号码\n13800138000\n".encode("gb18030"), "n\n1\n".encode("utf-16-le"), b"caf\xe9\n1\n", b"n\n1\x00\n"],
)
def test_uncertain_encodings_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SpreadsheetError) as caught:
        read_here(tmp_path, content)
    assert caught.value.code == "csv_encoding"


@pytest.mark.parametrize(("content", "row"), [(b'n\n1\n"2\n3\n4\n', 3), (b'n\n"1"2\n3\n', 2), (b'"n\n', 1)])
def test_misplaced_quotes_name_their_row(tmp_path: Path, content: bytes, row: int) -> None:
    with pytest.raises(SpreadsheetError) as caught:
        read_here(tmp_path, content)
    assert (caught.value.code, caught.value.params) == ("csv_quotes", {"row": row})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"n\n" + b"1\n" * 6, "too_many_rows"),
        (b"n\n" + b"," * 26 + b"x\n", "too_many_columns"),
        (b"n\n" + b"x" * 2001, "text_too_long"),
        (b'n\n"' + b"x\n" * 2000, "text_too_long"),
        (b"n\n \n,,\n", "no_rows"),
        (b"\n\n", "no_rows"),
    ],
)
def test_limits(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(SpreadsheetError) as caught:
        read_here(tmp_path, content, max_rows=5)
    assert caught.value.code == code


def test_through_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("号码\n+8613800138000\n".encode("utf-8-sig"))
    assert read_rows(path, columns=1).rows() == [(2, "+8613800138000")]


def test_separators_inside_quotes_do_not_count() -> None:
    assert find_separator(['"a;b;c",d\n', '"e;f;g",h\n']) == ","
    assert find_separator(["a,b;c\n", "d;e\n"]) == ";"
    assert find_separator([]) == ","


def test_cells_that_would_be_formulas(tmp_path: Path) -> None:
    target = io.BytesIO()
    texts = ["=1+1", "+86131", "+1+cmd|x", "-5", "@a", "'=1", "\tx", "plain", "'quoted"]
    write_csv(target, ["number"], [pl.DataFrame({"c0": texts})])
    assert target.getvalue().startswith(b"\xef\xbb\xbf")
    written = target.getvalue().decode("utf-8-sig").replace('"', "").split("\r\n")[1:-1]
    assert written == ["'=1+1", "+86131", "'+1+cmd|x", "'-5", "'@a", "''=1", "'\tx", "plain", "'quoted"]
    assert [text for _, text in read_here(tmp_path, target.getvalue())] == texts


_TEXTS = st.text(
    st.one_of(st.sampled_from("=+-@'\t\"\r\n,;86x "), st.characters(codec="utf-8", exclude_characters="\0"))
)


@settings(deadline=None)
@given(st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=8))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]
) -> None:
    target = io.BytesIO()
    frame = pl.DataFrame(cells, schema={"a": pl.String, "b": pl.String}, orient="row")
    # A third column makes the comma the certain separator, a last row keeps the file from being empty.
    frame = pl.concat([frame, pl.DataFrame({"a": ["end"], "b": ["end"]})]).with_columns(z=pl.lit("z"))
    assert write_csv(target, ["number", "b", "z"], [frame]) == frame.height
    rows = read_here(tmp_path_factory.mktemp("csv"), target.getvalue(), 3)
    assert [row[1:] for row in rows] == frame.rows()
