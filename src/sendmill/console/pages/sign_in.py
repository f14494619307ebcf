"""Signing in and out, and choosing the language."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.contrib.auth import logout, views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from sendmill.accounts import members
from sendmill.accounts.models import Member
from sendmill.console.sign_in import enter


class SignInView(views.LoginView):
    """Asks for user name and password; `console.sign_in.enter` signs in, or asks for the code."""

    template_name = "console/sign_in/form.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on after the right password."""
        return enter(self.request, form.get_user(), self.get_success_url())


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in form; who is signed in already goes on to the tasks."""
    return SignInView.as_view()(request)


def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def locked_out(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
    """The answer of django-axes after too many failed sign-ins: how long to wait."""
    minutes = math.ceil(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "console/sign_in/locked_out.html", {"lock_minutes": minutes}, status=429)


def choose_language(request: HttpRequest) -> HttpResponse:
    """Speaks another language from now on: kept with the member, and in a cookie for before the sign-in."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Member):
        members.set_language(request.user, code)
    translation.activate(code)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response
