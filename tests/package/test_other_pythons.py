"""The tests of the rules, the codec and the readers with the other versions of Python that Sendmill is for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.rig.environments import ROOT, create, run


def interpreter(version: str) -> str | None:
    """A Python of this version: pyenv's, or one on the PATH that runs."""
    installed = sorted((Path.home() / ".pyenv/versions").glob(f"{version}.*/bin/python"))
    found = str(installed[-1]) if installed else shutil.which(f"python{version}")
    if found is None or subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
        return None
    return found


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_unit_tests_pass(version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed.")
    programs = create(tmp_path / "environment", python, "--requirement", "requirements/dev.txt")
    words = ["-m", "pytest", "tests/unit", "-m", "not slow", "-q", "-n", "2", "-p", "no:cacheprovider"]
    done = run(
        programs / "python", *words, cwd=ROOT, PYTHONPATH=str(ROOT / "src"), PYTHONDONTWRITEBYTECODE="1"
    )
    assert done.returncode == 0, done.stdout[-5000:]
