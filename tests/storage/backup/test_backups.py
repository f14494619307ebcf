"""Backups of a real database: what was there is there again, or everything is as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from psycopg.conninfo import make_conninfo
from tests.rig.databases import own_database
from tests.rig.store import Account, add_account, add_carrier, add_task, check_books

from sendmill.cli.backups import _migrate
from sendmill.storage.backup import check, create, programs, target
from sendmill.storage.backup.check import verify
from sendmill.storage.backup.create import Made, make_backup, name_for, remove_older
from sendmill.storage.backup.encryption import Opening, new_key, seal_for
from sendmill.storage.backup.errors import (
    BackupError,
    BackupRefused,
    DamagedError,
    NewerSchemaError,
    NotEmptyError,
)
from sendmill.storage.backup.restore import Place, Restored, restore
from sendmill.storage.backup.script import Script
from sendmill.storage.backup.snapshot import count_rows
from sendmill.storage.holds import open_hold

Rows = psycopg.Connection[tuple[Any, ...]]
SECRET, PUBLIC = new_key()
OPENING = Opening(identities=(pyrage.x25519.Identity.from_str(SECRET),))
_names = count(1)


@pytest.fixture
def source(database_url: str, store_template: str) -> Iterator[str]:
    """A store with a task of 3,000 messages."""
    with own_database(database_url, store_template) as url:
        with psycopg.connect(url, autocommit=True) as rows:
            account = add_account(rows, "Backups")
            add_messages(rows, account, 3_000)
        yield url


@pytest.fixture
def empty(database_url: str) -> Iterator[str]:
    """An empty database of the same server."""
    name = f"restored_{os.getpid()}_{next(_names)}"
    with psycopg.connect(make_conninfo(database_url, dbname="postgres"), autocommit=True) as rows:
        rows.execute(f'CREATE DATABASE "{name}"')
        yield make_conninfo(database_url, dbname=name)
        rows.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with what Sendmill keeps in one, and with what belongs to this machine only."""
    folder = tmp_path / "data"
    for name, text in {
        "secret_key": "signs",
        "files/drafts/7/数字.csv": "Number\n",
        "files/downloads/all.xlsx": "x" * 100_000,
        "postgres/local.conf": "work_mem = '8MB'\n",
        "postgres/cluster/PG_VERSION": "18",
        "logs/sendmill.log": "line",
        "run/web-1.json": "{}",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def add_messages(rows: Rows, account: Account, number: int) -> int:
    carrier = add_carrier(rows, account)
    return add_task(rows, account, carrier, range(4917_0000_0000, 4917_0000_0000 + number))


def back_up(url: str, data: Path, to: Path) -> Made:
    return make_backup(url, data, to, seal_for([PUBLIC]), settings=["SENDMILL_HOST"], embedded=False)


def known() -> list[tuple[str, str]]:
    from django.db.migrations.loader import MigrationLoader

    return list(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def put_back(
    path: Path, place: Place, migrate: Callable[[str, Path], None] = lambda dsn, folder: None
) -> Restored:
    return restore(path, OPENING, place, known=known(), migrate=migrate)


@contextmanager
def unchanged(url: str, folder: Path) -> Iterator[None]:
    """The database and the folder are afterwards as they were."""
    before = state_of(url, folder)
    yield
    assert state_of(url, folder) == before


def state_of(url: str, folder: Path) -> tuple[dict[str, int], list[str], list[str]]:
    with psycopg.connect(url) as rows:
        schemas = rows.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1"
        ).fetchall()
        counts = count_rows(rows)
    return counts, [name for (name,) in schemas], sorted(map(str, folder.rglob("*")))


def test_everything_is_there_again(source: str, empty: str, data: Path, tmp_path: Path) -> None:
    with psycopg.connect(source, autocommit=True) as rows:
        expected, books = count_rows(rows), check_books(rows)
    made = back_up(source, data, tmp_path / "a.sendmill")
    assert made.rows == sum(expected.values())
    contents = verify(made.path, OPENING)
    assert contents.counts == expected
    assert contents.files == made.files == 4
    assert contents.manifest.settings == ("SENDMILL_HOST",)
    new = tmp_path / "new"
    put_back(made.path, Place(new, empty))
    with psycopg.connect(empty, autocommit=True) as rows:
        assert count_rows(rows) == expected | {"hold": 1}
        assert check_books(rows) == books
        # What comes next gets numbers that nothing has yet.
        assert add_messages(rows, add_account(rows, "Later"), 10) > 1
    assert sorted(str(path.relative_to(new)) for path in new.rglob("*") if path.is_file()) == [
        "files/downloads/all.xlsx",
        "files/drafts/7/数字.csv",
        "secret_key",
    ]
    assert (new / "secret_key").read_text() == "signs"
    assert (new / "secret_key").stat().st_mode & 0o777 == 0o600


def test_it_is_one_moment_although_everything_goes_on(
    source: str, empty: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(source, autocommit=True) as rows:
        expected = count_rows(rows)
        account = add_account(rows, "Meanwhile")
        written = create._write_files

        def meanwhile(archive: Any, folder: Path) -> int:
            add_messages(rows, account, 2_000)
            return written(archive, folder)

        expected = count_rows(rows)
        monkeypatch.setattr(create, "_write_files", meanwhile)
        made = back_up(source, data, tmp_path / "a.sendmill")
        assert count_rows(rows) != expected
    assert verify(made.path, OPENING).counts == expected
    put_back(made.path, Place(tmp_path / "new", empty))
    with psycopg.connect(empty, autocommit=True) as rows:
        assert check_books(rows).messages == 3_000


def test_a_file_that_is_removed_meanwhile_is_passed_over(
    source: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = create.files_of

    def vanishing(folder: Path) -> Iterator[tuple[str, Path]]:
        for name, path in real(folder):
            if "downloads" in name:
                path.unlink()
            yield name, path

    monkeypatch.setattr(create, "files_of", vanishing)
    assert back_up(source, data, tmp_path / "a.sendmill").files == 3


def test_a_dump_that_fails_leaves_no_file(
    source: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "programs"
    broken.mkdir()
    (broken / "pg_dump").write_text("#!/bin/sh\necho half\necho 'pg_dump: error: disk on fire' >&2\nexit 1\n")
    (broken / "pg_dump").chmod(0o755)
    monkeypatch.setattr(create, "find_programs", lambda least: programs.Programs(broken, 18))
    backups = tmp_path / "backups"
    backups.mkdir()
    with pytest.raises(BackupError, match="disk on fire"):
        back_up(source, data, backups)
    assert list(backups.iterdir()) == []


def test_a_database_without_tables_has_nothing_to_back_up(empty: str, data: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="nothing to back up"):
        back_up(empty, data, tmp_path / "a.sendmill")


def test_so_many_are_kept(source: str, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"sendmill-2026010{day}T000000Z.sendmill").touch()
    (folder / "mine.sendmill").touch()
    made = back_up(source, data, folder)
    assert [path.name[9:17] for path in remove_older(folder, 3)] == ["20260101", "20260102", "20260103"]
    assert made.path.exists()
    assert (folder / "mine.sendmill").exists()
    assert made.path.name == name_for(datetime.fromisoformat(made.manifest.taken_at))


# -- what is refused -------------------------------------------------------------------------------------


def test_a_damaged_backup_touches_nothing(source: str, empty: str, data: Path, tmp_path: Path) -> None:
    path = back_up(source, data, tmp_path / "a.sendmill").path
    whole, new = path.read_bytes(), tmp_path / "new"
    new.mkdir()
    middle = len(whole) // 2
    for broken in (
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        whole[:middle],
        whole[:-600],
    ):
        path.write_bytes(broken)
        with unchanged(empty, new), pytest.raises(DamagedError):
            put_back(path, Place(new, empty))


def test_a_newer_schema_is_refused(source: str, empty: str, data: Path, tmp_path: Path) -> None:
    path = back_up(source, data, tmp_path / "a.sendmill").path
    with pytest.raises(NewerSchemaError, match="newer Sendmill"):
        restore(path, OPENING, Place(tmp_path / "new", empty), known=[], migrate=lambda dsn, folder: None)
    assert not (tmp_path / "new").exists()


def test_an_older_schema_is_migrated(source: str, empty: str, data: Path, tmp_path: Path) -> None:
    last = max(name for app, name in known() if app == "tasks")
    before = max(name for app, name in known() if app == "tasks" and name < last)
    in_django(source, "migrate", "tasks", before)
    path = back_up(source, data, tmp_path / "a.sendmill").path
    restored = put_back(path, Place(tmp_path / "new", empty), _migrate)
    assert ("tasks", last) not in restored.contents.manifest.migrations
    in_django(empty, "migrate", "--check")
    with psycopg.connect(empty, autocommit=True) as rows:
        assert check_books(rows).messages == 3_000


def in_django(dsn: str, *words: str) -> None:
    """A command of Django on this database; it must succeed."""
    subprocess.run(
        [sys.executable, "-m", "django", *words],
        env=os.environ | {"DATABASE_URL": dsn, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def test_a_database_that_is_not_empty_is_refused(source: str, data: Path, tmp_path: Path) -> None:
    path, new = back_up(source, data, tmp_path / "a.sendmill").path, tmp_path / "new"
    new.mkdir()
    with unchanged(source, new), pytest.raises(NotEmptyError, match="--set-aside"):
        put_back(path, Place(new, source))


def test_a_database_that_somebody_uses_is_refused(
    source: str, empty: str, data: Path, tmp_path: Path
) -> None:
    path, new = back_up(source, data, tmp_path / "a.sendmill").path, tmp_path / "new"
    new.mkdir()
    with unchanged(empty, new), psycopg.connect(empty), pytest.raises(NotEmptyError, match="stop Sendmill"):
        put_back(path, Place(new, empty))


def test_a_data_folder_that_is_not_empty_is_refused(
    source: str, empty: str, data: Path, tmp_path: Path
) -> None:
    path = back_up(source, data, tmp_path / "a.sendmill").path
    with unchanged(empty, data), pytest.raises(NotEmptyError, match="postgres, files"):
        put_back(path, Place(data, empty))


def test_what_was_there_can_be_set_aside(source: str, data: Path, tmp_path: Path) -> None:
    path = back_up(source, data, tmp_path / "a.sendmill").path
    with psycopg.connect(source, autocommit=True) as rows:
        add_messages(rows, add_account(rows, "Later"), 500)
    (data / "secret_key").write_text("another")
    restored = put_back(path, Place(data, source, set_aside=True))
    schema, folder = restored.set_aside
    with psycopg.connect(source, autocommit=True) as rows:
        assert check_books(rows).messages == 3_000
        name = schema.removeprefix("schema ")
        assert rows.execute(f'SELECT count(*) FROM "{name}".message').fetchone() == (3_500,)
    assert (data / "secret_key").read_text() == "signs"
    assert (Path(folder) / "secret_key").read_text() == "another"
    assert (Path(folder) / "files/downloads/all.xlsx").exists()


def test_a_key_alone_is_set_aside_by_itself(source: str, empty: str, data: Path, tmp_path: Path) -> None:
    """Any command makes one in an empty folder."""
    path, new = back_up(source, data, tmp_path / "a.sendmill").path, tmp_path / "new"
    new.mkdir()
    (new / "secret_key").write_text("made a moment ago")
    [folder] = put_back(path, Place(new, empty)).set_aside
    assert (Path(folder) / "secret_key").read_text() == "made a moment ago"
    assert (new / "secret_key").read_text() == "signs"


def test_too_many_tables_for_the_locks_of_the_server_are_said_before(
    source: str, empty: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, new = back_up(source, data, tmp_path / "a.sendmill").path, tmp_path / "new"
    new.mkdir()
    real = target.need_locks
    monkeypatch.setattr(target, "need_locks", lambda connection, relations: real(connection, 10_000_000))
    with unchanged(empty, new), pytest.raises(BackupError, match="max_locks_per_transaction"):
        put_back(path, Place(new, empty))


# -- all or nothing --------------------------------------------------------------------------------------


class _BrokenDownError(Exception):
    pass


def break_down(dsn: str, folder: Path) -> None:
    raise _BrokenDownError


@pytest.mark.parametrize("set_aside", [False, True])
def test_a_restore_that_fails_late_takes_everything_back(
    source: str, empty: str, data: Path, tmp_path: Path, set_aside: bool
) -> None:
    path = back_up(source, data, tmp_path / "a.sendmill").path
    place = Place(data if set_aside else tmp_path / "new", source if set_aside else empty, set_aside)
    place.data_dir.mkdir(exist_ok=True)
    with unchanged(place.database_url, place.data_dir), pytest.raises(_BrokenDownError):
        put_back(path, place, break_down)


def test_a_table_with_other_rows_than_it_had_fails_the_restore(
    source: str, empty: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, new = back_up(source, data, tmp_path / "a.sendmill").path, tmp_path / "new"
    new.mkdir()
    real = check.parse_counts
    monkeypatch.setattr(check, "parse_counts", lambda text: real(text) | {"account": 7})
    with unchanged(empty, new), pytest.raises(BackupError, match="account has 1 rows instead of 7"):
        put_back(path, Place(new, empty))


def test_it_is_held_from_the_moment_that_others_see_it(
    source: str, empty: str, data: Path, tmp_path: Path
) -> None:
    with psycopg.connect(source, autocommit=True) as rows:
        rows.execute("INSERT INTO hold (kind, message, last_task_id) VALUES ('older', 'An earlier one.', 0)")
    path = back_up(source, data, tmp_path / "a.sendmill").path
    seen: list[tuple[str, str]] = []

    def look(dsn: str, folder: Path) -> None:
        with psycopg.connect(empty) as other:
            hold = open_hold(other.cursor())
            assert hold is not None
            seen.append((hold.kind, str(hold)))

    put_back(path, Place(tmp_path / "new", empty), look)
    [(kind, sentence)] = seen
    assert kind == "restored"
    assert "from a backup of 20" in sentence
    with psycopg.connect(empty) as rows:
        hold = open_hold(rows.cursor())
        assert hold is not None
        assert rows.execute("SELECT max(id) FROM task").fetchone() == (hold.last_task_id,)


@pytest.mark.parametrize("end", ["", "SELECT 1;"])
def test_without_its_end_a_restore_commits_nothing(
    source: str, empty: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """As when this process is killed: psql's input just ends."""
    path, new = back_up(source, data, tmp_path / "a.sendmill").path, tmp_path / "new"
    monkeypatch.setattr(Script, "__str__", lambda script: end)

    def look(dsn: str, folder: Path) -> None:
        assert state_of(empty, new)[0] == {}
        raise _BrokenDownError

    with pytest.raises(_BrokenDownError):
        put_back(path, Place(new, empty), look)
