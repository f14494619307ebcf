"""Accounts to try things with. Django's models are imported late: they need the settings first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from tests.storage.catalog.paper_mill import Mill


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def mill(db: None) -> Mill:
    from tests.storage.catalog.paper_mill import build

    return build("mill")


@pytest.fixture
def neighbour(db: None) -> Mill:
    from tests.storage.catalog.paper_mill import build

    return build("neighbour")
