"""The list of tasks and what can be done with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sendmill.accounts.models import Member
from sendmill.console.access import MemberRequest, owned
from sendmill.console.diagnosis import brief
from sendmill.console.listing import SIZE, whole, window
from sendmill.console.operations import operations
from sendmill.console.translated import explain
from sendmill.domain.task_life import TaskStatus
from sendmill.domain.violations import Refused
from sendmill.tasks import lifecycle, results
from sendmill.tasks.diagnosis import waits
from sendmill.tasks.held_tasks import open_hold
from sendmill.tasks.models import TASK_STATUSES, Task

LIVE = (TaskStatus.PENDING, TaskStatus.EXECUTING)


def home(request: MemberRequest) -> HttpResponse:
    """The front door leads to the tasks."""
    return redirect("console:tasks")


def show_list(request: MemberRequest) -> HttpResponse:
    """Tasks of the account by name and status, newest first."""
    rows = Task.objects.filter(account_id=request.user.account_id)
    rows = rows.select_related("application", "signature", "template")
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(name__icontains=text)
    if (status := request.GET.get("status", "")) in tuple(TaskStatus):
        rows = rows.filter(status=status)
    page = window(rows, request.GET)
    _fill(page.rows, request)
    context = {"window": page, "statuses": TASK_STATUSES, "live": _shown(page.rows)}
    return render(request, "console/tasks.html", context)


def show_live(request: MemberRequest) -> HttpResponse:
    """What changed in the rows on the screen: `shown` names each as id:status."""
    shown = dict(item.partition(":")[::2] for item in request.GET.get("shown", "").split(",")[:SIZE])
    keys = [key for text in shown if (key := whole(text)) is not None]
    rows = list(Task.objects.filter(account_id=request.user.account_id, pk__in=keys))
    _fill(rows, request)
    for row in rows:
        row.moved = shown[str(row.pk)] != _state(row)  # type: ignore[attr-defined]
    return render(request, "console/parts/tasks_update.html", {"rows": rows, "live": _shown(rows)})


def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Cancels a pending task."""
    return _move(request, pk, lifecycle.cancel, _("“%(name)s” was canceled."))


def pause(request: MemberRequest, pk: int) -> HttpResponse:
    """Stops sending the rest of a task until it is resumed."""
    return _move(request, pk, lifecycle.pause, _("“%(name)s” is paused."))


def resume(request: MemberRequest, pk: int) -> HttpResponse:
    """Goes on with a paused task."""
    return _move(request, pk, lifecycle.resume, _("“%(name)s” goes on."))


def end(request: MemberRequest, pk: int) -> HttpResponse:
    """Ends a task that stands still: what was not handed over is not sent."""
    return _move(request, pk, lifecycle.end, _("“%(name)s” was ended: nothing more of it is sent."))


def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Removes a canceled task."""
    task = owned(request, Task, pk=pk)
    try:
        lifecycle.delete(task, request.user)
    except Refused as refused:
        messages.error(request, explain(refused.violation))
        return redirect("console:task", pk=pk)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": task.name})
    return redirect("console:tasks")


def _move(request: MemberRequest, pk: int, step: Callable[[Task, Member], Task], done: str) -> HttpResponse:
    task = owned(request, Task, pk=pk)
    try:
        step(task, request.user)
    except Refused as refused:
        messages.error(request, explain(refused.violation))
    else:
        messages.success(request, done % {"name": task.name})
    return redirect("console:task", pk=pk)


def _fill(rows: Sequence[Task], request: MemberRequest) -> None:
    """Gives each row its counters, what it waits for, and what this member can do with it."""
    counters = results.counters(rows)
    now, hold = timezone.now(), open_hold()
    waiting = waits(rows, counters)
    for row in rows:
        row.counters = counters[row.pk]  # type: ignore[attr-defined]
        row.can = operations(row, request.user, now, hold)  # type: ignore[attr-defined]
        row.wait = waiting.get(row.pk)  # type: ignore[attr-defined]
        row.brief = brief(waiting.get(row.pk))  # type: ignore[attr-defined]


def _shown(rows: Sequence[Task]) -> str:
    return ",".join(f"{row.pk}:{_state(row)}" for row in rows if row.status in LIVE)


def _state(task: Task) -> str:
    return f"{task.status}{_held(task)}{'-cancel' if task.can.cancel else ''}"  # type: ignore[attr-defined]


def _held(task: Task) -> str:
    return "-ending" if task.ending else "-paused" if task.paused else ""
