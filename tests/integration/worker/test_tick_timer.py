"""The clock rests while there is nothing to see to, and is told when there is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection
from django.utils import timezone
from tests.rig.desk import Desk, fetch

from sendmill.tasks.models import Task
from sendmill.worker import tick_timer as ticking
from sendmill.worker.tick_timer import Rest

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """A clock in a thread of its own, as the worker has it."""

    def __init__(self) -> None:
        self.stop = Event()
        self.looks = 0
        self.rest = Rest(self._looked)
        self._threads = ThreadPoolExecutor(1)

    def _looked(self) -> None:
        self.looks += 1

    def until_next(self) -> Future[bool]:
        return self._threads.submit(self.rest.until_next, self.stop)

    def waits(self) -> bool:
        """Whether its connection has asked what there is to do, and is idle since."""
        found = fetch(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND state = 'idle' "
            "AND datname = current_database()",
            "%scheduled_at <= clock_timestamp() + make_interval%",
        )
        return bool(found[0][0])

    def end(self) -> None:
        self.stop.set()
        self._threads.submit(close_own).result()
        self._threads.shutdown()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """It looks by itself in a minute only."""
    monkeypatch.setattr(ticking, "REST", 60.0)
    monkeypatch.setattr(ticking, "TICK", 0.01)
    clock = Clock()
    yield clock
    clock.end()


def close_own() -> None:
    """Close the connection of the thread that calls this."""
    connection.close()


def resting(clock: Clock) -> Future[bool]:
    next_tick = clock.until_next()
    while not clock.waits():
        assert not next_tick.done()
    return next_tick


def later(desk: Desk) -> Task:
    return desk.scheduled_task(timezone.now() + timedelta(hours=2))


def test_it_ticks_when_a_task_is_confirmed_or_started(committed_desk: Desk, clock: Clock) -> None:
    task = later(committed_desk)
    next_tick = resting(clock)
    Task.objects.filter(pk=task.pk).update(scheduled_at=timezone.now())
    assert next_tick.result(timeout=30)
    Task.objects.filter(pk=task.pk).update(status="executing")
    assert clock.until_next().result(timeout=30), "while one is executed it ticks on"


def test_a_task_that_is_due_before_the_next_look_lets_it_tick(committed_desk: Desk, clock: Clock) -> None:
    task = later(committed_desk)
    Task.objects.filter(pk=task.pk).update(scheduled_at=timezone.now() + timedelta(seconds=30))
    assert clock.until_next().result(timeout=30)


def test_it_ends_when_the_worker_does(committed_desk: Desk, clock: Clock) -> None:
    clock.stop.set()
    assert not clock.until_next().result(timeout=30)


def test_a_lost_connection_is_the_ticks_to_tell(committed_desk: Desk, clock: Clock) -> None:
    later(committed_desk)
    next_tick = resting(clock)
    fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE %s AND state = 'idle'",
        "%scheduled_at <= clock_timestamp() + make_interval%",
    )
    assert next_tick.result(timeout=30)


def test_a_look_that_finds_nothing_is_told_as_a_tick_is(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker at rest is as well as one that ticks."""
    monkeypatch.setattr(ticking, "REST", 0.01)
    waiting = clock.until_next()
    while clock.looks < 3:
        assert not waiting.done()
    clock.stop.set()
    assert waiting.result() is False
