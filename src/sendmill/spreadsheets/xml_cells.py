"""The exact reader of sheet XML: an XML parser that accepts every legal spelling. The fast one is in `fast_cells`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pyexpat import ExpatError
from xml.parsers import expat

from sendmill.spreadsheets.errors import refusal
from sendmill.spreadsheets.fast_cells import Cells, Form, refuse_long
from sendmill.spreadsheets.limits import SHEET_ROWS, Limits

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_BATCH = 50_000
_DEPTH = 256  # elements inside each other; office programs need about ten


def letters_of(column: int) -> str:
    """Return the letters of a 0-based column index: 0 is A, 26 is AA."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters = chr(65 + rest) + letters
        column -= 1
    return letters


def column_of(letters: str) -> int:
    """Return the 0-based index of a column from its letters."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


class _Reader:
    """The common part of both readers: a parser that refuses declarations and deep nesting, and collects text."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.depth = 0
        self.text: list[str] | None = None
        self.length = 0
        self.phonetic = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _refuse(self, *_: object) -> None:
        raise refusal("hostile")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise refusal("hostile")
        self.start(name.rpartition(":")[2], attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.end(name.rpartition(":")[2])

    def _characters(self, text: str) -> None:
        if self.text is not None:
            self.length += len(text)
            if self.length > self.limits.text_bytes:
                raise refusal("text_too_long", limit=self.limits.text_bytes)
            self.text.append(text)

    def collect(self) -> None:
        self.text, self.length = [], 0

    def take(self) -> str:
        text, self.text = "".join(self.text or ()), None
        return text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError


class _Sheet(_Reader):
    """Collects (letters, row, head, value) of each cell; a head is the key of its form."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.found: list[tuple[str, str, str, str]] = []
        self.forms: dict[str, Form] = {}
        self.inside = False
        self.row = 0
        self.rows = 0
        self.column = -1
        self.cell: tuple[str, str, Form] | None = None
        self.formula = ""
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData":
            self.inside = True
        elif not self.inside:
            return
        elif name == "row":
            self.rows += 1
            number = attributes.get("r", "")
            self.row = int(number) if re.fullmatch("[1-9][0-9]{0,6}", number) else self.row + 1
            self.column = -1
            if self.rows > SHEET_ROWS:
                raise refusal("hostile")
        elif name == "c":
            self._open_cell(attributes)
        elif name == "rPh":
            self.phonetic += 1
        elif name in ("v", "t", "f") and self.cell and not self.phonetic:
            self.collect()

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference:
            letters, row = reference[1], reference[2]
            self.column = column_of(letters)
        elif "r" in attributes:
            raise refusal("damaged")
        else:
            self.column += 1
            letters, row = letters_of(self.column), str(self.row)
        self.cell = letters, row, Form(attributes.get("t", ""), attributes.get("s", ""))
        self.pieces = []
        self.formula = ""

    def end(self, name: str) -> None:
        if name == "sheetData":
            self.inside = False
        elif name == "rPh":
            self.phonetic = max(0, self.phonetic - 1)
        elif name == "f" and self.text is not None:
            self.formula = "=" + self.take()
        elif name in ("v", "t") and self.text is not None:
            self.pieces.append(self.take())
        elif name == "c" and self.cell:
            self._close_cell(*self.cell)
            self.cell = None

    def _close_cell(self, letters: str, row: str, form: Form) -> None:
        value = "".join(self.pieces)
        if self.formula and not value and form.kind != "str":
            # A formula that was never calculated: its text shows why the row cannot be used.
            value, form = self.formula, Form("str", "")
        head = f"{form.kind}/{form.style}"
        self.forms[head] = form
        self.found.append((letters, row, head, value))


class _Strings(_Reader):
    """Collects the text of each shared string; the readings above Asian text (rPh) are not part of it."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.found: list[str] = []
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.pieces = []
        elif name == "rPh":
            self.phonetic += 1
        elif name == "t" and not self.phonetic:
            self.collect()

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append("".join(self.pieces))
        elif name == "rPh":
            self.phonetic -= 1
        elif name == "t" and self.text is not None:
            self.pieces.append(self.take())


def _feed(stream: Iterable[bytes], parse: Callable[[bytes, bool], object]) -> Iterator[None]:
    """Feed the parser 64 KiB at a time, so that the caller can take what it found before it grows."""
    try:
        for piece in stream:
            for at in range(0, len(piece), 65_536):
                parse(piece[at : at + 65_536], False)
                yield
        parse(b"", True)
        yield
    except (ExpatError, ValueError) as error:  # ValueError: an encoding the parser does not know
        raise refusal("damaged") from error


def parse_sheet(stream: Iterable[bytes], limits: Limits) -> Iterator[Cells]:
    """Yield the cells of a worksheet, in whatever legal XML it is written. Raises SpreadsheetError."""
    sheet = _Sheet(limits)
    for _ in _feed(stream, sheet.parser.Parse):
        if len(sheet.found) >= _BATCH:
            # The row that is being read is held back, so that no row comes in two pieces.
            current = sheet.found[-1][1]
            whole = next(
                (at for at in range(len(sheet.found), 0, -1) if sheet.found[at - 1][1] != current), 0
            )
            if whole:
                yield _cells(sheet.found[:whole], sheet.forms)
                del sheet.found[:whole]
    if sheet.found:
        yield _cells(sheet.found, sheet.forms)


def _cells(found: list[tuple[str, str, str, str]], forms: dict[str, Form]) -> Cells:
    letters, rows, heads, values = zip(*found, strict=True)
    return Cells(letters, rows, heads, values, forms, xml=False)


def parse_strings(stream: Iterable[bytes], limits: Limits) -> Iterator[list[str]]:
    """Yield the shared strings in lists, entities replaced. Raises SpreadsheetError."""
    strings = _Strings(limits)
    for _ in _feed(stream, strings.parser.Parse):
        if len(strings.found) >= _BATCH:
            refuse_long(strings.found, limits)
            yield strings.found
            strings.found = []
    refuse_long(strings.found, limits)
    yield strings.found
