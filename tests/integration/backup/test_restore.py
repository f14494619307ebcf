"""Restores: what is refused, and that they happen wholly or not at all."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from tests.rig.backups import (
    OPENING,
    add_messages,
    back_up,
    in_django,
    in_python,
    known,
    put_back,
    state_of,
    unchanged,
)
from tests.rig.store import add_account, check_books

from sendmill.backup import check, target
from sendmill.backup.errors import BackupError, DamagedError, NewerSchemaError, NotEmptyError
from sendmill.backup.restore import Place, restore
from sendmill.backup.restore_sql import Script
from sendmill.cli.commands.backup import _migrate
from sendmill.message_store.engine.store_holds import open_hold

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
    # Of our own apps each has one migration so far; a package that we use has several.
    *_, before, last = sorted(name for app, name in known() if app == "otp_totp")
    in_django(source, "migrate", "otp_totp", before)
    path = back_up(source, data, tmp_path / "a.sendmill").path
    restored = put_back(path, Place(tmp_path / "new", empty), _migrate)
    assert ("otp_totp", last) not in restored.contents.manifest.migrations
    in_django(empty, "migrate", "--check")
    with psycopg.connect(empty, autocommit=True) as rows:
        assert check_books(rows).messages == 3_000


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
    with unchanged(empty, data), pytest.raises(NotEmptyError, match="not empty \\(files\\)"):
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


def test_files_of_another_store_do_not_stay_among_those_that_were_restored(
    source: str, empty: str, data: Path, tmp_path: Path
) -> None:
    path = back_up(source, tmp_path / "nothing", tmp_path / "a.sendmill").path
    [folder] = put_back(path, Place(data, empty, set_aside=True)).set_aside
    assert not (data / "files").exists()
    assert not (data / "secret_key").exists()
    assert sorted(one.name for one in Path(folder).iterdir()) == ["files", "secret_key"]


def test_a_move_that_fails_half_way_is_taken_back(
    source: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = back_up(source, data, tmp_path / "a.sendmill").path
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if ".restoring" in self.parts and target == data / "secret_key":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    before = sorted(path.name for path in data.iterdir()), (data / "secret_key").read_text()
    with pytest.raises(OSError, match="No space left"):
        put_back(path, Place(data, source, set_aside=True))
    monkeypatch.undo()
    after = sorted(path.name for path in data.iterdir() if not path.name.startswith("set-aside"))
    assert (after, (data / "secret_key").read_text()) == before
    with psycopg.connect(source, autocommit=True) as rows:
        assert check_books(rows).messages == 3_000
        assert open_hold(rows.cursor()) is None


def test_what_does_not_add_up_is_found_in_depth(source: str) -> None:
    assert in_python(source, "-m", "sendmill.cli.deep_verify") == "[]\n"
    with psycopg.connect(source, autocommit=True) as rows:
        rows.execute("UPDATE tally SET successful = 1 WHERE n = 0")
    assert "1 counter(s) differ" in in_python(source, "-m", "sendmill.cli.deep_verify")


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
