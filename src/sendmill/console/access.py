"""Who may open which page: method, sign-in, role and account are checked here and nowhere else.

Every route is made by `page`, which has no default for what it needs, so no route can be left unchecked.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, allowed

Row = TypeVar("Row", bound=Model)

POST = ("POST",)
BOTH = ("GET", "POST")
"""The methods of pages that do more than show."""


class Entry(StrEnum):
    """What a page needs when it is not an action of a role."""

    ANYONE = "anyone"
    MEMBER = "member"


Needs = Action | Entry


class MemberRequest(HttpRequest):
    """A request that passed the guard of a page which needs a sign-in."""

    user: Member
    htmx: HtmxDetails


class View(Protocol):
    """A guarded view; `needs` and `methods` tell what the guard lets through."""

    needs: Needs
    methods: tuple[str, ...]

    def __call__(self, request: HttpRequest, **parts: Any) -> HttpResponseBase:
        """The answer to a request; `parts` are the values in the address."""
        ...


def page(
    route: str,
    view: Callable[..., HttpResponseBase],
    name: str,
    needs: Needs,
    methods: Sequence[str] = ("GET",),
) -> URLPattern:
    """A route to a view that only those reach who may; `GET` includes `HEAD`."""
    return path(route, guard(view, needs, methods), name=name)


def guard(view: Callable[..., HttpResponseBase], needs: Needs, methods: Sequence[str]) -> View:
    """The view behind its checks: 405 for another method, the sign-in page, or 403 in a sentence."""
    accepted = (*methods, "HEAD") if "GET" in methods else tuple(methods)

    @functools.wraps(view)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        if request.method not in accepted:
            return HttpResponseNotAllowed(accepted)
        with audit.coming_from(request.META.get("REMOTE_ADDR") or None):
            if needs is Entry.ANYONE:
                return view(request, **parts)
            if not isinstance(request.user, Member):
                return ask_to_sign_in(request)
            if isinstance(needs, Action) and not allowed(request.user, needs):
                return refuse(request)
            return view(request, **parts)

    guarded.needs = needs  # type: ignore[attr-defined]
    guarded.methods = accepted  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back; a live part of a page takes the whole page along."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("console:sign-in"))
    return redirect_to_login(request.get_full_path(), reverse("console:sign-in"))


def refuse(request: HttpRequest) -> HttpResponse:
    """403 with who can help."""
    return render(request, "console/access/refused.html", status=403)


def owned(request: MemberRequest, rows: type[Row] | QuerySet[Row], **lookup: Any) -> Row:
    """The member's own row; 404 when it does not exist or belongs to another account."""
    return get_object_or_404(rows, account_id=request.user.account_id, **lookup)
