"""Message catalogues: read as people write them (.po), written as the program reads them (.mo).

Runs without Django and without gettext's tools, because building the package must not need either:
`python -m sendmill.console.translations` compiles every catalogue whose source is newer.
"""

from __future__ import annotations

import ast
import re
import struct
from pathlib import Path

MAGIC = 0x950412DE
LOCALE = Path(__file__).parent / "locale"
_LINE = re.compile(r'(?:(msgid_plural|msgid|msgstr)(?:\[([0-9])\])?\s+)?(".*")$')

Catalogue = dict[tuple[str, ...], list[str]]


def read(source: str) -> Catalogue:
    """The entries of a catalogue: (msgid,) or (msgid, plural) → its translations, one for each plural form.

    Raises ValueError with the line that is not understood.
    """
    entries: Catalogue = {}
    singular, field = "", ""
    plural: str | None = None
    forms: list[str] = []
    for number, line in enumerate([*source.splitlines(), 'msgid ""'], start=1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.match(line.strip())
        if found is None:
            raise ValueError(f"line {number} is not understood: {line}")
        name, _form, quoted = found.groups()
        text = ast.literal_eval(quoted)
        if name == "msgid":
            if forms:
                entries[(singular,) if plural is None else (singular, plural)] = forms
            singular, plural, forms = text, None, []
        elif name == "msgid_plural":
            plural = text
        elif name == "msgstr":
            forms.append(text)
        elif field == "msgid":
            singular += text
        elif field == "msgid_plural":
            plural = (plural or "") + text
        else:
            forms[-1] += text
        field = name or field
    return entries


def pack(entries: Catalogue) -> bytes:
    """The catalogue in gettext's binary form; entries without a translation are left out."""
    pairs = sorted(
        ("\0".join(key).encode(), "\0".join(forms).encode()) for key, forms in entries.items() if all(forms)
    )
    header = 28
    texts = header + 16 * len(pairs)
    index, pool = [], b""
    for column in (0, 1):
        for pair in pairs:
            index.append(struct.pack("<II", len(pair[column]), texts + len(pool)))
            pool += pair[column] + b"\0"
    start = struct.pack("<7I", MAGIC, 0, len(pairs), header, header + 8 * len(pairs), 0, texts)
    return start + b"".join(index) + pool


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Compile the catalogues under a folder whose source is newer; return those that were written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".mo.new")
        draft.write_bytes(pack(read(source.read_text(encoding="utf-8"))))
        draft.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_all()
