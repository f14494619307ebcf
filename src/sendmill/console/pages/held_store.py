"""A held store: why nothing is sent, which tasks of the account could go twice, and the decision about each."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from sendmill.accounts.permissions import Action, allowed
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import attempt
from sendmill.console.translated import say
from sendmill.tasks.hold_release import Choice, held_tasks, open_hold, release_task
from sendmill.tasks.models import Task


def show(request: MemberRequest) -> HttpResponse:
    """Why the store is held, and what of this account could go twice; a calm page when it is not held."""
    hold = open_hold()
    context = {
        "hold": hold,
        "why": say(hold.message, hold.parameters) if hold is not None else "",
        "elsewhere": hold is not None and hold.kind == "elsewhere",
        "rows": held_tasks(request.user.account) if hold is not None else [],
        "time_zone": request.user.account.time_zone,
        "decides": allowed(request.user, Action.RELEASE_TASK),
    }
    return render(request, "console/held_store/show.html", context)


def release(request: MemberRequest, pk: int) -> HttpResponse:
    """Decides about one task."""
    task = owned(request, Task, pk=pk)
    choice = request.POST.get("as", "")
    if choice not in tuple(Choice):
        return redirect("console:held")

    def said(count: int) -> str:
        sentence = ngettext(
            "“%(name)s” is released: %(count)s message was decided about.",
            "“%(name)s” is released: %(count)s messages were decided about.",
            count,
        )
        return sentence % {"name": task.name, "count": f"{count:,}"}

    attempt(request, lambda: release_task(task, Choice(choice), request.user), said)
    return redirect("console:held")
