"""`sendmill backup` beside a running Sendmill, and `sendmill restore` on another machine: an empty data folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.acceptance.cli.running import PATIENCE, Demo, free_port
from tests.rig.store import check_books

from sendmill.backup.database_snapshot import count_rows
from sendmill.backup.stored_files import KEPT_FILES, KEPT_FOLDERS, LEFT_OUT
from sendmill.message_store.engine.store_holds import open_hold
from sendmill.postgres.embedded.server import Embedded

PASSPHRASE = "correct horse battery staple"
MESSAGES = 12_000


@dataclass(frozen=True)
class Backup:
    """A backup that was made while its Sendmill sent, and what opens it."""

    path: Path
    key: Path
    told: dict[str, Any]
    demo: Demo

    def run(self, data_dir: Path, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
        """A command on another machine, which has nothing but what is given here."""
        return subprocess.run(
            [sys.executable, "-m", "sendmill", *map(str, words)],
            env=self.environment(data_dir) | settings,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def environment(self, data_dir: Path) -> dict[str, str]:
        return self.demo.environment | {
            "SENDMILL_DATA_DIR": str(data_dir),
            "SENDMILL_STATE_DIR": str(data_dir.parent / "state"),
        }


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the database server's user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="sendmill-backups-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def backup(place: Path) -> Iterator[Backup]:
    """A backup that was made while messages went out and reports came in."""
    demo = Demo(place / "running", free_port())
    demo.folder.mkdir(mode=0o711)
    demo.start()
    try:
        carrier = demo.run("carrier", "list", "--json")
        name = json.loads(carrier.stdout)[0]["name"]
        # A minute's worth, so that the backup is in the middle of it.
        assert demo.run("carrier", "edit", name, "--rate", "200").returncode == 0
        key = place / "key"
        public = demo.json("backup", "key", str(key))["recipient"]
        numbers = place / "Numbers.csv"
        numbers.write_text(
            "Number\n" + "".join(f"+1202{at:07}\n" for at in range(5_550_010, 5_550_010 + MESSAGES))
        )
        task = demo.json(
            "send", str(numbers), "--application", "International Demo", "--template", "Maintenance"
        )["task"]
        wait_until(lambda: demo.json("task", "show", str(task))["successful"] > 0)
        told = demo.json("backup", str(place), "--recipient", public)
        yield Backup(Path(told["file"]), key, told, demo)
    finally:
        demo.stop()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)


@pytest.fixture
def new(place: Path) -> Iterator[Path]:
    """The empty data folder of a new machine."""
    folder = Path(tempfile.mkdtemp(prefix="new-", dir=place))
    folder.chmod(0o711)
    (folder / "data").mkdir(mode=0o711)
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


def contents(folder: Path) -> list[str]:
    # Not rglob, which raises when a folder goes while it looks.
    found = [Path(where) / name for where, folders, files in os.walk(folder) for name in (*folders, *files)]
    return sorted(str(path.relative_to(folder)) for path in found)


def test_what_was_backed_up_while_it_was_sent_is_restored_as_it_was(backup: Backup, new: Path) -> None:
    checked = backup.run(new, "backup", "verify", backup.path, "--identity", backup.key, "--deep", "--json")
    assert checked.returncode == 0, checked.stderr
    assert contents(new) == []
    done = backup.run(new, "restore", backup.path, "--identity", backup.key, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["rows"] == backup.told["rows"] == json.loads(checked.stdout)["rows"]
    assert answer["taken_at"] == backup.told["taken_at"]
    assert "Nothing is sent" in done.stderr
    assert (new / "secret_key").read_text() == (backup.demo.folder / "secret_key").read_text()
    with Embedded(new, dies_with_parent=True) as server, psycopg.connect(server.dsn, autocommit=True) as rows:
        books, hold = check_books(rows), open_hold(rows.cursor())
        sent = rows.execute("SELECT accepted FROM task WHERE status = 'executing'").fetchall()
    # It was in the middle of its task, so a restore that does not hold would send the rest again.
    assert sent == [(MESSAGES,)]
    assert hold is not None
    assert hold.kind == "restored"
    assert 0 < books.successful < MESSAGES
    assert not (new / ".restoring").exists()


def test_names_of_settings_are_told_and_no_value_leaves(backup: Backup, new: Path) -> None:
    given = sorted(name for name in backup.demo.environment if name.startswith("SENDMILL_"))
    assert backup.told["settings"] == given
    made = backup.run(
        backup.demo.folder,
        "backup",
        new,
        "--json",
        SENDMILL_SECRET_KEY="given by the environment",
        SENDMILL_BACKUP_PASSPHRASE=PASSPHRASE,
    )
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["secrets_apart"] == ["SENDMILL_SECRET_KEY"]
    assert "to be kept apart" in made.stderr
    file = json.loads(made.stdout)["file"]
    told = backup.run(new, "backup", "verify", file, "--json", SENDMILL_BACKUP_PASSPHRASE=PASSPHRASE)
    assert json.loads(told.stdout)["settings"] == [
        "SENDMILL_DATA_DIR",
        "SENDMILL_SECRET_KEY",
        "SENDMILL_STATE_DIR",
    ]
    assert "given by the environment" not in told.stdout + told.stderr
    wrong = backup.run(new, "backup", "verify", file, SENDMILL_BACKUP_PASSPHRASE=f"{PASSPHRASE}r")
    assert (wrong.returncode, "does not open" in wrong.stderr) == (3, True)


def test_everything_that_lies_in_a_data_folder_is_taken_or_left_out_on_purpose(backup: Backup) -> None:
    # The marks of what was sent lie elsewhere, unless a test puts them here.
    known = {*KEPT_FILES, *KEPT_FOLDERS, *LEFT_OUT, "state"}
    assert {path.name for path in backup.demo.folder.iterdir()} <= known


def test_what_cannot_be_opened_touches_nothing(backup: Backup, new: Path) -> None:
    broken, other = new.parent / "broken.sendmill", new.parent / "other"
    broken.write_bytes(backup.path.read_bytes()[:-100_000])
    assert backup.run(new, "backup", "key", other).returncode == 0
    refused: list[tuple[int, str, list[object]]] = [
        (1, "cut off", ["backup", "verify", broken, "--identity", backup.key]),
        (1, "cut off", ["restore", broken, "--identity", backup.key]),
        (3, "another", ["restore", backup.path, "--identity", other]),
        (3, "--identity", ["restore", backup.path]),
    ]
    for status, sentence, words in refused:
        done = backup.run(new, *words)
        assert (done.returncode, sentence in done.stderr) == (status, True), done.stderr
    assert contents(new) == []


def test_a_data_folder_in_use_or_not_empty_is_refused(backup: Backup, new: Path) -> None:
    done = backup.run(backup.demo.folder, "restore", backup.path, "--identity", backup.key)
    assert (done.returncode, "stop it first" in done.stderr) == (3, True), done.stderr
    (new / "files").mkdir()
    (new / "files" / "mine.csv").write_text("Number\n")
    done = backup.run(new, "restore", backup.path, "--identity", backup.key)
    assert (done.returncode, "--set-aside" in done.stderr) == (3, True), done.stderr
    assert contents(new) == ["files", "files/mine.csv"]
    done = backup.run(new, "restore", backup.path, "--identity", backup.key, "--set-aside", "--json")
    assert done.returncode == 0, done.stderr
    [aside] = json.loads(done.stdout)["set_aside"]
    assert (Path(aside) / "files" / "mine.csv").read_text() == "Number\n"


def test_a_restore_that_is_killed_leaves_nothing_in_its_place(backup: Backup, new: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sendmill", "restore", str(backup.path), "--identity", str(backup.key)],
        env=backup.environment(new),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    building = new / ".restoring"
    wait_until((building / "postgres" / "cluster" / "postmaster.pid").exists)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert {name.split("/")[0] for name in contents(new)} <= {".restoring", ".restoring.lock"}
    wait_until(lambda: not Embedded(building).status().running)
    done = backup.run(new, "restore", backup.path, "--identity", backup.key)
    assert done.returncode == 0, done.stderr
    assert not building.exists()


def test_a_backup_that_is_killed_leaves_no_file(backup: Backup, new: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sendmill", "backup", str(new), "--recipient", public_of(backup.key)],
        env=backup.demo.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: contents(new) != [] or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert all(name.startswith(".") and name.endswith(".partial") for name in contents(new))
    told = backup.demo.json("backup", str(new), "--recipient", public_of(backup.key), "--keep", "1")
    assert contents(new) == [Path(told["file"]).name]


def public_of(key: Path) -> str:
    return key.read_text().splitlines()[0].removeprefix("# public key: ")


def test_it_goes_into_a_server_of_ones_own_and_can_be_backed_up_from_there(backup: Backup, new: Path) -> None:
    """Which a second embedded server is here."""
    with Embedded(new.parent / "server", dies_with_parent=True) as server:
        kill_a_restore(backup, new, server.dsn)
        done = backup.run(new, "restore", backup.path, "--identity", backup.key, DATABASE_URL=server.dsn)
        assert done.returncode == 0, done.stderr
        with psycopg.connect(server.dsn, autocommit=True) as rows:
            assert 0 < check_books(rows).successful < MESSAGES
            rows.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('tasks', '9999_later', now())"
            )
        assert contents(new) == contents_kept(new)
        words = ["backup", new.parent, "--recipient", public_of(backup.key), "--json"]
        again = backup.run(new, *words, DATABASE_URL=server.dsn)
        assert again.returncode == 0, again.stderr
        told = json.loads(again.stdout)
        assert told["secrets_apart"] == ["DATABASE_URL"]
        assert server.dsn not in again.stdout + again.stderr
    # By then it has a change that this version does not know.
    assert backup.run(new, "backup", "verify", told["file"], "--identity", backup.key).returncode == 0
    done = backup.run(new.parent / "newer", "restore", told["file"], "--identity", backup.key)
    assert (done.returncode, "9999_later" in done.stderr) == (3, True), done.stderr


def kill_a_restore(backup: Backup, new: Path, dsn: str) -> None:
    """Kill one while its transaction is open: nothing of it has happened."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sendmill", "restore", str(backup.path), "--identity", str(backup.key)],
        env=backup.environment(new) | {"DATABASE_URL": dsn},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with psycopg.connect(dsn, autocommit=True, dbname="postgres") as rows:

        def writes() -> bool:
            return bool(rows.execute(f"SELECT {RESTORES} AND backend_xid IS NOT NULL)").fetchone()[0])  # type: ignore[index]

        wait_until(lambda: writes() or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        process.wait()
        wait_until(lambda: rows.execute(f"SELECT {RESTORES})").fetchone() == (False,))
    with psycopg.connect(dsn, autocommit=True) as rows:
        assert count_rows(rows) == {}


RESTORES = "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'sendmill backup'"


def contents_kept(folder: Path) -> list[str]:
    """What a restore into a server of one's own leaves in the data folder."""
    return [name for name in contents(folder) if name.split("/")[0] in {*KEPT_FILES, *KEPT_FOLDERS}]


def test_an_empty_folder_has_nothing_to_back_up(backup: Backup, new: Path) -> None:
    done = backup.run(new, "backup", new.parent / "x.sendmill", "--recipient", public_of(backup.key))
    assert (done.returncode, "nothing to back up" in done.stderr) == (3, True), done.stderr


def test_without_a_passphrase_a_program_is_told_how_to_give_one(backup: Backup, new: Path) -> None:
    done = backup.run(backup.demo.folder, "backup", new)
    assert (done.returncode, "SENDMILL_BACKUP_PASSPHRASE" in done.stderr) == (3, True), done.stderr
    done = backup.run(backup.demo.folder, "backup", new, SENDMILL_BACKUP_PASSPHRASE="short")
    assert (done.returncode, "at least 12" in done.stderr) == (3, True), done.stderr
