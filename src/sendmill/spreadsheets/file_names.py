"""The rule for the names of uploaded files: letters and digits before the extension."""

from __future__ import annotations

import re
import unicodedata

from sendmill.spreadsheets.errors import SpreadsheetError, refusal

EXTENSIONS = (".xlsx", ".csv")
MAX_LENGTH = 128

_CHINESE = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PLAIN_STEM = re.compile(r"[0-9A-Za-z]+")
_CHINESE_STEM = re.compile(f"[0-9A-Za-z{_CHINESE}]+")


def _split(filename: str) -> tuple[str, str]:
    """Return the stem and the lower-case extension ("" when it is not one of EXTENSIONS)."""
    base = re.split(r"[/\\]", filename)[-1].strip()
    for extension in EXTENSIONS:
        if base.lower().endswith(extension):
            return base[: -len(extension)], extension
    return base, ""


def check_name(filename: str, allow_chinese: bool = False) -> SpreadsheetError | None:
    """Return None when a name follows the rule, else the error that says what to change.

    The rule: letters A–Z, a–z and digits only before .xlsx or .csv (in any case), at most 128 characters;
    `allow_chinese` admits Chinese characters too. A path in front of the name, as some browsers send it, is ignored.
    """
    stem, extension = _split(filename)
    if not extension:
        return refusal("old_excel" if stem.lower().endswith(".xls") else "name_extension")
    if not (_CHINESE_STEM if allow_chinese else _PLAIN_STEM).fullmatch(stem):
        return refusal("name_characters")
    if len(stem) > MAX_LENGTH:
        return refusal("name_too_long", limit=MAX_LENGTH)
    return None


def clean_name(filename: str, allow_chinese: bool = False) -> str | None:
    """Return the name without everything that the rule forbids, or None when nothing is left.

    Full-width letters and digits become plain ones and accents are dropped before the rest is removed. The result
    always passes `check_name` with the same `allow_chinese`.
    """
    stem, extension = _split(filename)
    if not extension:
        return None
    plain = unicodedata.normalize("NFKD", stem)
    kept = "".join((_CHINESE_STEM if allow_chinese else _PLAIN_STEM).findall(plain))[:MAX_LENGTH]
    return kept + extension if kept else None
