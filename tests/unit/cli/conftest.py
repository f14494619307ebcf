"""Commands given to the application itself, in the process of the tests and against PostgreSQL.

Nothing of Django is imported here: this file is read before the settings are there.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from tests.storage.catalog.paper_mill import Mill
    from tests.storage.tasks.desk import Desk
    from tests.unit.cli.shell import Shell


@pytest.fixture(autouse=True)
def _clean(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for name in ("SENDMILL_ACCOUNT", "SENDMILL_AS", "SENDMILL_CARRIER_PASSWORD", "SENDMILL_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    yield
    from django.utils import timezone

    timezone.deactivate()


@pytest.fixture
def shell() -> Shell:
    from tests.unit.cli.shell import Shell

    return Shell()


@pytest.fixture
def mill(db: None) -> Mill:
    """The account that commands work in when none is named."""
    from tests.storage.catalog.paper_mill import build

    return build("mill")


@pytest.fixture
def neighbour(mill: Mill) -> Mill:
    """Another account."""
    from tests.storage.catalog.paper_mill import build

    return build("neighbour")


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path) -> Desk:
    """An account with tasks."""
    from tests.storage.tasks.desk import furnish

    settings.MEDIA_ROOT = tmp_path / "files"
    return furnish()


@pytest.fixture
def carrier_port() -> Iterator[int]:
    """The port of a simulated carrier that lets demo / demo in."""
    from sendmill.simulator.server import Smsc

    loop = asyncio.new_event_loop()
    smsc = Smsc()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(smsc.start(), loop).result(10)
    yield smsc.port
    asyncio.run_coroutine_threadsafe(smsc.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
