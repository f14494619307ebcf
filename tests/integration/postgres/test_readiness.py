"""Waiting for a server that is still starting: real servers, and sockets that only look like one."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from sendmill.postgres.embedded.server import Embedded, ServerUnreachableError
from sendmill.postgres.errors import ServerRefusesError
from sendmill.postgres.readiness import wait_until_ready


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sm-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_server_that_runs_is_not_waited_for(database_url: str) -> None:
    said: list[str] = []
    wait_until_ready(database_url, 0, said.append)
    assert said == []


def test_a_server_that_starts_meanwhile_is_waited_for_and_said_once(place: Path) -> None:
    server = Embedded(place, durable=False, dies_with_parent=True)
    with server:
        pass  # once, so that the database is there as soon as the server answers
    said: list[str] = []
    starter = threading.Thread(target=server.start)
    try:
        starter.start()
        wait_until_ready(server.dsn, 300, said.append)
    finally:
        starter.join()
        server.stop()
    assert len(said) == 1
    assert "waiting up to 300 s" in said[0]


def test_a_server_that_recovers_is_waited_for(place: Path) -> None:
    """Until its start is through it refuses connections: the database system is starting up."""
    with Embedded(place, durable=False, dies_with_parent=True) as server:
        pid = server.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        said: list[str] = []
        goes_on = threading.Thread(target=lambda: os.kill(pid, signal.SIGCONT))
        wait_until_ready(server.dsn, 300, lambda sentence: (said.append(sentence), goes_on.start()))
        goes_on.join()
    assert len(said) == 1


@pytest.mark.parametrize(("setting", "value"), [("dbname", "none_such"), ("user", "nobody_here")])
def test_who_is_not_let_in_is_refused_at_once(database_url: str, setting: str, value: str) -> None:
    with pytest.raises(ServerRefusesError, match=value):
        wait_until_ready(make_conninfo(database_url, **{setting: value}), 86_400, str)


def test_a_wrong_password_is_refused_at_once_and_not_repeated(place: Path) -> None:
    with Embedded(place, durable=False, dies_with_parent=True) as server:
        rules = place / "postgres" / "pg_hba.conf"
        rules.write_text("local sendmill sendmill scram-sha-256\n" + rules.read_text())
        with psycopg.connect(make_conninfo(server.dsn, user="postgres"), autocommit=True) as conn:
            conn.execute("ALTER ROLE sendmill PASSWORD 'right'")
            conn.execute("SELECT pg_reload_conf()")
        wait_until_ready(make_conninfo(server.dsn, password="right"), 0, str)
        with pytest.raises(ServerRefusesError) as refused:
            wait_until_ready(make_conninfo(server.dsn, password="wr0ng"), 86_400, str)
    assert "wr0ng" not in str(refused.value)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        with pytest.raises(ServerUnreachableError, match="does not answer"):
            wait_until_ready(f"postgresql://u:s3cret@127.0.0.1:{port}/d", 0, str)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ServerRefusesError) as refused:
        wait_until_ready("postgresql://u:s3cret@h/d?none_such=1", 86_400, str)
    assert "s3cret" not in str(refused.value)
