"""Lists of resources: searched, filtered, newest first, and paged by key."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from django.db.models import Case, Model, Q, QuerySet, Value, When

from sendmill.accounts.models import Account
from sendmill.catalog.models import Application, Carrier, Signature, Template
from sendmill.domain.review import ReviewState

Row = TypeVar("Row", bound=Model)


def applications(account: Account, *, text: str = "", type: str = "") -> QuerySet[Application]:
    """Applications of an account whose name or app key contains `text`."""
    rows = Application.objects.filter(account=account).select_related("carrier").order_by("-id")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(app_key=text))
    return rows.filter(type=type) if type else rows


def applications_by_name(account: Account, type: str = "") -> list[Application]:
    """Every application of an account, or those of a type, as a form offers them: by name."""
    rows = Application.objects.filter(account=account).select_related("carrier").order_by("name")
    return list(rows.filter(type=type) if type else rows)


def carriers(account: Account, *, text: str = "", keys: Collection[int] | None = None) -> QuerySet[Carrier]:
    """Carriers of an account whose name or host contains `text`; with `keys` only those of these ids."""
    rows = Carrier.objects.filter(account=account).order_by("-id")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(host__icontains=text))
    return rows if keys is None else rows.filter(pk__in=keys)


def carriers_by_name(account: Account) -> list[Carrier]:
    """Every carrier of an account as a form offers them: by name."""
    return list(Carrier.objects.filter(account=account).order_by("name"))


def signatures_by_name(application: Application, type: str) -> list[Signature]:
    """The signatures of an application and a service type, usable or not, as a form offers them: by name."""
    return list(Signature.objects.filter(application=application, type=type).order_by("name"))


def applications_over(carrier: Carrier, limit: int = 50) -> list[Application]:
    """The first applications that name a carrier, by name."""
    return list(carrier.applications.order_by("name")[:limit])


def templates_by_name(signature: Signature, limit: int = 50) -> list[Template]:
    """The first templates that belong to a signature, by name."""
    return list(signature.templates.order_by("name")[:limit])


def detailed_applications() -> QuerySet[Application]:
    """Applications of every account with all that their pages name; the caller narrows them to one account."""
    return Application.objects.select_related("carrier")


def detailed_signatures() -> QuerySet[Signature]:
    """Signatures of every account with all that their pages name; the caller narrows them to one account."""
    return Signature.objects.select_related("account", "application", "created_by", "submitted_by")


def detailed_templates() -> QuerySet[Template]:
    """Templates of every account with all that their pages name; the caller narrows them to one account."""
    return Template.objects.select_related(
        "account", "application", "signature", "created_by", "submitted_by"
    )


def signatures(
    account: Account, *, text: str = "", state: str = "", type: str = "", application: int | None = None
) -> QuerySet[Signature]:
    """Signatures of an account whose name or channel number contains `text`."""
    rows = Signature.objects.filter(account=account).select_related("application").order_by("-id")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(channel_number__icontains=text))
    return _narrow(rows, state=state, type=type, application=application)


def templates(
    account: Account, *, text: str = "", state: str = "", type: str = "", application: int | None = None
) -> QuerySet[Template]:
    """Templates of an account whose name or content contains `text`."""
    rows = Template.objects.filter(account=account).order_by("-id")
    rows = rows.select_related("application", "signature")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(content__icontains=text))
    return _narrow(rows, state=state, type=type, application=application)


def queue(account: Account) -> tuple[QuerySet[Signature], QuerySet[Template]]:
    """What waits for a reviewer, oldest first; also approved signatures without channel number."""
    unfinished = Q(state=ReviewState.PENDING) | Q(state=ReviewState.APPROVED, channel_number="")
    pending_first = Case(When(state=ReviewState.PENDING, then=Value(0)), default=Value(1))
    waiting = Signature.objects.filter(unfinished, account=account).order_by(pending_first, "id")
    pending = Template.objects.filter(account=account, state=ReviewState.PENDING).order_by("id")
    return (
        waiting.select_related("application", "submitted_by"),
        pending.select_related("application", "signature", "submitted_by"),
    )


def page(rows: QuerySet[Row], below: int | None = None, limit: int = 50) -> tuple[list[Row], int | None]:
    """One page and the key of the next one: pass it as `below`; None on the last page."""
    if below is not None:
        rows = rows.filter(pk__lt=below)
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def _narrow(rows: QuerySet[Row], *, state: str, type: str, application: int | None) -> QuerySet[Row]:
    if state:
        rows = rows.filter(state=state)
    if type:
        rows = rows.filter(type=type)
    return rows if application is None else rows.filter(application_id=application)
