"""XLSX packages written by hand, honest and hostile, for the tests."""

from __future__ import annotations

import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from sendmill.spreadsheets import child, reader
from sendmill.spreadsheets.errors import SENTENCES, SpreadsheetError
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import read_rows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ '
    f'hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="&quot;days&quot;\\ 0"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf '
    'numFmtId="165"/></cellXfs>'
    "</styleSheet>"
)


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{before}<worksheet xmlns="{MAIN}">'
        f'<cols><col min="1" max="1" width="20"/></cols><sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def strings_xml(*items: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{MAIN}">{"".join(items)}</sst>'


def parts(
    sheet: str | bytes, strings: str | None = None, styles: str = STYLES, workbook_properties: str = ""
) -> dict[str, str | bytes]:
    """Return the members of a package with one visible sheet."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{workbook_properties}<sheets>'
        '<sheet name="List" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": styles,
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings is not None:
        made["xl/sharedStrings.xml"] = strings
    return made


def pack(path: Path, members: dict[str, str | bytes], level: int = 1) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def make(path: Path, rows: str, strings: str | None = None, workbook_properties: str = "") -> Path:
    return pack(path, parts(sheet_xml(rows), strings, workbook_properties=workbook_properties))


HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>number</t></is></c></row>'


ROW = '<row r="2"><c r="A2"><v>8613112345678</v></c></row>'


def column(*cells: str, first: int = 2) -> str:
    """Return a header row and one row per cell; `{r}` in a cell becomes its reference."""
    rows = "".join(
        f'<row r="{row}">{cell.replace("{r}", f"A{row}")}</row>' for row, cell in enumerate(cells, first)
    )
    return HEADER + rows


def read_in_this_process(patch: pytest.MonkeyPatch) -> None:
    """Let files be read here, without the limits of the process that reads them in the field."""
    patch.setattr(reader, "_child", nullcontext)
    patch.setattr(reader, "_answer", child.answer)


def refused(path: Path, limits: Limits | None = None) -> SpreadsheetError:
    """Read a file that must be refused; the refusal, which says its sentence and nothing else."""
    with pytest.raises(SpreadsheetError) as caught:
        read_rows(path, columns=1, limits=limits or Limits())
    assert str(caught.value) == SENTENCES[caught.value.code] % caught.value.params
    assert "Traceback" not in str(caught.value)
    return caught.value
