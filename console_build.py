"""Builds what the console serves beside its sources: message catalogues, and static files with hashed names.

`python console_build.py` compiles the catalogues; a folder as its argument gets the static files. `make install` does
both, and building the wheel compiles the catalogues again. The program itself needs neither Babel nor the compressors.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

CONSOLE = Path(__file__).parent / "src/sendmill/console"
LOCALE = CONSOLE / "locale"
STATIC = CONSOLE / "static"
# Of django-htmx the pages load HTMX 2, minified.
UNUSED = ["ext", "htmax-*", "htmx-4*", "htmx-2.js"]


def compile_catalogues(locale: Path = LOCALE) -> list[Path]:
    """Write the .mo of each .po that is newer, and return those written. Raises PoFileError where one is wrong."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(f".{os.getpid()}.new")
        with source.open("rb") as po, draft.open("wb") as mo:
            write_mo(mo, read_po(po, abort_invalid=True))
        draft.replace(target)
        written.append(target)
    return written


def collect_static(target: Path) -> None:
    """Copy the static files of the console and of django-htmx to a folder, each with a hash of its content in its name
    and, where that makes it smaller, compressed beside it; `staticfiles.json` there maps the names."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx"],
        STATICFILES_DIRS=[STATIC],
        STATIC_URL="/static/",
        STATIC_ROOT=target,
        STORAGES={"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}},
        WHITENOISE_KEEP_ONLY_HASHED_FILES=True,
    )
    django.setup()
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED)


if __name__ == "__main__":
    compile_catalogues()
    for folder in sys.argv[1:]:
        collect_static(Path(folder))
