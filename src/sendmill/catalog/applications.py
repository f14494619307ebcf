"""Applications: create, edit, delete, and the key and secret that programs sign in with."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog.models import Application, Carrier
from sendmill.catalog.sender_ids import sender_violations
from sendmill.domain.names import check_name
from sendmill.domain.types import ApplicationType
from sendmill.domain.violations import Refused, Violation, refuse_if

EDITABLE = ("name", "carrier", "add_86", "delete_unusual", "allow_landlines", "sender_id")


@dataclass(frozen=True)
class Credentials:
    """An application's key and its secret. The secret can be shown this once: only its hash is kept."""

    app_key: str
    app_secret: str = field(repr=False)


def application_violations(
    *,
    name: str,
    application_type: str,
    sender_id: str = "",
    account_id: int | None = None,
    besides: int | None = None,
) -> list[Violation]:
    """Every rule of an application that these values break.

    With `account_id` also whether the name is taken there; `besides` is the application being edited.
    """
    broken = []
    unnamed = check_name(name)
    if unnamed is not None:
        broken.append(unnamed)
    elif account_id is not None and _taken(account_id, name, besides):
        broken.append(Violation("name_taken", NAME_TAKEN, {"name": name}))
    if application_type not in tuple(ApplicationType):
        broken.append(Violation("application_type", UNKNOWN_TYPE))
    if sender_id:
        if application_type == ApplicationType.MAINLAND:
            broken.append(Violation("sender_id_not_allowed", SENDER_BY_SIGNATURE))
        else:
            broken += sender_violations(sender_id)
    return broken


def create(
    member: Member,
    *,
    name: str,
    type: str,
    carrier: Carrier | None = None,
    add_86: bool | None = None,
    delete_unusual: bool = False,
    allow_landlines: bool = False,
    sender_id: str = "",
) -> tuple[Application, Credentials]:
    """Create an application of the member's account and return it with its credentials.

    `add_86` is on for mainland and off for international unless told otherwise (Number check).
    Raises Refused.
    """
    require(member, Action.EDIT_APPLICATION, carrier)
    name, sender_id = name.strip(), sender_id.strip()
    refuse_if(
        application_violations(
            name=name, application_type=type, sender_id=sender_id, account_id=member.account_id
        )
    )
    credentials = _new_credentials()
    application = Application(
        account=member.account,
        name=name,
        type=type,
        carrier=carrier,
        add_86=type == ApplicationType.MAINLAND if add_86 is None else add_86,
        delete_unusual=delete_unusual,
        allow_landlines=allow_landlines,
        sender_id=sender_id,
        app_key=credentials.app_key,
        app_secret_hash=_hash(credentials.app_secret),
    )
    try:
        with transaction.atomic():
            application.save(force_insert=True)
            after = audit.values(application, ("type", *EDITABLE))
            audit.record(member=member, action="create", subject=application, after=after)
    except IntegrityError as error:
        raise Refused(Violation("name_taken", NAME_TAKEN, {"name": name})) from error
    return application, credentials


def edit(member: Member, application: Application, **changes: Any) -> Application:
    """Change fields of EDITABLE and return the application as saved; its type stays. Raises Refused."""
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    require(member, Action.EDIT_APPLICATION, application, changes.get("carrier"))
    try:
        with transaction.atomic():
            row = Application.objects.select_for_update().get(pk=application.pk)
            before = audit.values(row, EDITABLE)
            for name, value in changes.items():
                setattr(row, name, value.strip() if isinstance(value, str) else value)
            refuse_if(
                application_violations(
                    name=row.name,
                    application_type=row.type,
                    sender_id=row.sender_id,
                    account_id=row.account_id,
                    besides=row.pk,
                )
            )
            was, now = audit.difference(before, audit.values(row, EDITABLE))
            if now:
                row.save(update_fields=list(changes))
                audit.record(member=member, action="edit", subject=row, before=was, after=now)
    except IntegrityError as error:
        raise Refused(Violation("name_taken", NAME_TAKEN, {"name": changes.get("name")})) from error
    return row


def delete(member: Member, application: Application) -> None:
    """Delete an application that nothing refers to; else raise Refused."""
    require(member, Action.EDIT_APPLICATION, application)
    before = audit.values(application, ("type", *EDITABLE))
    try:
        with transaction.atomic():
            audit.record(member=member, action="delete", subject=application, before=before)
            application.delete()
    except ProtectedError as error:
        raise Refused(Violation("in_use", IN_USE, {"name": application.name})) from error


def rotate_secret(member: Member, application: Application) -> Credentials:
    """Replace the secret and return the new one; the old one stops working at once. The key stays."""
    require(member, Action.ROTATE_SECRET, application)
    credentials = Credentials(application.app_key, _new_credentials().app_secret)
    with transaction.atomic():
        Application.objects.filter(pk=application.pk).update(app_secret_hash=_hash(credentials.app_secret))
        audit.record(member=member, action="rotate_secret", subject=application)
    return credentials


def authenticate(app_key: str, app_secret: str) -> Application | None:
    """The application with this key and secret, or None; an unknown key takes as long as a wrong secret."""
    application = Application.objects.select_related("account").filter(app_key=app_key).first()
    kept = application.app_secret_hash if application is not None else ""
    if constant_time_compare(_hash(app_secret), kept or _hash("")) and kept:
        return application
    return None


def _taken(account_id: int, name: str, besides: int | None) -> bool:
    rows = Application.objects.filter(account_id=account_id, name=name)
    return rows.exclude(pk=besides).exists() if besides is not None else rows.exists()


def _new_credentials() -> Credentials:
    return Credentials(secrets.token_hex(12), secrets.token_urlsafe(32))


def _hash(secret: str) -> str:
    """One round is enough: the secret has 256 random bits, so nothing can be guessed from its hash."""
    return f"sha256${hashlib.sha256(secret.encode()).hexdigest()}"


NAME_TAKEN = _("Your account already has an application named “%(name)s”.")
UNKNOWN_TYPE = _("The type of an application is international or mainland.")
SENDER_BY_SIGNATURE = _("The sender of mainland messages is the channel number of their signature.")
IN_USE = _("“%(name)s” has signatures, templates or tasks, so it cannot be deleted.")
