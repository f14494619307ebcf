"""Releases a task's breakers: a person wants it to go on over carriers that took nothing of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.domain.status_codes import refusal
from sendmill.domain.task_life import TaskStatus, can_pause
from sendmill.domain.violations import Refused, Violation
from sendmill.message_store.queries import breakers
from sendmill.message_store.queries.breakers import Breaker
from sendmill.tasks.models import Task

ACTION = "release_breaker"


def release_breakers(task: Task, member: Member) -> Task:
    """Let a task go on over every carrier that took nothing of it. Released twice is released.

    Raises Refused when the task is not executing or was ended, NotAllowed, or NotYours.
    """
    require(member, Action.PAUSE_TASK, task)
    with transaction.atomic():
        # Held, so that of two clicks the second finds nothing, and a task that is just ended is not released.
        row = Task.objects.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
        if not can_pause(TaskStatus(row.status)):
            raise Refused(Violation("not_executing", ONLY_EXECUTING))
        if row.ending:
            raise Refused(Violation("ended", ENDED))
        for one in breakers.release(row.pk):
            audit.record(member=member, action=ACTION, subject=row, after=_after(one))
    task.refresh_from_db()
    return task


def audit_probes() -> None:
    """Write into the audit log which breakers a probe released since the last call."""
    with transaction.atomic():
        found = breakers.newly_released_by_probe()
        tasks = Task.objects.in_bulk([one.task_id for one in found])
        for one in found:
            if (task := tasks.get(one.task_id)) is not None:
                audit.record(member=None, action=ACTION, subject=task, after={**_after(one), "by": "probe"})


def _after(one: Breaker) -> dict[str, object]:
    return {"carrier": one.carrier_id, "status": refusal(one.status).code}


ONLY_EXECUTING = _("Only a task that is being executed can be released.")
ENDED = _("The task was ended: nothing more of it is sent.")
