"""What follows the right password: the member is signed in, or is asked for the code of the second factor first.

Until the code was right nobody is signed in; the session only remembers whose code is awaited.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import constant_time_compare

from sendmill.accounts import audit, members, second_factor
from sendmill.accounts.models import Member

BACKEND = "django.contrib.auth.backends.ModelBackend"
KEY = "awaited_code"
PATIENCE = 300  # seconds to type the code


@dataclass(frozen=True)
class Awaited:
    """Whose code is awaited, since when (seconds since 1970), and the page to show after the sign-in.

    `mark` is Django's session hash of the password: a change of the password ends the wait.
    """

    member: int
    mark: str
    since: float
    target: str


def enter(request: HttpRequest, member: Member, target: str = "") -> HttpResponse:
    """Sign in who gave the right password, or ask for the code first. `target` must be checked already."""
    target = target or resolve_url(settings.LOGIN_REDIRECT_URL)
    if second_factor.is_on(member):
        # Whoever was signed in here before is not any more, and a session planted before is worth nothing.
        request.session.flush()
        waiting = Awaited(member.pk, member.get_session_auth_hash(), time.time(), target)
        request.session[KEY] = asdict(waiting)
        audit.record(member=member, action="sign_in_code_asked", subject=member)
        return redirect("console:sign-in-code")
    login(request, member, backend=BACKEND)
    return redirect(target)


def awaited(request: HttpRequest) -> tuple[Member, str] | None:
    """Whose code is awaited and where to go after; None after five minutes or a change of the password."""
    kept = request.session.get(KEY)
    if kept is None:
        return None
    waiting = Awaited(**kept)
    member = members.find_active(waiting.member)
    if (
        member is None
        or not 0 <= time.time() - waiting.since < PATIENCE
        or not constant_time_compare(waiting.mark, member.get_session_auth_hash())
    ):
        del request.session[KEY]
        return None
    return member, waiting.target


def forget(request: HttpRequest) -> None:
    """Await no code any more."""
    request.session.pop(KEY, None)


def complete(request: HttpRequest, member: Member, target: str) -> HttpResponse:
    """Sign in after the right code."""
    forget(request)
    login(request, member, backend=BACKEND)
    return redirect(target)
