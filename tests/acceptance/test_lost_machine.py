"""Losing the primary's machine while a task is sent: the standby takes over, and the sender goes on by itself.

With a synchronous standby nothing is lost. With an asynchronous one that lacked the last seconds 1,600 numbers were
sent twice before holds were built; now nothing is, and what is lost is counted.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from tests.acceptance.older_store import Household
from tests.rig.databases import migrate
from tests.rig.standby import Pair
from tests.rig.store import add_account, add_carrier, check_books

from sendmill.dispatch import sender
from sendmill.message_store.marks.surroundings import Surroundings
from sendmill.simulator.faults import Faults
from sendmill.simulator.server import Smsc

MANY = 30_000


class Replicated(Household):
    """A household whose store is a pair of servers, addressed by both hosts."""

    pair: Pair

    @property
    def dsn(self) -> str:
        return self.pair.dsn + "&target_session_attrs=read-write&connect_timeout=10"

    @property
    def around(self) -> Surroundings:
        return Surroundings((self.home / "state",), None, self.machine)


@pytest.fixture
async def household(
    request: pytest.FixtureRequest, server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Replicated]:
    monkeypatch.setattr(sender, "LOOK", 0.05)
    monkeypatch.setattr(sender, "CARRIERS", 0.2)
    smsc = Smsc(log_path=server_folder / "journal", faults=Faults(report_delay=(0.1, 0.3)))
    await smsc.start()
    found = Replicated(server_folder / "home", smsc, server_folder / "journal")
    found.home.mkdir(mode=0o755)
    found.home.chmod(0o755)
    found.pair = Pair(server_folder)
    await asyncio.to_thread(found.pair.start, synchronous=request.param)
    migrate(found.pair.dsn)
    with found.rows() as rows:
        found.account = add_account(rows, "Replicated")
        found.carrier = add_carrier(rows, found.account, port=smsc.port)
    yield found
    found.pair.stop()
    await smsc.stop()
    shutil.rmtree(found.home, ignore_errors=True)


@pytest.mark.parametrize("household", [True], indirect=True)
async def test_with_a_synchronous_standby_nothing_is_lost_and_nothing_goes_twice(
    household: Replicated,
) -> None:
    task = household.add(MANY)
    async with household.sender():
        await household.until(lambda: len(household.accepted()) > MANY // 10, "a part of the task")
        await asyncio.to_thread(household.pair.kill_primary)
        await asyncio.to_thread(household.pair.promote)
        await household.until(
            lambda: (
                household.count(task, 1) == len(set(household.accepted()))
                and household.count(task, 1) + household.count(task, 3) == MANY
            ),
            "the rest over the new primary",
        )
        assert household.held() is None
    accepted = household.accepted()
    assert len(accepted) == len(set(accepted))
    # Each report was acknowledged, and each message that the carrier took has its result.
    assert household.smsc.pending == 0
    assert household.count(task, 3) <= 500
    with household.rows() as rows:
        check_books(rows, task)


@pytest.mark.parametrize("household", [False], indirect=True)
async def test_an_asynchronous_standby_that_lacked_the_end_is_held_and_what_is_lost_is_known(
    household: Replicated,
) -> None:
    task = household.add(MANY)
    async with household.sender():
        await household.until(lambda: len(household.accepted()) > MANY // 10, "a part of the task")
        await asyncio.to_thread(household.pair.freeze_receiver)
        behind = len(household.accepted())
        await household.until(
            lambda: len(household.accepted()) > behind + MANY // 5, "what the standby lacks"
        )
        await asyncio.to_thread(household.pair.kill_primary)
        before = household.accepted()
        await asyncio.to_thread(household.pair.promote)
        await household.until(lambda: household.held() == "older", "the hold")
        await household.until(household.bound, "the bind")
        after = Counter(household.accepted())
        # What was on its way when the primary died may still have reached the carrier, once.
        assert max(after.values()) == 1
        assert len(after) <= len(before) + 1000
        released = await asyncio.to_thread(household.run, "held", "release", "--as", "uncertain", "--yes")
        assert released.returncode == 0, released.stderr
        other = household.add(10)
        await household.until(lambda: household.count(other, 1) == 10, "a task after the release")
    accepted = household.accepted()
    assert len(accepted) == len(set(accepted))
    known = {result: household.count(task, result) for result in (0, 1, 2, 3)}
    assert sum(known.values()) == MANY
    # Reports that were acknowledged and are gone: their messages wait for one, or are Uncertain, and none is sent.
    lost = len(accepted) - 10 - known[1]
    assert 0 < lost <= known[0] + known[3]
    with household.rows() as rows:
        check_books(rows, task)


@pytest.mark.parametrize("household", [False], indirect=True)
async def test_a_promotion_that_lost_nothing_goes_on_by_itself(household: Replicated) -> None:
    task = household.add(MANY // 10)
    async with household.sender():
        await household.until(lambda: household.count(task, 1) == MANY // 10, "the first task")
        primary = household.pair.primary
        with psycopg.connect(primary.dsn, autocommit=True) as conn:
            row = conn.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        assert row is not None
        household.pair.until(
            f"SELECT pg_last_wal_replay_lsn() >= '{row[0]}'", True, household.pair._superuser(standby=True)
        )
        await asyncio.to_thread(household.pair.kill_primary)
        await asyncio.to_thread(household.pair.promote)
        other = household.add(100)
        await household.until(lambda: household.count(other, 1) == 100, "a task over the new primary")
    assert household.held() is None
