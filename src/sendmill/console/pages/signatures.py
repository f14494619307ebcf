"""Signatures: list, create, edit what was rejected, and each step of their review."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.accounts import audit
from sendmill.billing.models import SERVICE_TYPES
from sendmill.catalog import listing, review, signatures
from sendmill.catalog.models import REVIEW_STATES, Application, Signature
from sendmill.console.access import MemberRequest, owned
from sendmill.console.allowed_actions import review_actions, review_context
from sendmill.console.form_errors import Errors, attempt, by_field, complete, show_refusal
from sendmill.console.forms import PlainForm, RowField, text
from sendmill.console.history import tell
from sendmill.console.listing import pick, row_page, whole
from sendmill.domain.review import IllegalMove, ReviewState
from sendmill.domain.types import ApplicationType, ServiceType


class RejectedForm(PlainForm):
    """A rejected signature as its author mends it."""

    name = text()
    type = text()
    field_of = {
        "service_type": "type",
        "signature_not_allowed": "application",
        "signature_length": "name",
        "signature_characters": "name",
        "signature_digits": "name",
        "signature_taken": "name",
    }


class SignatureForm(RejectedForm):
    """A new signature."""

    application = RowField(gettext_lazy("Choose an application."))


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
        "page": row_page(rows, request.GET),
        "states": REVIEW_STATES,
        "types": SERVICE_TYPES,
        "applications": choices,
        "empty_of": of if set(request.GET) == {"application"} else None,
    }
    return render(request, "console/signatures/list.html", context)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """A signature: its state, the next step, and its history."""
    signature = owned(request, listing.detailed_signatures(), pk=pk)
    context = {
        "signature": signature,
        "templates": listing.templates_by_name(signature),
        "history": tell(audit.history(signature)[:50]),
        **review_context(signature, request.user),
    }
    return render(request, "console/signatures/show.html", context)


def new(request: MemberRequest) -> HttpResponse:
    """The form of a new signature: kept as a draft, or handed to the reviewers at once."""
    choices = _mainland(request)
    only = choices[0].pk if len(choices) == 1 else ""
    asked = request.GET.get("application") or only
    first = {"application": asked, "type": ServiceType.NOTIFICATION.value}
    form = SignatureForm.of(request, first, application=choices)
    if not form.carry_out(lambda application, **typed: signatures.create(request.user, application, **typed)):
        return _page(request, form, None)
    row = form.result
    if "submit" in request.POST:
        return submit(request, row.pk)
    messages.success(request, _("“%(name)s” was saved as a draft.") % {"name": row.name})
    return redirect("console:signature", pk=row.pk)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The form of a rejected signature; saving it submits it again."""
    signature = owned(request, listing.detailed_signatures(), pk=pk)
    if "edit" not in review_actions(signature, request.user):
        messages.error(request, _("Only a rejected signature can be edited."))
        return redirect("console:signature", pk=pk)
    form = RejectedForm.of(request, audit.values(signature, ("name", "type")))
    try:
        if not form.carry_out(lambda **typed: signatures.edit(request.user, signature, **typed)):
            return _page(request, form, signature)
    except IllegalMove as changed:
        show_refusal(request, changed)
    else:
        messages.success(request, _("“%(name)s” waits for review.") % {"name": form.cleaned_data["name"]})
    return redirect("console:signature", pk=pk)


def check(request: MemberRequest) -> HttpResponse:
    """What is wrong with the form as it is being typed."""
    typed, besides = request.POST, whole(request.POST.get("besides"))
    application = pick(_mainland(request), typed.get("application"))
    errors: Errors = {}
    name = typed.get("name", "").strip()
    if application is not None and name:
        broken = signatures.violations(application, name=name, type=typed.get("type", ""), besides=besides)
        errors = by_field(broken, SignatureForm.field_of)
    checked = complete(errors, ("name", "type") if besides else ("name", "type", "application"))
    return render(request, "console/signatures/checked.html", {"checked": checked, "name_typed": name})


def submit(request: MemberRequest, pk: int) -> HttpResponse:
    """Hands a draft to the reviewers."""
    row = owned(request, listing.detailed_signatures(), pk=pk)
    attempt(
        request,
        lambda: review.submit(request.user, row),
        _("“%(name)s” waits for review.") % {"name": row.name},
    )
    return redirect("console:signature", pk=pk)


def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Takes back what waits for review."""
    row = owned(request, listing.detailed_signatures(), pk=pk)
    attempt(
        request,
        lambda: review.withdraw(request.user, row),
        _("“%(name)s” was withdrawn.") % {"name": row.name},
    )
    return redirect("console:signature", pk=pk)


def set_channel(request: MemberRequest, pk: int) -> HttpResponse:
    """Sets or changes the channel number of an approved signature."""
    row = owned(request, listing.detailed_signatures(), pk=pk)
    number = request.POST.get("channel_number", "")
    done = _("“%(name)s” sends as %(number)s now.") % {"name": row.name, "number": number.strip()}
    attempt(request, lambda: review.set_channel_number(request.user, row, number), done)
    if request.POST.get("next") == "review":
        return redirect("console:review")
    return redirect("console:signature", pk=pk)


def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Deletes a signature where its state allows and nothing needs it."""
    row = owned(request, listing.detailed_signatures(), pk=pk)
    gone = attempt(
        request,
        lambda: signatures.delete(request.user, row),
        _("“%(name)s” was deleted.") % {"name": row.name},
    )
    return redirect("console:signatures") if gone else redirect("console:signature", pk=pk)


def _page(request: MemberRequest, form: PlainForm, signature: Signature | None) -> HttpResponse:
    return form.page(
        request,
        "console/signatures/form.html",
        signature=signature,
        types=SERVICE_TYPES,
        applications=[(row.pk, row.name) for row in _mainland(request)],
    )


def _mainland(request: MemberRequest) -> list[Application]:
    return listing.applications_by_name(request.user.account, ApplicationType.MAINLAND)
