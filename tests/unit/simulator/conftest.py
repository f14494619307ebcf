"""A running service centre for a test, stopped afterwards."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from sendmill.simulator.faults import Faults
from sendmill.simulator.server import Smsc

Start = Callable[..., Awaitable[Smsc]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start a centre with the given faults; keywords of Smsc go with them."""
    running: list[Smsc] = []

    async def begin(faults: Faults | None = None, **settings: Any) -> Smsc:
        smsc = Smsc(faults=faults, **settings)
        await smsc.start()
        running.append(smsc)
        return smsc

    yield begin
    for smsc in running:
        await smsc.stop()
