"""Routes: which carriers take which numbers, in which order, and a try with a number."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.accounts.permissions import visible
from sendmill.catalog import routes
from sendmill.catalog.models import APPLICATION_TYPES, Application, Carrier, Route
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import Errors, by_field
from sendmill.console.listing import whole
from sendmill.domain.violations import Refused

TYPES = (("", gettext_lazy("Every type")), *APPLICATION_TYPES)
FIELDS = {"prefix": "prefix", "type": "type", "carrier": "carrier", "route_taken": "carrier"}


def show(request: MemberRequest) -> HttpResponse:
    """The routes of the account, a form for one more, and which carrier would take a number."""
    return _page(request)


def add(request: MemberRequest) -> HttpResponse:
    """Adds a route, or a fail-over carrier of an application."""
    chosen = whole(request.POST.get("carrier")) or 0
    carrier = Carrier.objects.filter(account_id=request.user.account_id, pk=chosen).first()
    key = whole(request.POST.get("application"))
    application = owned(request, Application, pk=key) if key is not None else None
    values = {name: request.POST.get(name, "").strip() for name in ("prefix", "type")}
    if carrier is None:
        return _page(request, values, {"carrier": [_("Choose a carrier.")]}, status=422)
    try:
        routes.add(request.user, carrier, application=application, **values)
    except Refused as broken:
        errors = by_field(broken.violations, FIELDS)
        if application is None:
            return _page(request, {**values, "carrier": carrier.pk}, errors, status=422)
        for sentence in (sentence for found in errors.values() for sentence in found):
            messages.error(request, sentence)
    else:
        messages.success(request, _("Tasks that are made from now on use it."))
    return _back(application)


def move(request: MemberRequest, pk: int) -> HttpResponse:
    """Moves a route up or down among those beside it."""
    route = owned(request, Route, pk=pk)
    routes.move(request.user, route, "up" if request.POST.get("to") == "up" else "down")
    return _back(route.application)


def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Removes a route; tasks that were confirmed with it keep it."""
    route = owned(request, Route, pk=pk)
    application = route.application
    routes.remove(request.user, route)
    messages.success(request, _("It was removed. Tasks that were confirmed with it keep it."))
    return _back(application)


def _back(application: Application | None) -> HttpResponse:
    return redirect("console:application", pk=application.pk) if application else redirect("console:routes")


def _page(
    request: MemberRequest,
    values: dict[str, Any] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = sorted(routes.of_account(request.user.account), key=lambda row: (not row.prefix, row.prefix))
    applications = visible(Application.objects.select_related("carrier").order_by("name"), request.user)
    carriers = visible(Carrier.objects.order_by("name"), request.user)
    context = {
        "groups": [(prefix, list(group)) for prefix, group in groupby(rows, key=lambda row: row.prefix)],
        "free": [row for row in applications if row.carrier_id is None],
        "carriers": [(row.pk, row.name) for row in carriers],
        "types": TYPES,
        "values": values or {},
        "errors": errors or {},
        "applications": list(applications),
        "tried": _try(request),
    }
    return render(request, "console/carriers/routes.html", context, status=status)


def _try(request: MemberRequest) -> dict[str, Any] | None:
    """Which carriers would take the number in the address, for the application in it."""
    text, key = request.GET.get("number", "").strip(), whole(request.GET.get("application"))
    if not text or key is None:
        return None
    rows = Application.objects.select_related("carrier").filter(account_id=request.user.account_id)
    application = get_object_or_404(rows, pk=key)
    digits = re.sub(r"[^0-9]", "", text)
    return {
        "number": f"+{digits}" if digits else text,
        "application": application,
        "takers": routes.takers(application, int(digits)) if 0 < len(digits) < 18 else [],
    }
