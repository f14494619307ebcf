"""Static files as a wheel has them: collected under hashed names, compressed, kept by browsers for ever."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_build import CONSOLE
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from sendmill.django_settings import static_is_collected

ROOT = CONSOLE.parents[2]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    target = tmp_path_factory.mktemp("static")
    subprocess.run([sys.executable, "console_build.py", str(target)], cwd=ROOT, check=True)
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=target,
        STORAGES={"staticfiles": storage},
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=False,
    ):
        yield target


def test_every_file_that_a_page_names_is_collected(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    used = {"django_htmx/htmx-2.min.js", "vendor/icons/icons.svg"}
    for path in (CONSOLE / "templates").rglob("*.html"):
        used |= set(re.findall(r"{% static '([^']+)' %}", path.read_text("utf-8")))
    assert used <= set(names)
    assert all((collected / hashed).is_file() for hashed in names.values())
    assert not any((collected / name).exists() for name in names)


def test_a_collected_file_is_compressed_and_kept_for_ever(collected: Path) -> None:
    serve = WhiteNoiseMiddleware(lambda _request: HttpResponse("no such file", status=404))
    for encoding, accepted in (("br", "gzip, br"), ("gzip", "gzip"), (None, "")):
        answer = serve(_asked(staticfiles_storage.url("vendor/tabler/tabler.css"), accepted))
        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding") == encoding
        assert "immutable" in answer.headers["Cache-Control"]
        answer.file_to_stream.close()
    assert serve(_asked("/static/vendor/tabler/tabler.css", "br")).status_code == 404


def test_collected_files_count_while_none_of_their_sources_is_newer(tmp_path: Path) -> None:
    sources, manifest = tmp_path / "static", tmp_path / "staticfiles.json"
    assert not static_is_collected(sources, manifest)
    manifest.write_text("{}")
    assert static_is_collected(sources, manifest)
    sources.mkdir()
    style = sources / "console.css"
    style.write_text("a {}")
    os.utime(style, (0, 0))
    assert static_is_collected(sources, manifest)
    os.utime(manifest, (0, 0))
    os.utime(style, (1, 1))
    assert not static_is_collected(sources, manifest)


def _asked(address: str, encodings: str) -> HttpRequest:
    return RequestFactory().get(address, headers={"Accept-Encoding": encodings})
