"""The audit log: who did what, when, from where, and what it was before and after. Only ever added to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from sendmill.accounts.models import Account, AuditEntry, Member

HIDDEN = "(hidden)"
SECRET_WORDS = ("password", "secret", "token")

Names = dict[type[models.Model], dict[int, str]]

_origin: ContextVar[str | None] = ContextVar("audit_origin", default=None)


@contextmanager
def coming_from(address: str | None) -> Iterator[None]:
    """Within the block, every entry carries this IP address unless it names another."""
    token = _origin.set(address)
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    *,
    member: Member | None,
    account: Account | None = None,
    action: str,
    subject: models.Model | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str | None = None,
) -> AuditEntry:
    """Add one entry, in the transaction of the change it tells of.

    The account is the given one, else the subject's, else the member's. Values under a name that speaks of a
    password, secret or token are replaced, whatever the caller passes.
    """
    account_id: int | None
    if account is not None:
        account_id = account.pk
    elif isinstance(subject, Account):
        account_id = subject.pk
    else:
        account_id = getattr(subject, "account_id", None) or (member.account_id if member else None)
    return AuditEntry.objects.create(
        member=member,
        account_id=account_id,
        action=action,
        address=address or _origin.get(),
        object_type=subject._meta.model_name or "" if subject is not None else "",
        object_id=subject.pk if subject is not None else None,
        object_name=str(subject)[:128] if subject is not None else "",
        before=_plain(before),
        after=_plain(after),
    )


def values(subject: models.Model, names: Sequence[str]) -> dict[str, Any]:
    """The named fields of a row as they go into an entry; a relation is its key."""
    columns = {name: subject._meta.get_field(name) for name in names}
    return {name: getattr(subject, getattr(column, "attname", name)) for name, column in columns.items()}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what changed, as (before, after)."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def history(subject: models.Model) -> models.QuerySet[AuditEntry]:
    """All that happened to one thing, newest first, with the members."""
    entries = AuditEntry.objects.filter(object_type=subject._meta.model_name, object_id=subject.pk)
    return entries.select_related("member").order_by("-id")


def search(
    account: Account,
    *,
    text: str = "",
    action: str = "",
    object_type: str = "",
    member: Member | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    below: int | None = None,
) -> models.QuerySet[AuditEntry]:
    """Entries of an account, newest first; `text` is looked for in the object's, action's and member's name.

    Page by key: `below` is the id of the last entry of the page before.
    """
    entries = AuditEntry.objects.filter(account=account)
    if text:
        entries = entries.filter(
            Q(object_name__icontains=text) | Q(action__icontains=text) | Q(member__username__icontains=text)
        )
    if action:
        entries = entries.filter(action=action)
    if object_type:
        entries = entries.filter(object_type=object_type)
    if member is not None:
        entries = entries.filter(member=member)
    if since is not None:
        entries = entries.filter(at__gte=since)
    if until is not None:
        entries = entries.filter(at__lt=until)
    if below is not None:
        entries = entries.filter(id__lt=below)
    return entries.select_related("member").order_by("-id")


def names_of(account_id: int | None, ids: Mapping[type[models.Model], set[int]]) -> Names:
    """The names of rows by model and id, of one account only: what belongs to another is left out."""
    return {
        model: {row.pk: str(row) for row in model._default_manager.filter(account_id=account_id, pk__in=keys)}
        for model, keys in ids.items()
    }


def _plain(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    shown: dict[str, Any] = json.loads(json.dumps(dict(fields), cls=DjangoJSONEncoder))
    return _hide(shown)


def _hide(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: HIDDEN
        if any(word in name.lower() for word in SECRET_WORDS)
        else _hide(value)
        if isinstance(value, dict)
        else value
        for name, value in fields.items()
    }
