"""What the documents name exists: pages, commands and their options, settings, metrics, modules and files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.rig.shell import ROOT as COMMANDS
from tests.rig.shell import leaves

from sendmill.runtime.settings import Environment

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "src" / "sendmill"
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")]
PAGES += [*DOCS, *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
OF_COMMANDS = {"SENDMILL_ACCOUNT", "SENDMILL_AS", "SENDMILL_BACKUP_PASSPHRASE"}  # read by commands alone
LEFT_OUT = {"backup": "create", "held": "show"}  # subcommands that need not be written

every_page = pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def code(document: Path) -> list[str]:
    """The lines of fenced blocks and the inline code of a page."""
    text = document.read_text()
    fences = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return [line.split("#")[0] for fence in fences for line in fence.splitlines()] + inline


def anchor(heading: str) -> str:
    """The anchor of a heading as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@every_page
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", document.read_text()):
        path, _, place = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), target
        if place:
            headings = re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE)
            assert place in map(anchor, headings), target


def test_each_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    assert [page.name for page in DOCS if page.name != "README.md" and f"({page.name})" not in index] == []


@every_page
def test_commands_and_their_options_exist(document: Path) -> None:
    known = {tuple(name.split()[1:]): command for name, command in leaves(COMMANDS).items()}
    for line in code(document):
        found = re.search(r"(?:^|[\s/])sendmill ((?:(?!sendmill )[a-z-]+ ?)+)", line)
        if found is None:
            continue
        words = found[1].split()
        path = next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in known), None)
        if path is None and words[0] in LEFT_OUT:
            path = words[0], LEFT_OUT[words[0]]
        if path is None:
            assert any(name[: len(words)] == tuple(words) for name in known), line
            continue
        options = {option for one in known[path].params for option in (*one.opts, *one.secondary_opts)}
        assert set(re.findall(r"(?<!\S)-{1,2}[a-z][a-z-]*", line[found.start() :])) <= options | {"--help"}, (
            line
        )


@every_page
def test_settings_exist(document: Path) -> None:
    known = {f"SENDMILL_{name.upper()}" for name in Environment.model_fields} | OF_COMMANDS
    assert set(re.findall(r"\bSENDMILL_[A-Z_]+", document.read_text())) <= known


@every_page
def test_modules_and_files_exist(document: Path) -> None:
    for name in code(document):
        if re.fullmatch(r"(?:sendmill\.)?[a-z_]+(\.\w+)+", name):
            parts = name.removeprefix("sendmill.").split(".")
            if (PACKAGE / parts[0]).is_dir():
                assert is_module(parts), name
        elif re.fullmatch(r"[\w/]+/[\w.]+\.(?:py|sql|yaml)", name):
            assert any((folder / name).exists() for folder in (ROOT, ROOT / "docs", PACKAGE)), name


def is_module(parts: list[str]) -> bool:
    """Whether this is a module or package, or a name in one."""
    path = PACKAGE.joinpath(*parts)
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    holder = PACKAGE.joinpath(*parts[:-1]).with_suffix(".py")
    return holder.is_file() and re.search(rf"\b{parts[-1]}\b", holder.read_text()) is not None


def test_metrics_exist() -> None:
    text = (ROOT / "docs" / "OPERATIONS.md").read_text()
    sources = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    for name in set(re.findall(r"\bsendmill_(\w+?)(?:_total)?\b(?!…)", text)):
        assert re.search(rf'"(?:sendmill_)?{name}"', sources), name
