"""Commands given to the application itself, in the process of the tests and against PostgreSQL.

Nothing of Django is imported here: this file is read before the settings are there.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.rig.paper_mill import Mill


@pytest.fixture
def neighbour(mill: Mill) -> Mill:
    """Another account; commands work in `mill` when none is named."""
    from tests.rig.paper_mill import build

    return build("neighbour")


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
