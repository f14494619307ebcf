"""Cancel, delete, copy, pause; start, cancel and complete by time."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.rig.desk import Desk, fetch, finish_chunks, report

from sendmill.accounts.models import AuditEntry
from sendmill.accounts.permissions import NotAllowed
from sendmill.catalog.models import Carrier, Template
from sendmill.domain.results import Result
from sendmill.domain.violations import Refused
from sendmill.message_store.queries.bulk_import import delete_task_rows
from sendmill.runtime.settings import ENV
from sendmill.tasks import charging, lifecycle, results, stored_files, transitions
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Draft, Task
from sendmill.worker import purge


def status_of(task: Task) -> str:
    return Task.objects.get(pk=task.pk).status


@pytest.mark.parametrize(("seconds", "allowed"), [(5 * 60 + 2, True), (5 * 60 - 1, False), (-60, False)])
def test_canceling_needs_five_minutes(desk: Desk, seconds: int, allowed: bool) -> None:
    task = desk.scheduled_task(timezone.now())
    Task.objects.update(scheduled_at=database_now() + timedelta(seconds=seconds))
    if allowed:
        lifecycle.cancel(task, desk.sender)
        assert (task.status, task.reason) == ("canceled", str(lifecycle.CANCELED_BY_PERSON))
        assert task.reasons[0]["code"] == "canceled_by_member"
        assert task.ended_at is not None
        assert AuditEntry.objects.filter(action="cancel_task", member=desk.sender).count() == 1
        return
    with pytest.raises(Refused) as refused:
        lifecycle.cancel(task, desk.sender)
    assert refused.value.violation.code == "too_late_to_cancel"
    assert str(ENV.cancel_minutes) in str(refused.value)
    assert status_of(task) == "pending"


def test_only_a_pending_task_is_canceled_and_only_a_canceled_one_deleted(desk: Desk) -> None:
    task = desk.task(1)
    for move, code in ((lifecycle.cancel, "not_pending"), (lifecycle.delete, "not_canceled")):
        with pytest.raises(Refused) as refused:
            move(task, desk.sender)
        assert refused.value.violation.code == code
    assert status_of(task) == "executing"


def test_a_viewer_moves_nothing(desk: Desk) -> None:
    task = desk.scheduled_task(timezone.now() + timedelta(hours=1))
    for move in (lifecycle.cancel, lifecycle.delete, lifecycle.pause, lifecycle.resume):
        with pytest.raises(NotAllowed):
            move(task, desk.viewer)
    assert status_of(task) == "pending"


def test_cancel_and_start_never_both_win(committed_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without the margin both are possible at the very moment of the schedule.
    monkeypatch.setattr(ENV, "cancel_minutes", 0)
    task = committed_desk.scheduled_task(timezone.now(), 1)
    for _ in range(20):
        soon = database_now() + timedelta(milliseconds=20)
        Task.objects.update(status="pending", scheduled_at=soon, started_at=None, ended_at=None)
        ready, canceled, started = Barrier(2), [], []

        def start(ready: Barrier = ready, started: list[int] = started, task: Task = task) -> None:
            ready.wait()
            while status_of(task) == "pending":
                started += lifecycle.tick().started
            connection.close()

        starter = Thread(target=start)
        starter.start()
        ready.wait()
        try:
            lifecycle.cancel(task, committed_desk.sender)
            canceled.append(task.pk)
        except Refused:
            pass
        starter.join()
        assert len(canceled) + len(started) == 1
        assert status_of(task) == ("canceled" if canceled else "executing")


def test_deleting_takes_the_draft_its_files_and_the_rows(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    task = desk.scheduled_task(timezone.now() + timedelta(hours=1))
    lifecycle.cancel(task, desk.sender)
    deleted_file = Draft.objects.get(task=task).deleted_file
    key = task.pk
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.delete(task, desk.sender)
    assert not Task.objects.filter(pk=key).exists()
    assert not Draft.objects.exists()
    with pytest.raises(FileNotFoundError):
        stored_files.load_frame(deleted_file)
    assert fetch(
        "SELECT (args ->> 'task_id')::int FROM procrastinate_jobs WHERE task_name = 'delete_rows'"
    ) == [(key,)]
    assert delete_task_rows(key) == 3


def test_a_copy_drops_a_past_schedule(desk: Desk) -> None:
    future = timezone.now() + timedelta(hours=1)
    task = desk.scheduled_task(future)
    assert lifecycle.copy_form(task) == {
        "name": "Task 1",
        "application": desk.international.pk,
        "signature": None,
        "template": desk.templates["plain"].pk,
        "scheduled_at": future,
    }
    task.scheduled_at = timezone.now() - timedelta(seconds=1)
    assert lifecycle.copy_form(task)["scheduled_at"] is None


def test_pausing_is_for_executing_tasks_and_can_be_repeated(desk: Desk) -> None:
    task = desk.task(1)
    assert lifecycle.pause(task, desk.sender).paused
    assert lifecycle.pause(task, desk.sender).paused
    assert not lifecycle.resume(task, desk.sender).paused
    assert AuditEntry.objects.filter(action__in=("pause_task", "resume_task")).count() == 2
    waiting = desk.scheduled_task(timezone.now() + timedelta(hours=1))
    with pytest.raises(Refused):
        lifecycle.pause(waiting, desk.sender)


def test_a_tick_starts_what_is_due_and_cancels_what_is_overdue(desk: Desk) -> None:
    now = database_now()
    due, early, overdue = (
        desk.scheduled_task(now - past, 1)
        for past in (timedelta(hours=24), timedelta(seconds=-1), timedelta(hours=24, seconds=1))
    )
    ticked = lifecycle.tick(now)
    assert (ticked.started, ticked.canceled) == ((due.pk,), (overdue.pk,))
    overdue.refresh_from_db()
    assert (overdue.status, overdue.reason) == (
        "canceled",
        "The task was not executed within 24 hours of its scheduled time.",
    )
    assert status_of(early) == "pending"
    assert Task.objects.get(pk=due.pk).started_at is not None
    assert AuditEntry.objects.filter(action="cancel_task", member=None, object_id=overdue.pk).exists()


@pytest.mark.parametrize(
    ("change", "word"), [({"active": False}, "deactivated"), ({"state": "rejected"}, "not approved")]
)
def test_a_task_whose_template_was_withdrawn_waits_and_says_why(
    desk: Desk, change: dict[str, Any], word: str
) -> None:
    now = database_now()
    task = desk.scheduled_task(now)
    Template.objects.filter(pk=task.template_id).update(**change)
    assert lifecycle.tick(now) == lifecycle.Ticked()
    task.refresh_from_db()
    assert (task.status, len(task.reasons)) == ("pending", 1)
    assert word in task.reason
    ticks = [lifecycle.tick(now + timedelta(hours=24, seconds=second)) for second in range(1, 11)]
    assert [task_id for ticked in ticks for task_id in ticked.canceled] == [task.pk]
    task.refresh_from_db()
    assert task.status == "canceled"
    assert task.reasons[0]["code"] == "overdue"
    assert word in task.reason


def test_what_mends_itself_within_24_hours_lets_the_task_start(desk: Desk) -> None:
    now = database_now()
    task = desk.scheduled_task(now)
    Carrier.objects.update(enabled=False)
    assert lifecycle.tick(now).started == ()
    task.refresh_from_db()
    assert "switched off" in task.reason
    Carrier.objects.update(enabled=True)
    ticks = [lifecycle.tick(now + timedelta(seconds=second)) for second in range(10)]
    assert [task_id for ticked in ticks for task_id in ticked.started] == [task.pk]
    task.refresh_from_db()
    assert (task.reason, task.reasons) == ("", [])


def test_one_task_that_cannot_be_started_keeps_no_other_from_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = database_now()
    broken, sound = desk.scheduled_task(now), desk.scheduled_task(now)
    reserve = charging.reserve

    def fail(task: Task) -> None:
        if task.pk == broken.pk:
            raise ZeroDivisionError
        reserve(task)

    monkeypatch.setattr(charging, "reserve", fail)
    assert lifecycle.tick(now).started == (sound.pk,)
    broken.refresh_from_db()
    assert (broken.status, broken.reasons[0]["code"]) == ("pending", "not_started")


def test_a_task_is_completed_when_everything_has_a_final_result(desk: Desk) -> None:
    task = desk.task(3)
    report(task, Result.SUCCESSFUL, [0])
    report(task, Result.FAILED, [1], "UNDELIV")
    report(task, Result.UNCERTAIN, [2])
    finish_chunks(task)
    assert lifecycle.tick().completed == ()
    report(task, Result.SUCCESSFUL, [2], "DELIVRD")
    assert lifecycle.tick().completed == (task.pk,)
    task.refresh_from_db()
    assert (task.status, task.successful, task.failed, task.uncertain) == ("completed", 2, 1, 0)
    assert lifecycle.tick() == lifecycle.Ticked()


def test_a_task_is_not_completed_while_a_chunk_is_open_or_nothing_was_imported(desk: Desk) -> None:
    task = desk.task(1)
    report(task, Result.SUCCESSFUL, [0])
    assert lifecycle.tick().completed == ()
    finish_chunks(task)
    Task.objects.filter(pk=task.pk).update(import_state="waiting")
    assert lifecycle.tick().completed == ()


def test_old_tasks_are_completed_within_ten_seconds(desk: Desk) -> None:
    task = desk.task(1)
    report(task, Result.SUCCESSFUL, [0])
    finish_chunks(task)
    now = database_now()
    Task.objects.filter(pk=task.pk).update(started_at=now - timedelta(days=2))
    looks = [lifecycle.tick(now + timedelta(seconds=second)).completed for second in range(10)]
    assert looks.count((task.pk,)) == 1


def test_a_late_report_reaches_the_frozen_counters(desk: Desk) -> None:
    task = desk.task(2)
    report(task, Result.FAILED, [0, 1], "EXPIRED")
    finish_chunks(task)
    lifecycle.tick()
    report(task, Result.SUCCESSFUL, [1], "DELIVRD")
    task.refresh_from_db()
    assert results.counters([task])[task.pk][:5] == (2, 1, 1, 0, 0)
    assert (task.successful, task.failed) == (0, 2)
    assert transitions.recount_completed() == 1
    task.refresh_from_db()
    assert (task.successful, task.failed) == (1, 1)
    assert transitions.recount_completed() == 0


def test_drafts_that_came_to_nothing_are_removed_with_their_files(desk: Desk) -> None:
    task = desk.task(1)
    old, fresh = desk.check("number\n12\n"), desk.check("number\n12\n")
    week = timezone.now() - timedelta(days=8)
    Draft.objects.filter(pk__in=[old.pk, Draft.objects.get(task=task).pk]).update(created_at=week)
    assert purge.remove_drafts() == 1
    assert not Draft.objects.filter(pk=old.pk).exists()
    assert stored_files.load_frame(fresh.deleted_file).height == 1
    with pytest.raises(FileNotFoundError):
        stored_files.load_frame(old.deleted_file)
    assert Draft.objects.filter(task=task).exists()
