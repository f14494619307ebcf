"""Packages: prepaid parts that are used before the balance; list, and adding one."""

from __future__ import annotations

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
from sendmill.console.forms import PlainForm, TypedField, text
from sendmill.console.listing import row_page, whole

TYPES = ((ANY, gettext_lazy("Any type")), *SERVICE_TYPES)


class PackageForm(PlainForm):
    """Prepaid parts; without a country they are for any."""

    name = text()
    parts = TypedField(
        lambda typed: whole(typed.replace(",", "")), gettext_lazy("Enter how many parts, a whole number.")
    )
    type = text()
    region = text(empty_value=ANY)
    expires_at = TypedField(typed_values.moment, gettext_lazy("Enter a date and a time."), required=False)
    note = text()
    field_of = {"service_type": "type", "expired": "expires_at"}


def show_list(request: MemberRequest) -> HttpResponse:
    """All packages of the account, by name."""
    now = timezone.now()
    rows = packages.of_account(request.user.account, text=request.GET.get("q", "").strip())
    page = row_page(rows, request.GET)
    for row in page.rows:
        row.expired = row.expires_at is not None and row.expires_at <= now  # type: ignore[attr-defined]
        row.used = (row.granted or 0) - row.remaining  # type: ignore[attr-defined]
    types = dict(TYPES)
    for row in page.rows:
        row.type_name = types.get(row.type, row.type)  # type: ignore[attr-defined]
    return render(request, "console/packages/list.html", {"page": page})


def new(request: MemberRequest) -> HttpResponse:
    """The form of a new package; POST adds it."""
    account = request.user.account
    form = PackageForm.of(request, {"type": ANY})
    if not form.carry_out(lambda **typed: packages.grant(account, member=request.user, **typed)):
        return form.page(request, "console/packages/form.html", types=TYPES, time_zone=account.time_zone)
    messages.success(request, _("The package “%(name)s” was added.") % {"name": form.result.name})
    return redirect("console:packages")
