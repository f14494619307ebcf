"""Alarms about tasks and binds that unforeseen errors stopped: senders record them, the worker raises alarms."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from sendmill.alarms import open_alarms
from sendmill.alarms.models import Alarm
from sendmill.message_store.queries import faults
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task

TASK, BIND = "task_fault", "bind_fault"
QUIET = 600.0  # seconds without another fault after which a task or bind counts as well


def watch(now: datetime | None = None) -> None:
    """Raise an alarm for each task that was set aside, and one an account for its binds; clear the others."""
    now = now or database_now()
    faults.forget(QUIET)
    _watch_tasks(now)
    _watch_binds(now)


def _watch_tasks(now: datetime) -> None:
    found = {one.task_id: one for one in faults.task_faults()}
    standing = Alarm.objects.filter(code=TASK, cleared_at=None).values_list("task", flat=True)
    for task in Task.objects.filter(pk__in={*found, *standing}).order_by("pk"):
        wrong = {}
        if (fault := found.get(task.pk)) is not None:
            message = GIVEN_UP if fault.given_up else SET_ASIDE
            wrong[TASK] = open_alarms.Found(message, {"error": fault.error, "times": fault.times})
        open_alarms.keep(task.account_id, wrong, (TASK,), now, task.pk)


def _watch_binds(now: datetime) -> None:
    found = {one.account_id: one for one in faults.bind_faults()}
    standing = Alarm.objects.filter(code=BIND, cleared_at=None).values_list("account", flat=True)
    for account_id in sorted({*found, *standing}):
        wrong = {}
        if (fault := found.get(account_id)) is not None:
            parameters = {"carrier": fault.carrier, "error": fault.error, "times": fault.times}
            wrong[BIND] = open_alarms.Found(BROKEN, parameters)
        open_alarms.keep(account_id, wrong, (BIND,), now)


SET_ASIDE = _(
    "An unforeseen error keeps this task from being sent (%(error)s, times: %(times)s). It is tried again by itself; "
    "the log of the sender says more."
)
GIVEN_UP = _(
    "This task is paused: an unforeseen error came again and again (%(error)s, times: %(times)s). The log of the "
    "sender says more; resume the task to try again."
)
BROKEN = _(
    "An unforeseen error ended a bind of the carrier “%(carrier)s” (%(error)s, times: %(times)s). It is started again "
    "by itself; the log of the sender says more."
)
