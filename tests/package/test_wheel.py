"""The wheel in an environment that holds nothing else: it starts, and does what needs no database."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.rig.environments import create, run

import sendmill


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment with the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    return create(folder, sys.executable, str(wheel), "--constraint", "requirements/base.txt")


def test_it_says_its_version_and_its_commands(programs: Path, tmp_path: Path) -> None:
    version = run(programs / "sendmill", "--version", cwd=tmp_path)
    assert (version.returncode, version.stdout.strip()) == (0, sendmill.__version__)
    explained = run(programs / "sendmill", "--help", cwd=tmp_path)
    assert explained.returncode == 0, explained.stderr
    assert "sendmill demo" in explained.stdout


def test_it_checks_a_file(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "Numbers.csv").write_text("Number\n+4915112345678\n+4915112345678\n12\n")
    checked = run(
        programs / "sendmill", "check", "Numbers.csv", cwd=tmp_path, SENDMILL_DATA_DIR=str(tmp_path / "data")
    )
    assert checked.returncode == 0, checked.stderr
    assert "1" in checked.stdout


def test_it_has_the_styles_the_catalogues_and_the_migrations(programs: Path, tmp_path: Path) -> None:
    (console,) = programs.parent.glob("lib/python3*/site-packages/sendmill/console")
    assert (console / "static_collected/staticfiles.json").exists()
    assert (console / "locale/zh_Hans/LC_MESSAGES/django.mo").exists()
    assert list((console.parent / "tasks/migrations").glob("0001*.py"))
