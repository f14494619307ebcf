"""Alarms about tasks of which a carrier takes nothing: senders trip breakers, the worker raises and clears alarms."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from sendmill.alarms import open_alarms
from sendmill.alarms.models import Alarm
from sendmill.message_store.queries import breakers
from sendmill.tasks import breaker_release
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task

REFUSED = "task_refused"


def watch(now: datetime | None = None) -> None:
    """Raise an alarm for each task of which a carrier takes nothing, clear the others, audit what probes released."""
    now = now or database_now()
    breaker_release.audit_probes()
    breakers.forget()
    found: dict[int, breakers.Breaker] = {}
    for one in breakers.all_tripped():
        found.setdefault(one.task_id, one)
    standing = Alarm.objects.filter(code=REFUSED, cleared_at=None).values_list("task", flat=True)
    for task in Task.objects.filter(pk__in={*found, *standing}).order_by("pk"):
        wrong = {}
        if (breaker := found.get(task.pk)) is not None:
            answer = [breaker.status, breaker.words]
            parameters = {"carrier": breaker.carrier, "carrier_id": breaker.carrier_id, "answer": answer}
            wrong[REFUSED] = open_alarms.Found(TAKES_NOTHING, parameters)
        open_alarms.keep(task.account_id, wrong, (REFUSED,), now, task.pk)


TAKES_NOTHING = _(
    "The carrier “%(carrier)s” takes nothing of this task: %(answer)s. What is still to be sent waits and does not "
    "fail. One message is tried now and then, and the task goes on by itself when it is accepted; its page can release "
    "it at once."
)
