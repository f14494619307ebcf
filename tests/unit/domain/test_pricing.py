"""What a task costs."""

from datetime import date
from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.pricing import Estimate, Price, check_balance, estimate, parts_by_region, price_of
from sendmill.domain.types import ServiceType

NOTIFICATION, PROMOTION = ServiceType.NOTIFICATION, ServiceType.PROMOTION
DAY = date(2030, 1, 31)
PRICES = [
    Price("US", NOTIFICATION, Decimal("0.01"), date(2029, 1, 1)),
    Price("US", NOTIFICATION, Decimal("0.02"), date(2030, 1, 31)),
    Price("US", NOTIFICATION, Decimal("0.09"), date(2030, 2, 1)),
    Price("US", PROMOTION, Decimal("0.05"), date(2029, 1, 1)),
    Price("GA", NOTIFICATION, Decimal("0.1"), date(2029, 1, 1)),
]


def test_the_price_of_a_day_is_the_one_that_became_valid_last() -> None:
    assert price_of(PRICES, "US", NOTIFICATION, date(2028, 12, 31)) is None
    assert price_of(PRICES, "US", NOTIFICATION, date(2030, 1, 30)) == Decimal("0.01")
    assert price_of(PRICES, "US", NOTIFICATION, DAY) == Decimal("0.02")
    assert price_of(PRICES, "US", PROMOTION, DAY) == Decimal("0.05")
    assert price_of(PRICES, "CN", PROMOTION, DAY) is None


def test_an_estimate_adds_parts_of_regions_up() -> None:
    cost = estimate({"US": 100, "GA": 10, "CN": 0}, PRICES, NOTIFICATION, DAY)
    assert cost == Estimate(
        minimum=Decimal("0.02"),
        maximum=Decimal("0.1"),
        total=Decimal("3.00"),
        due=Decimal("3.00"),
        parts=110,
        prepaid=0,
        unpriced=(),
    )


def test_prepaid_parts_go_first_to_the_cheapest() -> None:
    cost = estimate({"US": 100, "GA": 10}, PRICES, NOTIFICATION, DAY, prepaid=105)
    assert (cost.prepaid, cost.due) == (105, Decimal("0.5"))
    cost = estimate({"US": 100, "GA": 10}, PRICES, NOTIFICATION, DAY, prepaid=1000)
    assert (cost.prepaid, cost.due) == (110, 0)


def test_a_region_without_price_is_named() -> None:
    cost = estimate({"US": 1, "ZZ": 1, "001": 1}, PRICES, NOTIFICATION, DAY)
    assert cost.unpriced == ("001", "ZZ")
    refused = check_balance(cost, Decimal(100))
    assert refused is not None
    assert (refused.code, str(refused)) == ("no_price", "There is no price for: 001, ZZ.")


def test_too_little_balance_is_refused() -> None:
    cost = estimate({"US": 100}, PRICES, NOTIFICATION, DAY)
    assert check_balance(cost, Decimal(2)) is None
    refused = check_balance(cost, Decimal("1.99"))
    assert refused is not None
    assert refused.code == "no_balance"
    assert str(refused) == "The balance is too low: this task costs up to 2.00 and 1.99 is left."


def test_nothing_costs_nothing() -> None:
    cost = estimate({}, PRICES, NOTIFICATION, DAY)
    assert (cost.total, cost.due, cost.parts, cost.unpriced) == (0, 0, 0, ())


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 3000))
def test_prepaid_and_due_parts_add_up(us: int, ga: int, prepaid: int) -> None:
    cost = estimate({"US": us, "GA": ga}, PRICES, NOTIFICATION, DAY, prepaid=prepaid)
    assert cost.total == us * Decimal("0.02") + ga * Decimal("0.1")
    assert cost.prepaid == min(prepaid, us + ga)
    assert 0 <= cost.due <= cost.total
    assert (cost.due == cost.total) == (cost.prepaid == 0)


def test_parts_are_counted_by_region() -> None:
    numbers = pl.Series([12025550123, 2412000000, 12025550124], dtype=pl.Int64)
    assert parts_by_region(numbers, pl.Series([2, 3, 1], dtype=pl.Int16)) == {"GA": 3, "US": 3}
    assert parts_by_region(numbers.head(0), pl.Series([], dtype=pl.Int16)) == {}
