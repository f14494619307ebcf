"""What a member can do with a task now: the role's actions and the task's life in one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, allowed
from sendmill.console.translated import say
from sendmill.domain import task_life
from sendmill.message_store.engine.holds import Hold
from sendmill.runtime.settings import ENV
from sendmill.tasks import result_files
from sendmill.tasks.models import Task
from sendmill.tasks.standstill import standstill


@dataclass(frozen=True)
class Operations:
    """The operations a page offers; looking is always one of them."""

    cancel: bool
    delete: bool
    copy: bool
    pause: bool
    resume: bool
    end: bool


def operations(task: Task, member: Member, now: datetime, hold: Hold | None) -> Operations:
    """Which operations to offer; each is checked again when it is asked for. `hold` is the open one, if any."""
    status = task_life.TaskStatus(task.status)
    margin = timedelta(minutes=ENV.cancel_minutes)
    may_pause = allowed(member, Action.PAUSE_TASK) and task_life.can_pause(status)
    return Operations(
        cancel=allowed(member, Action.CANCEL_TASK)
        and task_life.can_cancel(status, task.scheduled_at, now, margin),
        delete=allowed(member, Action.DELETE_TASK) and task_life.can_delete(status),
        copy=allowed(member, Action.COPY_TASK) and task_life.can_copy(status),
        pause=may_pause and not task.paused,
        resume=may_pause and task.paused and not task.ending,
        end=may_pause and not task.ending and standstill(task, now, hold) is not None,
    )


def why_no_failed_file(task: Task) -> str:
    """Why the failed numbers of a task cannot be downloaded; empty when they can."""
    if result_files.can_download(task):
        return ""
    if task.started_at is None:
        return _("Nothing of this task was sent.")
    return say(result_files.TOO_OLD, {"days": ENV.failed_download_days})
