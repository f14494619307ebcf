"""Files of drafts and downloads in Django's default storage: uploads, and checked rows as Arrow."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import polars as pl
from django.core.files.base import File
from django.core.files.storage import default_storage


def store(name: str, content: IO[bytes]) -> str:
    """Keep a file under a name that is free, and return that name; of one that cannot be kept nothing is left."""
    name = default_storage.get_available_name(name)
    try:
        return str(default_storage.save(name, File(content)))
    except BaseException:
        with suppress(OSError):
            remove(name)
        raise


def store_frame(name: str, frame: pl.DataFrame) -> str:
    """Keep a frame as an Arrow file, in place of one that an interrupted run left; return its name."""
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="lz4")
    buffer.seek(0)
    default_storage.delete(name)
    return store(name, buffer)


def load_frame(name: str) -> pl.DataFrame:
    """Read a frame that `store_frame` kept. Raises FileNotFoundError."""
    with default_storage.open(name, "rb") as file:
        return pl.read_ipc(file.read())


@contextmanager
def local_path(name: str) -> Iterator[Path]:
    """A stored file as a path on this machine; a copy when the storage is elsewhere.

    Raises FileNotFoundError.
    """
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(suffix=Path(name).suffix) as copy:
            with default_storage.open(name, "rb") as file:
                for chunk in file.chunks():
                    copy.write(chunk)
            copy.flush()
            yield Path(copy.name)
        return
    if not path.exists():
        raise FileNotFoundError(name)
    yield path


def remove(*names: str) -> None:
    """Delete stored files, and the folder they lay in when it is empty then; missing ones are fine."""
    for name in filter(None, names):
        default_storage.delete(name)
        with suppress(NotImplementedError, OSError):
            Path(default_storage.path(name)).parent.rmdir()


def listed(folder: str) -> tuple[list[str], list[str]]:
    """The names of the folders and of the files in a folder of the storage; none where it is missing."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return sorted(folders), sorted(names)
