"""Every text that a person can read, as keys of the message catalogue, found in the sources."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize
from tests.unit.rule_sentences import every_text

from sendmill.message_store.marks import judgement
from sendmill.postgres import server_settings
from sendmill.spreadsheets.errors import SENTENCES

SOURCE = Path(__file__).parents[3] / "src" / "sendmill"
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop", "sentence"}
PLURAL = {"ngettext", "ngettext_lazy", "ngettext_noop"}

Key = tuple[str, ...]


@functools.cache
def all_keys() -> frozenset[Key]:
    """Keys of templates, of Python sources, and of the tables of the domain."""
    return frozenset({*of_templates(), *of_sources(), *((message,) for message in of_domain())})


def of_templates() -> Iterator[Key]:
    """Keys in the console's templates."""
    for path in sorted((SOURCE / "console/templates").rglob("*.html")):
        tree = ast.parse(_calls_alone(templatize(path.read_text(encoding="utf-8"), origin=str(path))))
        yield from _calls(tree)


def of_sources() -> Iterator[Key]:
    """Keys in Python sources that mark their texts."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _calls(ast.parse(path.read_text(encoding="utf-8")))


def of_domain() -> Iterator[str]:
    """Keys in the tables of the pure layers, which do not mark their texts."""
    yield from SENTENCES.values()
    yield from every_text()
    yield from server_settings.RULES.values()
    yield from judgement.RULES.values()


def _calls_alone(templatized: str) -> str:
    """`templatize` keeps a template's other text as X: what is left for Python are the calls."""
    text = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")[,\s]*"""
    found = re.findall(rf"(?:n?gettext|(?<=\s)_)\((?:{text})+(?:count)?\)", templatized, re.DOTALL)
    return "\n".join(found)


def _calls(tree: ast.AST) -> Iterator[Key]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [
            item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)
        ]
        if node.func.id in SINGLE and texts:
            yield (texts[0],)
        elif node.func.id in PLURAL and len(texts) > 1:
            yield (texts[0], texts[1])
