"""Reads the small parts of an XLSX package: the first visible sheet, and which cell styles are dates."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pyexpat import ExpatError
from xml.parsers import expat

from sendmill.spreadsheets.errors import refusal
from sendmill.spreadsheets.guard import Package

# The built-in number formats that show a date or a time (ECMA-376 part 1, 18.8.30; 27–36 and 50–58 in East Asia).
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
# What a format code may hold besides its date letters: literal text, colours, conditions, locales, escapes.
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The member names of the sheet and of the shared strings, and what makes a number a date."""

    sheet_name: str
    sheet: str
    strings: str | None
    date_styles: frozenset[str]
    from_1904: bool


Element = tuple[str, tuple[str, ...], dict[str, str]]


def _elements(part: bytes) -> Iterator[Element]:
    """Yield (name, names of the parents, attributes) of every element.

    Names are without their namespace prefix.
    """
    found: list[Element] = []
    stack: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        found.append((local, tuple(stack[-2:]), attributes))
        stack.append(local)

    def end(_name: str) -> None:
        stack.pop()

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(part, True)
    except ExpatError as error:
        raise refusal("damaged") from error
    yield from found


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Return the relationships of a part ("" is the package): id → (last word of its type, member name)."""
    folder, name = posixpath.split(part)
    relations = {}
    for element, _, attributes in _elements_of(package, posixpath.join(folder, "_rels", f"{name}.rels")):
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes.get("Id", "")] = (kind, target)
    return relations


def _elements_of(package: Package, name: str) -> Iterator[Element]:
    part = package.read_part(name)
    return _elements(part) if part else iter(())


def read_workbook(package: Package) -> Workbook:
    """Find the first visible sheet and what is needed to read it. Raises SpreadsheetError."""
    main = next((target for kind, target in _relations(package, "").values() if kind == "officeDocument"), "")
    if not package.has(main):
        raise refusal("damaged")
    relations = _relations(package, main)
    sheet_name, sheet, from_1904 = _first_sheet(package, main, relations)
    by_kind = dict(relations.values())
    strings = by_kind.get("sharedStrings")
    styles = by_kind.get("styles")
    return Workbook(
        sheet_name=sheet_name,
        sheet=sheet,
        strings=strings if strings and package.has(strings) else None,
        date_styles=_date_styles(package, styles) if styles else frozenset(),
        from_1904=from_1904,
    )


def _first_sheet(package: Package, main: str, relations: dict[str, tuple[str, str]]) -> tuple[str, str, bool]:
    from_1904 = False
    chosen: tuple[str, str] | None = None
    for element, _, attributes in _elements_of(package, main):
        if element == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in ("1", "true")
        if element != "sheet" or chosen or attributes.get("state", "visible") != "visible":
            continue
        relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
        kind, target = relations.get(relation, ("", ""))
        if kind == "worksheet":
            chosen = attributes.get("name", ""), target
    if chosen is None:
        raise refusal("no_sheet")
    if not package.has(chosen[1]):
        raise refusal("damaged")
    return *chosen, from_1904


def _date_styles(package: Package, styles: str) -> frozenset[str]:
    """Return the indexes of the cell styles that show a number as a date or time, as cells refer to them."""
    custom: dict[str, bool] = {}
    dates: list[str] = []
    index = 0
    for element, parents, attributes in _elements_of(package, styles):
        if element == "numFmt" and parents[-1:] == ("numFmts",):
            custom[attributes.get("numFmtId", "")] = shows_date(attributes.get("formatCode", ""))
        elif element == "xf" and parents[-1:] == ("cellXfs",):
            number_format = attributes.get("numFmtId", "0")
            built_in = (
                number_format.isascii() and number_format.isdigit() and int(number_format) in _DATE_FORMATS
            )
            if custom.get(number_format, built_in):
                dates.append(str(index))
            index += 1
    return frozenset(dates)


def shows_date(code: str) -> bool:
    """Return whether a number format code (`yyyy-mm-dd`, `[h]:mm`) shows a date or time, not a plain number."""
    first_section = _LITERALS.sub("", code).split(";")[0].lower()
    return first_section != "general" and re.search(r"[ymdhs]", first_section) is not None
