"""The details of a task: counters that add up, what it waits for, and the result of every recipient."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from sendmill.accounts.permissions import Action, allowed
from sendmill.console.access import MemberRequest, owned
from sendmill.console.allowed_actions import task_actions, why_no_failed_file
from sendmill.console.breaker_notices import breaker_notices
from sendmill.console.choices import preview
from sendmill.console.diagnosis import reasons
from sendmill.console.pages.downloads import NAMES
from sendmill.domain.results import Result
from sendmill.domain.task_life import TaskStatus
from sendmill.message_store.queries import breakers
from sendmill.tasks import charging, large_downloads, listing, results
from sendmill.tasks.diagnosis import waits
from sendmill.tasks.hold_release import open_hold
from sendmill.tasks.models import Task
from sendmill.tasks.status_words import status_words

RESULTS = (
    ("waiting", gettext_lazy("Waiting")),
    ("sending", gettext_lazy("Sending")),
    ("successful", gettext_lazy("Successful")),
    ("failed", gettext_lazy("Failed")),
    ("uncertain", gettext_lazy("Uncertain")),
    ("not_sent", gettext_lazy("Not sent")),
)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """The whole page."""
    task = owned(request, listing.detailed_tasks(), pk=pk)
    return render(request, "console/task_details/show.html", _context(request, task))


def show_live(request: MemberRequest, pk: int) -> HttpResponse:
    """What changes while a task is sent: counters, the recipients on the screen, the status when it moved.

    Recipients that were searched for over several stretches stay as they were found.
    """
    task = owned(request, listing.detailed_tasks(), pk=pk)
    context = _context(request, task)
    context["moved"] = request.GET.get("state", "") != context["state"]
    return render(request, "console/task_details/update.html", context)


def _context(request: MemberRequest, task: Task) -> dict[str, Any]:
    counters = results.counters([task])[task.pk]
    wanted, number = request.GET.get("result", ""), request.GET.get("number", "").strip()
    result = Result[wanted.upper()] if wanted in dict(RESULTS) else None
    page = results.messages(task, result=result, number=number or None, after=request.GET.get("after"))
    basis = task.snapshot
    may_settle = allowed(request.user, Action.SETTLE_TASK) and task.status == TaskStatus.EXECUTING
    files = large_downloads.of_task(task) if allowed(request.user, Action.DOWNLOAD) else []
    for export in files:
        export.name = NAMES[export.what]  # type: ignore[attr-defined]
    refused = breakers.of_tasks([task.pk], tripped=False) if task.status == TaskStatus.EXECUTING else []
    tripped = [one for one in refused if one.released_at is None]
    can = task_actions(
        task, request.user, timezone.now(), open_hold(), breakers.stopped([task.pk]) if tripped else ()
    )
    may_release = allowed(request.user, Action.PAUSE_TASK) and not task.ending
    can = replace(
        can,
        end=can.end and counters.waiting > 0,
        release=bool(tripped) and may_release and counters.waiting > 0,
    )
    wait = waits([task], {task.pk: counters}).get(task.pk)
    return {
        "task": task,
        # What the status and the buttons depend on; the page asks again with what it shows.
        "state": f"{task.status}{'-paused' if task.paused else ''}{'-ending' if task.ending else ''}"
        f"{'-end' if can.end else ''}{'-release' if can.release else ''}",
        "counters": counters,
        "counts_accepted": results.counts_accepted(task),
        "can": can,
        "deleted": task.invalid + task.duplicate + task.unfit,
        "page": page,
        "cost": charging.cost_of(task),
        "filtered": bool(wanted or number),
        "picking": result is Result.UNCERTAIN and may_settle,
        "exports": files,
        "results": RESULTS,
        "preview": preview(
            basis["content"], basis["application_type"], basis["attributes"], basis["signature"]
        ),
        "waiting": [*reasons(task, wait), *breaker_notices(refused, wait, counters)],
        "status_words": status_words(task),
        "time_zone": request.user.account.time_zone,
        "no_failed_file": why_no_failed_file(task),
        "live": task.status in (TaskStatus.PENDING, TaskStatus.EXECUTING),
    }
