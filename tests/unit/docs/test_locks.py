"""docs/LOCKS.md names every advisory lock of the code, each with a number of its own."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
SOURCES = sorted((ROOT / "src" / "sendmill").rglob("*.py"))
TEXTS = {path: path.read_text() for path in SOURCES}
OURS = range(0x5E4D0000, 0x5E4E0000)  # numbers of our locks begin so


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(TEXTS[path])


@functools.cache
def named_locks() -> dict[str, int]:
    """Constants of modules that are the number of a lock."""
    return {
        target.id: node.value.value
        for path in SOURCES
        for node in tree_of(path).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.endswith("_LOCK") and isinstance(node.value.value, int)
    }


def numbers() -> Iterator[tuple[Path, int]]:
    """Every number that looks like one of a lock, wherever it is written."""
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value in OURS:
                yield path, node.value


def test_every_lock_is_named_with_its_number() -> None:
    text = (ROOT / "docs" / "LOCKS.md").read_text()
    for name, number in named_locks().items():
        assert f"`{name}` 0x{number:08X}" in text, f"docs/LOCKS.md does not name {name}"


def test_no_number_is_used_twice_or_without_a_name() -> None:
    locks = named_locks()
    assert locks
    assert len(set(locks.values())) == len(locks)
    for path, number in numbers():
        assert number in locks.values(), f"{path}: 0x{number:08X} is no constant …_LOCK"


def test_whoever_takes_an_advisory_lock_names_it() -> None:
    for path, text in TEXTS.items():
        if "pg_advisory" in text or "pg_try_advisory" in text:
            assert any(name in text for name in named_locks()), path
