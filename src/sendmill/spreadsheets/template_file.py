"""The XLSX file that people download to fill in: text cells, the template's columns, sample rows."""

from __future__ import annotations

import io

import polars as pl

from sendmill.domain.templates import Template, sample_values
from sendmill.spreadsheets.writer import write_xlsx

_ADVICE = {
    "en": {
        "international": "Phone number (in text format, with + and the country code, such as +12025550123; "
        "replace the sample rows)",
        "mainland": "Phone number (in text format, such as +8613800138000 or 13800138000; replace the "
        "sample rows)",
    },
    "zh": {
        "international": "接收号码（单元格为文本格式，以+和国家码开头，如+12025550123；请替换示例行）",
        "mainland": "接收号码（单元格为文本格式，如+8613800138000或13800138000；请替换示例行）",
    },
}
# Numbers that belong to no person: those reserved for fiction in North America (555-01XX), and in the
# mainland, where no range is reserved, an operator's recharge lines.
_NUMBERS = {
    "international": ("+12025550123", "+13125550142", "+14165550107"),
    "mainland": ("+8613800138000", "13800100500", "8613800210500"),
}


def template_file(template: Template | None, application_type: str, lang: str) -> bytes:
    """Return an XLSX file to fill in: a header row and three sample rows, every cell in text format.

    Column A is the number, with one line of advice in its header cell; columns B… are the template's variables in
    order of appearance (none when `template` is None). `application_type` is "international" or "mainland"; `lang` is
    a language code such as "en" or "zh-hans". When it is uploaded unchanged, it yields the three sample rows.
    """
    kind = "mainland" if str(application_type) == "mainland" else "international"
    advice = _ADVICE["zh" if lang.lower().startswith("zh") else "en"][kind]
    variables = template.variables if template else ()
    columns = {"number": list(_NUMBERS[kind])}
    for index, value in enumerate(sample_values(template) if template else []):
        columns[f"v{index}"] = [value] * len(_NUMBERS[kind])
    target = io.BytesIO()
    write_xlsx(target, [advice, *(variable.name for variable in variables)], [pl.DataFrame(columns)])
    return target.getvalue()
