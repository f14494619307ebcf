"""Lists of what tasks are built from and of the people: applications, signatures, templates and so on."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from sendmill.accounts import audit as audit_log
from sendmill.accounts.models import Member, Role
from sendmill.catalog.models import (
    Application,
    ApplicationType,
    Carrier,
    ReviewState,
    ServiceType,
    Signature,
    Template,
)
from sendmill.console.access import MemberRequest
from sendmill.console.listing import whole, window


def applications(request: MemberRequest) -> HttpResponse:
    """All applications of the account, by name or key, and type."""
    rows = Application.objects.filter(account_id=request.user.account_id).select_related("carrier")
    text, kind = request.GET.get("q", "").strip(), request.GET.get("type", "")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(app_key__istartswith=text))
    if kind in ApplicationType.values:
        rows = rows.filter(type=kind)
    context = {"window": window(rows, request.GET), "types": ApplicationType.choices}
    return render(request, "console/applications.html", context)


def signatures(request: MemberRequest) -> HttpResponse:
    """All signatures of the account, by name, application and state."""
    rows = Signature.objects.filter(account_id=request.user.account_id).select_related("application")
    text = request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(channel_number__startswith=text))
    if (application := whole(request.GET.get("application"))) is not None:
        rows = rows.filter(application_id=application)
    if (state := request.GET.get("state", "")) in ReviewState.values:
        rows = rows.filter(state=state)
    context = {
        "window": window(rows, request.GET),
        "states": ReviewState.choices,
        "applications": _mainland(request),
    }
    return render(request, "console/signatures.html", context)


def templates(request: MemberRequest) -> HttpResponse:
    """All templates of the account, by name or text, application, type and state."""
    rows = Template.objects.filter(account_id=request.user.account_id).select_related(
        "application", "signature"
    )
    text = request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(content__icontains=text))
    if (application := whole(request.GET.get("application"))) is not None:
        rows = rows.filter(application_id=application)
    if (kind := request.GET.get("type", "")) in ServiceType.values:
        rows = rows.filter(type=kind)
    if (state := request.GET.get("state", "")) in ReviewState.values:
        rows = rows.filter(state=state)
    context = {
        "window": window(rows, request.GET),
        "states": ReviewState.choices,
        "types": ServiceType.choices,
        "applications": Application.objects.filter(account_id=request.user.account_id).order_by("name"),
    }
    return render(request, "console/templates.html", context)


def carriers(request: MemberRequest) -> HttpResponse:
    """All carriers of the account with the state of their binds."""
    rows = Carrier.objects.filter(account_id=request.user.account_id)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(host__icontains=text))
    page = window(rows, request.GET)
    binds = _binds([carrier.pk for carrier in page.rows])
    for carrier in page.rows:
        carrier.bind_states = binds.get(carrier.pk, [])  # type: ignore[attr-defined]
    return render(request, "console/carriers.html", {"window": page})


def members(request: MemberRequest) -> HttpResponse:
    """All members of the account, by name and role."""
    rows = Member.objects.filter(account_id=request.user.account_id)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(Q(username__icontains=text) | Q(email__icontains=text))
    if (role := request.GET.get("role", "")) in Role.values:
        rows = rows.filter(role=role)
    context = {"window": window(rows, request.GET), "roles": Role.choices}
    return render(request, "console/members.html", context)


def audit(request: MemberRequest) -> HttpResponse:
    """The audit log of the account: who, when, from where, what, before and after."""
    rows = audit_log.search(request.user.account, text=request.GET.get("q", "").strip())
    return render(request, "console/audit.html", {"window": window(rows, request.GET)})


def _mainland(request: MemberRequest) -> list[Application]:
    rows = Application.objects.filter(account_id=request.user.account_id, type=ApplicationType.MAINLAND)
    return list(rows.order_by("name"))


def _binds(carriers: list[int]) -> dict[int, list[dict[str, str]]]:
    """State and sentence of each bind of these carriers, as their senders last told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT carrier_id, state, sentence FROM bind_state WHERE carrier_id = ANY(%s) ORDER BY slot",
            [carriers],
        )
        found: dict[int, list[dict[str, str]]] = {}
        for carrier, state, sentence in cursor.fetchall():
            found.setdefault(carrier, []).append({"state": state, "sentence": sentence})
    return found
