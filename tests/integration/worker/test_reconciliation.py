"""Counters that differ from the rows raise an alarm, and a sound task clears it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.rig.desk import Desk, fetch, finish_chunks, report

from sendmill.alarms.models import Alarm
from sendmill.alarms.open_alarms import alarms_of
from sendmill.domain.results import Result
from sendmill.message_store.queries import reconciliation
from sendmill.tasks import lifecycle
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task
from sendmill.worker import jobs
from sendmill.worker import reconciliation as sweep


def test_a_sound_task_raises_nothing(desk: Desk) -> None:
    task = desk.task(2_100)
    report(task, Result.FAILED, [3, 1_500], "UNDELIV")
    report(task, Result.UNCERTAIN, [2_099])
    assert sweep.sweep_lately() == []
    assert sweep.WRONG.collect()[0].samples[0].value == 0


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE tally SET successful = successful + 1 WHERE task_id = %s AND n = 1 RETURNING 1",
        "UPDATE message SET result = 1 WHERE task_id = %s AND seq = 1500 RETURNING 1",
        "DELETE FROM failure WHERE task_id = %s RETURNING 1",
        "DELETE FROM message WHERE task_id = %s AND seq = 1999 RETURNING 1",
    ],
)
def test_what_differs_is_an_alarm_until_it_is_mended(
    desk: Desk, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation, "STRETCH", 1)
    task = desk.task(2_100)
    report(task, Result.FAILED, [1_500], "UNDELIV")
    fetch(damage, task.pk)
    jobs.compare_counters(timestamp=0)
    alarm = Alarm.objects.get(task=task)
    assert (alarm.account, alarm.code, alarm.parameters["chunk"]) == (desk.account, sweep.COUNTERS, 1)
    assert "stretch 1" in alarm.message % alarm.parameters
    assert [one.pk for one in sweep.sweep_all()] == [alarm.pk]
    assert list(alarms_of(desk.account)) == [alarm]
    assert sweep.WRONG.collect()[0].samples[0].value == 1
    fetch(
        "UPDATE tally t SET messages = r.messages, successful = r.ok, failed = r.bad FROM ("
        "  SELECT count(*) AS messages, count(*) FILTER (WHERE result = 1) AS ok, "
        "  count(*) FILTER (WHERE result = 2) AS bad FROM message WHERE task_id = %s AND seq / 1000 = 1) r "
        "WHERE t.task_id = %s AND t.n = 1 RETURNING 1",
        task.pk,
        task.pk,
    )
    fetch("DELETE FROM failure WHERE task_id = %s RETURNING 1", task.pk)
    fetch(
        "INSERT INTO failure SELECT task_id, seq FROM message WHERE task_id = %s AND result = 2 RETURNING 1",
        task.pk,
    )
    sweep.sweep_lately()
    assert not alarms_of(desk.account).filter(code=sweep.COUNTERS).exists()


def test_messages_that_are_missing_with_their_counters_are_noticed(desk: Desk) -> None:
    task = desk.task(1_001)
    fetch("DELETE FROM message WHERE task_id = %s AND seq = 1000 RETURNING 1", task.pk)
    fetch("DELETE FROM tally WHERE task_id = %s AND n = 1 RETURNING 1", task.pk)
    [alarm] = sweep.sweep_lately()
    assert (alarm.code, alarm.parameters) == (sweep.MISSING, {"accepted": 1_001, "count": 1_000})


def test_tasks_that_ended_long_ago_are_left_to_the_night(desk: Desk) -> None:
    task = desk.task(1)
    report(task, Result.SUCCESSFUL, [0])
    finish_chunks(task)
    lifecycle.tick()
    fetch("UPDATE tally SET failed = 7 WHERE task_id = %s RETURNING 1", task.pk)
    Task.objects.filter(pk=task.pk).update(ended_at=database_now() - timedelta(hours=4))
    assert sweep.sweep_lately() == []
    jobs.compare_all_counters(timestamp=0)
    assert Alarm.objects.filter(task=task).count() == 1
