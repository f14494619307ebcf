"""The second factor: the page of the code at sign-in, and switching one's own on and off."""

from __future__ import annotations

import io

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
from sendmill.console.form_errors import show_refusal
from sendmill.console.forms import PlainForm, password
from sendmill.console.middleware import keep_secret
from sendmill.console.pages.sign_in import locked_out
from sendmill.domain.violations import Refused


class CodeForm(PlainForm):
    """A code of the app, or a recovery code."""

    code = password()
    field_of_others = "code"


class ProofForm(PlainForm):
    """The password or a code, which shows who asks."""

    proof = password()
    field_of_others = "proof"


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
    credentials = {"username": member.username}
    if request.method == "POST" and not AxesProxyHandler.is_allowed(request, credentials):
        sign_in.forget(request)
        return locked_out(request)
    form = CodeForm.of(request)
    if form.carry_out(lambda code: second_factor.check_code(member, code)):
        return sign_in.complete(request, member, target)
    if form.was_refused("wrong"):
        # Counted like a wrong password: the same lock, the same entry in the audit log.
        user_login_failed.send(sender=__name__, credentials=credentials, request=request, step="code")
    return form.page(request, "console/second_factor/code.html")


@sensitive_post_parameters()
def switch_on(request: MemberRequest) -> HttpResponse:
    """The key for the app as a picture and in letters; a right code answers with the recovery codes."""
    form = CodeForm.of(request)
    if form.carry_out(lambda code: second_factor.switch_on(request.user, code)):
        return _show_codes(request, form.result)
    try:
        device = second_factor.offer(request.user)
    except Refused as error:
        show_refusal(request, error)
        return redirect("console:profile")
    key = second_factor.key_text(device)
    return keep_secret(form.page(request, "console/second_factor/on.html", key=key, device=device))


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
    if not second_factor.is_on(request.user):
        return redirect("console:profile")
    form = ProofForm.of(request)
    if not form.carry_out(lambda proof: second_factor.switch_off(request.user, proof)):
        return form.page(request, "console/second_factor/off.html")
    messages.success(request, _("The second factor is off. Your password alone signs you in."))
    return redirect("console:profile")


@sensitive_post_parameters()
def renew_codes(request: MemberRequest) -> HttpResponse:
    """New recovery codes, by the password or a code; the answer shows them once."""
    if not second_factor.is_on(request.user):
        return redirect("console:profile")
    form = ProofForm.of(request)
    if not form.carry_out(lambda proof: second_factor.renew_codes(request.user, proof)):
        return form.page(request, "console/second_factor/renew_codes.html")
    return _show_codes(request, form.result)


def _show_codes(request: MemberRequest, codes: list[str]) -> HttpResponse:
    """Answers the POST itself: codes that are only in this answer are kept nowhere."""
    return keep_secret(render(request, "console/second_factor/recovery_codes.html", {"codes": codes}))
