"""Where a restore goes: what has to be empty, setting aside what is not, and keeping everybody else out meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from ..embedded.postmaster import Lock
from ..postgres import Embedded
from .container import sync_folder
from .errors import BackupError, NotEmptyError
from .snapshot import Connection
from .stored_files import KEPT_FILES, KEPT_FOLDERS

BUILDING = ".restoring"  # below the data folder: what a restore has not finished
_LOCK = ".restoring.lock"

_IS_GUARDED = """
SELECT EXISTS (SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS setting
    WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND s.setrole = (SELECT oid FROM pg_roles WHERE rolname = session_user)
      AND setting = 'default_transaction_read_only=on')
"""
_IS_EMPTY = """
SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
   AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = current_schema()::regnamespace)
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename = session_user AND pid <> pg_backend_pid()
"""


def need_free_folder(data_dir: Path, *, embedded: bool, set_aside: bool) -> None:
    """Check that a data folder can take a restore. Raises `NotEmptyError`."""
    if embedded and Embedded(data_dir).status().running:
        raise NotEmptyError(f"Sendmill runs on {data_dir}; stop it first.")
    held = [name for name in ("postgres", *KEPT_FOLDERS) if _holds_anything(data_dir / name)]
    if held and not set_aside:
        raise NotEmptyError(
            f"The data folder {data_dir} is not empty ({', '.join(held)}). Restore into an empty one "
            "(SENDMILL_DATA_DIR), or let what is there be set aside with --set-aside."
        )


def need_room(folder: Path, size: int) -> None:
    """Raise `BackupError` when the disk of ``folder`` has less room than the database took."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise BackupError(
            f"The database needs {size >> 20} MB, and {free >> 20} MB are free on the disk of {folder}."
        )


@contextmanager
def new_building(data_dir: Path) -> Iterator[Path]:
    """An empty folder below the data folder in which a restore is built; gone when the block ends.

    What a killed restore left there is removed first. Raises `NotEmptyError` while another restore goes on.
    """
    data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    building, lock = data_dir / BUILDING, Lock(data_dir / _LOCK)
    try:
        if not lock.acquire() or Embedded(building).status().running:
            raise NotEmptyError(f"Another restore into {data_dir} goes on; wait until it has ended.")
        shutil.rmtree(building, ignore_errors=True)
        # The embedded server's user, who is another one when we are root, has to enter.
        building.mkdir(mode=0o711)
        building.chmod(0o711)
        try:
            yield building
        finally:
            shutil.rmtree(building, ignore_errors=True)
            (data_dir / _LOCK).unlink(missing_ok=True)
    finally:
        lock.release()


def put_in_place(data_dir: Path, *, set_aside: bool) -> Path | None:
    """Move what was built to its place, the database last; what was there is set aside, never removed.

    Returns the folder into which things were set aside, if any were.
    """
    building = data_dir / BUILDING
    names = sorted((entry.name for entry in building.iterdir()), key=lambda name: (name == "postgres", name))
    aside = data_dir / f"set-aside-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    _sync(building)
    for name in names:
        if (data_dir / name).exists():
            if not set_aside and name not in KEPT_FILES and _holds_anything(data_dir / name):
                raise NotEmptyError(f"{data_dir / name} came up while the backup was restored.")
            aside.mkdir(mode=0o711, exist_ok=True)
            (data_dir / name).rename(aside / name)
    for name in names:
        (building / name).rename(data_dir / name)
    sync_folder(data_dir)
    return aside if aside.exists() else None


def need_free_database(connection: Connection, *, set_aside: bool) -> None:
    """Check that a database of one's own can take a restore. Raises `NotEmptyError`."""
    if _true(connection, f"SELECT ({_OTHERS}) > 0"):
        raise NotEmptyError("Somebody else is connected to the database; stop Sendmill everywhere first.")
    if set_aside or _true(connection, _IS_EMPTY):
        return
    if _true(connection, _IS_GUARDED):
        raise NotEmptyError(
            "The database holds what an interrupted restore left, which nobody can write to. Drop it and create "
            "it anew, or set what is there aside with --set-aside."
        )
    raise NotEmptyError(
        "The database that DATABASE_URL names is not empty. Create a new one for the restore, or let what is "
        "there be set aside with --set-aside (its schema is renamed)."
    )


@contextmanager
def reserved_database(dsn: str, *, set_aside: bool) -> Iterator[str | None]:
    """A database of one's own, empty, to which nobody else can write; the name of the schema set aside, if any.

    When the block fails, the database is as it was. When this process is killed it stays closed to others, so
    that nothing is sent from a store that is not whole; the next restore says so.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        need_free_database(connection, set_aside=set_aside)
        _guard(connection)
        # Once more: whoever connected before would not be stopped by it.
        try:
            need_free_database(connection, set_aside=set_aside)
            aside = _set_schema_aside(connection)
        except BaseException:
            unguard(connection)
            raise
    try:
        yield aside
    except BaseException:
        with psycopg.connect(dsn, autocommit=True) as connection:
            _take_back(connection, aside)
        raise


def _guard(connection: Connection) -> None:
    """Let every new session of our role only read."""
    _set_read_only(connection, sql.SQL("SET default_transaction_read_only = on"))


def unguard(connection: Connection) -> None:
    """Let everybody write again, at the end of the transaction that this is in."""
    _set_read_only(connection, sql.SQL("RESET default_transaction_read_only"))


def _set_schema_aside(connection: Connection) -> str | None:
    """Rename the schema that is not empty and make a new one in its place; its new name."""
    if _true(connection, _IS_EMPTY):
        return None
    old, new = _schema(connection), f"set_aside_{datetime.now(UTC):%Y%m%dt%H%M%Sz}"
    with connection.transaction():
        connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(*map(sql.Identifier, (old, new))))
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(old)))
    return new


def _take_back(connection: Connection, aside: str | None) -> None:
    """Remove what a failed restore brought, put back what was set aside, and let everybody write again."""
    schema = _schema(connection)
    with connection.transaction():
        if aside is not None or not _true(connection, _IS_EMPTY):
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
            if aside is None:
                connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
            else:
                names = map(sql.Identifier, (aside, schema))
                connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(*names))
        unguard(connection)


def _schema(connection: Connection) -> str:
    row = connection.execute("SELECT current_schema()").fetchone()
    assert row is not None  # noqa: S101 - a query without FROM has one row
    return str(row[0])


def need_locks(connection: Connection, relations: int) -> None:
    """Raise `BackupError` when a server cannot lock as many tables and indexes in one transaction."""
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


def _set_read_only(connection: Connection, change: sql.SQL) -> None:
    row = connection.execute("SELECT session_user, current_database()").fetchone()
    assert row is not None  # noqa: S101 - a query without FROM has one row
    role, database = map(sql.Identifier, row)
    connection.execute(sql.SQL("ALTER ROLE {} IN DATABASE {} {}").format(role, database, change))


def _holds_anything(path: Path) -> bool:
    """Whether there is a file, or a folder with files in it."""
    return path.is_file() or any(names for _, _, names in os.walk(path))


def _sync(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        for name in names:
            if not place.startswith(str(folder / "postgres")):  # its server has done that
                descriptor = os.open(os.path.join(place, name), os.O_RDONLY | os.O_NOFOLLOW)
                os.fsync(descriptor)
                os.close(descriptor)
        sync_folder(Path(place))


def _true(connection: Connection, query: str) -> bool:
    row = connection.execute(query).fetchone()
    return bool(row and row[0])
