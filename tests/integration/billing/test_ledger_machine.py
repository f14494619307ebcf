"""Whatever happens in whatever order, the ledger adds up and nothing is charged twice.

The model keeps what was paid for in plain numbers, part by part; the product must agree after every step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.integration.billing.purse import NOW, PRICES, open_purse

from sendmill.billing import charges, ledger, packages
from sendmill.billing.models import Charge, LedgerEntry, Package, PackageUse
from sendmill.domain.pricing import part_price
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db

REGIONS = ["US", "DE", "FR"]
counts = st.fixed_dictionaries({}, optional={region: st.integers(0, 6) for region in REGIONS})


@dataclass
class Job:
    """A task as the model sees it."""

    parts: dict[str, int]
    kept: dict[str, int]  # what it may still be charged for in all, without a late report
    charged: dict[str, int] = field(default_factory=dict)
    closed: bool = False


class Money(RuleBasedStateMachine):
    """Top-ups, packages, tasks that hold, settle, close and are corrected, time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.purse = open_purse()
        self.paid_in = Decimal(0)
        self.granted = 0
        self.jobs: dict[int, Job] = {}
        self.now: datetime = NOW

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(cents=st.integers(1, 60))
    def top_up(self, cents: int) -> None:
        ledger.top_up(self.purse.account, Decimal(cents) / 100)
        self.paid_in += Decimal(cents) / 100

    @rule(cents=st.integers(1, 60))
    def withdraw(self, cents: int) -> None:
        available = ledger.standing(self.purse.account).available
        amount = Decimal(cents) / 100
        if amount > available:
            with pytest.raises(Refused):
                ledger.withdraw(self.purse.account, amount)
            return
        ledger.withdraw(self.purse.account, amount)
        self.paid_in -= amount

    @rule(
        parts=st.integers(1, 8),
        region=st.sampled_from(["*", *REGIONS]),
        kind=st.sampled_from(["*", "notification", "promotion"]),
        hours=st.none() | st.integers(1, 5),
    )
    def grant(self, parts: int, region: str, kind: str, hours: int | None) -> None:
        expires_at = None if hours is None else self.now + timedelta(hours=hours)
        packages.grant(self.purse.account, parts, region=region, type=kind, expires_at=expires_at)

    @rule(hours=st.integers(0, 3))
    def let_time_pass(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        packages.expire(self.now)

    @rule(parts=counts)
    def start(self, parts: dict[str, int]) -> None:
        task = len(self.jobs) + 1
        asked = charges.quote(self.purse.account, "notification", parts, PRICES, self.now)
        if asked.refusal is not None:
            assert asked.due > asked.available
            with pytest.raises(Refused):
                self.purse.hold(parts, task=task, now=self.now)
            assert not Charge.objects.filter(pk=task).exists()
            return
        charge = self.purse.hold(parts, task=task, now=self.now)
        assert charge.held == asked.due
        self.jobs[task] = Job(parts, parts)

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), close=st.booleans(), again=st.integers(0, 2))
    def settle(self, data: st.DataObject, close: bool, again: int) -> None:
        task = data.draw(st.sampled_from(sorted(self.jobs)), label="task")
        job = self.jobs[task]
        target = {region: data.draw(st.integers(0, most)) for region, most in job.parts.items()}
        lost = {
            region: data.draw(st.integers(0, most - target[region]) | st.just(0))
            for region, most in job.parts.items()
        }
        for _ in range(again + 1):
            self.purse.settle(target, task=task, lost=lost, close=close, now=self.now)
        if job.closed:
            job.charged = {region: max(count, job.charged.get(region, 0)) for region, count in target.items()}
            return
        job.kept = {region: count - lost[region] for region, count in job.parts.items()}
        job.charged, job.closed = target, close

    @invariant()
    def what_can_still_be_charged_is_held_and_no_more(self) -> None:
        """Charging all of it needs nothing that is free, and leaves nothing held."""
        for task, job in self.jobs.items():
            if job.closed:
                continue
            before = ledger.standing(self.purse.account).available
            last = LedgerEntry.objects.order_by("id").values_list("id", flat=True).last()
            with transaction.atomic():
                lost = {region: count - job.kept[region] for region, count in job.parts.items()}
                self.purse.settle(job.kept, task=task, lost=lost, now=self.now + timedelta(days=1))
                assert ledger.standing(self.purse.account).available == before
                kinds = LedgerEntry.objects.filter(id__gt=last).values_list("kind", flat=True)
                assert set(kinds) <= {"charge"}
                assert Charge.objects.get(pk=task).held == 0
                assert not PackageUse.objects.filter(charge_id=task, held__gt=0).exists()
                transaction.set_rollback(True)

    @invariant()
    def nothing_is_charged_twice_or_forgotten(self) -> None:
        for task, job in self.jobs.items():
            charge = Charge.objects.get(pk=task)
            assert {k: v for k, v in charge.charged_parts.items() if v} == {
                k: v for k, v in job.charged.items() if v
            }
            by_package = sum(PackageUse.objects.filter(charge=charge).values_list("used", flat=True))
            rest = sum(job.charged.values()) - by_package
            assert rest >= 0
            spare = PackageUse.objects.filter(charge=charge, held__gt=0, package__region="*")
            assert rest == 0 or not spare.exists(), "prepaid parts go first"
            prices = sorted(
                part_price(PRICES, region) for region, count in job.charged.items() for _ in range(count)
            )
            assert sum(prices[:rest], Decimal(0)) <= charge.charged <= sum(prices[::-1][:rest], Decimal(0))
            if job.closed:
                assert charge.held == 0
                assert not PackageUse.objects.filter(charge=charge, held__gt=0).exists()

    @invariant()
    def the_ledger_adds_up(self) -> None:
        assert ledger.discrepancies() == []
        standing = ledger.standing(self.purse.account)
        spent = sum((charge.charged for charge in Charge.objects.all()), Decimal(0))
        held = sum((charge.held for charge in Charge.objects.all()), Decimal(0))
        assert standing.amount == self.paid_in - spent
        assert standing.held == held
        last = LedgerEntry.objects.order_by("id").last()
        if last is not None:
            assert (last.amount_after, last.held_after) == (standing.amount, standing.held)

    @invariant()
    def packages_add_up(self) -> None:
        used = sum(PackageUse.objects.values_list("used", flat=True))
        granted = sum(LedgerEntry.objects.filter(kind="package").values_list("parts", flat=True))
        expired = -sum(LedgerEntry.objects.filter(kind="expiry").values_list("parts", flat=True))
        assert sum(Package.objects.values_list("remaining", flat=True)) == granted - expired - used


def test_the_ledger_identity(db: None) -> None:
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
