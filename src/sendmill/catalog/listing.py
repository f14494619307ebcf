"""Lists of resources: searched, filtered, newest first, and paged by key."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Case, CharField, Exists, Model, OuterRef, Q, QuerySet, Value, When

from sendmill.accounts.models import Account
from sendmill.billing.models import Price
from sendmill.catalog.models import Application, Signature, Template
from sendmill.domain.review import ReviewState

Row = TypeVar("Row", bound=Model)


def applications(account: Account, *, text: str = "", type: str = "") -> QuerySet[Application]:
    """Applications of an account whose name or app key contains `text`."""
    rows = Application.objects.filter(account=account).select_related("carrier").order_by("-id")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(app_key=text))
    return rows.filter(type=type) if type else rows


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


COMING, HOLDING, REPLACED = "coming", "holding", "replaced"


def prices(
    account: Account, on: date, *, region: str = "", type: str = "", standing: str = ""
) -> QuerySet[Price]:
    """Prices of an account, each with its `standing` on a day: coming, holding, or replaced by a later one."""
    later = Price.objects.filter(
        account=OuterRef("account"),
        type=OuterRef("type"),
        region=OuterRef("region"),
        valid_from__gt=OuterRef("valid_from"),
        valid_from__lte=on,
    )
    rows = Price.objects.filter(account=account).annotate(
        standing=Case(
            When(valid_from__gt=on, then=Value(COMING)),
            When(Exists(later), then=Value(REPLACED)),
            default=Value(HOLDING),
            output_field=CharField(),
        )
    )
    if region:
        rows = rows.filter(region=region.upper())
    if type:
        rows = rows.filter(type=type)
    return rows.filter(standing=standing) if standing else rows


def price_page(
    rows: QuerySet[Price], *, after: Price | None = None, before: Price | None = None, limit: int = 50
) -> tuple[list[Price], Price | None, Price | None]:
    """One page by type, country and day, and the rows to pass for the pages beside it: (rows, before, after)."""
    order = ("type", "region", "valid_from")
    if before is not None:
        found = list(
            rows.filter(_beyond(before, "lt")).order_by(*(f"-{name}" for name in order))[: limit + 1]
        )
        shown = found[:limit][::-1]
        return shown, shown[0] if len(found) > limit else None, shown[-1] if shown else None
    if after is not None:
        rows = rows.filter(_beyond(after, "gt"))
    found = list(rows.order_by(*order)[: limit + 1])
    shown = found[:limit]
    return shown, shown[0] if shown and after else None, shown[-1] if len(found) > limit else None


def _beyond(row: Price, side: str) -> Q:
    """What comes after (`gt`) or before (`lt`) a price in the order of the list."""
    same_type = Q(type=row.type)
    return (
        Q(**{f"type__{side}": row.type})
        | same_type & Q(**{f"region__{side}": row.region})
        | same_type & Q(region=row.region, **{f"valid_from__{side}": row.valid_from})
    )


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
