"""Tests of rules, codecs and readers: without a database."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def database_url() -> str:
    """In place of the session's server, which takes seconds to start."""
    pytest.fail("A test below tests/unit asked for the database: it belongs below tests/integration.")
