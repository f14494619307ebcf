"""Reads the cells of a sheet and the shared strings from their XML, in one streamed pass.

There are two readers for the same XML. The fast one finds cells with one regular expression and then counts: unless
every cell of the piece was matched in the plain form that nearly all programs write, it gives up (`Unusual`), and the
sheet is read from its beginning by the exact one, an XML parser (`xml_cells`), several times slower. So speed never
decides what a file means. Memory stays flat: a piece is 2 MiB.

Why not the calamine library (through fastexcel): it shifts columns when the first ones are blank, and rows too unless
it is called with skip_rows=0; it gives null for error cells, aborts the process on some hostile files, and inflates
once more what the guard must inflate anyway. One column of a million rows takes 1.4 s here with all checks, against
1.1 s there without any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sendmill.spreadsheets.cell_values import unescape_xml
from sendmill.spreadsheets.errors import refusal
from sendmill.spreadsheets.guard import refuse_declarations
from sendmill.spreadsheets.limits import Limits

_TEXT = r'<t(?: xml:space="preserve")?>([^<]*)</t>'
# A cell is its reference, its head (everything up to the value: attributes, formula, opening tags) and its value.
# Heads are few and repeat, so `_HEAD` looks at each distinct one once; possessive matching keeps the search
# linear.
_CELL = re.compile(
    r'<c r="([A-Z]++)([0-9]++)"([^>]*+>(?:<f[^<]*+(?:</f>)?+)?+(?:<v>|<is><t[^<>]*+>)?+)([^<]*+)'
    r'(?:</v></c>|</t></is></c>|(?<=">)</c>|(?<=/>))'
)
_HEAD = re.compile(
    r'(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?(?: s="([0-9]+)")?(?: (?:cm|vm|ph)="[0-9]+")*'
    r"(?:/>|>(<f(?: [^<>]*)?/>|<f(?: [^<>]*)?>[^<]*</f>)?(<v>|<is><t(?: xml:space=\"preserve\")?>)?)"
)
_STRING = re.compile(rf"<si>(?:{_TEXT}|<t(?: xml:space=\"preserve\")?/>)?(?:<phoneticPr[^<>]*/>)?</si>")
_ENCODING = re.compile(rb'<\?xml[^>]*encoding=["\']([^"\']*)["\']')
_PROLOG_BYTES = 1 << 20


class Unusual(Exception):  # noqa: N818 - not an error: it asks for the exact reader
    """Raised when the XML is not in the plain form that the fast reader knows."""


class Form(NamedTuple):
    """The type of a cell (`t`; "" is a number) and the index of its style ("" is none)."""

    kind: str
    style: str


class Cells(NamedTuple):
    """Cells of one piece: tuples of equal length, in the order of the file.

    `heads` are keys of `forms`. With `xml`, values are raw XML (entities not yet replaced).
    """

    letters: tuple[str, ...]
    rows: tuple[str, ...]
    heads: tuple[str, ...]
    values: tuple[str, ...]
    forms: dict[str, Form]
    xml: bool


def _pieces(stream: Iterable[bytes], root: bytes, cut: bytes, end: bytes) -> Iterator[str]:
    """Yield the XML between the start tag `root` and `end`, in pieces that finish with `cut`.

    What follows `end` is inflated too, because the CRC is only compared at the end of the stream.
    """
    stream = iter(stream)
    held = b""
    begun = done = False
    for piece in stream:
        if done:
            continue
        held += piece
        if not begun:
            at = held.find(root)
            refuse_declarations(held[: at if at >= 0 else None])
            tag_end = held.find(b">", at) if at >= 0 else -1
            if tag_end < 0:
                if len(held) > _PROLOG_BYTES or held[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise Unusual
                continue
            _check_encoding(held[:at])
            begun = True
            done = held[tag_end - 1] == ord("/")
            held = b"" if done else held[tag_end + 1 :]
        if (finish := held.find(end)) >= 0:
            done = True
            held, whole = b"", held[:finish]
        else:
            at = held.rfind(cut) + len(cut)
            if at < len(cut):
                if len(held) > 16 * _PROLOG_BYTES:
                    raise Unusual
                continue
            whole, held = held[:at], held[at:]
        if b"<!" in whole or b"<?" in whole:
            raise Unusual
        try:
            yield whole.decode()
        except UnicodeDecodeError as error:
            raise refusal("damaged") from error
    if not done:
        raise Unusual if not begun else refusal("damaged")


def _check_encoding(prolog: bytes) -> None:
    declared = _ENCODING.search(prolog)
    if declared and declared[1].upper() not in (b"UTF-8", b"UTF8", b"US-ASCII", b"ASCII"):
        raise Unusual


def scan_sheet(stream: Iterable[bytes]) -> Iterator[Cells]:
    """Yield the cells of a worksheet.

    Raises Unusual as soon as a piece is not plain, and SpreadsheetError when the file is refused.
    """
    for piece in _pieces(stream, b"<sheetData", b"</row>", b"</sheetData>"):
        found = _CELL.findall(piece)
        if len(found) != piece.count("<c"):
            raise Unusual
        if found:
            letters, rows, heads, values = zip(*found, strict=True)
            yield Cells(letters, rows, heads, values, _forms(heads, values), xml=True)


def _forms(heads: Sequence[str], values: Sequence[str]) -> dict[str, Form]:
    """Return the form of each distinct head, or raise Unusual."""
    forms: dict[str, Form] = {}
    formulas = set()
    for head in set(heads):
        match = _HEAD.fullmatch(head)
        if match is None:
            raise Unusual
        before, kind, after, formula, _ = match.groups()
        forms[head] = Form(kind or "", before or after or "")
        if formula:
            formulas.add(head)
    if formulas and any(not value and head in formulas for head, value in zip(heads, values, strict=True)):
        raise Unusual  # a formula without a result: the exact reader shows the formula instead
    return forms


def scan_strings(stream: Iterable[bytes], limits: Limits) -> Iterator[list[str]]:
    """Yield the shared strings, raw, in lists. Raises Unusual or SpreadsheetError as `scan_sheet` does."""
    for piece in _pieces(stream, b"<sst", b"</si>", b"</sst>"):
        found: list[str] = _STRING.findall(piece)
        if len(found) != piece.count("<si"):
            raise Unusual
        refuse_long(found, limits)
        yield found


def refuse_long(texts: Sequence[str], limits: Limits) -> None:
    """Raise SpreadsheetError when a text, its XML entities replaced, has more UTF-8 bytes than the limit."""
    if max(map(len, texts), default=0) * 4 <= limits.text_bytes:
        return
    for text in texts:
        if len(text.encode()) > limits.text_bytes and len(unescape_xml(text).encode()) > limits.text_bytes:
            raise refusal("text_too_long", limit=limits.text_bytes)
