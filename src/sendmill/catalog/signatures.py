"""Signatures: the rules of their fields, and creating, editing and deleting them."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog.models import Application, Signature
from sendmill.catalog.review_moves import delete_row, locked, state_after
from sendmill.domain.templates import signature_violations
from sendmill.domain.types import ApplicationType, check_service_type
from sendmill.domain.violations import Refused, Violation, refuse_if

EDITABLE = ("name", "type")
SHOWN = ("application", *EDITABLE, "state")


def violations(
    application: Application, *, name: str, type: str, besides: int | None = None
) -> list[Violation]:
    """Every rule of a signature that these values break; `besides` is the signature being edited."""
    broken = []
    if application.type != ApplicationType.MAINLAND:
        broken.append(Violation("signature_not_allowed", MAINLAND_ONLY))
    if (unknown := check_service_type(type)) is not None:
        broken.append(unknown)
    broken += signature_violations(name)
    same = Signature.objects.filter(account_id=application.account_id, name=name, type=type)
    if any(pk != besides for pk in same.values_list("pk", flat=True)):
        broken.append(_taken(name, type))
    return broken


def create(member: Member, application: Application, *, name: str, type: str) -> Signature:
    """Create a signature as a draft. Raises Refused."""
    require(member, Action.EDIT_SIGNATURE, application)
    name = name.strip()
    refuse_if(violations(application, name=name, type=type))
    signature = Signature(
        account_id=application.account_id, application=application, name=name, type=type, created_by=member
    )
    try:
        with transaction.atomic():
            signature.save(force_insert=True)
            audit.record(
                member=member, action="create", subject=signature, after=audit.values(signature, SHOWN)
            )
    except IntegrityError as error:
        raise Refused(_taken(name, type)) from error
    return signature


def edit(member: Member, signature: Signature, **changes: Any) -> Signature:
    """Change name or type of a rejected signature, which submits it again; returns it as saved.

    Raises Refused or IllegalMove.
    """
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    require(member, Action.EDIT_SIGNATURE, signature)
    try:
        with transaction.atomic():
            row = locked(signature)
            state = state_after(row, "edit")
            before = audit.values(row, SHOWN)
            for name, value in changes.items():
                setattr(row, name, value.strip())
            row.state, row.submitted_by, row.reason = state, member, ""
            refuse_if(violations(row.application, name=row.name, type=row.type, besides=row.pk))
            was, now = audit.difference(before, audit.values(row, SHOWN))
            row.save(update_fields=[*EDITABLE, "state", "submitted_by", "reason"])
            audit.record(member=member, action="edit", subject=row, before=was, after=now)
    except IntegrityError as error:
        raise Refused(_taken(row.name, row.type)) from error
    return row


def delete(member: Member, signature: Signature) -> None:
    """Delete a signature where its state allows and nothing needs it. Raises Refused or IllegalMove."""
    require(member, Action.EDIT_SIGNATURE, signature)
    delete_row(member, signature, SHOWN)


def _taken(name: str, type: str) -> Violation:
    return Violation("signature_taken", TAKEN, {"name": name, "type": type})


MAINLAND_ONLY = _("Only mainland applications have signatures.")
TAKEN = _("Your account already has a signature “%(name)s” of type %(type)s.")
