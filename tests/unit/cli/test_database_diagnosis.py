"""What `sendmill doctor` advises when the embedded database does not answer."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from sendmill.cli import database_diagnosis
from sendmill.cli.database_diagnosis import why_away
from sendmill.cli.errors import AlreadyRunningError
from sendmill.cli.one_instance import hold_data_folder, holder
from sendmill.postgres.embedded.server import Embedded, Status
from sendmill.runtime.settings import Environment


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(data_dir=tmp_path, database_url="")


def found(monkeypatch: pytest.MonkeyPatch, *, running: bool, ready: bool) -> None:
    status = Status(running, ready, False, 77 if running else None, "", Path())
    monkeypatch.setattr(Embedded, "status", lambda _: status)


def test_nothing_runs(environment: Environment) -> None:
    assert why_away(environment).startswith("It does not run. Run `sendmill up`")


def test_it_has_ended_below_a_supervisor(environment: Environment, tmp_path: Path) -> None:
    with hold_data_folder(tmp_path, "up"):
        said = why_away(environment)
    assert "PostgreSQL has ended; sendmill up (process " in said
    assert "starts it again by itself" in said
    assert "Run `sendmill up`" not in said


def test_it_recovers(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, running=True, ready=False)
    assert "recovers first. Wait" in why_away(environment)


def test_it_hangs(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, running=True, ready=True)
    assert "PostgreSQL runs (process 77) and does not answer." in why_away(environment)


def test_it_runs_on_a_full_disk(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, running=True, ready=True)
    monkeypatch.setattr(database_diagnosis.shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    assert "is full, and PostgreSQL (process 77) takes nobody in. Free some space" in why_away(environment)


@pytest.mark.parametrize("held", [True, False])
def test_the_disk_is_full(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    monkeypatch.setattr(database_diagnosis.shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    if held:
        with hold_data_folder(tmp_path, "up"):
            said = why_away(environment)
        assert "starts it again by itself" in said
    else:
        said = why_away(environment)
        assert "then run `sendmill up`" in said
    assert f"The disk of {tmp_path} is full" in said


def test_a_server_of_ones_own_gives_its_reason(tmp_path: Path) -> None:
    own = Environment(data_dir=tmp_path, database_url="postgresql://u:s3cret@127.0.0.1:1/d")
    said = why_away(own)
    assert "Check DATABASE_URL and that the server runs." in said
    assert "s3cret" not in said


def test_only_one_holds_a_data_folder(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with hold_data_folder(tmp_path, "demo"):
        assert "sendmill demo (process " in (holder(tmp_path) or "")
        with (
            pytest.raises(AlreadyRunningError, match="runs on the data folder"),
            hold_data_folder(tmp_path, "up"),
        ):
            pass
    assert holder(tmp_path) is None
    with hold_data_folder(tmp_path, "up"):
        pass
