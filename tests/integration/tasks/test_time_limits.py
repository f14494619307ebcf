"""The limits of time, to the microsecond of the database's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.rig.desk import Desk, fetch, report
from tests.rig.moved_clock import BRIDGE, run, set_clock, take_over_clock

from sendmill.domain.results import Result
from sendmill.domain.violations import FormError, Refused
from sendmill.message_store.engine import batches, chunks, sendable_tasks
from sendmill.tasks import drafts, lifecycle, result_files, uncertain
from sendmill.tasks.models import Draft, Task

TICK = timedelta(microseconds=1)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = (datetime.now(UTC) + DAY).replace(hour=9, minute=0, second=0, microsecond=0)

Clock = Callable[[datetime], None]


@pytest.fixture
def clock(desk: Desk) -> Clock:
    take_over_clock()
    set_clock(NOW)
    return set_clock


@pytest.mark.parametrize(
    ("left", "allowed"),
    [
        (4 * MINUTE + 59 * SECOND, False),
        (5 * MINUTE - TICK, False),
        (5 * MINUTE, True),
        (timedelta(), False),
        (-SECOND, False),
    ],
)
def test_cancel_while_five_minutes_remain(desk: Desk, clock: Clock, left: timedelta, allowed: bool) -> None:
    task = desk.scheduled_task(NOW + HOUR, 1)
    clock(NOW + HOUR - left)
    if allowed:
        assert lifecycle.cancel(task, desk.sender).status == "canceled"
        return
    with pytest.raises(Refused):
        lifecycle.cancel(task, desk.sender)


@pytest.mark.parametrize(
    ("ahead", "code"),
    [
        (-SECOND, "schedule_past"),
        (timedelta(), "schedule_past"),
        (TICK, None),
        (31 * DAY, None),
        (31 * DAY + TICK, "schedule_too_far"),
        (31 * DAY + SECOND, "schedule_too_far"),
    ],
)
def test_schedules_are_in_the_future_and_within_31_days(
    desk: Desk, clock: Clock, ahead: timedelta, code: str | None
) -> None:
    draft = desk.check("number\n+4915100000000\n")
    Draft.objects.filter(pk=draft.pk).update(scheduled_at=NOW + ahead)
    draft.refresh_from_db()
    if code is None:
        assert drafts.confirm(draft, desk.sender).status == "pending"
        return
    with pytest.raises(FormError) as refused:
        drafts.confirm(draft, desk.sender)
    assert [error.code for error in refused.value.errors] == [code]


@pytest.mark.parametrize(
    ("past", "status"),
    [
        (-TICK, "pending"),
        (timedelta(), "executing"),
        (SECOND, "executing"),
        (DAY, "executing"),
        (DAY + TICK, "canceled"),
        (DAY + SECOND, "canceled"),
    ],
)
def test_start_at_the_time_and_cancel_after_24_hours(
    desk: Desk, clock: Clock, past: timedelta, status: str
) -> None:
    task = desk.scheduled_task(NOW + HOUR, 1)
    clock(NOW + HOUR + past)
    lifecycle.tick()
    task.refresh_from_db()
    assert task.status == status


@pytest.mark.parametrize(
    ("age", "expired"), [(72 * HOUR - SECOND, 0), (72 * HOUR - TICK, 0), (72 * HOUR, 1), (73 * HOUR, 1)]
)
def test_no_report_for_72_hours(desk: Desk, clock: Clock, age: timedelta, expired: int) -> None:
    task = desk.task(1)
    fetch("UPDATE message SET submitted_at = %s WHERE task_id = %s RETURNING 1", NOW, task.pk)
    clock(NOW + age)
    assert uncertain.expire() == expired


@pytest.mark.parametrize(
    ("age", "allowed"), [(3 * DAY - SECOND, True), (3 * DAY, True), (3 * DAY + TICK, False), (4 * DAY, False)]
)
def test_failed_numbers_for_three_days(desk: Desk, clock: Clock, age: timedelta, allowed: bool) -> None:
    task = desk.task(1)
    report(task, Result.FAILED, [0], "UNDELIV")
    Task.objects.filter(pk=task.pk).update(status="completed", ended_at=NOW)
    task.refresh_from_db()
    clock(NOW + age)
    assert result_files.can_download(task) is allowed
    if allowed:
        result_files.download("failed", task, desk.sender, "csv").file.close()
        return
    with pytest.raises(Refused):
        result_files.download("failed", task, desk.sender, "csv")


def live(task: Task) -> bool:
    """Whether the sender would take up the task now, and whether it would send the next window of it."""
    assert task.carrier_id is not None
    found = task.pk in {
        one.id
        for one in run(sendable_tasks.live_tasks(BRIDGE, [task.carrier_id])).tasks.get(task.carrier_id, [])
    }
    fetch(
        "UPDATE chunk SET state = 1, owner = 1, attempt = 1, batch_hi = NULL WHERE task_id = %s RETURNING 1",
        task.pk,
    )
    chunk = chunks.Chunk(task.pk, 0, 1, 0, 1, 0, 0)
    assert (run(batches.intend(BRIDGE, chunk, 1, 1)) is not None) is found
    fetch("UPDATE chunk SET state = 0, owner = NULL, batch_hi = NULL WHERE task_id = %s RETURNING 1", task.pk)
    return found


def test_promotions_rest_from_22_to_8_of_the_recipients(desk: Desk, clock: Clock) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2030, 1, 15, 21, 59, 59, tzinfo=berlin)
    clock(evening - HOUR)
    task = desk.task(1, template=desk.templates["sale"])
    assert live(task)
    clock(evening)
    assert live(task)
    clock(evening + SECOND)
    assert not live(task)
    lifecycle.tick()
    assert not live(task)
    morning = datetime(2030, 1, 16, 8, tzinfo=berlin)
    task.refresh_from_db()
    assert (task.opens_at, task.closes_at) == (morning, morning + 14 * HOUR)
    clock(morning - TICK)
    assert not live(task)
    clock(morning)
    assert live(task)


def test_a_promotion_that_starts_late_waits_for_the_morning(desk: Desk, clock: Clock) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    task = desk.scheduled_task(datetime(2030, 1, 15, 21, tzinfo=berlin), 1, template=desk.templates["sale"])
    clock(datetime(2030, 1, 16, 3, tzinfo=berlin))
    assert lifecycle.tick().started == (task.pk,)
    assert not live(task)
    clock(datetime(2030, 1, 16, 8, tzinfo=berlin))
    assert live(task)


def test_other_messages_know_no_night(desk: Desk, clock: Clock) -> None:
    task = desk.task(1)
    clock(datetime(2030, 1, 16, 3, tzinfo=ZoneInfo("Europe/Berlin")))
    lifecycle.tick()
    assert live(task)


def test_the_night_in_which_clocks_are_set_forward(desk: Desk, clock: Clock) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    clock(datetime(2030, 3, 30, 21, tzinfo=berlin))
    task = desk.task(1, template=desk.templates["sale"])
    clock(datetime(2030, 3, 30, 22, tzinfo=berlin))
    lifecycle.tick()
    task.refresh_from_db()
    assert task.opens_at == datetime(2030, 3, 31, 6, tzinfo=UTC)
