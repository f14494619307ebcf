"""Settings: read from the environment, each one documented, the secret key kept."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from sendmill.postgres.embedded.server import database_dsn
from sendmill.runtime.settings import Environment

DOCUMENT = Path(__file__).parents[3] / "docs" / "SETTINGS.md"


def variable_of(field: str) -> str:
    return "DATABASE_URL" if field == "database_url" else f"SENDMILL_{field.upper()}"


def test_every_setting_is_documented_with_its_description() -> None:
    text = DOCUMENT.read_text()
    rows = {
        line.split("|")[1].strip().strip("`"): line for line in text.splitlines() if line.startswith("| `")
    }
    assert set(rows) == {variable_of(name) for name in Environment.model_fields}
    for name, field in Environment.model_fields.items():
        assert field.description, name
        assert field.description in rows[variable_of(name)]


def test_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDMILL_MAX_NUMBERS", "5")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@h/d")
    environment = Environment()
    assert environment.max_numbers == 5
    assert database_dsn(environment) == "postgresql://u@h/d"


def test_refuses_what_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDMILL_MAX_NUMBERS", "0")
    with pytest.raises(ValidationError, match="max_numbers"):
        Environment()


def test_makes_the_secret_key_once_and_keeps_it_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENDMILL_SECRET_KEY", raising=False)
    first = Environment(data_dir=tmp_path / "data").secret
    again = Environment(data_dir=tmp_path / "data").secret
    assert first == again
    assert len(first) >= 50
    path = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secret_key"]


def test_a_secret_key_that_is_set_is_used(tmp_path: Path) -> None:
    assert Environment(data_dir=tmp_path, secret_key="given").secret == "given"
    assert not list(tmp_path.iterdir())
