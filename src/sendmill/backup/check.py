"""Verifies a backup by reading it to its end: is it whole, and does it hold what its manifest says?"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sendmill.backup.archive import COUNTS, DATABASE, FILES, MANIFEST, ArchiveReader, read_text
from sendmill.backup.backup_file import read_container
from sendmill.backup.database_snapshot import parse_counts
from sendmill.backup.encryption import Opening
from sendmill.backup.errors import DamagedError
from sendmill.backup.manifest import Manifest, parse_manifest
from sendmill.backup.programs import Running, find_programs, listing

_PIECE = 1 << 20


@dataclass(frozen=True)
class Contents:
    """The contents of a backup that was read to its end.

    ``counts`` are rows by table, ``files`` a count, ``dump`` the size of the dump in bytes.
    """

    manifest: Manifest
    counts: dict[str, int]
    files: int
    dump: int

    @property
    def rows(self) -> int:
        """The number of rows of all tables."""
        return sum(self.counts.values())


def verify(path: Path, opening: Opening) -> Contents:
    """Read a whole backup and check everything that can be checked without a server.

    Decrypts it, compares each member with its sum, and has pg_restore list the dump, which must have every table that
    was counted. Raises `DamagedError`, `WrongKeyError`, `BackupRefused` or an `OSError`.
    """
    running: list[Running] = []
    with tempfile.TemporaryFile() as listed, ExitStack() as stack:

        def begin(manifest: Manifest) -> None:
            running.append(stack.enter_context(listing(find_programs(manifest.dumped_by), listed)))

        def feed(data: bytes) -> None:
            running[0].feed(data)

        contents = walk(
            path,
            opening,
            on_manifest=begin,
            on_file=lambda name, member: None,
            on_dump=feed,
        )
        stack.close()
        listed.seek(0)
        tables = set(re.findall(r"(?m)^\d+; \d+ \d+ TABLE DATA \S+ (\S+) ", listed.read().decode()))
    missing = sorted(set(contents.counts) - tables)
    if missing:
        raise DamagedError(f"The backup's dump lacks {len(missing)} table(s), such as {missing[0]}.")
    return contents


def walk(
    path: Path,
    opening: Opening,
    *,
    on_manifest: Callable[[Manifest], None],
    on_file: Callable[[str, IO[bytes]], None],
    on_dump: Callable[[bytes], object],
) -> Contents:
    """Read a backup to its end and hand out its parts in their order. Raises as `verify` does.

    Only when this returns is it certain that everything was as it had been written.
    """
    manifest: Manifest | None = None
    counts: dict[str, int] | None = None
    files = dump = 0
    with read_container(path).content(opening) as stream:
        for name, member in ArchiveReader(stream):  # type: ignore[arg-type]
            if name == MANIFEST:
                manifest = parse_manifest(read_text(member))
                on_manifest(manifest)
            elif manifest is None:
                raise DamagedError("The backup does not begin with its manifest.")
            elif name.startswith(FILES):
                files += 1
                on_file(name.removeprefix(FILES), member)
            elif name.startswith(DATABASE):
                while data := member.read(_PIECE):
                    dump += len(data)
                    on_dump(data)
            elif name == COUNTS:
                counts = _counts(read_text(member))
    if manifest is None or counts is None or not dump:
        raise DamagedError("The backup lacks its manifest, its database or its counts.")
    return Contents(manifest, counts, files, dump)


def _counts(text: str) -> dict[str, int]:
    try:
        return parse_counts(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError("The backup is damaged: its counts cannot be read.") from error
