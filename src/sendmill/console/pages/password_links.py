"""What a link in a letter leads to: accepting an invitation, setting a new password, and asking for such a link."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from sendmill.accounts import members
from sendmill.accounts.models import Member
from sendmill.console import mail
from sendmill.console.forms import NewPasswordForm
from sendmill.console.sign_in import enter

MAIL_PAUSE = 60  # seconds between two letters to the same member


class LinkForm(NewPasswordForm):
    """A new password; whatever is wrong with it or with the link is said beside it."""

    field_of_others = "new"


@sensitive_post_parameters()
def accept(request: HttpRequest, link: str) -> HttpResponse:
    """The page an invitation leads to: choose a password, and be signed in."""
    return _by_link(request, link, members.invited, members.accept, "console/password_links/accept.html")


@sensitive_post_parameters()
def reset_password(request: HttpRequest, link: str) -> HttpResponse:
    """The page a link for a new password leads to."""
    return _by_link(
        request, link, members.resettable, members.reset_password, "console/password_links/reset.html"
    )


def forgot_password(request: HttpRequest) -> HttpResponse:
    """Asks for a link by mail. The answer is the same whether there is such a member or not."""
    if request.method != "POST":
        return render(request, "console/password_links/forgot.html", {"asked": False})
    name = request.POST.get("name", "").strip()
    for member in members.with_forgotten_password(name):
        if cache.add(f"password-mail-{member.pk}", value=True, timeout=MAIL_PAUSE):
            link = reverse("console:password-reset", kwargs={"link": members.reset_link(member)})
            mail.send_reset(member, request.build_absolute_uri(link))
    return render(request, "console/password_links/forgot.html", {"asked": True})


def _by_link(
    request: HttpRequest,
    link: str,
    find: Callable[[str], Member | None],
    use: Callable[[str, str], Member],
    template: str,
) -> HttpResponse:
    member = find(link)
    if member is None:
        return render(request, "console/password_links/used.html", status=410)
    form = LinkForm.of(request)
    if form.carry_out(lambda new: use(link, new)):
        return enter(request, form.result, reverse("console:home"))
    return form.page(request, template, member=member)
