"""What an unforeseen error set aside is said on the task's page and is an alarm, until it is well again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from tests.integration.tasks.test_diagnosis import told
from tests.rig.desk import Desk, fetch
from tests.rig.moved_clock import BRIDGE, run

from sendmill.alarms.open_alarms import alarms_of
from sendmill.catalog.models import Carrier
from sendmill.message_store.engine import sendable_tasks
from sendmill.message_store.engine.faults import TRIES, note_bind, note_task
from sendmill.tasks import lifecycle
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task
from sendmill.worker import fault_alarms

pytestmark = pytest.mark.django_db


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


ERROR = "ValueError (rendering.py:38)"


def a_task(desk: Desk) -> Task:
    return desk.task(10)


def fault(task: Task, *, times: int = 1) -> None:
    """So many faults, each met when the task was taken up again."""
    for _ in range(times):
        execute("UPDATE task_fault SET retry_at = now() - interval '1 s' WHERE task_id = %s", task.pk)
        run(note_task(BRIDGE, task.pk, task.carrier_id or 0, ERROR, 60.0))


def standing(task: Task) -> list[tuple[str, int | None]]:
    found = [(one.code, one.task_id) for one in alarms_of(task.account)]
    return [one for one in found if one[0] in (fault_alarms.TASK, fault_alarms.BIND)]


def live(task: Task) -> bool:
    carrier = task.carrier_id or 0
    return task.pk in {
        one.id for one in run(sendable_tasks.live_tasks(BRIDGE, [carrier])).tasks.get(carrier, [])
    }


def test_a_task_that_was_set_aside_says_so_and_is_left_alone_until_its_time(desk: Desk) -> None:
    task = a_task(desk)
    assert live(task)
    fault(task)
    assert not live(task)
    code, sentence = told(task)
    assert code == "set_aside"
    assert ERROR in sentence
    fault_alarms.watch()
    assert standing(task) == [(fault_alarms.TASK, task.pk)]
    execute("UPDATE task_fault SET retry_at = now() - interval '1 s'")
    assert live(task)


def test_faults_of_lanes_that_had_begun_count_once(desk: Desk) -> None:
    task = a_task(desk)
    fault(task)
    for _ in range(TRIES + 1):
        run(note_task(BRIDGE, task.pk, task.carrier_id or 0, ERROR, 60.0))
    assert fetch("SELECT times FROM task_fault WHERE task_id = %s", task.pk) == [(1,)]


def test_waits_double_and_after_the_last_try_a_person_has_to_resume_it(desk: Desk) -> None:
    task = a_task(desk)
    waits = []
    for _ in range(TRIES):
        fault(task)
        waits += fetch(
            "SELECT extract(epoch FROM retry_at - at)::int FROM task_fault WHERE task_id = %s", task.pk
        )
    assert waits == [(60,), (120,), (240,), (480,)]
    task.refresh_from_db()
    assert not task.paused
    fault(task)
    task.refresh_from_db()
    assert task.paused
    assert told(task)[0] == "given_up"
    fault_alarms.watch()
    (alarm,) = alarms_of(task.account)
    assert alarm.message == fault_alarms.GIVEN_UP
    # For ever, however long it is quiet.
    fault_alarms.watch(database_now() + timedelta(days=1))
    assert told(task)[0] == "given_up"
    lifecycle.resume(task, desk.sender)
    assert live(task)
    assert told(task)[0] not in ("given_up", "set_aside")
    fault_alarms.watch()
    assert standing(task) == []


def test_resuming_takes_up_again_at_once_what_is_not_paused_yet(desk: Desk) -> None:
    task = a_task(desk)
    fault(task)
    lifecycle.resume(task, desk.sender)
    assert live(task)


def test_what_is_over_or_quiet_for_long_is_no_alarm(desk: Desk) -> None:
    quiet, over = a_task(desk), a_task(desk)
    fault(quiet)
    fault(over)
    fault_alarms.watch()
    assert len(standing(quiet)) == 2
    execute("UPDATE task_fault SET retry_at = now() - interval '11 min' WHERE task_id = %s", quiet.pk)
    execute("UPDATE task SET status = 'completed' WHERE id = %s", over.pk)
    fault_alarms.watch()
    assert standing(quiet) == []
    assert fetch("SELECT count(*) FROM task_fault") == [(0,)]


def test_a_bind_that_broke_is_an_alarm_of_its_account_until_it_is_quiet_or_off(desk: Desk) -> None:
    task = a_task(desk)
    carrier = task.carrier_id or 0

    def noted(at: datetime | None = None) -> list[tuple[str, int | None]]:
        run(note_bind(BRIDGE, carrier, 0, ERROR))
        fault_alarms.watch()
        return standing(task)

    assert noted() == [(fault_alarms.BIND, None)]
    assert alarms_of(task.account)[0].parameters["times"] == 1
    execute("UPDATE bind_fault SET at = now() - interval '11 min'")
    fault_alarms.watch()
    assert standing(task) == []
    assert noted() == [(fault_alarms.BIND, None)]
    Carrier.objects.filter(pk=carrier).update(enabled=False)
    fault_alarms.watch()
    assert standing(task) == []
