"""Packages: prepaid parts that are used before the balance; list, and adding one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.billing import packages
from sendmill.billing.models import ANY, SERVICE_TYPES
from sendmill.console import typed_values
from sendmill.console.access import MemberRequest
from sendmill.console.form_errors import Errors, by_field
from sendmill.console.listing import whole, window
from sendmill.domain.violations import Refused

FIELDS = {"parts": "parts", "service_type": "type", "region": "region", "expired": "expires_at"}
TYPES = ((ANY, gettext_lazy("Any type")), *SERVICE_TYPES)


def show_list(request: MemberRequest) -> HttpResponse:
    """All packages of the account, by name."""
    now = timezone.now()
    rows = packages.of_account(request.user.account)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(name__icontains=text)
    page = window(rows, request.GET)
    for row in page.rows:
        row.expired = row.expires_at is not None and row.expires_at <= now  # type: ignore[attr-defined]
        row.used = (row.granted or 0) - row.remaining  # type: ignore[attr-defined]
    types = dict(TYPES)
    for row in page.rows:
        row.type_name = types.get(row.type, row.type)  # type: ignore[attr-defined]
    return render(request, "console/billing/packages.html", {"window": page})


def new(request: MemberRequest) -> HttpResponse:
    """The form of a new package."""
    if request.method != "POST":
        return _form(request, {"type": ANY})
    values = {
        name: request.POST.get(name, "").strip()
        for name in ("name", "parts", "type", "region", "expires_at", "note")
    }
    errors: Errors = {}
    parts = whole(values["parts"].replace(",", ""))
    if parts is None:
        errors["parts"] = [_("Enter how many parts, a whole number.")]
    expires_at = typed_values.moment(values["expires_at"]) if values["expires_at"] else None
    if values["expires_at"] and expires_at is None:
        errors["expires_at"] = [_("Enter a date and a time.")]
    if errors or parts is None:
        return _form(request, values, errors, status=422)
    try:
        package = packages.grant(
            request.user.account,
            parts,
            name=values["name"],
            type=values["type"],
            region=values["region"] or ANY,
            expires_at=expires_at,
            member=request.user,
            note=values["note"],
        )
    except Refused as refused:
        return _form(request, values, by_field(refused.violations, FIELDS), status=422)
    messages.success(request, _("The package “%(name)s” was added.") % {"name": package.name})
    return redirect("console:packages")


def _form(
    request: MemberRequest, values: Mapping[str, Any], errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "values": values,
        "errors": errors or {},
        "types": TYPES,
        "time_zone": request.user.account.time_zone,
    }
    return render(request, "console/billing/package_new.html", context, status=status)
