"""Compares the counters of tasks with their messages. A difference raises an alarm; it is never repaired silently."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import Q
from django.utils.translation import gettext_noop as _
from prometheus_client import Gauge

from sendmill.alarms import open_alarms
from sendmill.alarms.models import Alarm
from sendmill.domain.task_life import ImportState, TaskStatus
from sendmill.message_store.queries import reconciliation
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task
from sendmill.tasks.results import LATE_DAYS, span

LATELY = timedelta(hours=3)

COUNTERS, MISSING = "counters_differ", "messages_missing"

WRONG = Gauge("sendmill_counters_wrong", "Tasks whose counters differ from their messages")

log = structlog.get_logger(__name__)


def sweep_lately(now: datetime | None = None) -> list[Alarm]:
    """Compare the tasks that are executed or ended lately, and those with an alarm; return the open alarms."""
    return _sweep((now or database_now()) - LATELY)


def sweep_all(now: datetime | None = None) -> list[Alarm]:
    """Compare every task whose messages can still change; return the open alarms."""
    return _sweep((now or database_now()) - timedelta(days=LATE_DAYS))


def check(task: Task) -> list[Alarm]:
    """Compare the counters of one task with its messages, and raise or clear its alarms; return the open ones."""
    found = {}
    differing = reconciliation.mismatches(task.pk, span(task))
    if differing:
        first = differing[0]
        found[COUNTERS] = {
            "chunks": len(differing),
            "chunk": first.n,
            "counted": ", ".join(map(str, first.tally)),
            "rows": ", ".join(map(str, first.rows)),
        }
    elif (count := reconciliation.messages(task.pk)) != task.accepted:
        found[MISSING] = {"accepted": task.accepted, "count": count}
    return _raise(task, found)


def _sweep(since: datetime) -> list[Alarm]:
    imported = Task.objects.filter(import_state=ImportState.IMPORTED)
    ended = Q(status=TaskStatus.COMPLETED, ended_at__gt=since)
    alarmed = Q(pk__in=Alarm.objects.filter(cleared_at=None, code__in=SENTENCES).values("task"))
    raised = []
    for task in imported.filter(Q(status=TaskStatus.EXECUTING) | ended | alarmed).order_by("pk").iterator():
        raised += check(task)
    WRONG.set(Alarm.objects.filter(cleared_at=None, code__in=SENTENCES).values("task").distinct().count())
    return raised


def _raise(task: Task, found: dict[str, dict[str, object]]) -> list[Alarm]:
    for code, parameters in found.items():
        log.error("the counters of a task differ from its messages", task=task.pk, code=code, **parameters)
    wrong = {code: open_alarms.Found(SENTENCES[code], parameters) for code, parameters in found.items()}
    return open_alarms.keep(task.account_id, wrong, SENTENCES, database_now(), task.pk)


SENTENCES = {
    COUNTERS: _(
        "The counters of a task differ from its messages in %(chunks)s stretch(es) of 1,000, first in stretch "
        "%(chunk)s: messages, successful, failed, uncertain and not sent are counted as %(counted)s and are "
        "%(rows)s."
    ),
    MISSING: _("%(accepted)s numbers of a task were accepted, and %(count)s messages are there."),
}
