"""A desk in a database of its own, with its files in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.storage.tasks.desk import Desk, furnish


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path) -> Desk:
    """For tests that need no commit."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return furnish()


@pytest.fixture
def committed_desk(transactional_db: None, settings: Any, tmp_path: Path) -> Desk:
    """For tests with several connections."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return furnish()
