"""What a task holds, pays and gives back, to the part and to the millionth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tests.integration.billing.purse import HOUR, NOW, PRICES, open_purse

from sendmill.accounts.models import AuditEntry
from sendmill.billing import budgets, charges, ledger, packages
from sendmill.billing.models import Charge, LedgerEntry, Package
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db


def test_holds_what_all_parts_cost_and_takes_nothing_yet() -> None:
    purse = open_purse("10")
    charge = purse.hold({"US": 100, "DE": 10, "FR": 5})
    assert charge.held == Decimal("2.2")
    assert (purse.amount, purse.held) == (10, Decimal("2.2"))
    assert charge.prices == {"US": "0.01", "DE": "0.07", "FR": "0.1"}


def test_holding_twice_holds_once() -> None:
    purse = open_purse("10")
    purse.hold({"US": 100})
    purse.hold({"US": 100})
    assert purse.held == 1
    assert purse.kinds() == ["top_up", "reservation"]


@pytest.mark.parametrize(("amount", "enough"), [("1", True), ("0.999999", False), ("", False)])
def test_the_balance_suffices_to_the_millionth(amount: str, enough: bool) -> None:
    purse = open_purse(amount)
    if enough:
        purse.hold({"US": 100})
        assert ledger.standing(purse.account).available == 0
        return
    with pytest.raises(Refused, match="too low: this task costs up to 1 and") as caught:
        purse.hold({"US": 100})
    assert caught.value.violation.code == "no_balance"
    assert not Charge.objects.exists()
    assert purse.held == 0


def test_what_is_held_for_another_task_is_not_there() -> None:
    purse = open_purse("1.5")
    purse.hold({"US": 100}, task=1)
    with pytest.raises(Refused):
        purse.hold({"US": 51}, task=2)
    purse.hold({"US": 50}, task=2)


def test_a_region_without_a_price_is_refused_by_name() -> None:
    purse = open_purse("10")
    with pytest.raises(Refused, match="no price for: DE, FR"):
        purse.hold({"US": 1, "FR": 1, "DE": 2}, prices={"US": Decimal(1)})


def test_a_price_of_zero_needs_no_balance() -> None:
    purse = open_purse()
    purse.hold({"US": 100}, prices={"*": Decimal(0)})
    purse.settle({"US": 100}, close=True)
    assert purse.amount == 0
    assert purse.kinds() == ["reservation", "charge"]


def test_charges_what_is_named_and_releases_the_rest() -> None:
    purse = open_purse("10")
    purse.hold({"US": 100, "DE": 10})
    assert purse.settle({"US": 60, "DE": 10}, close=True)
    assert (purse.amount, purse.held) == (Decimal("8.7"), 0)
    entry = LedgerEntry.objects.get(kind="charge")
    assert entry.detail == {"parts": {"DE": 10, "US": 60}}
    assert LedgerEntry.objects.get(kind="release").held == Decimal("-0.4")
    assert ledger.discrepancies() == []


def test_settling_again_moves_nothing() -> None:
    purse = open_purse("10")
    purse.hold({"US": 100})
    assert purse.settle({"US": 60})
    assert not purse.settle({"US": 60})
    assert purse.settle({"US": 61})
    assert purse.settle({"US": 61}, close=True)
    assert not purse.settle({"US": 61}, close=True)
    assert purse.kinds() == ["top_up", "reservation", "charge", "charge", "release"]
    assert purse.amount == Decimal("9.39")


def test_the_order_of_settling_does_not_change_the_price() -> None:
    results = set()
    for order in (({"DE": 5}, {"DE": 5, "US": 5}), ({"US": 5}, {"DE": 5, "US": 5}), ({"DE": 5, "US": 5},)):
        purse = open_purse("10")
        packages.grant(purse.account, 5)
        task = purse.account.pk
        purse.hold({"US": 10, "DE": 10}, task=task, now=NOW)
        for parts in order:
            purse.settle(parts, task=task)
        results.add(purse.amount)
    assert results == {Decimal("9.65")}


def test_more_parts_than_the_task_has_are_refused() -> None:
    purse = open_purse("10")
    purse.hold({"US": 10})
    for parts in ({"US": 11}, {"US": -1}, {"DE": 1}):
        with pytest.raises(ValueError, match="cannot be charged"):
            purse.settle(parts)
    assert purse.held == Decimal("0.1")


def test_a_late_report_is_charged_by_a_further_entry() -> None:
    purse = open_purse("1")
    purse.hold({"US": 100})
    purse.settle({"US": 60}, close=True)
    ledger.withdraw(purse.account, purse.amount)
    assert purse.settle({"US": 61})
    assert purse.amount == Decimal("-0.01")
    assert not purse.settle({"US": 61})
    assert not purse.settle({"US": 50})
    assert Charge.objects.get().charged_parts == {"US": 61}
    with pytest.raises(Refused):
        purse.hold({"US": 1}, task=2)
    assert ledger.discrepancies() == []


class TestLostParts:
    """Parts that are known never to be charged are released while their task goes on."""

    def test_are_released_once_and_the_rest_stays_held(self) -> None:
        purse = open_purse("1")
        purse.hold({"US": 100})
        assert purse.settle({"US": 20}, lost={"US": 30})
        assert (purse.amount, purse.held) == (Decimal("0.8"), Decimal("0.5"))
        assert not purse.settle({"US": 20}, lost={"US": 30})
        assert purse.settle({"US": 20}, lost={"US": 31})
        assert purse.settle({"US": 69}, lost={"US": 31})
        assert (purse.amount, purse.held) == (Decimal("0.31"), 0)
        assert purse.kinds() == ["top_up", "reservation", "charge", "release", "release", "charge"]
        assert ledger.discrepancies() == []

    def test_can_pay_for_another_task_at_once(self) -> None:
        purse = open_purse("1")
        purse.hold({"US": 100})
        with pytest.raises(Refused):
            purse.hold({"US": 30}, task=2)
        purse.settle({}, lost={"US": 30})
        purse.hold({"US": 30}, task=2)
        assert purse.settle({"US": 70}, lost={"US": 30})

    def test_that_are_delivered_late_do_not_use_what_is_held_for_others(self) -> None:
        purse = open_purse("1")
        purse.hold({"US": 100})
        purse.settle({}, lost={"US": 30})
        assert purse.settle({"US": 10}, lost={"US": 20})
        assert (purse.amount, purse.held) == (Decimal("0.9"), Decimal("0.7"))
        assert purse.kinds() == ["top_up", "reservation", "release", "correction"]

    def test_that_are_delivered_late_are_charged_though_nothing_is_left(self) -> None:
        purse = open_purse("1")
        purse.hold({"US": 100})
        purse.settle({"US": 60}, lost={"US": 40})
        ledger.withdraw(purse.account, purse.amount)
        assert purse.settle({"US": 63}, lost={"US": 37})
        assert not purse.settle({"US": 63}, lost={"US": 37})
        assert (purse.amount, purse.held) == (Decimal("-0.03"), 0)
        assert purse.kinds()[-1] == "correction"
        assert LedgerEntry.objects.get(kind="correction").detail == {"parts": {"US": 3}}
        assert purse.settle({"US": 64}, close=True)
        assert purse.settle({"US": 65})
        assert purse.amount == Decimal("-0.05")
        assert ledger.discrepancies() == []

    def test_go_back_to_the_packages_that_held_them(self) -> None:
        purse = open_purse("1")
        package = packages.grant(purse.account, 50)
        purse.hold({"US": 60})
        purse.settle({"US": 10}, lost={"US": 30})
        package.refresh_from_db()
        assert (package.remaining, package.held) == (40, 20)
        assert (purse.amount, purse.held) == (1, 0)
        purse.settle({"US": 35}, lost={"US": 25})
        package.refresh_from_db()
        assert (package.remaining, package.held) == (15, 0)
        assert ledger.discrepancies() == []

    def test_that_are_delivered_late_cost_what_they_would_have_cost(self) -> None:
        """Prepaid parts go to the cheapest, whether or not some were released in between."""
        amounts = set()
        for lost in ({}, {"US": 5}, {"DE": 3}, {"US": 10, "DE": 10}):
            purse = open_purse("10")
            packages.grant(purse.account, 5)
            task = purse.account.pk
            purse.hold({"US": 10, "DE": 10}, task=task)
            purse.settle({}, lost=lost, task=task)
            purse.settle({"US": 10, "DE": 2}, task=task)
            purse.settle({"US": 10, "DE": 10}, task=task, close=True)
            amounts.add(purse.amount)
        assert amounts == {Decimal("9.25")}


class TestPackages:
    def test_come_first_and_those_that_expire_first_first(self) -> None:
        purse = open_purse("10")
        late = packages.grant(purse.account, 30, expires_at=NOW + 48 * HOUR)
        early = packages.grant(purse.account, 30, expires_at=NOW + 24 * HOUR)
        charge = purse.hold({"US": 50})
        assert charge.held == 0
        purse.settle({"US": 35}, close=True)
        assert (purse.amount, purse.held) == (10, 0)
        early.refresh_from_db()
        late.refresh_from_db()
        assert (early.remaining, early.held, late.remaining, late.held) == (0, 0, 25, 0)
        assert ledger.discrepancies() == []

    def test_pay_what_they_can_and_money_the_rest(self) -> None:
        purse = open_purse("10")
        packages.grant(purse.account, 30)
        charge = purse.hold({"US": 20, "DE": 20})
        assert charge.held == Decimal("0.7")
        purse.settle({"US": 20, "DE": 20}, close=True)
        assert purse.amount == Decimal("9.3")

    def test_of_one_region_or_type_pay_only_for_that(self) -> None:
        purse = open_purse("10")
        packages.grant(purse.account, 30, region="de")
        packages.grant(purse.account, 30, type="promotion")
        assert purse.hold({"US": 10, "DE": 10}, task=1).held == Decimal("0.1")
        assert purse.hold({"US": 10}, task=2, kind="promotion").held == 0

    def test_of_one_region_go_before_those_for_any(self) -> None:
        purse = open_purse("10")
        anywhere = packages.grant(purse.account, 10, expires_at=NOW + HOUR)
        german = packages.grant(purse.account, 10, region="DE", expires_at=NOW + 2 * HOUR)
        purse.hold({"DE": 10})
        anywhere.refresh_from_db()
        german.refresh_from_db()
        assert (anywhere.held, german.held) == (0, 10)

    @pytest.mark.parametrize(("ahead", "held"), [(timedelta(0), "0.1"), (timedelta(microseconds=1), "0")])
    def test_expire_at_their_time(self, ahead: timedelta, held: str) -> None:
        purse = open_purse("10")
        packages.grant(purse.account, 10, expires_at=NOW + ahead)
        assert purse.hold({"US": 10}).held == Decimal(held)

    def test_what_a_task_holds_of_an_expired_package_can_still_be_used(self) -> None:
        purse = open_purse("10")
        package = packages.grant(purse.account, 10, expires_at=NOW + HOUR)
        purse.hold({"US": 6})
        assert packages.expire(NOW + HOUR) == 1
        assert packages.expire(NOW + HOUR) == 0
        package.refresh_from_db()
        assert (package.remaining, package.held) == (6, 6)
        purse.settle({"US": 4}, close=True)
        assert packages.expire(NOW + HOUR) == 1
        package.refresh_from_db()
        assert (package.remaining, package.held) == (0, 0)
        assert purse.amount == 10
        assert ledger.discrepancies() == []

    def test_pay_for_late_reports_too(self) -> None:
        purse = open_purse("10")
        packages.grant(purse.account, 10)
        purse.hold({"US": 10})
        purse.settle({"US": 4}, close=True)
        purse.settle({"US": 10})
        assert purse.amount == 10
        assert Package.objects.get().remaining == 0

    @pytest.mark.parametrize(
        ("parts", "options", "code"),
        [
            (0, {}, "parts"),
            (-1, {}, "parts"),
            (1, {"type": "news"}, "service_type"),
            (1, {"region": "USA"}, "region"),
            (1, {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "expired"),
        ],
    )
    def test_that_make_no_sense_are_refused(self, parts: int, options: dict, code: str) -> None:
        purse = open_purse()
        with pytest.raises(Refused) as caught:
            packages.grant(purse.account, parts, **options)
        assert caught.value.violation.code == code
        assert not Package.objects.exists()


class TestBudgets:
    @pytest.mark.parametrize("scope", ["task", "day", "month"])
    def test_stop_what_goes_beyond_them(self, scope: str) -> None:
        purse = open_purse("100")
        budgets.set_budget(purse.account, scope, alarm=None, stop=Decimal(1))
        with pytest.raises(Refused) as caught:
            purse.hold({"US": 101})
        assert caught.value.violation.code == f"budget_{scope}"
        purse.hold({"US": 100})

    def test_count_what_other_tasks_of_the_day_cost(self) -> None:
        purse = open_purse("100", time_zone="Asia/Shanghai")
        budgets.set_budget(purse.account, "day", alarm=None, stop=Decimal(1))
        midnight = datetime(2030, 5, 15, 16, tzinfo=UTC)
        purse.hold({"US": 80}, task=1, now=midnight - timedelta(seconds=1))
        with pytest.raises(Refused, match=r"0\.8 of today"):
            purse.hold({"US": 21}, task=2, now=midnight - timedelta(seconds=1))
        purse.hold({"US": 21}, task=2, now=midnight)
        purse.settle({"US": 1}, task=2, close=True)
        purse.hold({"US": 99}, task=3, now=midnight)

    def test_months_begin_on_the_first(self) -> None:
        purse = open_purse("100")
        budgets.set_budget(purse.account, "month", alarm=None, stop=Decimal(1))
        purse.hold({"US": 100}, task=1, now=datetime(2030, 4, 30, 23, 59, 59, tzinfo=UTC))
        purse.hold({"US": 100}, task=2, now=datetime(2030, 5, 1, tzinfo=UTC))
        with pytest.raises(Refused):
            purse.hold({"US": 1}, task=3, now=datetime(2030, 5, 31, tzinfo=UTC))

    def test_an_alarm_is_recorded_when_it_is_reached_and_once(self) -> None:
        purse = open_purse("100")
        budgets.set_budget(purse.account, "day", alarm=Decimal(1), stop=None)
        purse.hold({"US": 99}, task=1)
        assert not AuditEntry.objects.filter(action="budget_alarm").exists()
        purse.hold({"US": 1}, task=2)
        purse.hold({"US": 1}, task=3)
        assert AuditEntry.objects.filter(action="budget_alarm").count() == 1

    def test_packages_cost_no_budget(self) -> None:
        purse = open_purse()
        packages.grant(purse.account, 100)
        budgets.set_budget(purse.account, "task", alarm=None, stop=Decimal(0))
        purse.hold({"US": 100})

    def test_are_taken_away_and_refused_when_they_make_no_sense(self) -> None:
        purse = open_purse()
        assert budgets.set_budget(purse.account, "day", alarm=None, stop=Decimal(1)) is not None
        assert budgets.set_budget(purse.account, "day", alarm=None, stop=None) is None
        assert not purse.account.budgets.exists()
        for scope, alarm, stop, code in (
            ("year", None, Decimal(1), "scope"),
            ("day", Decimal(2), Decimal(1), "order"),
            ("day", None, Decimal(-1), "amount"),
        ):
            with pytest.raises(Refused) as caught:
                budgets.set_budget(purse.account, scope, alarm=alarm, stop=stop)
            assert caught.value.violation.code == code


def test_a_quote_says_what_holding_would_say() -> None:
    purse = open_purse("0.5")
    packages.grant(purse.account, 10)
    asked = charges.quote(purse.account, "notification", {"US": 20, "DE": 5}, PRICES, NOW)
    assert (asked.parts, asked.prepaid) == (25, 10)
    assert (asked.total, asked.due, asked.available) == (Decimal("0.55"), Decimal("0.45"), Decimal("0.5"))
    assert asked.refusal is None
    assert purse.held == 0
    asked = charges.quote(purse.account, "notification", {"US": 20, "DE": 6}, PRICES, NOW)
    assert asked.refusal is not None
    assert asked.refusal.code == "no_balance"
