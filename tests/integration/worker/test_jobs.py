"""The clock of the tasks, and the jobs that should be under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone
from tests.rig.desk import Desk, fetch, numbers

from sendmill.tasks import drafts, lifecycle, transitions, uncertain
from sendmill.tasks.models import Draft, DraftState, Task
from sendmill.worker import fault_alarms, jobs, process


class NoRest:
    """A clock that ticks at once."""

    def __init__(self, looked: Callable[[], None]) -> None:
        self.looked = looked

    def until_next(self, stop: Event) -> bool:
        return not stop.is_set()


def test_a_failed_tick_does_not_stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks, stop = [], Event()

    def tick() -> lifecycle.Ticked:
        ticks.append(len(ticks))
        if len(ticks) == 3:
            stop.set()
        if len(ticks) == 1:
            raise ConnectionError
        return lifecycle.Ticked()

    monkeypatch.setattr(process, "Rest", NoRest)
    monkeypatch.setattr(lifecycle, "tick", tick)
    monkeypatch.setattr(process, "close_old_connections", lambda: None)
    monkeypatch.setattr(process.connection, "close", lambda: None)
    process.keep_time(stop)
    assert ticks == [0, 1, 2]


def test_what_fails_in_the_house_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    done, stop = [], Event()

    def expire() -> int:
        raise ConnectionError

    def recount() -> int:
        done.append("recount")
        if len(done) == 2:
            stop.set()
        return 0

    monkeypatch.setattr(process, "HOUSE", 0.001)
    monkeypatch.setattr(fault_alarms, "watch", expire)
    monkeypatch.setattr(uncertain, "expire", expire)
    monkeypatch.setattr(transitions, "recount_completed", recount)
    monkeypatch.setattr(process, "close_old_connections", lambda: None)
    monkeypatch.setattr(process.connection, "close", lambda: None)
    process.keep_house(stop)
    assert done == ["recount", "recount"]


def test_what_lost_its_job_gets_one_again_and_only_one(desk: Desk) -> None:
    lost, fresh = desk.create_draft(numbers(1)), desk.create_draft(numbers(1))
    task = drafts.confirm(desk.check(numbers(1)), desk.sender)
    fetch("DELETE FROM procrastinate_jobs RETURNING 1")
    hour_ago = timezone.now() - timedelta(hours=1)
    Draft.objects.filter(pk=lost.pk).update(created_at=hour_ago)
    Task.objects.filter(pk=task.pk).update(created_at=hour_ago)
    for _ in range(2):
        jobs.start_missing(timestamp=0)
    assert fetch("SELECT task_name, args::text FROM procrastinate_jobs ORDER BY task_name") == [
        ("check_draft", f'{{"draft_id": {lost.pk}}}'),
        ("import_task", f'{{"task_id": {task.pk}}}'),
    ]
    assert Draft.objects.get(pk=fresh.pk).state == DraftState.CHECKING


def test_the_jobs_do_what_their_names_say(desk: Desk) -> None:
    draft = desk.create_draft(numbers(2))
    jobs.check_draft(draft_id=draft.pk)
    task = drafts.confirm(draft, desk.sender)
    jobs.import_task(task_id=task.pk)
    assert fetch("SELECT count(*) FROM message WHERE task_id = %s", task.pk) == [(2,)]
    jobs.delete_rows(task_id=task.pk)
    assert fetch("SELECT count(*) FROM message WHERE task_id = %s", task.pk) == [(0,)]
    jobs.prepare_partitions(timestamp=0)
