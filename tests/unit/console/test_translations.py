"""Everything a person can read is in the catalogue, and the catalogue holds nothing else."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest
from tests.unit.console import msgids

from sendmill.console import translations

SOURCE = translations.LOCALE / "zh_Hans/LC_MESSAGES/django.po"
PLACE = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def catalogue() -> translations.Catalogue:
    return translations.read(SOURCE.read_text(encoding="utf-8"))


def test_every_text_is_translated(catalogue: translations.Catalogue) -> None:
    missing = {key for key in msgids.all_keys() if not all(catalogue.get(key, [""]))}
    assert missing == set()


def test_the_catalogue_holds_no_text_that_is_gone(catalogue: translations.Catalogue) -> None:
    assert set(catalogue) - msgids.all_keys() == {("",)}


def test_the_extraction_finds_texts_in_every_place() -> None:
    keys = msgids.all_keys()
    assert ("Task Management",) in keys
    assert ("%(shown)s row", "%(shown)s rows") in keys
    assert ("The number needs + and country code.",) in keys
    assert ("The message was delivered.",) in keys


def test_places_of_a_translation_are_those_of_its_key(catalogue: translations.Catalogue) -> None:
    for key, forms in catalogue.items():
        allowed = set(PLACE.findall("".join(key)))
        for form in forms:
            assert set(PLACE.findall(form)) <= allowed, key


def test_what_is_packed_is_what_gettext_reads(catalogue: translations.Catalogue) -> None:
    packed = gettext.GNUTranslations(io.BytesIO(translations.pack(catalogue)))
    for key, forms in catalogue.items():
        if len(key) == 1:
            assert packed.gettext(key[0]) == forms[0]
        else:
            assert packed.ngettext(key[0], key[1], 2) == forms[0]


def test_only_newer_sources_are_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    assert translations.compile_all(tmp_path) == [folder / "django.mo"]
    assert translations.compile_all(tmp_path) == []


def test_a_line_that_is_no_entry_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        translations.read('msgid "a"\nmsgstr b\n')
