"""Senders are told of work and of carriers: nobody has to wait for their next look."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.acceptance.test_faults import FIRST, Begin

from sendmill.dispatch import sendable_tasks
from sendmill.dispatch import sender as senders


@pytest.fixture(autouse=True)
def _never_by_itself(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that looks for nothing but when it is told."""
    for module, name in (
        (senders, "LOOK"),
        (senders, "CARRIERS"),
        (senders, "WANTED"),
        (sendable_tasks, "IDLE"),
    ):
        monkeypatch.setattr(module, name, 3_600.0)


async def test_a_task_is_begun_when_it_is_made_and_when_it_is_resumed(begin: Begin) -> None:
    stage = await begin()
    async with stage.sender() as sender:
        await stage.until(lambda: sender._work.listening, "a sender that listens")
        await stage.until(lambda: [one[1] for one in stage.state()] == ["bound"], "a bind")
        first = stage.add(range(FIRST, FIRST + 100))
        await stage.finish(successful=100)
        stage.rows.execute("UPDATE task SET paused = true")
        second = stage.add(range(FIRST + 1_000, FIRST + 1_100))
        stage.rows.execute("UPDATE task SET paused = true WHERE id = %s", (second,))
        third = stage.add(range(FIRST + 2_000, FIRST + 2_100))
        await stage.until(lambda: stage.books(third).successful == 100, "the third")
        stage.rows.execute("UPDATE task SET paused = false WHERE id = %s", (second,))
        await stage.until(lambda: stage.books(second).successful == 100, "the second")
    assert first in stage.tasks


async def test_a_changed_carrier_is_opened_anew_at_once(begin: Begin) -> None:
    stage = await begin()
    async with stage.sender() as sender:
        await stage.until(lambda: sender._work.listening, "a sender that listens")
        await stage.until(lambda: [one[1] for one in stage.state()] == ["bound"], "a bind")
        (before,) = sender.binds
        stage.config = replace(stage.config, rate=1_000)
        stage.rows.execute('UPDATE carrier SET "window" = 100 WHERE id = %s', (stage.carrier,))
        await stage.until(
            lambda: bool(sender.binds) and sender.binds[0] is not before and sender.binds[0].state == "bound",
            "another bind",
        )


async def test_after_a_lost_connection_it_listens_again(begin: Begin) -> None:
    stage = await begin()
    async with stage.sender() as sender:
        await stage.until(lambda: sender._work.listening, "a sender that listens")
        await stage.until(lambda: [one[1] for one in stage.state()] == ["bound"], "a bind")
        stage.rows.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sendmill listening' "
            "AND datname = current_database()"
        )
        await stage.until(lambda: not sender._work.listening, "a sender that noticed")
        await stage.until(lambda: sender._work.listening, "a sender that listens again")
        stage.add(range(FIRST, FIRST + 100))
        await stage.finish(successful=100)
