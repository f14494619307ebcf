"""The reviewers' queue: what was submitted, and approving or rejecting it."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.catalog import listing, review
from sendmill.catalog.models import Signature, Template
from sendmill.console.access import MemberRequest, owned
from sendmill.console.allowed_actions import review_context
from sendmill.console.form_errors import attempt
from sendmill.console.template_editor import sample

Subject = TypeVar("Subject", Signature, Template)
SHOWN = 30


def show_queue(request: MemberRequest) -> HttpResponse:
    """What waits for a reviewer, oldest first: signatures, then templates; the rest follows as these are done."""
    waiting, pending = listing.queue(request.user.account)
    signatures, templates = list(waiting[: SHOWN + 1]), list(pending[: SHOWN + 1])
    context = {
        "signatures": [review_context(row, request.user) for row in signatures[:SHOWN]],
        "templates": [
            {**review_context(row, request.user), "sample": sample(row)} for row in templates[:SHOWN]
        ],
        "more": len(signatures) > SHOWN or len(templates) > SHOWN,
    }
    return render(request, "console/review/queue.html", context)


def approve_signature(request: MemberRequest, pk: int) -> HttpResponse:
    """Approves a signature, with its channel number when one is given."""
    row = owned(request, Signature, pk=pk)
    number = request.POST.get("channel_number", "")
    attempt(
        request,
        lambda: review.approve(request.user, row, channel_number=number, seen=_seen(request)),
        _("“%(name)s” is approved.") % {"name": row.name},
    )
    return _back(request, row)


def approve_template(request: MemberRequest, pk: int) -> HttpResponse:
    """Approves a template, which activates it."""
    row = owned(request, Template, pk=pk)
    attempt(
        request,
        lambda: review.approve(request.user, row, seen=_seen(request)),
        _("“%(name)s” is approved and activated.") % {"name": row.name},
    )
    return _back(request, row)


def reject_signature(request: MemberRequest, pk: int) -> HttpResponse:
    """Rejects a signature with a reason."""
    return _reject(request, Signature, pk)


def reject_template(request: MemberRequest, pk: int) -> HttpResponse:
    """Rejects a template with a reason."""
    return _reject(request, Template, pk)


def _reject(request: MemberRequest, kind: type[Subject], pk: int) -> HttpResponse:
    row = owned(request, kind, pk=pk)
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: review.reject(request.user, row, reason, seen=_seen(request)),
        _("“%(name)s” was rejected; its author sees the reason.") % {"name": row.name},
    )
    return _back(request, row)


def _seen(request: MemberRequest) -> str | None:
    return request.POST.get("seen") or None


def _back(request: MemberRequest, row: Signature | Template) -> HttpResponse:
    """To where the decision was taken: the queue or the page of the row."""
    if request.POST.get("next") == "review":
        return redirect("console:review")
    return redirect(f"console:{row._meta.model_name}", pk=row.pk)
