"""Which actions a page offers on a task, a signature or a template: those that its state and the member's role allow.

An offer is no permission: every action is checked again by the service that carries it out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, allowed
from sendmill.catalog import review, review_moves
from sendmill.catalog.models import Signature, Template
from sendmill.console.translated import say
from sendmill.domain import task_life
from sendmill.message_store.engine.store_holds import Hold
from sendmill.runtime.settings import ENV
from sendmill.tasks import result_files
from sendmill.tasks.models import Task
from sendmill.tasks.standstill import standstill

DECISIONS = {
    "approve": Action.REVIEW,
    "reject": Action.REVIEW,
    "set_channel": Action.SET_CHANNEL,
    "activate": Action.ACTIVATE_TEMPLATE,
    "deactivate": Action.ACTIVATE_TEMPLATE,
}


@dataclass(frozen=True)
class TaskActions:
    """The actions that a page offers on a task; looking at it is always one of them."""

    cancel: bool
    delete: bool
    copy: bool
    pause: bool
    resume: bool
    end: bool
    release: bool = False


def task_actions(
    task: Task, member: Member, now: datetime, hold: Hold | None, stopped: Collection[int] = ()
) -> TaskActions:
    """The actions to offer on a task.

    `hold` is the open hold of the store, if there is one; of the tasks in `stopped` no carrier takes anything, which
    only a page that offers the end has to know.
    """
    status = task_life.TaskStatus(task.status)
    margin = timedelta(minutes=ENV.cancel_minutes)
    may_pause = allowed(member, Action.PAUSE_TASK) and task_life.can_pause(status)
    return TaskActions(
        cancel=allowed(member, Action.CANCEL_TASK)
        and task_life.can_cancel(status, task.scheduled_at, now, margin),
        delete=allowed(member, Action.DELETE_TASK) and task_life.can_delete(status),
        copy=allowed(member, Action.COPY_TASK) and task_life.can_copy(status),
        pause=may_pause and not task.paused,
        resume=may_pause and task.paused and not task.ending,
        end=may_pause
        and not task.ending
        and standstill(task, now, hold, refused=task.pk in stopped) is not None,
    )


def review_actions(row: Signature | Template, member: Member) -> dict[str, bool]:
    """The actions to offer on a signature or template, each name with True: templates read `can.submit`."""
    editing = Action.EDIT_TEMPLATE if isinstance(row, Template) else Action.EDIT_SIGNATURE
    return {
        action: True
        for action in review_moves.legal_actions(row)
        if allowed(member, DECISIONS.get(action, editing))
    }


def review_context(row: Signature | Template, member: Member) -> dict[str, object]:
    """Context of the review panel. `own`: the member submitted it, and the account asks for a second person."""
    own = row.submitted_by_id is not None and row.submitted_by_id == member.pk
    return {
        "row": row,
        "kind": row._meta.model_name,
        "can": review_actions(row, member),
        "seen": review.revision(row),
        "own": own and member.account.four_eyes,
    }


def why_no_failed_file(task: Task) -> str:
    """Why the failed numbers of a task cannot be downloaded, in a sentence; empty when they can."""
    if result_files.can_download(task):
        return ""
    if task.started_at is None:
        return _("Nothing of this task was sent.")
    return say(result_files.TOO_OLD, {"days": ENV.failed_download_days})
