"""Stages for the tests of sending; what needs Django is imported when a test asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from tests.rig.store import add_account, add_carrier

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.simulator.faults import Faults
from sendmill.simulator.server import Smsc

if TYPE_CHECKING:
    from tests.rig.stage import Stage


@pytest.fixture(scope="session")
def _account_names() -> Iterator[int]:
    return iter(range(1, 1_000_000))


@pytest.fixture
def rows(store_url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection to look at the store, and to change it as no process of ours does."""
    with psycopg.connect(store_url, autocommit=True) as conn:
        yield conn


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks and retries come sooner than in the field, where they are paced for thousands of tasks."""
    from sendmill.delivery_reports import report_writer
    from sendmill.dispatch import sender

    monkeypatch.setattr(sender, "LOOK", 0.05)
    monkeypatch.setattr(sender, "CARRIERS", 0.1)
    monkeypatch.setattr(sender, "WANTED", 0.1)
    monkeypatch.setattr(report_writer, "TRY_AGAIN", 0.05)


Begin = Callable[..., Awaitable["Stage"]]


@pytest.fixture
async def begin(
    store_url: str, tmp_path: Path, _account_names: Iterator[int], _impatient: None
) -> AsyncIterator[Begin]:
    """Make a stage: faults of the carrier, settings of its binds."""
    running: list[Smsc] = []
    from tests.rig.stage import Stage

    with psycopg.connect(store_url, autocommit=True) as rows:

        async def make(faults: Faults | None = None, *, binds: int = 1, **settings: Any) -> Stage:
            journal = tmp_path / "journal"
            smsc = Smsc(faults=faults, log_path=journal)
            await smsc.start()
            running.append(smsc)
            account = add_account(rows, f"Acceptance {next(_account_names)}")
            carrier = add_carrier(rows, account, port=smsc.port)
            defaults: dict[str, Any] = {"system_id": "demo", "password": "demo", "enquire_interval": 5.0}
            config = CarrierConfig(host="127.0.0.1", port=smsc.port, **(defaults | settings))
            return Stage(store_url, rows, account, smsc, journal, carrier, config, binds)

        yield make
        for smsc in running:
            await smsc.stop()
