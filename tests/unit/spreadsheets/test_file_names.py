from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.spreadsheets import check_name, clean_name


@pytest.mark.parametrize("name", ["list.xlsx", "List2026.XLSX", "0.csv", "C:\\fakepath\\abc1.xlsx"])
def test_letters_and_digits_pass(name: str) -> None:
    assert check_name(name, allow_chinese=False) is None


@pytest.mark.parametrize(
    ("name", "code", "cleaned"),
    [
        ("my list.xlsx", "name_characters", "mylist.xlsx"),
        ("list-2026_01 (2).XLSX", "name_characters", "list2026012.xlsx"),
        ("号码list.xlsx", "name_characters", "list.xlsx"),
        ("号码.xlsx", "name_characters", None),
        ("café１２.csv", "name_characters", "cafe12.csv"),
        (".xlsx", "name_characters", None),
        ("list.xls", "old_excel", None),
        ("list.xlsx.exe", "name_extension", None),
        ("list", "name_extension", None),
        ("", "name_extension", None),
        ("a" * 129 + ".xlsx", "name_too_long", "a" * 128 + ".xlsx"),
    ],
)
def test_refused_names_and_what_is_offered(name: str, code: str, cleaned: str | None) -> None:
    error = check_name(name, allow_chinese=False)
    assert error is not None
    assert error.code == code
    assert clean_name(name) == cleaned


def test_chinese_by_setting() -> None:
    assert check_name("国际短信2026.xlsx", allow_chinese=True) is None
    assert check_name("国际 短信.xlsx", allow_chinese=True) is not None
    assert clean_name("国际 短信(1).xlsx", allow_chinese=True) == "国际短信1.xlsx"


@given(st.text(max_size=40), st.sampled_from([".xlsx", ".csv", ".XLSX"]), st.booleans())
def test_a_cleaned_name_always_passes(stem: str, extension: str, chinese: bool) -> None:
    cleaned = clean_name(stem + extension, chinese)
    if cleaned is not None:
        assert check_name(cleaned, chinese) is None
