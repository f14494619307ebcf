"""The wheel, built once, and empty environments to install things in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.rig.environments import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as `make package` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder)], cwd=ROOT, check=True, timeout=600
    )
    (built,) = folder.glob("*.whl")
    return built
