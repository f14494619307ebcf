"""What a task costs: the price of a part, the parts by region, and how prepaid parts and money pay for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from sendmill.domain.amounts import plain
from sendmill.domain.phone_numbers import region_column
from sendmill.domain.violations import Violation

ANYWHERE = "*"

RULES: dict[str, str] = {
    "no_price": "There is no price for: %(regions)s.",
    "no_balance": "The balance is too low: this task costs up to %(due)s and %(balance)s is left.",
    "budget_task": "This task costs up to %(due)s, more than the budget of one task, %(stop)s.",
    "budget_day": "This task costs up to %(due)s: with %(spent)s of today that is more than the budget of a day, "
    "%(stop)s.",
    "budget_month": "This task costs up to %(due)s: with %(spent)s of this month that is more than the budget of a "
    "month, %(stop)s.",
}


@dataclass(frozen=True)
class Estimate:
    """What parts cost by the price list alone, without prepaid ones.

    `minimum` and `maximum` are the lowest and the highest price of one part among the regions, `total` is what all
    priced parts cost. `unpriced` are regions without a price, in the order asked: nothing can be sent while there
    are any.
    """

    minimum: Decimal
    maximum: Decimal
    total: Decimal
    unpriced: tuple[str, ...]


def part_price(prices: Mapping[str, Decimal], region: str) -> Decimal | None:
    """Return the price of one part to a region: the region's own, else that of `*`; null without either."""
    return prices.get(region, prices.get(ANYWHERE))


def estimate(parts: Mapping[str, int], prices: Mapping[str, Decimal]) -> Estimate:
    """Return what `parts` by region cost; regions to which no part goes do not count."""
    wanted = {region: part_price(prices, region) for region, count in parts.items() if count > 0}
    priced = {region: price for region, price in wanted.items() if price is not None}
    return Estimate(
        minimum=min(priced.values(), default=Decimal(0)),
        maximum=max(priced.values(), default=Decimal(0)),
        total=sum((price * parts[region] for region, price in priced.items()), Decimal(0)),
        unpriced=tuple(region for region in wanted if region not in priced),
    )


def check_prices(cost: Estimate) -> Violation | None:
    """Return why parts cannot be sent when a region has no price."""
    if not cost.unpriced:
        return None
    return Violation("no_price", RULES["no_price"], {"regions": ", ".join(sorted(cost.unpriced))})


def check_balance(due: Decimal, available: Decimal) -> Violation | None:
    """Return why `due` cannot be paid when less is `available`; what costs nothing always can."""
    if due <= 0 or due <= available:
        return None
    amounts = {"due": plain(due), "balance": plain(max(available, Decimal(0)))}
    return Violation("no_balance", RULES["no_balance"], amounts)


def parts_by_region(numbers: pl.Series, parts: pl.Series) -> dict[str, int]:
    """Return how many parts go to each region, from the numbers (Int64) and the parts of each message."""
    frame = pl.DataFrame({"region": region_column(numbers), "parts": parts.cast(pl.Int64)})
    sums = frame.group_by("region").agg(pl.col("parts").sum()).sort("region")
    return dict(sums.iter_rows())


@dataclass(frozen=True)
class Prepaid:
    """Parts that are paid already, to one region or to any (`*`)."""

    id: int
    region: str
    parts: int


@dataclass(frozen=True)
class Allocation:
    """How parts are paid: so many of each prepaid lot, the rest with `money`."""

    money: Decimal
    used: Mapping[int, int]


def allocate(
    parts: Mapping[str, int], prices: Mapping[str, Decimal], prepaid: Iterable[Prepaid]
) -> Allocation:
    """Return how parts are paid: prepaid ones first, in their order, then with money.

    Lots of one region are used before those for any; of these the cheapest parts take first. So whatever
    subset of the parts is charged in the end never costs more money than all of them, and what is held for
    all is enough. Raises KeyError for a region without a price.
    """
    left = {region: count for region, count in parts.items() if count > 0}
    price_of = {region: _price(prices, region) for region in left}
    used: dict[int, int] = {}
    lots = list(prepaid)
    for lot in lots:
        if lot.region != ANYWHERE and (taken := min(lot.parts, left.get(lot.region, 0))) > 0:
            left[lot.region] -= taken
            used[lot.id] = taken
    cheapest = sorted(left, key=lambda region: (price_of[region], region))
    for lot in lots:
        spare = lot.parts if lot.region == ANYWHERE else 0
        for region in cheapest:
            taken = min(spare, left[region])
            if taken > 0:
                left[region] -= taken
                spare -= taken
                used[lot.id] = used.get(lot.id, 0) + taken
    money = sum((price_of[region] * count for region, count in left.items()), Decimal(0))
    return Allocation(money, used)


def _price(prices: Mapping[str, Decimal], region: str) -> Decimal:
    price = part_price(prices, region)
    if price is None:
        raise KeyError(region)
    return price
