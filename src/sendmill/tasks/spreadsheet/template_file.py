"""The file people download to fill in: text cells, the template's columns, advice in the header, sample rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

import polars as pl

from sendmill.tasks.spreadsheet.writer import write_xlsx

_ADVICE = {
    "en": {
        "international": "Phone number (in text format, with + and the country code, such as +12025550123; "
        "replace the sample rows)",
        "mainland": "Phone number (in text format, such as +8613800138000 or 13800138000; replace the sample rows)",
    },
    "zh": {
        "international": "接收号码（单元格为文本格式，以+和国家码开头，如+12025550123；请替换示例行）",
        "mainland": "接收号码（单元格为文本格式，如+8613800138000或13800138000；请替换示例行）",
    },
}
# Numbers that belong to no person: reserved for fiction (NANP 555-01XX, Ofcom's drama range), and in the mainland,
# where no range is reserved, an operator's recharge lines.
_NUMBERS = {
    "international": ("+12025550123", "+447700900123", "+12025550168"),
    "mainland": ("+8613800138000", "13800100500", "8613800210500"),
}
_SAMPLES = {
    "PHONE": "4008001234",
    "CHARDIGIT": "A1024",
    "DATETIME": "2026-01-31 09:30",
    "MONEY": "99.50",
    "TEXT": "Sample",
    "TXT": "Sample",
    "NUM": "123456",
    "DATE": "2026/01/31",
    "TIME": "09:30:00",
}


class VariableLike(Protocol):
    """What is needed of a template's variable."""

    @property
    def name(self) -> str: ...
    @property
    def attribute(self) -> str: ...
    @property
    def max_length(self) -> int | None: ...


class TemplateLike(Protocol):
    """What is needed of a template: its variables in order of first appearance."""

    @property
    def variables(self) -> Sequence[VariableLike]: ...


def sample_value(variable: VariableLike) -> str:
    """Return a value that fits the variable's attribute, not longer than its limit allows."""
    value = _SAMPLES.get(str(variable.attribute).upper(), "Sample")
    return value[: variable.max_length] if variable.max_length else value


def template_file(template: TemplateLike | None, application_type: str, lang: str) -> bytes:
    """Return an XLSX file to fill in: a header row and three sample rows, every cell in text format.

    Column A is the number, with one line of advice in its header cell; columns B… are the template's variables in
    order of appearance (none when `template` is None). `application_type` is "international" or "mainland"; `lang`
    is a language code such as "en" or "zh-hans". Uploaded as it is, it gives the three sample rows.
    """
    kind = "mainland" if str(application_type) == "mainland" else "international"
    advice = _ADVICE["zh" if lang.lower().startswith("zh") else "en"][kind]
    variables = template.variables if template else ()
    columns = {"number": list(_NUMBERS[kind])}
    for index, variable in enumerate(variables):
        columns[f"v{index}"] = [sample_value(variable)] * len(_NUMBERS[kind])
    target = io.BytesIO()
    write_xlsx(target, [advice, *(variable.name for variable in variables)], [pl.DataFrame(columns)])
    return target.getvalue()
