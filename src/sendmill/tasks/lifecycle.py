"""The life of a task: cancel, delete, copy, pause, resume, end by a person; start, cancel, complete by time.

All times are the database's. The moves themselves stand in `tasks.transitions`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _
from procrastinate.exceptions import AlreadyEnqueued

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.domain.task_life import TaskStatus, can_cancel, can_delete, can_pause, copied_schedule
from sendmill.domain.violations import Refused, Violation
from sendmill.jobs import deferral
from sendmill.message_store.queries import breakers, faults, unsent_messages
from sendmill.message_store.queries.task_sent_at import mark_sent
from sendmill.runtime.settings import ENV
from sendmill.tasks import stored_files, transitions
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.hold_release import open_hold
from sendmill.tasks.models import Draft, Export, Task
from sendmill.tasks.quiet_hours import move_on
from sendmill.tasks.scheduled_start import start_due
from sendmill.tasks.standstill import standstill


@dataclass(frozen=True)
class Ticked:
    """What one tick did, as ids of tasks."""

    started: tuple[int, ...] = ()
    canceled: tuple[int, ...] = ()
    completed: tuple[int, ...] = ()


def cancel(task: Task, member: Member) -> Task:
    """Cancel a pending task while the time that the rules ask for remains.

    Raises Refused when it is too late or the task is not pending, NotAllowed, or NotYours.
    """
    require(member, Action.CANCEL_TASK, task)
    margin = timedelta(minutes=ENV.cancel_minutes)
    with transaction.atomic():
        # Held, so that it is not started between the look at the clock and the move.
        row = _held(task)
        if not can_cancel(TaskStatus(row.status), row.scheduled_at, database_now(), margin):
            raise Refused(_why_not_canceled(row))
        transitions.cancel(transitions.only(row.pk), transitions.why(CANCELED_BY_PERSON))
        task.refresh_from_db()
        audit.record(member=member, action="cancel_task", subject=task, after={"status": task.status})
    return task


def delete(task: Task, member: Member) -> None:
    """Delete a canceled task with its files and messages (these in the background).

    Raises Refused when it is not canceled, NotAllowed, or NotYours.
    """
    require(member, Action.DELETE_TASK, task)
    with transaction.atomic():
        row = Task.objects.select_for_update(of=("self",)).filter(pk=task.pk).first()
        if row is None:
            return
        if not can_delete(TaskStatus(row.status)):
            raise Refused(Violation("not_canceled", ONLY_CANCELED))
        audit.record(
            member=member, action="delete_task", subject=row, before={"accepted": row.accepted, "id": row.pk}
        )
        kept = ("file", "accepted_file", "deleted_file", "written_file")
        names = [*Export.objects.filter(task=row).values_list("file", flat=True)]
        names += Draft.objects.filter(task=row).values_list(*kept).first() or ()
        Draft.objects.filter(task=row).delete()
        row.delete()
        deferral.DELETE_ROWS.defer(task_id=task.pk)
        transaction.on_commit(lambda: stored_files.remove(*names))


def copy_form(task: Task) -> dict[str, Any]:
    """The form of a new task like this one, without the number file; a past schedule is dropped."""
    return {
        "name": task.name,
        "application": task.application_id,
        "signature": task.signature_id,
        "template": task.template_id,
        "scheduled_at": copied_schedule(task.scheduled_at, database_now()),
    }


def pause(task: Task, member: Member) -> Task:
    """Hold back what is not sent yet of an executing task. Paused twice is paused."""
    return _set_paused(task, member, paused=True)


def resume(task: Task, member: Member) -> Task:
    """Send on what was held back by a person, or set aside by an unforeseen error."""
    return _set_paused(task, member, paused=False)


def end(task: Task, member: Member) -> Task:
    """End an executing task that stands still: what was not handed over becomes Not sent, uncharged.

    The task is paused for good with that, which no sender passes, and the worker settles the messages; it is
    completed when the rest is known. Ended twice is ended. Raises Refused while it is being sent or when it is not
    executing, NotAllowed, or NotYours.
    """
    require(member, Action.PAUSE_TASK, task)
    with transaction.atomic():
        # Held, so that it is not resumed, completed, or its messages sent again between the look and the mark.
        row = _held(task)
        if not can_pause(TaskStatus(row.status)):
            raise Refused(Violation("not_executing", ONLY_EXECUTING_ENDS))
        if not row.ending:
            why_still = standstill(row, database_now(), open_hold(), refused=bool(breakers.stopped([row.pk])))
            if why_still is None:
                raise Refused(Violation("still_sending", STILL_SENDING))
            transitions.end(transitions.only(row.pk))
            audit.record(member=member, action="end_task", subject=row, after={"reason": why_still})
            _settle_ended(row.pk)
    task.refresh_from_db()
    return task


def end_unsent(task_id: int) -> None:
    """Make Not sent what was not handed over of an ended task; a task that is over or was not ended is left alone."""
    if Task.objects.filter(pk=task_id, status=TaskStatus.EXECUTING, ending=True).exists():
        unsent_messages.end_unsent(task_id)


def tick(now: datetime | None = None) -> Ticked:
    """Start due tasks, cancel overdue ones, settle ended ones, complete finished ones, move hours on.

    Cheap enough for twice a second. `now` is the database's time unless given.
    """
    now = now or database_now()
    started, canceled = start_due(now)
    move_on(now)
    for task_id in _ended_and_unsettled():
        _settle_ended(task_id)
    mark_sent()
    completed = transitions.complete_finished(now)
    for task_id in completed:
        deferral.SETTLE_CHARGE.defer(task_id=task_id)
    return Ticked(tuple(started), tuple(canceled), tuple(completed))


def _held(task: Task) -> Task:
    """The task as it is in the database, which nobody else changes until this transaction ends."""
    return Task.objects.select_for_update(of=("self",), no_key=True).get(pk=task.pk)


def _why_not_canceled(task: Task) -> Violation:
    if task.status == TaskStatus.PENDING:
        return Violation("too_late_to_cancel", TOO_LATE, {"minutes": ENV.cancel_minutes})
    return Violation("not_pending", ONLY_PENDING)


def _set_paused(task: Task, member: Member, *, paused: bool) -> Task:
    require(member, Action.PAUSE_TASK, task)
    with transaction.atomic():
        moved = transitions.pause(transitions.only(task.pk), paused=paused)
        task.refresh_from_db()
        if not can_pause(TaskStatus(task.status)):
            raise Refused(Violation("not_executing", ONLY_EXECUTING))
        if task.ending and not paused:
            raise Refused(Violation("ended", ENDED_STAYS))
        if not paused:
            faults.forget_task(task.pk)
        if moved:
            audit.record(member=member, action="pause_task" if paused else "resume_task", subject=task)
    return task


# Ended tasks with chunks that can be settled: at first all, later those that senders or the recovery gave back, and
# those of an import that was under way.
_ENDED = """
SELECT t.id FROM task t
WHERE t.status = 'executing' AND t.ending
  AND EXISTS (SELECT FROM chunk c WHERE c.task_id = t.id AND (c.state = 0 OR c.state = 1 AND c.batch_hi IS NULL))
ORDER BY t.id
"""


def _ended_and_unsettled() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_ENDED)
        return [task_id for (task_id,) in cursor.fetchall()]


def _settle_ended(task_id: int) -> None:
    """Have the unsent messages of an ended task settled, in one job at a time."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        deferral.END_UNSENT.defer(queueing_lock=f"end {task_id}", task_id=task_id)


CANCELED_BY_PERSON = Violation("canceled_by_member", _("Canceled by a member."))
TOO_LATE = _(
    "A task can be canceled until %(minutes)s minutes before its scheduled time. It is too late for this one."
)
ONLY_PENDING = _("Only a pending task can be canceled.")
ONLY_CANCELED = _("Only a canceled task can be deleted.")
ONLY_EXECUTING = _("Only a task that is being executed can be paused or resumed.")
ONLY_EXECUTING_ENDS = _("Only a task that is being executed can be ended.")
STILL_SENDING = _("The task is being sent. Pause it first, then end it.")
ENDED_STAYS = _("The task was ended: nothing more of it is sent.")
