"""What a task costs: parts per region, the price list, and prepaid parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from sendmill.domain.phone_numbers import region_column
from sendmill.domain.types import ServiceType
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
class Price:
    """One row of the price list: the price of one part to a region, from a day on."""

    region: str
    service_type: ServiceType
    amount: Decimal
    valid_from: date


@dataclass(frozen=True)
class Estimate:
    """What sending costs at most.

    `minimum` and `maximum` are the lowest and highest price of one part among the task's regions. `total` is
    what all priced parts cost without prepaid ones; `due` what is left for the balance. The prepaid parts are
    taken to be the cheapest, so that `due` is never too low. `unpriced` are regions without a price: the task
    cannot be sent while there are any.
    """

    minimum: Decimal
    maximum: Decimal
    total: Decimal
    due: Decimal
    parts: int
    prepaid: int
    unpriced: tuple[str, ...]


def price_of(prices: Iterable[Price], region: str, service_type: ServiceType, on: date) -> Decimal | None:
    """Return the price of one part to a region on a day: the row that became valid last, null for none."""
    valid = [
        price
        for price in prices
        if price.region == region and price.service_type is service_type and price.valid_from <= on
    ]
    return max(valid, key=lambda price: price.valid_from).amount if valid else None


def estimate(
    parts: Mapping[str, int],
    prices: Iterable[Price],
    service_type: ServiceType,
    on: date,
    *,
    prepaid: int = 0,
) -> Estimate:
    """Return what a task costs: `parts` to send per region, of which `prepaid` are paid already."""
    rows = list(prices)
    priced: list[tuple[Decimal, int]] = []
    unpriced = []
    for region, count in sorted(parts.items()):
        if count <= 0:
            continue
        amount = price_of(rows, region, service_type, on)
        if amount is None:
            unpriced.append(region)
        else:
            priced.append((amount, count))
    priced.sort()
    total = sum((amount * count for amount, count in priced), Decimal(0))
    due, left = total, max(0, prepaid)
    for amount, count in priced:
        covered = min(count, left)
        due -= amount * covered
        left -= covered
    return Estimate(
        minimum=priced[0][0] if priced else Decimal(0),
        maximum=priced[-1][0] if priced else Decimal(0),
        total=total,
        due=due,
        parts=sum(count for _, count in priced),
        prepaid=max(0, prepaid) - left,
        unpriced=tuple(unpriced),
    )


def check_balance(cost: Estimate, balance: Decimal) -> Violation | None:
    """Return why a task cannot be paid: a region without a price, or too little balance."""
    if cost.unpriced:
        regions = ", ".join(cost.unpriced)
        return Violation("no_price", RULES["no_price"], {"regions": regions})
    if cost.due > balance:
        return Violation("no_balance", RULES["no_balance"], {"due": cost.due, "balance": balance})
    return None


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
    used: dict[int, int] = {}
    lots = list(prepaid)
    for lot in lots:
        if lot.region != ANYWHERE and (taken := min(lot.parts, left.get(lot.region, 0))) > 0:
            left[lot.region] -= taken
            used[lot.id] = taken
    cheapest = sorted(left, key=lambda region: (part_price(prices, region), region))
    for lot in lots:
        spare = lot.parts if lot.region == ANYWHERE else 0
        for region in cheapest:
            taken = min(spare, left[region])
            if taken > 0:
                left[region] -= taken
                spare -= taken
                used[lot.id] = used.get(lot.id, 0) + taken
    money = sum((part_price(prices, region) * count for region, count in left.items()), Decimal(0))
    return Allocation(money, used)


def part_price(prices: Mapping[str, Decimal], region: str) -> Decimal:
    """Return the price of one part to a region: its own, else that of `*`. Raises KeyError without either."""
    price = prices.get(region)
    return prices[ANYWHERE] if price is None else price


def plain(amount: Decimal) -> str:
    """Return an amount as people and programs read it: no exponent, no needless zeros."""
    return format(amount.normalize(), "f")
