"""Makes a backup while Sendmill goes on working."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sendmill import __version__
from sendmill.backup.archive import COUNTS, DATABASE, FILES, MANIFEST, ArchiveWriter
from sendmill.backup.backup_file import SUFFIX, EncryptedContent, new_file, write_content
from sendmill.backup.database_snapshot import Snapshot, counts_to_json, of_primary, snapshot
from sendmill.backup.encryption import Sealing
from sendmill.backup.errors import database_errors
from sendmill.backup.manifest import FORMAT, Manifest, secrets_of
from sendmill.backup.programs import dumping, find_programs
from sendmill.backup.stored_files import files_of


@dataclass(frozen=True)
class Made:
    """A finished backup. ``size`` is in bytes, ``rows`` are those of all tables."""

    path: Path
    size: int
    files: int
    rows: int
    manifest: Manifest


def name_for(moment: datetime) -> str:
    """Return the name of a backup made at that moment; names sort by time."""
    return f"sendmill-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def make_backup(
    dsn: str, data_dir: Path, to: Path, sealing: Sealing, *, settings: Sequence[str], embedded: bool
) -> Made:
    """Back up everything into ``to``, a new file, or an existing folder in which a new file is created.

    The database is in the state of one moment; files are those of the moments after it. ``settings`` are the names of
    those in use. Memory is bounded and nothing unencrypted is written to disk. Raises a `BackupError`, a
    `PostgresError` or an `OSError`; then there is no new file.
    """
    dsn = of_primary(dsn)
    path = to / name_for(datetime.now(UTC)) if to.is_dir() else to
    with database_errors(), snapshot(dsn) as moment, new_file(path) as file:
        programs = find_programs(moment.server // 10_000)
        manifest = _manifest(moment, programs.major, tuple(settings), embedded=embedded)
        content = write_content(file, sealing)
        try:
            files, rows = _write(content, moment, manifest, dsn, data_dir)
            content.complete()
        except BaseException:
            with suppress(Exception):
                content.close()
            raise
    return Made(path, path.stat().st_size, files, rows, manifest)


def remove_older(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` backups in a folder; return those removed."""
    old = sorted(folder.glob(f"sendmill-*{SUFFIX}"))[: -keep or None]
    for path in old:
        path.unlink()
    return old


def _manifest(moment: Snapshot, dumped_by: int, settings: tuple[str, ...], *, embedded: bool) -> Manifest:
    return Manifest(
        format=FORMAT,
        sendmill=__version__,
        taken_at=moment.taken_at.isoformat(),
        store=moment.store,
        embedded=embedded,
        server=moment.server,
        dumped_by=dumped_by,
        schema=moment.schema,
        migrations=moment.migrations,
        relations=moment.relations,
        database_bytes=moment.bytes,
        settings=settings,
        secrets_apart=secrets_of(settings),
    )


def _write(
    content: EncryptedContent, moment: Snapshot, manifest: Manifest, dsn: str, data_dir: Path
) -> tuple[int, int]:
    """Write all members; return the number of files and of rows."""
    archive = ArchiveWriter(content)  # type: ignore[arg-type]
    archive.add_bytes(MANIFEST, manifest.to_json())
    # Soon after the snapshot: files that its rows name may be removed once they are no longer needed.
    files = _write_files(archive, data_dir)
    programs = find_programs(manifest.dumped_by)
    with _Counting(moment) as counting:
        with dumping(programs, dsn, snapshot=moment.name, schema=moment.schema) as dump:
            archive.add_stream(DATABASE, dump)
        counts = counting.result()
    archive.add_bytes(COUNTS, counts_to_json(counts))
    archive.finish()
    return files, sum(counts.values())


def _write_files(archive: ArchiveWriter, data_dir: Path) -> int:
    count = 0
    for name, path in files_of(data_dir):
        try:
            file: IO[bytes] = path.open("rb")
        except FileNotFoundError:
            continue  # removed meanwhile, so no longer needed
        with file:
            archive.add_file(f"{FILES}{name}", file, os.fstat(file.fileno()).st_size)
        count += 1
    return count


class _Counting:
    """Counts the rows of a snapshot in a thread, while the dump reads the same pages."""

    def __init__(self, moment: Snapshot) -> None:
        self._moment = moment
        self._counts: Mapping[str, int] = {}
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="count", daemon=True)

    def __enter__(self) -> _Counting:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is not None:
            with suppress(Exception):
                self._moment.connection.cancel()
        self._thread.join()

    def result(self) -> Mapping[str, int]:
        """Wait for the counts and return them, by table."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._counts

    def _run(self) -> None:
        try:
            self._counts = self._moment.counts()
        except BaseException as error:
            self._error = error
