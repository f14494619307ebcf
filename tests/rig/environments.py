"""Environments of Python that hold nothing yet, and commands that run in them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def create(folder: Path, python: str, *wanted: str) -> Path:
    """Make an environment of `python` with what pip is told to install; the folder of its programs."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True, timeout=300)
    install = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *wanted], cwd=ROOT, check=True, timeout=1200)
    return folder / "bin"


def run(*command: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command without what this process has in its environment of Sendmill and of Python."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SENDMILL_", "DJANGO_", "PYTEST_", "PYTHON")) and name != "DATABASE_URL"
    }
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=kept | variables,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
