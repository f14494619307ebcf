"""The second factor: the code at the sign-in, and switching it on and off for oneself."""

from __future__ import annotations

import io
from collections.abc import Callable

import segno
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from sendmill.accounts import second_factor
from sendmill.console import sign_in
from sendmill.console.access import MemberRequest
from sendmill.console.form_errors import Errors
from sendmill.console.pages.people import locked_out
from sendmill.console.translated import explain
from sendmill.domain.violations import Refused


@sensitive_post_parameters()
def ask_code(request: HttpRequest) -> HttpResponse:
    """The second page of a sign-in; who did not give a password lately goes back to the first."""
    waiting = sign_in.awaited(request)
    if waiting is None:
        return redirect("console:sign-in")
    member, target = waiting
    # Removed by an administrator in the meantime: the password was right, but it is asked for again.
    if not second_factor.is_on(member):
        sign_in.forget(request)
        return redirect("console:sign-in")
    errors: Errors = {}
    if request.method == "POST":
        credentials = {"username": member.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            sign_in.forget(request)
            return locked_out(request)
        try:
            second_factor.check_code(member, request.POST.get("code", ""))
        except Refused as error:
            errors = {"code": [explain(error.violation)]}
            if error.violation.code == "wrong":
                # Counted like a wrong password: the same lock, the same entry in the audit log.
                user_login_failed.send(sender=__name__, credentials=credentials, request=request, step="code")
        else:
            return sign_in.complete(request, member, target)
    return render(request, "console/sign_in_code.html", {"errors": errors}, status=422 if errors else 200)


@sensitive_post_parameters()
def switch_on(request: MemberRequest) -> HttpResponse:
    """The key for the app as a picture and in letters; a right code answers with the recovery codes."""
    errors: Errors = {}
    if request.method == "POST":
        try:
            return _show_codes(request, second_factor.switch_on(request.user, request.POST.get("code", "")))
        except Refused as error:
            errors = {"code": [explain(error.violation)]}
    try:
        device = second_factor.offer(request.user)
    except Refused as error:
        messages.error(request, explain(error.violation))
        return redirect("console:profile")
    context = {"errors": errors, "key": second_factor.key_text(device), "device": device}
    return render(request, "console/people/second_factor_on.html", context, status=422 if errors else 200)


def show_image(request: MemberRequest) -> HttpResponse:
    """The key that waits to be confirmed, as an SVG picture for the app's camera; 410 when none waits."""
    device = second_factor.offered(request.user)
    if device is None or second_factor.is_on(request.user):
        return HttpResponse(status=410, content_type="text/plain", headers={"Cache-Control": "no-store"})
    picture = io.BytesIO()
    segno.make(device.config_url, error="m", micro=False).save(
        picture, kind="svg", scale=5, border=4, light="#fff", svgclass=None, lineclass=None
    )
    return HttpResponse(
        picture.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


@sensitive_post_parameters()
def switch_off(request: MemberRequest) -> HttpResponse:
    """Switches one's own second factor off, by the password or a code."""

    def step(proof: str) -> HttpResponse:
        second_factor.switch_off(request.user, proof)
        messages.success(request, _("The second factor is off. Your password alone signs you in."))
        return redirect("console:profile")

    return _proved(request, "console/people/second_factor_off.html", step)


@sensitive_post_parameters()
def renew_codes(request: MemberRequest) -> HttpResponse:
    """New recovery codes, by the password or a code; the answer shows them once."""
    return _proved(
        request,
        "console/people/recovery_codes_new.html",
        lambda proof: _show_codes(request, second_factor.renew_codes(request.user, proof)),
    )


def _proved(request: MemberRequest, template: str, step: Callable[[str], HttpResponse]) -> HttpResponse:
    if not second_factor.is_on(request.user):
        return redirect("console:profile")
    errors: Errors = {}
    if request.method == "POST":
        try:
            return step(request.POST.get("proof", ""))
        except Refused as error:
            errors = {"proof": [explain(error.violation)]}
    return render(request, template, {"errors": errors}, status=422 if errors else 200)


def _show_codes(request: MemberRequest, codes: list[str]) -> HttpResponse:
    """Answers the POST itself: codes that are only in this answer are kept nowhere."""
    return render(request, "console/people/recovery_codes.html", {"codes": codes})
