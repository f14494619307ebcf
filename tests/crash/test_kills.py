"""A short run of the rig; `python -m tests.crash` is the long one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest
from tests.crash.rig import Rig

SECONDS = float(os.environ.get("SENDMILL_CRASH_SECONDS", "15"))


@pytest.mark.crash
def test_nothing_is_doubled_or_lost_when_processes_are_killed(tmp_path: Path) -> None:
    seed = secrets.randbelow(10**6)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o711)
    with Rig(tmp_path, seed) as rig:
        rig.run(SECONDS)
        verdict = rig.verdict()
        assert rig.tasks
        assert verdict.accepted_parts
        assert verdict.clean, (rig.describe(), verdict.describe())
