"""A carrier for all tests of one module."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from tests.rig.store import Account, add_carrier


@pytest.fixture(scope="module")
def carrier(rows: psycopg.Connection[tuple[Any, ...]], account: Account) -> int:
    return add_carrier(rows, account)
