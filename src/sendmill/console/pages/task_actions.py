"""What is done to a task: cancel, pause, resume, end, delete, and settling its uncertain messages."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sendmill.accounts.models import Member
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import attempt
from sendmill.console.listing import whole
from sendmill.tasks import breaker_release, lifecycle, uncertain
from sendmill.tasks.models import Task


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


def release(request: MemberRequest, pk: int) -> HttpResponse:
    """Lets a task go on over carriers that took nothing of it."""
    done = _("“%(name)s” goes on: the carrier is tried again.")
    return _move(request, pk, breaker_release.release_breakers, done)


def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Removes a canceled task."""
    task = owned(request, Task, pk=pk)
    done = _("“%(name)s” was deleted.") % {"name": task.name}
    if not attempt(request, lambda: lifecycle.delete(task, request.user), done):
        return redirect("console:task", pk=pk)
    return redirect("console:tasks")


def _move(request: MemberRequest, pk: int, step: Callable[[Task, Member], Task], done: str) -> HttpResponse:
    task = owned(request, Task, pk=pk)
    attempt(request, lambda: step(task, request.user), done % {"name": task.name})
    return redirect("console:task", pk=pk)


def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """Settles the uncertain messages of a task, all or the chosen ones: failed, or sent again."""
    task = owned(request, Task, pk=pk)
    seqs, number = None, request.POST.get("number", "")
    if "chosen" in request.POST and "all" not in request.POST:
        ordinals = [whole(text) for text in request.POST.getlist("ordinal")]
        seqs = [ordinal - 1 for ordinal in ordinals if ordinal is not None and 0 < ordinal < 2**31]
        if not seqs:
            messages.error(request, _("Choose the messages first."))
            return redirect(f"{reverse('console:task', kwargs={'pk': pk})}?result=uncertain#recipients")
    choice: uncertain.Choice = "resend" if request.POST.get("as") == "resend" else "failed"

    def said(count: int) -> str:
        if choice == "failed":
            found = ngettext(
                "%(count)s message counts as failed.", "%(count)s messages count as failed.", count
            )
        else:
            found = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
        return found % {"count": f"{count:,}"}

    attempt(request, lambda: uncertain.settle(task, seqs, choice, request.user, number=number), said)
    return redirect("console:task", pk=pk)
