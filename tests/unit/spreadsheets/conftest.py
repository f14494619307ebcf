"""Files are read in the process of the tests; the process that reads them in the field is tested in acceptance."""

from __future__ import annotations

import pytest
from tests.rig.workbooks import read_in_this_process


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    read_in_this_process(monkeypatch)
