"""Signatures: list, create, edit what was rejected, and each step of their review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.accounts import audit
from sendmill.billing.models import SERVICE_TYPES
from sendmill.catalog import listing, review, signatures
from sendmill.catalog.models import REVIEW_STATES, Application, Signature
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import Errors, attempt, by_field, complete
from sendmill.console.history import tell
from sendmill.console.listing import whole, window
from sendmill.console.steps import offer, review_context
from sendmill.domain.review import IllegalMove, ReviewState
from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.domain.violations import Refused

ROWS = Signature.objects.select_related("account", "application", "created_by", "submitted_by")
FIELDS = {
    "service_type": "type",
    "signature_not_allowed": "application",
    "signature_length": "name",
    "signature_characters": "name",
    "signature_digits": "name",
    "signature_taken": "name",
}


def show_list(request: MemberRequest) -> HttpResponse:
    """All signatures of the account, by name, application and state."""
    state, kind = request.GET.get("state", ""), request.GET.get("type", "")
    application = whole(request.GET.get("application"))
    rows = listing.signatures(
        request.user.account,
        text=request.GET.get("q", "").strip(),
        state=state if state in tuple(ReviewState) else "",
        type=kind if kind in tuple(ServiceType) else "",
        application=application,
    )
    choices = _mainland(request)
    of = next((row for row in choices if row.pk == application), None)
    context = {
        "window": window(rows, request.GET),
        "states": REVIEW_STATES,
        "types": SERVICE_TYPES,
        "applications": choices,
        "empty_of": of if set(request.GET) == {"application"} else None,
    }
    return render(request, "console/signatures/list.html", context)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """A signature: its state, the next step, and its history."""
    signature = owned(request, ROWS.all(), pk=pk)
    context = {
        "signature": signature,
        "templates": signature.templates.order_by("name")[:50],
        "history": tell(audit.history(signature)[:50]),
        **review_context(signature, request.user),
    }
    return render(request, "console/signatures/show.html", context)


def new(request: MemberRequest) -> HttpResponse:
    """The form of a new signature: kept as a draft, or handed to the reviewers at once."""
    choices = _mainland(request)
    if request.method != "POST":
        preset = request.GET.get("application", "")
        only = choices[0].pk if len(choices) == 1 else ""
        defaults = {"application": preset or only, "type": ServiceType.NOTIFICATION.value, "name": ""}
        return _form(request, None, defaults)
    values = _values(request)
    application = next((row for row in choices if str(row.pk) == values["application"]), None)
    if application is None:
        return _form(request, None, values, {"application": [_("Choose an application.")]}, status=422)
    try:
        row = signatures.create(request.user, application, name=values["name"], type=values["type"])
    except Refused as broken:
        return _form(request, None, values, by_field(broken.violations, FIELDS), status=422)
    if "submit" in request.POST:
        attempt(
            request,
            lambda: review.submit(request.user, row),
            _("“%(name)s” waits for review.") % {"name": row.name},
        )
    else:
        messages.success(request, _("“%(name)s” was saved as a draft.") % {"name": row.name})
    return redirect("console:signature", pk=row.pk)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The form of a rejected signature; saving it submits it again."""
    signature = owned(request, ROWS.all(), pk=pk)
    if "edit" not in offer(signature, request.user):
        messages.error(request, _("Only a rejected signature can be edited."))
        return redirect("console:signature", pk=pk)
    if request.method != "POST":
        return _form(request, signature, audit.values(signature, ("application", "name", "type")))
    values = {**_values(request), "application": signature.application_id}
    try:
        signatures.edit(request.user, signature, name=values["name"], type=values["type"])
    except Refused as broken:
        return _form(request, signature, values, by_field(broken.violations, FIELDS), status=422)
    except IllegalMove:
        messages.error(
            request, _("This is not possible any more: it changed meanwhile. Look at it as it is now.")
        )
        return redirect("console:signature", pk=pk)
    messages.success(request, _("“%(name)s” waits for review.") % {"name": values["name"].strip()})
    return redirect("console:signature", pk=pk)


def check(request: MemberRequest) -> HttpResponse:
    """What is wrong with the form as it is being typed."""
    values = _values(request)
    application = next((row for row in _mainland(request) if str(row.pk) == values["application"]), None)
    errors: Errors = {}
    name = values["name"].strip()
    if application is not None and name:
        besides = whole(request.POST.get("besides"))
        broken = signatures.violations(application, name=name, type=values["type"], besides=besides)
        errors = by_field(broken, FIELDS)
    shown = ("name", "type") if whole(request.POST.get("besides")) else ("name", "type", "application")
    checked = complete(errors, shown)
    return render(request, "console/signatures/checked.html", {"checked": checked, "name_typed": name})


def submit(request: MemberRequest, pk: int) -> HttpResponse:
    """Hands a draft to the reviewers."""
    row = owned(request, ROWS.all(), pk=pk)
    attempt(
        request,
        lambda: review.submit(request.user, row),
        _("“%(name)s” waits for review.") % {"name": row.name},
    )
    return redirect("console:signature", pk=pk)


def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Takes back what waits for review."""
    row = owned(request, ROWS.all(), pk=pk)
    attempt(
        request,
        lambda: review.withdraw(request.user, row),
        _("“%(name)s” was withdrawn.") % {"name": row.name},
    )
    return redirect("console:signature", pk=pk)


def set_channel(request: MemberRequest, pk: int) -> HttpResponse:
    """Sets or changes the channel number of an approved signature."""
    row = owned(request, ROWS.all(), pk=pk)
    number = request.POST.get("channel_number", "")
    done = _("“%(name)s” sends as %(number)s now.") % {"name": row.name, "number": number.strip()}
    attempt(request, lambda: review.set_channel_number(request.user, row, number), done)
    if request.POST.get("next") == "review":
        return redirect("console:review")
    return redirect("console:signature", pk=pk)


def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Deletes a signature where its state allows and nothing needs it."""
    row = owned(request, ROWS.all(), pk=pk)
    gone = attempt(
        request,
        lambda: signatures.delete(request.user, row),
        _("“%(name)s” was deleted.") % {"name": row.name},
    )
    return redirect("console:signatures") if gone else redirect("console:signature", pk=pk)


def _values(request: MemberRequest) -> dict[str, Any]:
    return {name: request.POST.get(name, "") for name in ("application", "name", "type")}


def _form(
    request: MemberRequest,
    signature: Signature | None,
    values: Mapping[str, Any],
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "signature": signature,
        "values": values,
        "errors": errors or {},
        "types": SERVICE_TYPES,
        "applications": [(row.pk, row.name) for row in _mainland(request)],
    }
    return render(request, "console/signatures/form.html", context, status=status)


def _mainland(request: MemberRequest) -> list[Application]:
    rows = Application.objects.filter(account_id=request.user.account_id, type=ApplicationType.MAINLAND)
    return list(rows.order_by("name"))
