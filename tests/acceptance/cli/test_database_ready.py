"""What a start needs of its database: that it answers, lets us in, and has the tables of this version."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.rig.databases import own_database
from tests.rig.processes import environment, free_port

PROCESSES = ("up", "web", "worker", "sender", "migrate")
NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('tasks', '9999_from_the_future', now())"
OLDER = "DELETE FROM django_migrations WHERE app = 'console' OR id = (SELECT max(id) FROM django_migrations)"


@pytest.fixture
def url(database_url: str, store_template: str) -> Iterator[str]:
    with own_database(database_url, store_template) as address:
        yield address


def sendmill(url: str, folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    port = ("--port", str(free_port())) if words[0] in ("up", "web") else ()
    return subprocess.run(
        [sys.executable, "-m", "sendmill", *words, *port],
        env=environment(url, folder) | settings,
        capture_output=True,
        text=True,
        timeout=120,
    )


def execute(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(sql)


@pytest.mark.parametrize("command", [*PROCESSES, "doctor"])
def test_tables_of_a_newer_version_are_refused(url: str, tmp_path: Path, command: str) -> None:
    execute(url, NEWER)
    done = sendmill(url, tmp_path, command)
    assert done.returncode == 1, done.stdout + done.stderr
    said = done.stdout if command == "doctor" else done.stderr
    assert "belongs to a newer Sendmill" in said
    assert "tasks.9999_from_the_future" in said
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["web", "worker", "sender", "doctor"])
def test_tables_of_an_older_version_want_to_be_migrated(url: str, tmp_path: Path, command: str) -> None:
    execute(url, OLDER)
    done = sendmill(url, tmp_path, command)
    assert done.returncode == (1 if command == "doctor" else 4), done.stdout + done.stderr
    assert "Run `sendmill migrate`." in (done.stdout if command == "doctor" else done.stderr)


@pytest.mark.parametrize("command", PROCESSES)
def test_a_database_that_is_not_there_is_refused_at_once(url: str, tmp_path: Path, command: str) -> None:
    wrong = make_conninfo(url, dbname="none_such", password="s3cret")
    done = sendmill(wrong, tmp_path, command, SENDMILL_DATABASE_WAIT_SECONDS="86400")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "refuses the connection" in done.stderr
    assert "none_such" in done.stderr
    assert "s3cret" not in done.stderr + done.stdout


@pytest.mark.parametrize("command", ["up", "worker", "sender", "migrate"])
def test_a_server_that_does_not_come_is_waited_for_as_set(tmp_path: Path, command: str) -> None:
    nobody = f"postgresql://u:s3cret@127.0.0.1:{free_port()}/d"
    done = sendmill(nobody, tmp_path, command, SENDMILL_DATABASE_WAIT_SECONDS="1")
    assert done.returncode == 4, done.stdout + done.stderr
    assert done.stderr.count("does not answer yet; waiting up to 1 s") == 1
    assert "Check DATABASE_URL and that the server runs." in done.stderr
    assert "s3cret" not in done.stderr + done.stdout


def test_what_a_person_is_told_is_the_same_at_every_log_level(url: str, tmp_path: Path) -> None:
    told = {
        level: sendmill(url, tmp_path, "doctor", "--json", SENDMILL_LOG_LEVEL=level, SENDMILL_METRICS_HOST="")
        for level in ("warning", "info", "debug")
    }
    assert len({(done.returncode, done.stdout) for done in told.values()}) == 1
    assert told["info"].stderr == told["warning"].stderr
    assert os.environ["DATABASE_URL"]
