"""What a task costs: held when it starts, charged as it is sent, the rest released when it is over.

A charge knows the parts charged so far. Settling it names the parts that are to be charged now, in all, and
moves the difference: settled twice, or by two workers, nothing is charged twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from sendmill.accounts import budgets, ledger, packages
from sendmill.accounts.ledger import MoneyRefused
from sendmill.accounts.models import Account, Charge, EntryKind, PackageUse
from sendmill.domain.kinds import Violation
from sendmill.domain.pricing import ANYWHERE, RULES, Allocation, Prepaid, allocate, plain

Parts = Mapping[str, int]


@dataclass(frozen=True)
class Quote:
    """What so many parts cost before they are sent.

    `total` without packages, `prepaid` parts that packages pay for, `due` what is held of the balance, of
    which `available` is free. `refusal` says why it cannot be sent, None when it can. `used` names the
    packages with the parts that each pays for.
    """

    parts: int
    total: Decimal
    prepaid: int
    due: Decimal
    available: Decimal
    currency: str
    refusal: Violation | None
    used: tuple[tuple[str, int], ...] = ()

    @property
    def left(self) -> Decimal:
        """What is free of the balance afterwards; below 0 when it does not suffice."""
        return self.available - self.due


def quote(
    account: Account, service_type: str, parts: Parts, prices: Mapping[str, Decimal], now: datetime
) -> Quote:
    """What it would cost to send these parts now. Nothing is held."""
    return _quote(account, service_type, parts, prices, now, ledger.standing(account))[0]


def hold(
    account: Account,
    task_id: int,
    service_type: str,
    parts: Parts,
    prices: Mapping[str, Decimal],
    now: datetime,
) -> Charge:
    """Hold what a task can cost at most; a task that has a charge already keeps it.

    In a transaction of the caller. Raises MoneyRefused when the balance, a price or a budget does not allow
    it; nothing is held then.
    """
    existing = Charge.objects.filter(pk=task_id).first()
    if existing is not None:
        return existing
    standing = ledger.lock(account)
    asked, allocation = _quote(account, service_type, parts, prices, now, standing)
    if asked.refusal is not None or allocation is None:
        raise MoneyRefused(asked.refusal or Violation("no_price", RULES["no_price"], {"regions": ""}))
    budgets.raise_alarms(account, asked.due, now)
    used = {region: prices.get(region, prices.get(ANYWHERE)) for region in parts}
    charge = Charge.objects.create(
        task_id=task_id,
        account=account,
        type=service_type,
        parts=dict(parts),
        prices={region: plain(price) for region, price in used.items() if price is not None},
        held=asked.due,
        opened_at=now,
    )
    detail = {"parts": dict(parts)}
    if asked.due or not allocation.used:
        _post(charge, EntryKind.RESERVATION, held=asked.due, detail=detail)
    for package_id, count in allocation.used.items():
        PackageUse.objects.create(charge=charge, package_id=package_id, held=count)
        _post(charge, EntryKind.RESERVATION, package_id=package_id, parts_held=count)
    return charge


def reserved(account: Account) -> models.QuerySet[Charge]:
    """The charges that still hold money or may hold parts of packages, the latest first."""
    return Charge.objects.filter(account=account, closed_at=None).order_by("-opened_at", "-pk")


def lock(task_id: int) -> Charge | None:
    """The charge of a task, which nobody else settles until this transaction ends."""
    return Charge.objects.select_for_update(of=("self",)).select_related("account").filter(pk=task_id).first()


def settle(charge: Charge, parts: Parts, now: datetime, *, seen: Any = None, close: bool = False) -> bool:
    """Charge a task for `parts` by region in all, counting what was charged before; whether anything moved.

    `charge` comes from `lock`. With `close` what is still held is released, and from then on only more parts
    can be charged, by packages and money that are there then: what was sent is sent, so the balance may
    become negative. Raises ValueError for more parts than the task has.
    """
    for region, count in parts.items():
        if not 0 <= count <= charge.parts.get(region, 0):
            raise ValueError(f"task {charge.pk}: {count} parts to {region!r} cannot be charged")
    before = charge.step
    with transaction.atomic():
        ledger.lock(charge.account)
        charge.step += 1
        moved = _correct(charge, parts, now) if charge.closed_at else _charge(charge, parts)
        if close and charge.closed_at is None:
            moved = _release(charge) or moved
            charge.closed_at = now
        if not moved:
            charge.step = before
        charge.settled_at, charge.seen = now, seen
        charge.save()
    return moved


def _quote(
    account: Account,
    service_type: str,
    parts: Parts,
    prices: Mapping[str, Decimal],
    now: datetime,
    standing: ledger.Standing,
) -> tuple[Quote, Allocation | None]:
    wanted = {region: count for region, count in parts.items() if count > 0}
    count = sum(wanted.values())
    unpriced = sorted(region for region in wanted if region not in prices and ANYWHERE not in prices)
    if unpriced:
        refusal = Violation("no_price", RULES["no_price"], {"regions": ", ".join(unpriced)})
        zero = Decimal(0)
        return Quote(count, zero, 0, zero, standing.available, standing.currency, refusal), None
    usable = packages.usable(account, service_type, list(wanted), now)
    lots = [Prepaid(package.pk, package.region, package.remaining - package.held) for package in usable]
    allocation = allocate(wanted, prices, lots)
    due = allocation.money
    reason = None
    if due > 0 and due > standing.available:
        amounts = {"due": plain(due), "balance": plain(max(standing.available, Decimal(0)))}
        reason = Violation("no_balance", RULES["no_balance"], amounts)
    total = allocate(wanted, prices, ()).money
    prepaid = sum(allocation.used.values())
    reason = reason or budgets.exceeded(account, due, now)
    names = {package.pk: package.name for package in usable}
    used = tuple((names[key], parts) for key, parts in allocation.used.items())
    asked = Quote(count, total, prepaid, due, standing.available, standing.currency, reason, used)
    return asked, allocation


def _charge(charge: Charge, parts: Parts) -> bool:
    """Move from what is held to what is charged, so that in all exactly `parts` are."""
    uses = _uses(charge)
    lots = [Prepaid(use.package_id, use.package.region, use.held + use.used) for use in uses]
    allocation = allocate(parts, _prices(charge), lots)
    difference = _difference(parts, charge.charged_parts)
    if not difference:
        return False
    money = allocation.money - charge.charged
    charge.charged += money
    charge.held -= money
    charge.charged_parts = {region: count for region, count in parts.items() if count}
    by_package = 0
    for use in uses:
        more = allocation.used.get(use.package_id, 0) - use.used
        if more:
            use.used += more
            use.held -= more
            use.save(update_fields=["used", "held"])
            _post(charge, EntryKind.CHARGE, package_id=use.package_id, parts=-more, parts_held=-more)
            by_package += 1
    if money or not by_package:
        _post(charge, EntryKind.CHARGE, amount=-money, held=-money, detail={"parts": difference})
    return True


def _release(charge: Charge) -> bool:
    moved = False
    if charge.held:
        _post(charge, EntryKind.RELEASE, held=-charge.held)
        charge.held = Decimal(0)
        moved = True
    for use in _uses(charge):
        if use.held:
            _post(charge, EntryKind.RELEASE, package_id=use.package_id, parts_held=-use.held)
            use.held = 0
            use.save(update_fields=["held"])
            moved = True
    return moved


def _correct(charge: Charge, parts: Parts, now: datetime) -> bool:
    """Charge what late reports added, after the reservation is gone."""
    difference = _difference(parts, charge.charged_parts)
    more = {region: count for region, count in difference.items() if count > 0}
    if not more:
        return False
    lots = [
        Prepaid(package.pk, package.region, package.remaining - package.held)
        for package in packages.usable(charge.account, charge.type, list(more), now)
    ]
    allocation = allocate(more, _prices(charge), lots)
    for package_id, count in sorted(allocation.used.items()):
        use, _ = PackageUse.objects.get_or_create(charge=charge, package_id=package_id)
        use.used += count
        use.save(update_fields=["used"])
        _post(charge, EntryKind.CORRECTION, package_id=package_id, parts=-count)
    if allocation.money or not allocation.used:
        _post(charge, EntryKind.CORRECTION, amount=-allocation.money, detail={"parts": more})
    charge.charged += allocation.money
    charge.charged_parts = {
        region: charge.charged_parts.get(region, 0) + more.get(region, 0)
        for region in charge.charged_parts.keys() | more.keys()
    }
    return True


def _difference(parts: Parts, before: Parts) -> dict[str, int]:
    changes = {region: parts.get(region, 0) - before.get(region, 0) for region in sorted({*parts, *before})}
    return {region: change for region, change in changes.items() if change}


def _uses(charge: Charge) -> list[PackageUse]:
    """Shares of packages in the order in which they were taken: those that expire first first."""
    return list(PackageUse.objects.filter(charge=charge).select_related("package").order_by("pk"))


def _prices(charge: Charge) -> dict[str, Decimal]:
    return {region: Decimal(price) for region, price in charge.prices.items()}


def _post(charge: Charge, kind: EntryKind, **values: Any) -> None:
    ledger.post(charge.account_id, kind, task_id=charge.pk, step=charge.step, **values)
