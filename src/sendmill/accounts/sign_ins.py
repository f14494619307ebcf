"""Sign-ins, sign-outs and refused sign-ins go into the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from sendmill.accounts import audit
from sendmill.accounts.models import Member


def connect() -> None:
    """Listen to Django's signals; called once at start."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit.sign_in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit.sign_out")
    user_login_failed.connect(_refused, dispatch_uid="audit.sign_in_refused")


def _signed_in(*, request: HttpRequest | None, user: Member, **_: Any) -> None:
    audit.record(member=user, action="sign_in", subject=user, address=_address(request))


def _signed_out(*, request: HttpRequest | None, user: Member | None, **_: Any) -> None:
    if user is not None:
        audit.record(member=user, action="sign_out", subject=user, address=_address(request))


def _refused(
    *, credentials: dict[str, Any], request: HttpRequest | None = None, step: str = "password", **_: Any
) -> None:
    """Only for names that exist: what is typed into the name's place may be a password."""
    member = Member.objects.filter(username=credentials.get("username") or "").first()
    if member is not None:
        action = "sign_in_code_refused" if step == "code" else "sign_in_refused"
        audit.record(member=member, action=action, subject=member, address=_address(request))


def _address(request: HttpRequest | None) -> str | None:
    return request.META.get("REMOTE_ADDR") or None if request is not None else None
