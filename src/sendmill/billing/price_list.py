"""The price list of an account: what one part costs by service type and destination, from a date on.

Which of its prices holds for a part is decided by `domain.pricing.part_price`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import Action, require
from sendmill.billing.models import Price
from sendmill.domain.amounts import plain
from sendmill.domain.pricing import ANYWHERE
from sendmill.domain.types import PriceStanding, check_service_type
from sendmill.domain.violations import Violation, refuse_if


def today(account: Account) -> date:
    """The date in the account's time zone, which decides the prices that hold."""
    return timezone.now().astimezone(ZoneInfo(account.time_zone)).date()


def price_list(account: Account, service_type: str, on: date | None = None) -> dict[str, Decimal]:
    """Price of one part by region (`*`: any other) that holds on a date, today when none is given.

    Of several rows for a region the one with the latest date not after `on` holds.
    """
    rows = (
        Price.objects.filter(account=account, type=service_type, valid_from__lte=on or today(account))
        .order_by("region", "-valid_from")
        .distinct("region")
    )
    return {row.region: row.price for row in rows}


def find_price(account: Account, pk: int) -> Price | None:
    """The row of an account's price list; None when there is none, or it belongs to another account."""
    return Price.objects.filter(account=account, pk=pk).first()


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
            When(valid_from__gt=on, then=Value(PriceStanding.COMING)),
            When(Exists(later), then=Value(PriceStanding.REPLACED)),
            default=Value(PriceStanding.HOLDING),
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


def set_price(member: Member, *, service_type: str, region: str, price: Decimal, valid_from: date) -> Price:
    """Make a price hold from a date on; the same date again replaces it. Region: ISO 3166 alpha-2 or `*`."""
    require(member, Action.MANAGE_PRICES)
    region = region.strip().upper()
    refuse_if(price_violations(service_type, region, price))
    with transaction.atomic():
        row = Price.objects.filter(
            account=member.account, type=service_type, region=region, valid_from=valid_from
        ).first()
        before = None if row is None else {"price": row.price}
        if row is None:
            row = Price(account=member.account, type=service_type, region=region, valid_from=valid_from)
        row.price = price
        row.save()
        after = {"type": service_type, "region": region, "price": price, "valid_from": valid_from}
        if before != {"price": price}:
            audit.record(member=member, action="set_price", subject=row, before=before, after=after)
    return row


def remove_price(member: Member, row: Price) -> None:
    """Remove a price that does not hold yet; one that holds or held stays, since tasks were priced by it.

    Raises Refused, NotAllowed or NotYours.
    """
    require(member, Action.MANAGE_PRICES, row)
    if row.valid_from <= today(member.account):
        refuse_if([Violation("price_holds", PRICE_HOLDS)])
    with transaction.atomic():
        before = {"type": row.type, "region": row.region, "price": row.price, "valid_from": row.valid_from}
        audit.record(member=member, action="remove_price", subject=row, before=before)
        row.delete()


def price_violations(service_type: str, region: str, price: Decimal) -> list[Violation]:
    """What is wrong with a row of the price list."""
    broken = []
    if (unknown := check_service_type(service_type)) is not None:
        broken.append(unknown)
    if region != ANYWHERE and not (len(region) == 2 and region.isascii() and region.isalpha()):
        broken.append(
            Violation("region", _("The destination is a two-letter country such as US, or * for any other."))
        )
    if not price.is_finite() or not 0 <= price < 1_000_000 or price != price.quantize(Decimal("1E-6")):
        broken.append(
            Violation("price", _("A price is not negative, below 1,000,000 and has at most six decimals."))
        )
    return broken


def as_text(prices: Mapping[str, Decimal]) -> dict[str, str]:
    """Prices as they go into a task's snapshot: exact decimals as text."""
    return {region: plain(price) for region, price in prices.items()}


PRICE_HOLDS = _("Only a price that does not hold yet can be removed. Set another one from a later day on.")
