"""The embedded server: real processes in temporary folders, killed and started again."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from tests.integration.postgres.conftest import Maker, cluster

from sendmill.postgres.embedded import folders
from sendmill.postgres.embedded import server as postgres
from sendmill.postgres.embedded.postmaster import processes_of
from sendmill.postgres.embedded.server import (
    ClusterVersionError,
    DataFolderError,
    DiskFullError,
    Embedded,
    OrphansAliveError,
    StartError,
    django_database,
    server_version_check,
)
from sendmill.postgres.embedded.server_user import choose_user

START = """
import sys
from pathlib import Path
from sendmill.postgres.embedded.server import Embedded
server = Embedded(Path(sys.argv[1]), durable=False, dies_with_parent=sys.argv[2] == "dies")
server.start()
print(server.owned, server.status().pid, flush=True)
if sys.argv[2] == "dies":
    sys.stdin.read()
"""


def query(dsn: str, sql: str) -> Any:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
    return row[0] if row else None


def execute(dsn: str, sql: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def running_pid(server: Embedded) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid


def run_starter(place: Path, mode: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, str(place), mode],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_fresh_start_gives_a_working_database_of_our_own(make: Maker) -> None:
    server = make()
    dsn = server.dsn
    assert server.start() == dsn
    assert server.status() == postgres.Status(True, True, True, running_pid(server), dsn, server.data_dir)
    assert server_version_check(dsn) >= 180000
    assert query(dsn, "SELECT current_database() || ' ' || current_user") == "sendmill sendmill"
    assert query(dsn, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert (
        query(dsn, "SELECT lower('ÀÉ') || pg_encoding_to_char(encoding) FROM pg_database LIMIT 1") == "àéUTF8"
    )
    assert query(dsn, "SHOW listen_addresses") == ""
    assert query(dsn, "SHOW timezone") == "UTC"
    entry = django_database(dsn)
    assert entry["ENGINE"] == "sendmill.postgres.django_backend"
    with psycopg.connect(
        host=entry["HOST"], port=entry["PORT"], dbname=entry["NAME"], user=entry["USER"]
    ) as connection:
        assert connection.info.dbname == "sendmill"
    assert Path(entry["HOST"]).stat().st_mode & 0o777 == 0o700
    assert (cluster(server).stat().st_mode & 0o777, cluster(server).stat().st_uid != 0) == (0o700, True)


def test_durable_is_the_default(place: Path) -> None:
    with Embedded(place, dies_with_parent=True) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert query(server.dsn, f"SHOW {name}") == "on"
    assert not server.status().running


def test_restart_keeps_the_data_and_a_stop_leaves_nothing_running(make: Maker) -> None:
    server = make()
    execute(server.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    assert server.stop() is True
    assert not server.status().running
    assert processes_of(cluster(server)) == []
    assert not (cluster(server) / "postmaster.pid").exists()
    assert server.stop() is False
    assert query(server.start(), "SELECT answer FROM kept") == 42


def test_start_again_while_running_changes_nothing(make: Maker) -> None:
    server = make()
    server.start()
    pid = running_pid(server)
    server.start()
    assert (running_pid(server), server.owned) == (pid, True)


def test_a_running_server_is_reused_and_left_alone(make: Maker) -> None:
    first, second = make(), make()
    first.start()
    assert second.start() == first.dsn
    assert (second.owned, second.status().owned, second.status().ready) == (False, False, True)
    assert second.stop() is False
    assert query(first.dsn, "SELECT 1") == 1


def test_adopting_needs_that_the_starter_has_ended(make: Maker, place: Path) -> None:
    first, second = make(), make(adopt=True)
    first.start()
    second.start()
    assert second.owned is False
    first.stop()
    starter = run_starter(place, "leaves")
    assert starter.communicate()[0].startswith("True ")
    second.start()
    assert second.owned is True
    assert second.stop() is True
    assert not second.status().running


def test_killed_server_starts_again_with_its_data(make: Maker) -> None:
    server = make()
    execute(server.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    old = running_pid(server)
    os.kill(old, signal.SIGKILL)
    assert query(server.start(), "SELECT answer FROM kept") == 42
    assert running_pid(server) != old
    assert server.owned is True


def test_pid_file_that_names_a_stranger_is_stale(make: Maker) -> None:
    server = make()
    server.start()
    text = (cluster(server) / "postmaster.pid").read_text()
    server.stop()
    user = choose_user(cluster(server))
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **user.process_options())
    try:
        (cluster(server) / "postmaster.pid").write_text(f"{stranger.pid}\n{text.split(chr(10), 1)[1]}")
        assert not server.status().running
        assert query(server.start(), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_a_killed_server_left_is_waited_for(make: Maker) -> None:
    server = make(orphan_timeout=0.5)
    dsn = server.start()
    with psycopg.connect(dsn, autocommit=True) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        try:
            os.kill(running_pid(server), signal.SIGKILL)
            with pytest.raises(OrphansAliveError, match=str(backend)):
                server.start()
        finally:
            os.kill(backend, signal.SIGCONT)
    wait_until(lambda: processes_of(cluster(server)) == [])
    assert query(server.start(), "SELECT 1") == 1


def test_of_several_starts_at_once_one_starts_it(make: Maker, place: Path) -> None:
    starters = [run_starter(place, "leaves") for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        answers = [out.split() for out, _ in pool.map(subprocess.Popen.communicate, starters)]
    assert sorted(owned for owned, _ in answers) == ["False", "False", "False", "True"]
    assert len({pid for _, pid in answers}) == 1
    server = make(adopt=True)
    server.start()
    assert str(running_pid(server)) == answers[0][1]
    assert server.owned is True


def test_interrupted_creation_is_done_again(make: Maker, place: Path) -> None:
    starter = run_starter(place, "leaves")
    partial = place / "postgres" / "cluster.partial"
    wait_until(lambda: (partial / "PG_VERSION").exists() or starter.poll() is not None)
    starter.kill()
    starter.communicate()
    assert not (place / "postgres" / "cluster").exists()
    server = make()
    assert query(server.start(), "SELECT 1") == 1
    assert not partial.exists()


def test_leftovers_of_a_creation_are_removed(make: Maker, place: Path) -> None:
    (place / "postgres" / "cluster.partial" / "base").mkdir(parents=True)
    (place / "postgres" / "cluster.partial" / "PG_VERSION").write_text("18\n")
    (place / "postgres" / "cluster").mkdir()
    assert query(make().start(), "SELECT 1") == 1


def test_long_data_path_gets_a_short_socket_folder(make: Maker, place: Path) -> None:
    server = make(place / ("long" * 30))
    assert query(server.start(), "SELECT 1") == 1
    sockets = Path(django_database(server.dsn)["HOST"])
    assert not sockets.is_relative_to(place)
    assert sockets.stat().st_mode & 0o777 == 0o700
    server.stop()
    assert not sockets.exists()


def test_short_socket_folder_of_a_stranger_is_not_used(make: Maker, place: Path) -> None:
    server = make(place / ("long" * 30))
    expected, elsewhere = Path(django_database(server.dsn)["HOST"]), place / "elsewhere"
    elsewhere.mkdir()
    expected.symlink_to(elsewhere)
    try:
        assert query(server.start(), "SELECT 1") == 1
        used = Path(django_database(server.dsn)["HOST"])
        assert used.stat().st_mode & 0o777 == 0o700
        assert used != expected
        assert list(elsewhere.iterdir()) == []
        other = make(server.data_dir)
        assert other.status().dsn == server.dsn
    finally:
        server.stop()
        expected.unlink()
    assert not used.exists()


def test_odd_characters_in_the_path_do_no_harm(make: Maker, place: Path) -> None:
    server = make(place / 'it\'s, "50%" $HOME\\ 短')
    assert query(server.start(), "SELECT 1") == 1
    with pytest.raises(DataFolderError, match="control characters"):
        Embedded(place / "two\nlines")


def test_server_ends_with_a_killed_parent(make: Maker, place: Path) -> None:
    starter = run_starter(place, "dies")
    assert starter.stdout is not None
    assert starter.stdout.readline().startswith("True ")
    server = make()
    assert server.status().ready
    starter.kill()
    starter.communicate()
    wait_until(lambda: not server.status().running and processes_of(cluster(server)) == [])


def test_data_of_another_major_version_is_refused(make: Maker) -> None:
    server = make()
    server.start()
    server.stop()
    (cluster(server) / "PG_VERSION").write_text("15\n")
    with pytest.raises(ClusterVersionError, match=r"PostgreSQL 15.*pg_dump"):
        server.start()


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_full_disk_is_said_before_and_after(
    make: Maker, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = make()
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: Usage(1, 1, 0))
        with pytest.raises(DiskFullError, match="free some space"):
            server.start()
    assert not (place / "postgres" / "cluster").exists()
    home = folders.Folders.below(place)
    home.start_log.write_text("FATAL:  could not write lock file: No space left on device\n")
    assert isinstance(folders.explain_failure(home, 1, 0), DiskFullError)


def test_wrong_setting_of_ones_own_is_named(make: Maker, place: Path) -> None:
    server = make()
    server.start()
    server.stop()
    local = place / "postgres" / "local.conf"
    local.write_text("shared_buffers = 'lots'\n")
    with pytest.raises(StartError, match=r"configuration file .*local.conf"):
        server.start()
    assert any("lots" in line for line in server.log_tail())
    assert not server.status().running
    local.write_text("work_mem = '5MB'\n")
    assert query(server.start(), "SHOW work_mem") == "5MB"


def test_log_holds_no_phone_numbers(make: Maker, place: Path) -> None:
    server = make()
    dsn = server.start()
    execute(dsn, "CREATE TABLE people (number bigint PRIMARY KEY, name text CHECK (name <> 'no'))")
    execute(dsn, "INSERT INTO people VALUES (8613112345678, 'first')")
    wrong = [
        "INSERT INTO people VALUES (8613112345678, 'again')",
        "INSERT INTO people VALUES (8613112345679, 'no')",
        "INSERT INTO people VALUES ('8613112345678x', 'text')",
        "SELECT * FROM nowhere WHERE number = 8613112345678",
    ]
    for sql in wrong:
        with pytest.raises(psycopg.Error):
            execute(dsn, sql)
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.Error):
        connection.execute("SELECT 1 / %s + %s", [0, 8613112345678])
    with (
        pytest.raises(psycopg.Error),
        psycopg.connect(dsn) as connection,
        connection.cursor() as cursor,
        cursor.copy("COPY people FROM STDIN") as copy,
    ):
        copy.write("8613112345678y\tname\n")
    server.stop()
    text = "".join(path.read_text() for path in (place / "postgres" / "log").iterdir())
    assert "ready to accept connections" in text
    assert "86131" not in text
    assert server.log_tail(1)[0].endswith("database system is shut down")
    assert server.log_tail(0) == []
