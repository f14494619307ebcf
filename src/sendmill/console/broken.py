"""What a person sees when a page could not be made: the database is away, or something that nobody foresaw."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

SECONDS = 10  # until a browser asks again by itself


def show(request: HttpRequest) -> HttpResponse:
    """The page of an error. Its templates need neither the database nor a language: both may be what is missing.

    503 while the database does not answer: a page that was only looked at is asked for again by itself.
    """
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(loader.render_to_string("500.html"), status=500)
    context = {"seconds": SECONDS if request.method == "GET" else None}
    away = HttpResponse(loader.render_to_string("503.html", context), status=503)
    away.headers["Retry-After"] = str(SECONDS)
    return away
