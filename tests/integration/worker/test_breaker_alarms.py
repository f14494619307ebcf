"""A carrier that takes nothing of a task is an alarm, until it does or the task is over."""

from __future__ import annotations

import pytest
from django.utils import translation
from tests.rig.desk import Desk
from tests.rig.refusing import refuse

from sendmill.alarms.open_alarms import alarms_of
from sendmill.console.translated import explain
from sendmill.tasks.breaker_release import release_breakers
from sendmill.tasks.models import Task
from sendmill.worker import breaker_alarms

pytestmark = pytest.mark.django_db


def test_it_is_raised_once_says_why_in_both_languages_and_is_cleared(desk: Desk) -> None:
    task = desk.task(5)
    breaker_alarms.watch()
    assert not alarms_of(desk.account)
    refuse(task, words="wallet empty")
    breaker_alarms.watch()
    breaker_alarms.watch()
    (alarm,) = alarms_of(desk.account)
    assert (alarm.code, alarm.task_id) == (breaker_alarms.REFUSED, task.pk)
    assert "“Carrier” takes nothing of this task: wallet empty (SMPP-0x0000040B)." in explain(alarm)
    with translation.override("zh-hans"):
        assert "wallet empty" in explain(alarm)
        assert "不接收本任务" in explain(alarm)
    release_breakers(task, desk.sender)
    breaker_alarms.watch()
    assert not alarms_of(desk.account)


def test_it_is_cleared_when_the_task_is_over(desk: Desk) -> None:
    task = desk.task(5)
    refuse(task)
    breaker_alarms.watch()
    Task.objects.filter(pk=task.pk).update(status="completed")
    breaker_alarms.watch()
    assert not alarms_of(desk.account)
