"""A short run of the rig; `python -m tests.crash` is the long one."""

from __future__ import annotations

import os
import secrets

import pytest
from tests.crash.rig import Rig, own_folder

SECONDS = float(os.environ.get("SENDMILL_CRASH_SECONDS", "25"))


@pytest.mark.crash
def test_nothing_is_doubled_or_lost_when_processes_are_killed() -> None:
    seed = secrets.randbelow(10**6)
    with own_folder() as folder, Rig(folder, seed) as rig:
        rig.run(SECONDS)
        verdict = rig.verdict()
        assert rig.tasks
        assert verdict.accepted_parts
        assert verdict.clean, (rig.describe(), verdict.describe())
