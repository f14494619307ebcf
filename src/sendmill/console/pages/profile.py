"""One's own sign-in: role, language, second factor, and the change of the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from sendmill.accounts import audit, members, second_factor
from sendmill.console.access import MemberRequest
from sendmill.console.forms import NewPasswordForm, password
from sendmill.console.history import tell


def show(request: MemberRequest) -> HttpResponse:
    """One's own sign-in: name, role, language, and what was done with it lately."""
    context = {
        "history": tell(audit.history(request.user)[:10]),
        "second_factor": second_factor.is_on(request.user),
        "codes_left": second_factor.codes_left(request.user),
    }
    return render(request, "console/profile/show.html", context)


class PasswordForm(NewPasswordForm):
    """The present password and a new one."""

    old = password()
    field_of = {"wrong_password": "old", "weak_password": "new"}


@sensitive_post_parameters()
def change_password(request: MemberRequest) -> HttpResponse:
    """Changes one's own password; other sessions of it end, this one goes on."""
    form = PasswordForm.of(request)
    if not form.carry_out(lambda **typed: members.change_password(request.user, **typed)):
        return form.page(request, "console/profile/password.html")
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Your password was changed. Other sessions of yours have ended."))
    return redirect("console:profile")
