"""Why an executing task stands still. Only a task that does can be ended (spec.md 3)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sendmill.domain.task_life import TaskStatus
from sendmill.message_store.engine.store_holds import Hold
from sendmill.tasks.hold_release import is_held
from sendmill.tasks.models import Task

Standstill = Literal["paused", "hours", "cannot_render", "held", "refused"]


def standstill(task: Task, now: datetime, hold: Hold | None, *, refused: bool = False) -> Standstill | None:
    """Why nothing more of an executing task is handed over now.

    None for one that is being sent, or is not executing.
    paused: by a person. hours: outside the hours of its recipients. cannot_render: set aside by the sender, as its
    messages cannot be made. held: the store may be older than what was sent. refused: no carrier takes anything of it
    (`refused`: message_store.queries.breakers.stopped). Each holds a sender back before its next batch; batches that
    are open are recorded all the same.
    """
    if task.status != TaskStatus.EXECUTING:
        return None
    if task.paused:
        return "paused"
    if task.opens_at is not None and task.closes_at is not None and not task.opens_at <= now < task.closes_at:
        return "hours"
    if any(one["code"] == "cannot_render" for one in task.reasons):
        return "cannot_render"
    if is_held(task, hold):
        return "held"
    return "refused" if refused else None
