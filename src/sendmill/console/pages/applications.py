"""Applications: list, what a task still needs, create, edit, delete, and the secret, which is shown once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.accounts import audit
from sendmill.accounts.permissions import Action, allowed
from sendmill.catalog import applications, association, listing, routes
from sendmill.catalog.applications import Credentials, application_violations
from sendmill.catalog.association import Reason
from sendmill.catalog.models import APPLICATION_TYPES, Application, Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import Errors, by_field, complete
from sendmill.console.history import tell
from sendmill.console.listing import whole, window
from sendmill.console.translated import explain
from sendmill.domain.types import ApplicationType
from sendmill.domain.violations import Refused

ROWS = Application.objects.select_related("carrier")
SWITCHES = ("add_86", "delete_unusual", "allow_landlines")
FIELDS = {
    "name_required": "name",
    "name_too_long": "name",
    "name_taken": "name",
    "application_type": "type",
    "sender_id": "sender_id",
    "sender_id_not_allowed": "sender_id",
}


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
    context = {"window": window(rows, request.GET), "types": APPLICATION_TYPES}
    return render(request, "console/applications/list.html", context)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """An application: its settings, what is missing for a task, and its history."""
    application = owned(request, ROWS.all(), pk=pk)
    others = Carrier.objects.filter(account_id=request.user.account_id).exclude(
        pk=application.carrier_id or 0
    )
    taken = list(routes.fallbacks(application))
    context = {
        "application": application,
        "routed": bool(application.carrier is None and routes.rules(application)),
        "fallbacks": taken,
        "others": others.exclude(pk__in=[row.carrier_id for row in taken]).order_by("name"),
        "needs": needs_of(application),
        "history": tell(audit.history(application)[:50]),
    }
    return render(request, "console/applications/show.html", context)


def new(request: MemberRequest) -> HttpResponse:
    """The form of a new application; POST creates it and shows its secret, this once."""
    if request.method != "POST":
        kind = request.GET.get("type", "")
        kind = kind if kind in tuple(ApplicationType) else ApplicationType.INTERNATIONAL.value
        carriers = _carriers(request)
        values: dict[str, Any] = {"type": kind, "add_86": kind == ApplicationType.MAINLAND}
        values["carrier"] = carriers[0][0] if len(carriers) == 1 else ""
        return _form(request, None, values)
    values = _values(request)
    try:
        application, credentials = applications.create(
            request.user, type=values["type"], **_changes(request, values, values["type"])
        )
    except Refused as broken:
        return _form(request, None, values, by_field(broken.violations, FIELDS), status=422)
    return _show_secret(request, application, credentials, created=True)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The form of an application; its type stays."""
    application = owned(request, ROWS.all(), pk=pk)
    if request.method != "POST":
        values = audit.values(application, applications.EDITABLE)
        return _form(request, application, {**values, "type": application.type})
    values = {**_values(request), "type": application.type}
    try:
        applications.edit(request.user, application, **_changes(request, values, application.type))
    except Refused as broken:
        return _form(request, application, values, by_field(broken.violations, FIELDS), status=422)
    messages.success(request, _("“%(name)s” was saved.") % {"name": values["name"].strip()})
    return redirect("console:application", pk=pk)


def check(request: MemberRequest) -> HttpResponse:
    """What is wrong with the form as it is being typed."""
    values = _values(request)
    violations = application_violations(
        name=values["name"].strip(),
        application_type=values["type"],
        sender_id=values["sender_id"].strip(),
        account_id=request.user.account_id,
        besides=whole(request.POST.get("besides")),
    )
    typed = [broken for broken in violations if broken.code != "name_required"]
    shown = ("name",) if values["type"] == ApplicationType.MAINLAND else ("name", "sender_id")
    checked = complete(by_field(typed, FIELDS), shown)
    return render(request, "console/fields/checked.html", {"checked": checked})


def show_rules(request: MemberRequest) -> HttpResponse:
    """The fields that go with a type, as they are for a new application."""
    kind = request.GET.get("type", "")
    values = {"type": kind, "add_86": kind == ApplicationType.MAINLAND}
    return render(request, "console/applications/rules.html", {"values": values})


def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Deletes an application that nothing refers to."""
    application = owned(request, ROWS.all(), pk=pk)
    try:
        applications.delete(request.user, application)
    except Refused as broken:
        for violation in broken.violations:
            messages.error(request, explain(violation))
        return redirect("console:application", pk=pk)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": application.name})
    return redirect("console:applications")


def rotate(request: MemberRequest, pk: int) -> HttpResponse:
    """Replaces the secret and shows the new one, this once."""
    application = owned(request, ROWS.all(), pk=pk)
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
    return render(request, "console/applications/secret.html", context)


def _values(request: MemberRequest) -> dict[str, Any]:
    texts = {name: request.POST.get(name, "") for name in ("name", "type", "carrier", "sender_id")}
    return {**texts, **{name: name in request.POST for name in SWITCHES}}


def _changes(request: MemberRequest, values: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The fields as the catalogue takes them: a carrier of the account, no sender ID for mainland."""
    wanted = whole(str(values["carrier"])) or 0
    carrier = Carrier.objects.filter(account_id=request.user.account_id, pk=wanted).first()
    mainland = kind == ApplicationType.MAINLAND
    return {
        "name": values["name"],
        "carrier": carrier,
        "sender_id": "" if mainland else values["sender_id"],
        "add_86": values["add_86"],
        "delete_unusual": values["delete_unusual"],
        "allow_landlines": mainland and values["allow_landlines"],
    }


def _form(
    request: MemberRequest,
    application: Application | None,
    values: Mapping[str, Any],
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": application,
        "values": values,
        "errors": errors or {},
        "types": APPLICATION_TYPES,
        "carriers": _carriers(request),
        "may_add_carrier": allowed(request.user, Action.MANAGE_CARRIERS),
    }
    return render(request, "console/applications/form.html", context, status=status)


def _carriers(request: MemberRequest) -> list[tuple[int, str]]:
    rows = Carrier.objects.filter(account_id=request.user.account_id).order_by("name")
    return [(row.pk, row.name if row.enabled else f"{row.name} · {_('switched off')}") for row in rows]
