"""Everything a person can read is in the catalogue, and the catalogue holds nothing else."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from console_build import LOCALE, compile_catalogues
from tests.unit.console import msgids

SOURCE = LOCALE / "zh_Hans/LC_MESSAGES/django.po"
PLACE = re.compile(r"%\(\w+\)[sd]")

Catalogue = dict[msgids.Key, tuple[str, ...]]


def _tuple(texts: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    with SOURCE.open("rb") as file:
        entries = read_po(file, abort_invalid=True)
    return {_tuple(entry.id): _tuple(entry.string) for entry in entries}


def test_every_text_is_translated(catalogue: Catalogue) -> None:
    missing = {key for key in msgids.all_keys() if not all(catalogue.get(key, [""]))}
    assert missing == set()


def test_the_catalogue_holds_no_text_that_is_gone(catalogue: Catalogue) -> None:
    assert set(catalogue) - msgids.all_keys() == {("",)}


def test_the_extraction_finds_texts_in_every_place() -> None:
    keys = msgids.all_keys()
    assert ("Task Management",) in keys
    assert ("%(shown)s row", "%(shown)s rows") in keys
    assert ("The number needs + and country code.",) in keys
    assert ("The message was delivered.",) in keys


def test_places_of_a_translation_are_those_of_its_key(catalogue: Catalogue) -> None:
    for key, forms in catalogue.items():
        allowed = set(PLACE.findall("".join(key)))
        for form in forms:
            assert set(PLACE.findall(form)) <= allowed, key


def test_what_is_compiled_is_what_gettext_reads(catalogue: Catalogue) -> None:
    compile_catalogues()
    with SOURCE.with_suffix(".mo").open("rb") as file:
        packed = gettext.GNUTranslations(file)
    for key, forms in catalogue.items():
        if key == ("",):
            continue  # the header, which every program writes anew
        if len(key) == 1:
            assert packed.gettext(key[0]) == forms[0]
        else:
            assert packed.ngettext(key[0], key[1], 2) == forms[0]


def test_only_newer_sources_are_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert compile_catalogues(tmp_path) == []
