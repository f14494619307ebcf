"""The details of a task: counters that add up, why it waits, and what became of every recipient."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sendmill.accounts.permissions import Action, allowed
from sendmill.console.access import MemberRequest, owned
from sendmill.console.choices import preview
from sendmill.console.diagnosis import reasons
from sendmill.console.listing import whole
from sendmill.console.operations import operations, why_no_failed_file
from sendmill.console.pages.downloads import NAMES
from sendmill.console.translated import explain
from sendmill.domain.results import Result
from sendmill.domain.task_life import TaskStatus
from sendmill.domain.violations import Refused
from sendmill.tasks import charging, large_downloads, results, uncertain
from sendmill.tasks.diagnosis import waits
from sendmill.tasks.held_tasks import open_hold
from sendmill.tasks.models import Task

TASKS = Task.objects.select_related("application", "signature", "template", "carrier", "created_by")
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
    task = owned(request, TASKS.all(), pk=pk)
    return render(request, "console/task.html", _context(request, task))


def show_live(request: MemberRequest, pk: int) -> HttpResponse:
    """What changes while a task is sent: counters, the recipients on the screen, the status when it moved.

    Recipients that were searched for over several stretches stay as they were found.
    """
    task = owned(request, TASKS.all(), pk=pk)
    context = _context(request, task)
    context["moved"] = request.GET.get("state", "") != context["state"]
    return render(request, "console/parts/task_update.html", context)


def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """Settles the uncertain messages of a task, all or the chosen ones: failed, or sent again."""
    task = owned(request, Task, pk=pk)
    seqs, number = None, request.POST.get("number", "")
    if "chosen" in request.POST and "all" not in request.POST:
        places = [whole(text) for text in request.POST.getlist("place")]
        seqs = [place - 1 for place in places if place is not None and 0 < place < 2**31]
        if not seqs:
            messages.error(request, _("Choose the messages first."))
            return redirect(f"{reverse('console:task', kwargs={'pk': pk})}?result=uncertain#recipients")
    choice: uncertain.Choice = "resend" if request.POST.get("as") == "resend" else "failed"
    try:
        count = uncertain.settle(task, seqs, choice, request.user, number=number)
    except Refused as refused:
        messages.error(request, explain(refused.violation))
        return redirect("console:task", pk=pk)
    if choice == "failed":
        said = ngettext("%(count)s message counts as failed.", "%(count)s messages count as failed.", count)
    else:
        said = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
    messages.success(request, said % {"count": f"{count:,}"})
    return redirect("console:task", pk=pk)


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
    can = operations(task, request.user, timezone.now(), open_hold())
    can = replace(can, end=can.end and counters.waiting > 0)
    return {
        "task": task,
        # What the status and the buttons depend on; the page asks again with what it shows.
        "state": f"{task.status}{'-paused' if task.paused else ''}{'-ending' if task.ending else ''}"
        f"{'-end' if can.end else ''}",
        "counters": counters,
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
        "waiting": reasons(task, waits([task], {task.pk: counters}).get(task.pk)),
        "time_zone": request.user.account.time_zone,
        "no_failed_file": why_no_failed_file(task),
        "live": task.status in (TaskStatus.PENDING, TaskStatus.EXECUTING),
    }
