"""Putting a backup back: all or nothing, into a place that is empty, and held until a person lets it send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

from ..postgres import Embedded
from . import target
from .archive import copy_to, stored_name
from .check import Contents, verify, walk
from .encryption import Opening
from .errors import BackupRefused, DamagedError, database_errors
from .manifest import Manifest, Migration, need_known_schema
from .programs import Running, find_programs, restoring
from .snapshot import Connection, count_rows, with_options
from .stored_files import SERVER_SETTINGS, belongs

# Migrates the database of an address, in a process whose data folder is the second argument.
Migrate = Callable[[str, Path], None]


@dataclass(frozen=True)
class Restored:
    """What was restored; ``set_aside`` says where things are that were there before."""

    contents: Contents
    set_aside: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a restore goes: a data folder, and the address of a server of one's own (empty: the embedded one)."""

    data_dir: Path
    database_url: str = ""
    set_aside: bool = False

    @property
    def embedded(self) -> bool:
        """Whether the database is ours to start and stop."""
        return not self.database_url


def restore(
    path: Path, opening: Opening, place: Place, *, known: Iterable[Migration], migrate: Migrate
) -> Restored:
    """Restore a backup into an empty place; afterwards the store is held.

    The whole file is verified before anything is touched, and once more while it is restored; the rows are
    counted. ``known`` are the migrations of this version. Should this fail or be killed, the place is as it
    was, or says that it was interrupted and lets nobody send. Raises a `BackupError`, a `PostgresError` or
    an `OSError`.
    """
    target.need_free_folder(place.data_dir, embedded=place.embedded, set_aside=place.set_aside)
    contents = verify(path, opening)
    need_known_schema(contents.manifest, known)
    with database_errors(), target.new_building(place.data_dir) as building:
        if place.embedded:
            target.need_room(place.data_dir, contents.manifest.database_bytes)
            aside = _restore_embedded(path, opening, place, building, migrate)
        else:
            aside = _restore_elsewhere(path, opening, place, building, migrate)
    return Restored(contents, aside)


@contextmanager
def rehearse(path: Path, opening: Opening, folder: Path) -> Iterator[tuple[str, Contents]]:
    """Restore a backup into an embedded server below ``folder``, which has to be empty; ended at the end."""
    with database_errors(), Embedded(folder, durable=False, dies_with_parent=True) as server:
        contents = _fill(path, opening, server.dsn, folder, embedded=False, at_once=False)
        yield server.dsn, contents


def start_held(connection: Connection, manifest: Manifest) -> None:
    """Let nothing be submitted from the restored store until a person releases it; in the caller's transaction."""
    try:
        from sendmill.storage.holds import begin_hold
    except ModuleNotFoundError:
        return

    begin_hold(
        connection,
        "restored",
        f"It was restored from a backup of {manifest.taken_at}. What was sent after that time is not in it.",
    )


def _restore_embedded(
    path: Path, opening: Opening, place: Place, building: Path, migrate: Migrate
) -> tuple[str, ...]:
    with Embedded(building, dies_with_parent=True) as server:
        contents = _fill(path, opening, server.dsn, building, embedded=True, at_once=False)
        migrate(server.dsn, building)
        with psycopg.connect(server.dsn) as connection:
            start_held(connection, contents.manifest)
    aside = target.put_in_place(place.data_dir, set_aside=place.set_aside)
    return (str(aside),) if aside else ()


def _restore_elsewhere(
    path: Path, opening: Opening, place: Place, building: Path, migrate: Migrate
) -> tuple[str, ...]:
    dsn = with_options(place.database_url, default_transaction_read_only="off")
    with target.reserved_database(dsn, set_aside=place.set_aside) as schema:
        contents = _fill(path, opening, dsn, building, embedded=False, at_once=True)
        migrate(dsn, building)
        aside = target.put_in_place(place.data_dir, set_aside=place.set_aside)
        with psycopg.connect(dsn) as connection:
            start_held(connection, contents.manifest)
            target.unguard(connection)
    return tuple(name for name in (schema and f"schema {schema}", aside and str(aside)) if name)


def _fill(path: Path, opening: Opening, dsn: str, folder: Path, *, embedded: bool, at_once: bool) -> Contents:
    """Restore the database into an empty one and the files below a folder, and count what came."""
    running: list[Running] = []
    with ExitStack() as stack:

        def begin(manifest: Manifest) -> None:
            _need_fitting(dsn, manifest, at_once=at_once)
            programs = find_programs(manifest.dumped_by)
            running.append(
                stack.enter_context(restoring(programs, dsn, schema=manifest.schema, at_once=at_once))
            )

        def feed(data: bytes) -> None:
            running[0].feed(data)

        contents = walk(
            path,
            opening,
            on_manifest=begin,
            on_file=lambda name, member: _put(folder, name, member, embedded=embedded),
            on_dump=feed,
        )
    _compare(dsn, contents.counts)
    return contents


def _need_fitting(dsn: str, manifest: Manifest, *, at_once: bool) -> None:
    with psycopg.connect(dsn) as connection:
        if connection.info.server_version // 10_000 < manifest.server // 10_000:
            raise BackupRefused(
                f"The backup is of PostgreSQL {manifest.server // 10_000} and cannot go into an older server "
                f"({connection.info.server_version // 10_000})."
            )
        row = connection.execute("SELECT current_schema()").fetchone()
        if row is None or row[0] != manifest.schema:
            raise BackupRefused(
                f"The backup's tables are in the schema {manifest.schema}; the database's sessions have another "
                "one first in their search_path."
            )
        if at_once:
            target.need_locks(connection, manifest.relations)


def _put(folder: Path, name: str, member: IO[bytes], *, embedded: bool) -> None:
    if not belongs(stored_name(name)):
        raise DamagedError(f"The backup has a file that it should not have: {name!r}.")
    path = folder / name
    if name != SERVER_SETTINGS:
        copy_to(member, path)
    elif embedded:
        path.unlink(missing_ok=True)  # the server's start has made an empty one
        copy_to(member, path)
        path.chmod(0o644)  # its user reads it, who is another one when we are root


def _compare(dsn: str, expected: dict[str, int]) -> None:
    """Let the planner know the tables, and see that each has as many rows as it had."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ANALYZE")
        found = count_rows(connection)
    wrong = {name for name, count in expected.items() if found.get(name) != count}
    if wrong:
        name = min(wrong)
        raise DamagedError(
            f"{len(wrong)} table(s) do not have the rows that they had: {name} has {found.get(name)} instead of "
            f"{expected[name]}."
        )
