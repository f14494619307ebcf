"""The price list of an account: what one part costs by service type and destination, from a date on.

Which of its prices holds for a part is decided by `domain.pricing.part_price`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import Action, require
from sendmill.billing.models import Price
from sendmill.domain.pricing import ANYWHERE, plain
from sendmill.domain.types import check_service_type
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
