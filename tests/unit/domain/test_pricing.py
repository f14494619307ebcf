"""What a task costs."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.pricing import (
    ANYWHERE,
    Estimate,
    Prepaid,
    allocate,
    check_balance,
    check_prices,
    estimate,
    part_price,
    parts_by_region,
)

US, GA, REST = Decimal("0.02"), Decimal("0.1"), Decimal("0.05")
PRICES = {"US": US, "GA": GA}


def test_a_region_has_its_own_price_or_that_of_anywhere() -> None:
    assert part_price(PRICES | {ANYWHERE: REST}, "US") == US
    assert part_price(PRICES | {ANYWHERE: REST}, "CN") == REST
    assert part_price(PRICES, "CN") is None
    assert part_price({"US": Decimal(0), ANYWHERE: REST}, "US") == 0


def test_an_estimate_adds_parts_of_regions_up() -> None:
    cost = estimate({"US": 100, "GA": 10, "CN": 0}, PRICES)
    assert cost == Estimate(minimum=US, maximum=GA, total=Decimal("3.00"), unpriced=())
    assert check_prices(cost) is None


def test_nothing_costs_nothing() -> None:
    assert estimate({}, PRICES) == Estimate(Decimal(0), Decimal(0), Decimal(0), ())


def test_a_region_without_price_is_named() -> None:
    cost = estimate({"US": 1, "ZZ": 1, "001": 1}, PRICES)
    assert cost.unpriced == ("ZZ", "001")
    refused = check_prices(cost)
    assert refused is not None
    assert (refused.code, str(refused)) == ("no_price", "There is no price for: 001, ZZ.")
    with pytest.raises(KeyError):
        allocate({"ZZ": 1}, PRICES, ())


def test_too_little_balance_is_refused() -> None:
    assert check_balance(Decimal(2), Decimal(2)) is None
    assert check_balance(Decimal(0), Decimal(-1)) is None
    refused = check_balance(Decimal("2.00"), Decimal("1.99"))
    assert refused is not None
    assert refused.code == "no_balance"
    assert str(refused) == "The balance is too low: this task costs up to 2 and 1.99 is left."


def test_prepaid_parts_go_first_to_the_cheapest() -> None:
    paid = allocate({"US": 100, "GA": 10}, PRICES, [Prepaid(1, ANYWHERE, 105)])
    assert (paid.used, paid.money) == ({1: 105}, Decimal("0.5"))
    paid = allocate({"US": 100, "GA": 10}, PRICES, [Prepaid(1, ANYWHERE, 105), Prepaid(2, "GA", 7)])
    assert (paid.used, paid.money) == ({1: 103, 2: 7}, 0)


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 3000))
def test_prepaid_and_paid_parts_add_up(us: int, ga: int, prepaid: int) -> None:
    parts = {"US": us, "GA": ga}
    total = estimate(parts, PRICES).total
    assert total == us * US + ga * GA == allocate(parts, PRICES, ()).money
    paid = allocate(parts, PRICES, [Prepaid(1, ANYWHERE, prepaid)])
    assert sum(paid.used.values()) == min(prepaid, us + ga)
    assert 0 <= paid.money <= total
    assert (paid.money == total) == (not paid.used)


def test_parts_are_counted_by_region() -> None:
    numbers = pl.Series([12025550123, 2412000000, 12025550124], dtype=pl.Int64)
    assert parts_by_region(numbers, pl.Series([2, 3, 1], dtype=pl.Int16)) == {"GA": 3, "US": 3}
    assert parts_by_region(numbers.head(0), pl.Series([], dtype=pl.Int16)) == {}
