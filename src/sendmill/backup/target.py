"""The target of a restore: checks that it is empty, and sets aside what is there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from psycopg import sql

from sendmill.backup.database_snapshot import Connection, connect
from sendmill.backup.errors import BackupError, NotEmptyError
from sendmill.backup.stored_files import KEPT_FILES, KEPT_FOLDERS
from sendmill.postgres.embedded.postmaster import Lock
from sendmill.postgres.embedded.server import Embedded
from sendmill.runtime.folders import sync_folder

BUILDING = ".restoring"  # below the data folder: an unfinished restore
_LOCK = ".restoring.lock"

_IS_EMPTY = """
SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
   AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = current_schema()::regnamespace)
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename = session_user AND pid <> pg_backend_pid()
"""


def need_free_folder(data_dir: Path, *, embedded: bool, set_aside: bool) -> None:
    """Raise `NotEmptyError` unless a data folder can take a restore."""
    if embedded and Embedded(data_dir).status().running:
        raise NotEmptyError(f"Sendmill runs on {data_dir}; stop it first.")
    folders = [*KEPT_FOLDERS, *(["postgres"] if embedded else [])]
    held = [name for name in folders if _holds_anything(data_dir / name)]
    if held and not set_aside:
        raise NotEmptyError(
            f"The data folder {data_dir} is not empty ({', '.join(held)}). Restore into an empty one "
            "(SENDMILL_DATA_DIR), or let what is there be set aside with --set-aside."
        )


def need_room(folder: Path, size: int) -> None:
    """Raise `BackupError` when the disk of ``folder`` has less than ``size`` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise BackupError(
            f"The database needs {size >> 20} MB, and {free >> 20} MB are free on the disk of {folder}."
        )


@contextmanager
def new_building(data_dir: Path) -> Iterator[Path]:
    """Yield an empty folder below the data folder, in which a restore is built; it is removed when the block ends.

    What a killed restore left there is removed first. Raises `NotEmptyError` while another restore goes on.
    """
    data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    building, lock = data_dir / BUILDING, Lock(data_dir / _LOCK)
    try:
        if not lock.acquire() or Embedded(building).status().running:
            raise NotEmptyError(f"Another restore into {data_dir} goes on; wait until it has ended.")
        shutil.rmtree(building, ignore_errors=True)
        # The embedded server's user, who is another one when we are root, has to enter it.
        building.mkdir(mode=0o711)
        building.chmod(0o711)
        try:
            yield building
        finally:
            shutil.rmtree(building, ignore_errors=True)
            (data_dir / _LOCK).unlink(missing_ok=True)
    finally:
        lock.release()


def put_in_place(data_dir: Path, *, embedded: bool, set_aside: bool) -> Path | None:
    """Move what was built to its place, the database last; what was there is set aside, never removed.

    Returns the folder into which things were set aside, if any were. When this fails, everything is where it was.
    """
    building = data_dir / BUILDING
    need_free_folder(data_dir, embedded=embedded, set_aside=set_aside)
    _sync(building)
    ours = [
        *KEPT_FOLDERS,
        *(name for name in KEPT_FILES if "/" not in name),
        *(["postgres"] if embedded else []),
    ]
    old = [name for name in ours if (data_dir / name).exists()]
    aside = data_dir / f"set-aside-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    moves = [(data_dir / name, aside / name) for name in old]
    moves += [(building / name, data_dir / name) for name in ours if (building / name).exists()]
    done: list[tuple[Path, Path]] = []
    try:
        if old:
            aside.mkdir(mode=0o711)
        for source, target in moves:
            source.rename(target)
            done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            with suppress(OSError):
                target.rename(source)
        raise
    sync_folder(data_dir)
    return aside if old else None


def need_free_database(connection: Connection, *, set_aside: bool) -> None:
    """Raise `NotEmptyError` unless a database of one's own can take a restore."""
    if _true(connection, f"SELECT ({_OTHERS}) > 0"):
        raise NotEmptyError("Somebody else is connected to the database; stop Sendmill everywhere first.")
    if set_aside or _true(connection, _IS_EMPTY):
        return
    raise NotEmptyError(
        "The database that DATABASE_URL names is not empty. Create a new one for the restore, or let what is "
        "there be set aside with --set-aside (its schema is renamed)."
    )


@contextmanager
def taken_back(dsn: str, aside: str | None) -> Iterator[None]:
    """Undo a committed restore into a database of one's own when the block fails.

    ``aside`` is the schema that was set aside. Nobody can have changed anything: the store is held.
    """
    try:
        yield
    except BaseException:
        with connect(dsn) as connection:
            schema = current_schema(connection)
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
            names = map(sql.Identifier, (aside or schema, schema))
            back = "CREATE SCHEMA {1}" if aside is None else "ALTER SCHEMA {0} RENAME TO {1}"
            connection.execute(sql.SQL(back).format(*names))
        raise


def name_aside(connection: Connection) -> str | None:
    """Return the name to set the schema aside under; None when it is empty."""
    return None if _true(connection, _IS_EMPTY) else f"set_aside_{datetime.now(UTC):%Y%m%dt%H%M%Sz}"


def current_schema(connection: Connection) -> str:
    """Return the schema of our tables."""
    row = connection.execute("SELECT current_schema()").fetchone()
    assert row is not None  # noqa: S101 - a query without FROM has one row
    return str(row[0])


def need_locks(connection: Connection, relations: int) -> None:
    """Raise `BackupError` when a server cannot lock that many tables and indexes in one transaction."""
    row = connection.execute(
        "SELECT current_setting('max_locks_per_transaction')::int, "
        "current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int"
    ).fetchone()
    assert row is not None  # noqa: S101 - a query without FROM has one row
    each, sessions = row
    if relations > each * sessions:
        raise BackupError(
            f"The backup has {relations} tables and indexes, more than the server can lock at once; set its "
            f"max_locks_per_transaction to {-(-relations // sessions) + 64} and restart it."
        )


def _holds_anything(path: Path) -> bool:
    """Return whether there is a file, or a folder with files in it."""
    return path.is_file() or any(names for _, _, names in os.walk(path))


def _sync(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        for name in names:
            if not place.startswith(str(folder / "postgres")):  # the server has synced its own files
                descriptor = os.open(os.path.join(place, name), os.O_RDONLY | os.O_NOFOLLOW)
                os.fsync(descriptor)
                os.close(descriptor)
        sync_folder(Path(place))


def _true(connection: Connection, query: str) -> bool:
    row = connection.execute(query).fetchone()
    return bool(row and row[0])
