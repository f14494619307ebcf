"""What every answer and every request of the console gets: compression, a strict policy, a time zone, a language."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation

from sendmill.accounts.models import Member

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def keep_secret(response: HttpResponse) -> HttpResponse:
    """The answer, marked so that neither this server nor a proxy compresses it: it shows a secret."""
    response.headers["Cache-Control"] = "no-store, no-transform"
    return response


class CompressedPages(GZipMiddleware):
    """Compresses pages, but none that shows a secret (`keep_secret`), and no file.

    Every page repeats its own address (the language switch comes back to it), and what a stranger may have put there
    beside a secret lets the size of the compressed page tell the secret letter by letter (BREACH). Other pages stand
    that: Django masks the token of forms anew in every answer, and GZipMiddleware adds up to 100 random bytes ("Heal
    The Breach"). What is left are figures and numbers of recipients, which need far more requests than a stranger can
    make somebody's browser send: cookies are SameSite=Lax.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed where the browser takes gzip."""
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or "no-transform" in response.headers.get("Cache-Control", ""):
            return response
        return super().process_response(request, response)


class ContentSecurityPolicy:
    """Lets a page load only the console's own files: nothing inline, nothing from elsewhere, no framing."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with the policy; a page is not to be kept by browsers and proxies."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if "text/html" in response.headers.get("Content-Type", ""):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class AccountTimeZone:
    """Shows and reads times in the account's time zone, and speaks the member's language.

    Without a sign-in, times are UTC and the language is what the browser asks for.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, made in the time zone and the language of who asks."""
        user = request.user
        if not isinstance(user, Member):
            with timezone.override(None):
                return self.get_response(request)
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zone_of(user.account.time_zone)):
            return self.get_response(request)


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of that name; UTC when the system does not know it."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
