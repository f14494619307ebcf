"""Worker, sender and console alone, each with a database that is killed, away, or hangs: real processes."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.rig.databases import migrate
from tests.rig.processes import Program, free_port, signal_each

from sendmill.postgres.embedded.folders import Folders
from sendmill.postgres.embedded.postmaster import processes_of
from sendmill.postgres.embedded.server import Embedded
from sendmill.runtime.process_endpoints import noted_in

COMMANDS = ("worker", "sender", "web")
# A job that does nothing when there is nothing to do.
DEFER = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
VALUES ('default', 'forget_samples', '{"timestamp": 0}') RETURNING id
"""


class Server:
    """A server of the test's own, which it kills."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.embedded = Embedded(folder, durable=False, dies_with_parent=True)
        self.dsn = self.embedded.start()
        migrate(self.dsn)

    def kill(self) -> None:
        pid = self.embedded.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def freeze(self, frozen: bool) -> None:
        """Let every process of the server hang, as on a disk that does not answer."""
        pids = processes_of(Folders.below(self.folder).cluster)
        signal_each(pids, signal.SIGSTOP if frozen else signal.SIGCONT)

    def query(self, sql: str) -> int:
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            row = conn.execute(sql).fetchone()
        return int(row[0]) if row else 0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="sm-"))
    folder.chmod(0o755)
    server = Server(folder)
    yield server
    server.freeze(False)
    server.embedded.start()
    server.embedded.stop()
    shutil.rmtree(folder, ignore_errors=True)


class Alone:
    """One process beside the server, as an init system runs it."""

    def __init__(self, server: Server, folder: Path, command: str) -> None:
        self.port = free_port()
        words = [command, "--port", str(self.port)] if command == "web" else [command]
        self.folder, self.command = folder, command
        self.program = Program(server.dsn, folder, folder / "log", *words)

    def start(self) -> None:
        self.program.start()
        until(lambda: self.get("health/ready") == 200, f"{self.command} is ready")

    def get(self, path: str) -> int:
        """What its endpoint answers; 0 when it does not."""
        found = [one for one in noted_in(self.folder) if one.process == self.command]
        return answer(found[0].address + path) if found else 0

    def page(self) -> int:
        """What a page answers to a browser that has a session, which is in the database."""
        return answer(f"http://127.0.0.1:{self.port}/", {"Cookie": f"sessionid={'s' * 32}"})

    def said(self, event: str) -> int:
        return sum(one["event"] == event for one in self.program.events())


@pytest.fixture
def alone(server: Server, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Alone]:
    process = Alone(server, tmp_path, request.param)
    process.start()
    yield process
    process.program.kill()


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, f"{what}: it never came true"
        time.sleep(0.1)


def answer(address: str, headers: dict[str, str] | None = None) -> int:
    request = urllib.request.Request(address, headers=headers or {})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=20) as page:  # noqa: S310
            return int(page.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


@pytest.mark.parametrize("alone", COMMANDS, indirect=True)
def test_a_process_outlives_a_restart_of_its_database(server: Server, alone: Alone) -> None:
    for outage in (1, 2):
        server.kill()
        until(lambda: alone.get("health/ready") == 503, "it is not ready")
        assert alone.get("health/live") == 200, "a new start would not help"
        if alone.command == "web":
            assert [alone.page() for _ in range(3)] == [503] * 3
        server.embedded.start()
        until(lambda: alone.get("health/ready") == 200, "it is ready again")
        if alone.command == "web":
            assert alone.page() < 500
        until(lambda outage=outage: alone.said("database back") == outage, "it says that it is back")
        assert alone.said("database lost") == outage
    assert alone.program.running
    # What the first outage cut off is taken over.
    fine = ("info", "debug")
    others = [
        one for one in alone.program.events() if one["level"] not in fine and "taken" not in one["event"]
    ]
    assert [one["event"] for one in others] == ["database lost"] * 2, others
    assert "Traceback" not in (alone.folder / "log").read_text()


@pytest.mark.parametrize("alone", ["worker"], indirect=True)
def test_jobs_go_on_after_a_restart(server: Server, alone: Alone) -> None:
    server.kill()
    until(lambda: alone.said("database lost") == 1, "the worker has noticed")
    server.embedded.start()
    job = server.query(DEFER)
    until(lambda: not server.query(f"SELECT count(*) FROM procrastinate_jobs WHERE id = {job}"), "job done")
    until(
        lambda: not server.query("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"),
        "what was under way is taken over",
    )
    assert server.query("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("state", ["down", "hanging"])
@pytest.mark.parametrize("alone", COMMANDS, indirect=True)
def test_a_process_ends_while_its_database_is_away(
    server: Server, alone: Alone, state: str, number: signal.Signals
) -> None:
    try:
        if state == "down":
            server.kill()
            until(lambda: alone.get("health/ready") == 503, "it is not ready")
        else:
            server.freeze(True)
        os.kill(alone.program.pid, number)
        until(lambda: not alone.program.running, "it ends")
    finally:
        server.freeze(False)
        server.embedded.start()
