"""The files of a data folder that belong into a backup."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

SERVER_SETTINGS = "postgres/local.conf"

# What a restore needs: uploads and downloads, the signing key, the sign-ins that `demo` made, and the settings of the
# embedded server that a person wrote.
KEPT_FILES = ("secret_key", "demo.json", SERVER_SETTINGS)
KEPT_FOLDERS = ("files",)
# What belongs to this machine or this moment and is created anew; the database itself is backed up as a dump.
LEFT_OUT = ("postgres", "logs", "run", "simulator.log")


def files_of(data_dir: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files to back up: their names relative to the data folder, and their paths. No links are followed."""
    for name in KEPT_FILES:
        if _is_file(data_dir / name):
            yield name, data_dir / name
    for folder in KEPT_FOLDERS:
        for place, folders, names in os.walk(data_dir / folder):
            folders.sort()
            for name in sorted(names):
                path = Path(place, name)
                if _is_file(path):
                    yield str(PurePosixPath(path.relative_to(data_dir))), path


def belongs(name: PurePosixPath) -> bool:
    """Return whether a restore may write this file: only those that a backup takes."""
    return str(name) in KEPT_FILES or (len(name.parts) > 1 and name.parts[0] in KEPT_FOLDERS)


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
