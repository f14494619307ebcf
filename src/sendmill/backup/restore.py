"""Restores a backup: all or nothing, into an empty place, and held until a person lets it send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sendmill.backup import target
from sendmill.backup.archive import copy_to, stored_name
from sendmill.backup.check import Contents, verify, walk
from sendmill.backup.database_snapshot import connect, of_primary
from sendmill.backup.encryption import Opening
from sendmill.backup.errors import BackupRefused, DamagedError, database_errors
from sendmill.backup.manifest import Manifest, Migration, need_known_schema
from sendmill.backup.programs import Restoring, find_programs, restoring
from sendmill.backup.restore_sql import Script, script_head
from sendmill.backup.stored_files import SERVER_SETTINGS, belongs
from sendmill.message_store.engine.store_holds import begin_hold
from sendmill.message_store.marks.judgement import RULES, Ground, HoldKind
from sendmill.postgres.embedded.server import Embedded

# Migrates the database of an address, in a process with that data folder.
Migrate = Callable[[str, Path], None]


@dataclass(frozen=True)
class Restored:
    """A finished restore; ``set_aside`` names where the things are that were there before."""

    contents: Contents
    set_aside: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """The target of a restore: a data folder and the address of a server of one's own (empty: the embedded one).

    With ``set_aside``, what is there is set aside instead of refusing the restore.
    """

    data_dir: Path
    database_url: str = ""
    set_aside: bool = False

    @property
    def embedded(self) -> bool:
        """True when the database is the embedded one."""
        return not self.database_url


def restore(
    path: Path, opening: Opening, place: Place, *, known: Iterable[Migration], migrate: Migrate
) -> Restored:
    """Restore a backup into an empty place; afterwards the store is held.

    The whole file is verified before anything is touched, and once more while it is restored; the rows are counted.
    ``known`` are the migrations of this version. When this fails, the place is as it was. When it is killed, either
    nothing is in its place, or all of the database is, and held. Raises a `BackupError`, a `PostgresError` or an
    `OSError`.
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
def rehearse(path: Path, opening: Opening, folder: Path, size: int) -> Iterator[tuple[str, Contents]]:
    """Yield a backup restored into an embedded server below the empty ``folder``: its DSN and its contents.

    The server is stopped when the block ends. ``size`` is the size of its database in bytes.
    """
    target.need_room(folder, size)
    with database_errors(), Embedded(folder, durable=False, dies_with_parent=True) as server:
        contents = _fill(path, opening, server.dsn, _Filling(folder, embedded=False, at_once=False))
        yield server.dsn, contents


def start_held(script: Script, manifest: Manifest) -> None:
    """Hold the restored store: nothing is submitted from it until a person releases it."""
    taken_at = manifest.taken_at[:19].replace("T", " ") + " UTC"
    begin_hold(script, Ground(HoldKind.RESTORED, RULES["restored"], {"taken_at": taken_at}))


def _restore_embedded(
    path: Path, opening: Opening, place: Place, building: Path, migrate: Migrate
) -> tuple[str, ...]:
    with Embedded(building, dies_with_parent=True) as server:
        _fill(path, opening, server.dsn, _Filling(building, embedded=True, at_once=False))
        migrate(server.dsn, building)
    aside = target.put_in_place(place.data_dir, embedded=True, set_aside=place.set_aside)
    return (str(aside),) if aside else ()


def _restore_elsewhere(
    path: Path, opening: Opening, place: Place, building: Path, migrate: Migrate
) -> tuple[str, ...]:
    dsn = of_primary(place.database_url)
    with connect(dsn, autocommit=True) as connection:
        target.need_free_database(connection, set_aside=place.set_aside)
        schema = target.name_aside(connection)
    _fill(path, opening, dsn, _Filling(building, embedded=False, at_once=True, set_aside=schema))
    with target.taken_back(dsn, schema):
        migrate(dsn, building)
        aside = target.put_in_place(place.data_dir, embedded=False, set_aside=place.set_aside)
    return tuple(name for name in (schema and f"schema {schema}", aside and str(aside)) if name)


@dataclass(frozen=True)
class _Filling:
    """How a place is filled.

    Files go below ``folder``. With ``at_once`` the database is restored in one transaction, which first renames the
    schema that is there to ``set_aside``.
    """

    folder: Path
    embedded: bool
    at_once: bool
    set_aside: str | None = None


def _fill(path: Path, opening: Opening, dsn: str, filling: _Filling) -> Contents:
    """Restore files and database, check that all rows came, and hold the store.

    With ``at_once`` the database is restored in one transaction. Without it nobody else may reach the server
    meanwhile.
    """
    running: list[Restoring] = []
    with ExitStack() as stack:

        def begin(manifest: Manifest) -> None:
            _need_fitting(dsn, manifest, at_once=filling.at_once)
            programs = find_programs(manifest.dumped_by)
            running.append(stack.enter_context(restoring(programs, dsn, schema=manifest.schema)))
            running[0].say(script_head(manifest.schema, at_once=filling.at_once, set_aside=filling.set_aside))

        def feed(data: bytes) -> None:
            running[0].feed(data)

        contents = walk(
            path,
            opening,
            on_manifest=begin,
            on_file=lambda name, member: _put(filling.folder, name, member, embedded=filling.embedded),
            on_dump=feed,
        )
        with connect(dsn) as connection:
            script = Script(connection)
            script.check_counts(contents.manifest.schema, contents.counts)
            start_held(script, contents.manifest)
            script.end(at_once=filling.at_once)
        running[0].complete(str(script))
    return contents


def _need_fitting(dsn: str, manifest: Manifest, *, at_once: bool) -> None:
    with connect(dsn) as connection:
        if connection.info.server_version // 10_000 < manifest.server // 10_000:
            raise BackupRefused(
                f"The backup is of PostgreSQL {manifest.server // 10_000} and cannot go into an older server "
                f"({connection.info.server_version // 10_000})."
            )
        if target.current_schema(connection) != manifest.schema:
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
        path.unlink(missing_ok=True)  # an empty one, made when the server started
        copy_to(member, path)
        path.chmod(0o644)  # read by the server's user, who is another one when we are root
