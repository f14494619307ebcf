"""The settings of the account: name, time zone, currency, four eyes."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.accounts import accounts, audit
from sendmill.accounts.accounts import AccountError
from sendmill.console.access import MemberRequest
from sendmill.console.form_errors import Errors
from sendmill.console.history import tell
from sendmill.console.translated import say

CURRENCIES = ("USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "INR", "AUD", "CAD", "CHF", "BRL")


def edit(request: MemberRequest) -> HttpResponse:
    """The settings of the account: name, time zone, currency, four eyes."""
    if request.method != "POST":
        return _form(request, audit.values(request.user.account, accounts.SETTINGS))
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in ("name", "time_zone", "currency")}
    values["four_eyes"] = "four_eyes" in request.POST
    try:
        accounts.edit_account(request.user, **values)
    except AccountError as error:
        field = {"name_taken": "name", "currency_in_use": "currency"}.get(error.code, error.code)
        return _form(request, values, {field: [say(str(error))]}, status=422)
    messages.success(request, _("The settings were saved."))
    return redirect("console:settings")


def _form(
    request: MemberRequest, values: Mapping[str, Any], errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "values": values,
        "errors": errors or {},
        "zones": sorted(zoneinfo.available_timezones()),
        "currencies": CURRENCIES,
        "history": tell(audit.history(request.user.account)[:20]),
    }
    return render(request, "console/settings/form.html", context, status=status)
