"""Starts scheduled tasks when they are due, and cancels those that are overdue.

A task that cannot be started at its time (its carrier is switched off, its template withdrawn, the balance too
low) waits, with the reason in it, and is tried again every ten seconds. After the hours of the setting it is
canceled.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Mod
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.catalog import association
from sendmill.domain.task_life import TaskStatus, is_overdue
from sendmill.domain.violations import Refused, Violation
from sendmill.runtime.settings import ENV
from sendmill.tasks import charging, quiet_hours, transitions
from sendmill.tasks.hold_release import is_examined, is_held, open_hold
from sendmill.tasks.models import Task

AT_ONCE = 200  # tasks started in one transaction
TURNS = 10  # seconds between two tries

log = structlog.get_logger(__name__)


def start_due(now: datetime) -> tuple[list[int], list[int]]:
    """Start the tasks whose time has come, and cancel the overdue ones; return the ids of both."""
    turn = Q(reason="") | Q(slot=int(now.timestamp()) % TURNS)
    waiting = Task.objects.filter(status=TaskStatus.PENDING, scheduled_at__lte=now)
    waiting = waiting.alias(slot=Mod("pk", TURNS)).filter(turn)
    if not waiting.exists():
        return [], []
    moved: dict[str, list[int]] = {TaskStatus.EXECUTING: [], TaskStatus.CANCELED: []}
    with transaction.atomic():
        related = ("account", "application__carrier", "signature", "template")
        due = waiting.select_related(*related).select_for_update(of=("self",), skip_locked=True)
        # By account, so that two workers never wait for each other's balances.
        for task in sorted(due.order_by("scheduled_at", "pk")[:AT_ONCE], key=lambda task: task.account_id):
            try:
                with transaction.atomic():
                    status = _move(task, now)
            except Exception:
                # One task that cannot be started must not keep the others from it.
                log.exception("task cannot be started", task=task.pk)
                status = _wait(task, NOT_STARTED)
            moved.get(status, []).append(task.pk)
    return moved[TaskStatus.EXECUTING], moved[TaskStatus.CANCELED]


def _move(task: Task, now: datetime) -> str:
    """Start or cancel a task that is held, or let it wait; return its status."""
    if is_overdue(TaskStatus(task.status), task.scheduled_at, now, timedelta(hours=ENV.overdue_hours)):
        return _cancel(task)
    fault: Violation | None = _unsafe(task)
    fault = fault or association.unusable(task.application, task.signature, task.template)
    if fault is None:
        try:
            charging.reserve(task)
        except Refused as refused:
            fault = refused.violation
    if fault is not None:
        return _wait(task, fault)
    transitions.start(transitions.only(task.pk), quiet_hours.hours_of_task(task, now))
    return TaskStatus.EXECUTING


def _unsafe(task: Task) -> Violation | None:
    """Why nothing may start: the store is held, or no sender has looked at it since the database started."""
    if is_held(task, open_hold()):
        return HELD
    return None if is_examined() else NOT_EXAMINED


def _wait(task: Task, fault: Violation) -> str:
    Task.objects.filter(pk=task.pk).update(**transitions.why(fault))
    return TaskStatus.PENDING


def _cancel(task: Task) -> str:
    """Cancel an overdue task; what it waited for stays in its reason."""
    overdue = transitions.why(Violation("overdue", OVERDUE, {"hours": ENV.overdue_hours}))
    told = {
        "reason": f"{overdue['reason']} {task.reason}".strip()[:255],
        "reasons": [*overdue["reasons"], *task.reasons],
    }
    transitions.cancel(transitions.only(task.pk), told)
    task.status = TaskStatus.CANCELED
    said = {"reason": "overdue", "by": "system", "waited_for": [one["code"] for one in task.reasons]}
    audit.record(member=None, action="cancel_task", subject=task, after=said)
    return TaskStatus.CANCELED


OVERDUE = _("The task was not executed within %(hours)s hours of its scheduled time.")
HELD = Violation("held", _("The store is held: it may be older than what was sent from it. Nothing starts."))
NOT_EXAMINED = Violation(
    "not_examined",
    _("The database was started anew, and no sender has yet looked whether it is as new as what was sent."),
)
NOT_STARTED = Violation(
    "not_started", _("The task could not be started. It is tried again; the log of the worker says more.")
)
