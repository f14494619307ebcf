"""The list of tasks: their progress, what each waits for, and the actions to offer."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from sendmill.console.access import MemberRequest
from sendmill.console.allowed_actions import task_actions
from sendmill.console.diagnosis import brief
from sendmill.console.listing import SIZE, row_page, whole
from sendmill.domain.task_life import TaskStatus
from sendmill.tasks import listing, results
from sendmill.tasks.diagnosis import waits
from sendmill.tasks.hold_release import open_hold
from sendmill.tasks.models import TASK_STATUSES, Task

LIVE = (TaskStatus.PENDING, TaskStatus.EXECUTING)


def home(request: MemberRequest) -> HttpResponse:
    """The address of the console itself leads to the tasks."""
    return redirect("console:tasks")


def show(request: MemberRequest) -> HttpResponse:
    """Tasks of the account by name and status, newest first."""
    status = request.GET.get("status", "")
    rows = listing.tasks(
        request.user.account,
        text=request.GET.get("q", "").strip(),
        status=status if status in tuple(TaskStatus) else "",
    )
    page = row_page(rows, request.GET)
    _fill(page.rows, request)
    context = {"page": page, "statuses": TASK_STATUSES, "live": _shown(page.rows)}
    return render(request, "console/task_list/show.html", context)


def show_live(request: MemberRequest) -> HttpResponse:
    """What changed in the rows on the screen: `shown` names each as id:status."""
    shown = dict(item.partition(":")[::2] for item in request.GET.get("shown", "").split(",")[:SIZE])
    keys = [key for text in shown if (key := whole(text)) is not None]
    rows = listing.tasks_by_id(request.user.account, keys)
    _fill(rows, request)
    for row in rows:
        row.moved = shown[str(row.pk)] != _state(row)  # type: ignore[attr-defined]
    return render(request, "console/task_list/update.html", {"rows": rows, "live": _shown(rows)})


def _fill(rows: Sequence[Task], request: MemberRequest) -> None:
    """Gives each row its counters, what it waits for, and what this member can do with it."""
    counters = results.counters(rows)
    now, hold = timezone.now(), open_hold()
    waiting = waits(rows, counters)
    for row in rows:
        row.counters = counters[row.pk]  # type: ignore[attr-defined]
        row.can = task_actions(row, request.user, now, hold)  # type: ignore[attr-defined]
        row.wait = waiting.get(row.pk)  # type: ignore[attr-defined]
        row.brief = brief(waiting.get(row.pk))  # type: ignore[attr-defined]


def _shown(rows: Sequence[Task]) -> str:
    return ",".join(f"{row.pk}:{_state(row)}" for row in rows if row.status in LIVE)


def _state(task: Task) -> str:
    return f"{task.status}{_held(task)}{'-cancel' if task.can.cancel else ''}"  # type: ignore[attr-defined]


def _held(task: Task) -> str:
    return "-ending" if task.ending else "-paused" if task.paused else ""
