"""Routes: which carriers take which numbers, in which order, and which would take a given number."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.catalog import listing, routes
from sendmill.catalog.models import APPLICATION_TYPES, Application, Route
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import show_refusal
from sendmill.console.forms import PlainForm, RowField, text
from sendmill.console.listing import whole

TYPES = (("", gettext_lazy("Every type")), *APPLICATION_TYPES)


class RouteForm(PlainForm):
    """A route, or a fail-over carrier of an application, which has neither prefix nor type."""

    prefix = text()  # type: ignore[assignment]
    type = text()
    carrier = RowField(gettext_lazy("Choose a carrier."))
    field_of = {"route_taken": "carrier"}


def show(request: MemberRequest) -> HttpResponse:
    """The routes of the account, a form for one more, and which carrier would take a number."""
    return _page(request, RouteForm())


def add(request: MemberRequest) -> HttpResponse:
    """Adds a route, or a fail-over carrier of an application."""
    key = whole(request.POST.get("application"))
    application = owned(request, Application, pk=key) if key is not None else None
    form = RouteForm.of(request, carrier=listing.carriers_by_name(request.user.account))
    if form.carry_out(lambda **typed: routes.add(request.user, application=application, **typed)):
        messages.success(request, _("Tasks that are made from now on use it."))
    elif application is None or form.refusal is None:
        return _page(request, form)
    else:
        show_refusal(request, form.refusal)
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


def _page(request: MemberRequest, form: RouteForm) -> HttpResponse:
    rows = sorted(routes.of_account(request.user.account), key=lambda row: (not row.prefix, row.prefix))
    applications = listing.applications_by_name(request.user.account)
    carriers = listing.carriers_by_name(request.user.account)
    return form.page(
        request,
        "console/routes/list.html",
        groups=[(prefix, list(group)) for prefix, group in groupby(rows, key=lambda row: row.prefix)],
        free=[row for row in applications if row.carrier_id is None],
        carriers=[(row.pk, row.name) for row in carriers],
        types=TYPES,
        applications=applications,
        tried=_try(request),
    )


def _try(request: MemberRequest) -> dict[str, Any] | None:
    """Which carriers would take the number in the address, for the application in it."""
    text, key = request.GET.get("number", "").strip(), whole(request.GET.get("application"))
    if not text or key is None:
        return None
    application = owned(request, listing.detailed_applications(), pk=key)
    digits = re.sub(r"[^0-9]", "", text)
    return {
        "number": f"+{digits}" if digits else text,
        "application": application,
        "takers": routes.takers(application, int(digits)) if 0 < len(digits) < 18 else [],
    }
