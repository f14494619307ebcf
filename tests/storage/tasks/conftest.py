"""A desk with its files in a folder of its own.

Nothing of Django is imported here: this file is read before the settings are there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.storage.tasks.desk import Desk


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path) -> Desk:
    """For tests that need no commit."""
    from tests.storage.tasks.desk import furnish

    settings.MEDIA_ROOT = tmp_path / "files"
    return furnish()


@pytest.fixture
def committed_desk(transactional_db: None, settings: Any, tmp_path: Path) -> Desk:
    """For tests with several connections."""
    from tests.storage.tasks.desk import furnish

    settings.MEDIA_ROOT = tmp_path / "files"
    return furnish()
