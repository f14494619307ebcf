"""What goes wrong before a command begins: settings, folders, ports, the database. Real processes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STOPPED = "stopped where Django would be made ready"


def sendmill(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SENDMILL_")}
    kept.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "sendmill", *words],
        env=kept | {"SENDMILL_DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("environment", "status", "sentence"),
    [
        ({"SENDMILL_PORT": "abc"}, 1, "The setting SENDMILL_PORT is wrong: "),
        ({"SENDMILL_LOG_FORMAT": "xml"}, 1, "The setting SENDMILL_LOG_FORMAT is wrong: "),
        ({"DATABASE_URL": "mysql://h/d"}, 4, "DATABASE_URL is not a PostgreSQL address"),
        ({"SENDMILL_DATA_DIR": "/proc/none"}, 1, "Set SENDMILL_DATA_DIR to a folder of yours."),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, environment: dict[str, str], status: int, sentence: str
) -> None:
    done = sendmill(tmp_path, "doctor", **environment)
    assert (done.returncode, done.stdout) == (status, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("migrate",), ("task", "list")])
def test_a_database_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    nobody = {"DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/d", "SENDMILL_DATABASE_WAIT_SECONDS": "0"}
    done = sendmill(tmp_path, *words, **nobody)
    assert (done.returncode, done.stdout) == (4, "")
    assert "The database does not answer" in done.stderr
    assert "s3cret" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["up", "web", "simulator"])
def test_a_taken_port_is_named(tmp_path: Path, command: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        done = sendmill(tmp_path, command, "--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Port {port} at 127.0.0.1 is taken. Choose another one with --port.\n"


def test_help_and_version_load_neither_django_nor_settings(tmp_path: Path) -> None:
    code = (
        "import sys; from sendmill.cli.app import app; "
        "sys.exit(', '.join({'django', 'polars', 'yaml', 'sendmill.django_settings'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_command_touches_a_model_before_django_is_ready(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("a: 1\n")
    words = [sys.executable, "-m", "tests.acceptance.cli.unready", str(file)]
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    paths = {"PYTHONPATH": os.pathsep.join(["src", "."])}
    done = subprocess.run(words, cwd=ROOT, env=kept | paths, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) > 40
    assert {name: ended for name, ended in found.items() if ended != [4, STOPPED]} == {}
