"""Backups of a real database: one moment of it, and everything that is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.rig.backups import (
    OPENING,
    add_messages,
    back_up,
    put_back,
)
from tests.rig.store import add_account, check_books

from sendmill.backup import create, programs
from sendmill.backup.check import verify
from sendmill.backup.create import name_for, remove_older
from sendmill.backup.database_snapshot import count_rows
from sendmill.backup.errors import BackupError, BackupRefused
from sendmill.backup.restore import Place


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
