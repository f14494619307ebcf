"""One's own sign-in: role, language, second factor, and the change of the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from sendmill.accounts import audit, members, second_factor
from sendmill.accounts.members import MemberError
from sendmill.console.access import MemberRequest
from sendmill.console.form_errors import Errors
from sendmill.console.history import tell
from sendmill.console.translated import say

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
    return render(request, "console/profile/show.html", context)


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
            except MemberError as error:
                errors = {PASSWORD_FIELDS.get(error.code, "form"): [say(str(error))]}
            else:
                update_session_auth_hash(request, request.user)
                messages.success(request, _("Your password was changed. Other sessions of yours have ended."))
                return redirect("console:profile")
    return render(request, "console/profile/password.html", {"errors": errors}, status=422 if errors else 200)
