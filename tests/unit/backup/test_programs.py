"""pg_dump and pg_restore: fitting the server, and no secret where others on the machine could read it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sendmill.backup import programs
from sendmill.backup.errors import BackupError, BackupRefused
from sendmill.postgres.embedded.server import PostgresError


def fake(folder: Path, version: str) -> Path:
    folder.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_ours_serve_a_server_of_our_version_whatever_is_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(fake(tmp_path / "new", "19.1")), prepend=":")
    assert programs.find_programs(18).folder != tmp_path / "new"


def test_a_newer_server_needs_those_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(fake(tmp_path / "new", "19beta1")), prepend=":")
    assert programs.find_programs(19) == programs.Programs(tmp_path / "new", 19)
    with pytest.raises(BackupRefused, match="postgresql-client-20"):
        programs.find_programs(20)


def test_no_secret_is_on_the_command_line() -> None:
    dsn = "postgresql://me:pass%20word@db.example:5433/store?sslmode=verify-full&sslpassword=other&options=-c%20a%3Db"
    with programs.address(dsn) as (option, environment):
        assert "pass" not in option.replace("sslpassword", "")
        assert "host=db.example" in option
        assert "sslmode=verify-full" in option
        assert environment["PGPASSWORD"] == "pass word"
        assert environment["PGOPTIONS"].startswith("-c a=b -c ")
        assert "-c statement_timeout=0" in environment["PGOPTIONS"]
        service = Path(environment["PGSERVICEFILE"])
        assert service.stat().st_mode & 0o777 == 0o600
        assert service.read_text() == "[sendmill]\nsslpassword=other\n"
    assert not service.exists()


def test_what_is_no_address_is_refused_without_repeating_it() -> None:
    with pytest.raises(PostgresError) as refused, programs.address("postgresql://u:hunter2@[h/d"):
        pass
    assert "hunter2" not in str(refused.value)


def test_the_reason_of_a_failure_quotes_no_row(tmp_path: Path) -> None:
    script = tmp_path / "pg_restore"
    script.write_text(
        "#!/bin/sh\necho 'pg_restore: error: COPY failed for table \"message\"' >&2\n"
        "echo 'CONTEXT:  COPY message, line 1: \"1 0 491711234567\"' >&2\nexit 1\n"
    )
    script.chmod(0o755)
    running = programs.Running([str(script)], {}, output=subprocess.PIPE)
    running.output.read()
    with pytest.raises(BackupError, match=r'^pg_restore failed: COPY failed for table "message"\.$'):
        running.end()
    running.kill()
