"""The settings of the account: name, time zone, currency, four eyes."""

from __future__ import annotations

import zoneinfo

from django.contrib import messages
from django.forms import BooleanField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sendmill.accounts import accounts, audit
from sendmill.console.access import MemberRequest
from sendmill.console.forms import PlainForm, text
from sendmill.console.history import tell

CURRENCIES = ("USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "INR", "AUD", "CAD", "CHF", "BRL")


class AccountForm(PlainForm):
    """The settings of an account."""

    name = text()
    time_zone = text()
    currency = text()
    four_eyes = BooleanField(required=False)
    field_of = {"name_taken": "name", "currency_in_use": "currency"}


def edit(request: MemberRequest) -> HttpResponse:
    """The form of the settings with their history."""
    account = request.user.account
    form = AccountForm.of(request, audit.values(account, accounts.SETTINGS))
    if not form.carry_out(lambda **typed: accounts.edit_account(request.user, **typed)):
        return form.page(
            request,
            "console/settings/form.html",
            zones=sorted(zoneinfo.available_timezones()),
            currencies=CURRENCIES,
            history=tell(audit.history(account)[:20]),
        )
    messages.success(request, _("The settings were saved."))
    return redirect("console:settings")
