"""One's own sign-in: invitation, language, password; and the settings of the account for administrators."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from sendmill.accounts import accounts, audit, members, second_factor
from sendmill.accounts.models import Member
from sendmill.console import mail
from sendmill.console.access import MemberRequest
from sendmill.console.form_errors import Errors, by_field
from sendmill.console.history import tell
from sendmill.console.sign_in import enter
from sendmill.console.translated import explain
from sendmill.domain.violations import Refused

MAIL_PAUSE = 60
PASSWORD_FIELDS = {"wrong_password": "old", "weak_password": "new"}
CURRENCIES = ("USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "INR", "AUD", "CAD", "CHF", "BRL")


def show(request: MemberRequest) -> HttpResponse:
    """One's own sign-in: name, role, language, and what was done with it lately."""
    context = {
        "history": tell(audit.history(request.user)[:10]),
        "second_factor": second_factor.is_on(request.user),
        "codes_left": second_factor.codes_left(request.user),
    }
    return render(request, "console/people/profile.html", context)


@sensitive_post_parameters()
def change_password(request: MemberRequest) -> HttpResponse:
    """Changes one's own password; other sessions of it end, this one goes on."""
    errors: Errors = {}
    if request.method == "POST":
        old, new = request.POST.get("old", ""), request.POST.get("new", "")
        if new != request.POST.get("again", ""):
            errors = {"again": [_("The two passwords are not the same.")]}
        else:
            try:
                members.change_password(request.user, old, new)
            except Refused as error:
                errors = by_field(error.violations, PASSWORD_FIELDS)
            else:
                update_session_auth_hash(request, request.user)
                messages.success(request, _("Your password was changed. Other sessions of yours have ended."))
                return redirect("console:profile")
    return render(request, "console/people/password.html", {"errors": errors}, status=422 if errors else 200)


@sensitive_post_parameters()
def accept(request: HttpRequest, link: str) -> HttpResponse:
    """The page an invitation leads to: choose a password, and be signed in."""
    return _by_link(request, link, members.invited, members.accept, "console/people/accept.html")


@sensitive_post_parameters()
def reset_password(request: HttpRequest, link: str) -> HttpResponse:
    """The page a link for a new password leads to."""
    return _by_link(request, link, members.resettable, members.reset_password, "console/people/reset.html")


def forgot_password(request: HttpRequest) -> HttpResponse:
    """Asks for a link by mail. The answer is the same whether there is such a member or not."""
    if request.method != "POST":
        return render(request, "console/people/forgot.html", {"asked": False})
    name = request.POST.get("name", "").strip()
    found = Member.objects.select_related("account").filter(
        Q(username=name) | Q(email__iexact=name), is_active=True
    )
    for member in found.exclude(email="")[:5] if name else []:
        # A password that was never set is an invitation's matter, and one letter a minute is enough.
        if member.has_usable_password() and cache.add(
            f"password-mail-{member.pk}", value=True, timeout=MAIL_PAUSE
        ):
            link = reverse("console:password-reset", kwargs={"link": members.reset_link(member)})
            mail.send_reset(member, request.build_absolute_uri(link))
    return render(request, "console/people/forgot.html", {"asked": True})


def edit_account(request: MemberRequest) -> HttpResponse:
    """The settings of the account: name, time zone, currency, four eyes."""
    if request.method != "POST":
        return _settings(request, audit.values(request.user.account, accounts.SETTINGS))
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in ("name", "time_zone", "currency")}
    values["four_eyes"] = "four_eyes" in request.POST
    try:
        accounts.edit_account(request.user, **values)
    except Refused as error:
        code = error.violation.code
        field = {"name_taken": "name", "currency_in_use": "currency"}.get(code, code)
        return _settings(request, values, {field: [explain(error.violation)]}, status=422)
    messages.success(request, _("The settings were saved."))
    return redirect("console:settings")


def _settings(
    request: MemberRequest, values: Mapping[str, Any], errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "values": values,
        "errors": errors or {},
        "zones": sorted(zoneinfo.available_timezones()),
        "currencies": CURRENCIES,
        "history": tell(audit.history(request.user.account)[:20]),
    }
    return render(request, "console/people/settings.html", context, status=status)


def _by_link(
    request: HttpRequest,
    link: str,
    find: Callable[[str], Member | None],
    use: Callable[[str, str], Member],
    template: str,
) -> HttpResponse:
    member = find(link)
    if member is None:
        return render(request, "console/people/link_used.html", status=410)
    errors: Errors = {}
    if request.method == "POST":
        password = request.POST.get("new", "")
        if password != request.POST.get("again", ""):
            errors = {"again": [_("The two passwords are not the same.")]}
        else:
            try:
                member = use(link, password)
            except Refused as error:
                errors = {"new": [explain(error.violation)]}
            else:
                return enter(request, member, reverse("console:home"))
    return render(request, template, {"member": member, "errors": errors}, status=422 if errors else 200)
