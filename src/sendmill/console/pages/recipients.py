"""One recipient of a task: every step from the row of the file to the result, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render

from sendmill.accounts.permissions import Action, allowed
from sendmill.console.access import MemberRequest, owned
from sendmill.console.translated import say
from sendmill.domain.results import Result
from sendmill.domain.task_life import TaskStatus
from sendmill.tasks import listing, recipient_timeline
from sendmill.tasks.status_words import status_words


@dataclass(frozen=True)
class ShownStep:
    """One step of the timeline, translated."""

    sentence: str
    at: datetime | None
    level: str
    code: str
    raw: str


def show(request: MemberRequest, pk: int, ordinal: int) -> HttpResponse:
    """The page; `ordinal` is the number at the end of the SMS ID."""
    task = owned(request, listing.detailed_tasks(), pk=pk)
    found = recipient_timeline.timeline(task, ordinal - 1, request.user) if 0 < ordinal < 2**31 else None
    if found is None:
        raise Http404
    steps = [
        ShownStep(say(step.message, step.parameters), step.at, step.level, step.code, step.raw)
        for step in found.steps
    ]
    undecided = found.result is Result.UNCERTAIN and task.status == TaskStatus.EXECUTING
    context = {
        "task": task,
        "found": found,
        "ordinal": ordinal,
        "steps": steps,
        "status_words": status_words(task),
        "kept": recipient_timeline.said(),
        "can_settle": undecided and allowed(request.user, Action.SETTLE_TASK),
        "time_zone": request.user.account.time_zone,
    }
    return render(request, "console/recipients/show.html", context)
