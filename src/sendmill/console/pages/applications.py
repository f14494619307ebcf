"""Applications: list, what a task still needs, create, edit, delete, and the secret, which is shown once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BooleanField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.accounts import audit
from sendmill.accounts.permissions import Action, allowed
from sendmill.catalog import applications, association, listing, routes
from sendmill.catalog.applications import Credentials, application_violations
from sendmill.catalog.association import Reason
from sendmill.catalog.models import APPLICATION_TYPES, Application
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import attempt, by_field, complete
from sendmill.console.forms import PlainForm, RowField, text
from sendmill.console.history import tell
from sendmill.console.listing import row_page, whole
from sendmill.console.middleware import keep_secret
from sendmill.domain.types import ApplicationType


class ApplicationForm(PlainForm):
    """An application; what goes with the other type only is left out."""

    name = text()
    type = text()
    carrier = RowField(required=False)
    sender_id = text()
    add_86 = BooleanField(required=False)
    delete_unusual = BooleanField(required=False)
    allow_landlines = BooleanField(required=False)
    field_of = {
        "name_required": "name",
        "name_too_long": "name",
        "name_taken": "name",
        "application_type": "type",
        "sender_id": "sender_id",
        "sender_id_not_allowed": "sender_id",
    }

    def clean(self) -> dict[str, Any]:
        """The values as the catalogue takes them."""
        values = self.cleaned_data
        if values.get("type") == ApplicationType.MAINLAND:
            return {**values, "sender_id": ""}
        return {**values, "allow_landlines": False}


@dataclass(frozen=True)
class Need:
    """One thing a task needs of an application: how many there are, or why there is none."""

    label: str
    count: int
    reason: Reason | None


def show_list(request: MemberRequest) -> HttpResponse:
    """All applications of the account, by name or key, and type."""
    kind = request.GET.get("type", "")
    rows = listing.applications(
        request.user.account,
        text=request.GET.get("q", "").strip(),
        type=kind if kind in tuple(ApplicationType) else "",
    )
    context = {"page": row_page(rows, request.GET), "types": APPLICATION_TYPES}
    return render(request, "console/applications/list.html", context)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """An application: its settings, what is missing for a task, and its history."""
    application = owned(request, listing.detailed_applications(), pk=pk)
    context = {
        "application": application,
        "routed": bool(application.carrier is None and routes.rules(application)),
        "fallbacks": list(routes.fallbacks(application)),
        "others": routes.possible_fallbacks(application),
        "needs": needs_of(application),
        "history": tell(audit.history(application)[:50]),
    }
    return render(request, "console/applications/show.html", context)


def new(request: MemberRequest) -> HttpResponse:
    """The form of a new application; POST creates it and shows its secret, this once."""
    asked = request.GET.get("type", "")
    kind = asked if asked in tuple(ApplicationType) else ApplicationType.INTERNATIONAL.value
    carriers = listing.carriers_by_name(request.user.account)
    only = carriers[0].pk if len(carriers) == 1 else ""
    first = {"type": kind, "add_86": kind == ApplicationType.MAINLAND, "carrier": only}
    form = ApplicationForm.of(request, first, carrier=carriers)
    if not form.carry_out(lambda **typed: applications.create(request.user, **typed)):
        return _page(request, form, None)
    return _show_secret(request, *form.result, created=True)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The form of an application; its type stays."""
    application = owned(request, listing.detailed_applications(), pk=pk)
    first = {**audit.values(application, applications.EDITABLE), "type": application.type}
    form = ApplicationForm.of(request, first, carrier=listing.carriers_by_name(request.user.account))
    form.fields["type"].disabled = True
    if not form.carry_out(lambda type, **typed: applications.edit(request.user, application, **typed)):
        return _page(request, form, application)
    messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
    return redirect("console:application", pk=pk)


def check(request: MemberRequest) -> HttpResponse:
    """What is wrong with the form as it is being typed."""
    typed = request.POST
    violations = application_violations(
        name=typed.get("name", "").strip(),
        application_type=typed.get("type", ""),
        sender_id=typed.get("sender_id", "").strip(),
        account_id=request.user.account_id,
        besides=whole(typed.get("besides")),
    )
    shown = ("name",) if typed.get("type") == ApplicationType.MAINLAND else ("name", "sender_id")
    checked = complete(
        by_field(
            (broken for broken in violations if broken.code != "name_required"), ApplicationForm.field_of
        ),
        shown,
    )
    return render(request, "console/components/fields/checked.html", {"checked": checked})


def show_rules(request: MemberRequest) -> HttpResponse:
    """The fields that go with a type, as they are for a new application."""
    kind = request.GET.get("type", "")
    values = {"type": kind, "add_86": kind == ApplicationType.MAINLAND}
    return render(request, "console/applications/rules.html", {"values": values})


def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Deletes an application that nothing refers to."""
    application = owned(request, listing.detailed_applications(), pk=pk)
    done = _("“%(name)s” was deleted.") % {"name": application.name}
    if not attempt(request, lambda: applications.delete(request.user, application), done):
        return redirect("console:application", pk=pk)
    return redirect("console:applications")


def rotate(request: MemberRequest, pk: int) -> HttpResponse:
    """Replaces the secret and shows the new one, this once."""
    application = owned(request, listing.detailed_applications(), pk=pk)
    return _show_secret(request, application, applications.rotate_secret(request.user, application))


def needs_of(application: Application) -> list[Need]:
    """What a task needs of this application, each with why it is missing where it is."""
    carrier = association.unusable_application(application)
    needs = [Need(_("Carrier"), 0 if carrier else 1, carrier)]
    if application.type == ApplicationType.INTERNATIONAL:
        found = association.templates(application, None)
        return [*needs, Need(_("Templates"), len(found.items), found.reason)]
    signatures = association.signatures(application)
    needs.append(Need(_("Signatures"), len(signatures.items), signatures.reason))
    usable: set[int] = set()
    reason: Reason | None = None
    for signature in signatures.items:
        of_signature = association.templates(application, signature)
        usable |= {template.pk for template in of_signature.items}
        reason = reason or of_signature.reason
    if not usable and reason is None:
        reason = association.templates(application, None).reason if signatures.items else None
    return [*needs, Need(_("Templates"), len(usable), None if usable else reason)]


def _show_secret(
    request: MemberRequest, application: Application, credentials: Credentials, *, created: bool = False
) -> HttpResponse:
    """Answers the POST itself: a secret that is only in this answer is kept nowhere."""
    context = {"application": application, "credentials": credentials, "created": created}
    return keep_secret(render(request, "console/applications/secret.html", context))


def _page(request: MemberRequest, form: ApplicationForm, application: Application | None) -> HttpResponse:
    rows = listing.carriers_by_name(request.user.account)
    carriers = [(row.pk, row.name if row.enabled else f"{row.name} · {_('switched off')}") for row in rows]
    return form.page(
        request,
        "console/applications/form.html",
        application=application,
        types=APPLICATION_TYPES,
        carriers=carriers,
        may_add_carrier=allowed(request.user, Action.MANAGE_CARRIERS),
    )
