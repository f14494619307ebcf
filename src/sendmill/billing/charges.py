"""The charge of a task: money and package parts held at its start, charged as it is sent, and released.

The price of each part comes with the task (its snapshot of the price list); `domain.pricing` decides which one
applies and how packages and money pay. Which parts are to be charged is decided by `tasks.charging`.

A charge knows the parts charged so far and those released. Settling it names the parts that are to be charged now,
in all, and those that never will be; it moves the difference: settled twice, or by two workers, nothing is charged
or released twice.

While a task goes on, what is held and what is charged together pay for exactly the parts that are charged or can
still be, by the package parts that the task took: each of them that is charged needs nothing of the account, in
whatever order. A part that was released and is charged after all (its message failed, and was delivered later) is
taken by a correction: packages that are there then, in their order, then the balance, which may become negative,
for what was sent is sent. The task then costs what it would have cost if nothing had been released.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models, transaction

from sendmill.accounts.models import Account
from sendmill.billing import budgets, ledger, packages
from sendmill.billing.models import Charge, EntryKind, PackageUse
from sendmill.domain.amounts import plain
from sendmill.domain.pricing import (
    Allocation,
    Prepaid,
    allocate,
    check_balance,
    check_prices,
    estimate,
    part_price,
)
from sendmill.domain.violations import Refused, Violation

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

    In a transaction of the caller. Raises Refused when the balance, a price or a budget does not allow
    it; nothing is held then.
    """
    existing = Charge.objects.filter(pk=task_id).first()
    if existing is not None:
        return existing
    standing = ledger.lock(account)
    asked, allocation = _quote(account, service_type, parts, prices, now, standing)
    if asked.refusal is not None:
        raise Refused(asked.refusal)
    budgets.raise_alarms(account, asked.due, now)
    used = {region: part_price(prices, region) for region in parts}
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
    """The charges that still hold money or parts of packages (`parts_held` in all, or None), the latest first."""
    rows = Charge.objects.filter(account=account, closed_at=None).annotate(
        parts_held=models.Sum("uses__held")
    )
    return rows.order_by("-opened_at", "-pk")


def lock(task_id: int) -> Charge | None:
    """The charge of a task, which nobody else settles until this transaction ends."""
    return Charge.objects.select_for_update(of=("self",)).select_related("account").filter(pk=task_id).first()


def settle(
    charge: Charge,
    parts: Parts,
    now: datetime,
    *,
    lost: Parts | None = None,
    seen: Any = None,
    close: bool = False,
) -> bool:
    """Charge a task for `parts` by region in all, counting what was charged before; whether anything moved.

    `charge` comes from `lock`. What is held for the `lost` parts, those known never to be charged, is released,
    and what is held for any with `close`. After `close` only more parts can be
    charged, by packages and money that are there then: what was sent is sent, so the balance may become
    negative. Raises ValueError for more parts than the task has.
    """
    for region, count in parts.items():
        if not 0 <= count <= charge.parts.get(region, 0):
            raise ValueError(f"task {charge.pk}: {count} parts to {region!r} cannot be charged")
    before = charge.step
    with transaction.atomic():
        ledger.lock(charge.account)
        charge.step += 1
        if charge.closed_at:
            moved = _correct(charge, parts, now)
        else:
            moved = _move(charge, parts, parts if close else _kept(charge, parts, lost or {}), now)
            charge.closed_at = now if close else None
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
) -> tuple[Quote, Allocation]:
    wanted = {region: count for region, count in parts.items() if count > 0}
    count = sum(wanted.values())
    cost = estimate(wanted, prices)
    if (refusal := check_prices(cost)) is not None:
        zero = Decimal(0)
        nothing = Allocation(zero, {})
        return Quote(count, zero, 0, zero, standing.available, standing.currency, refusal), nothing
    usable = packages.usable(account, service_type, list(wanted), now)
    lots = [Prepaid(package.pk, package.region, package.remaining - package.held) for package in usable]
    allocation = allocate(wanted, prices, lots)
    due = allocation.money
    prepaid = sum(allocation.used.values())
    refusal = check_balance(due, standing.available) or budgets.exceeded(account, due, now)
    names = {package.pk: package.name for package in usable}
    used = tuple((names[key], parts) for key, parts in allocation.used.items())
    asked = Quote(count, cost.total, prepaid, due, standing.available, standing.currency, refusal, used)
    return asked, allocation


def _kept(charge: Charge, parts: Parts, lost: Parts) -> dict[str, int]:
    """The parts that something stays held or charged for."""
    return {
        region: max(parts.get(region, 0), count - lost.get(region, 0))
        for region, count in charge.parts.items()
    }


def _move(charge: Charge, parts: Parts, kept: Parts, now: datetime) -> bool:
    """Let what is charged pay for exactly `parts`, and with what is held for exactly `kept`, which has them all."""
    uses = _uses(charge)
    late = _take_again(charge, uses, kept, now)
    prices = _prices(charge)
    lots = [
        Prepaid(use.package_id, use.package.region, use.held + use.used + late.get(use.package_id, 0))
        for use in uses
    ]
    all_ = allocate(kept, prices, lots)
    within = [Prepaid(lot.id, lot.region, all_.used.get(lot.id, 0)) for lot in lots]
    due = allocate(parts, prices, within)
    difference = _difference(parts, charge.charged_parts)
    moved = False
    for use in uses:
        used, taken = due.used.get(use.package_id, 0), all_.used.get(use.package_id, 0)
        shift = _Shift(used - use.used, taken - use.held - use.used)
        if shift:
            _post_parts(charge, use.package_id, shift)
            use.used, use.held = used, taken - used
            use.save(update_fields=["used", "held"])
            moved = True
    money = _Shift(due.money - charge.charged, all_.money - charge.charged - charge.held)
    if money or (difference and not moved):
        _post_money(charge, money, difference)
        moved = True
    charge.charged, charge.held = due.money, all_.money - due.money
    charge.charged_parts = {region: count for region, count in parts.items() if count}
    gone = {region: count - kept.get(region, 0) for region, count in charge.parts.items()}
    charge.released_parts = {region: count for region, count in gone.items() if count}
    return moved


class _Shift(NamedTuple):
    """By how much more is charged, and by how much more is charged and held together; money, or parts."""

    charged: Any
    taken: Any

    def __bool__(self) -> bool:
        return bool(self.charged or self.taken)

    @property
    def late(self) -> Any:
        """What is charged without having been held."""
        return max(self.taken, 0 * self.taken)

    @property
    def released(self) -> Any:
        return max(-self.taken, 0 * self.taken)


def _post_parts(charge: Charge, package_id: int, shift: _Shift) -> None:
    if shift.late:
        _post(charge, EntryKind.CORRECTION, package_id=package_id, parts=-shift.late)
    if more := shift.charged - shift.late:
        _post(charge, EntryKind.CHARGE, package_id=package_id, parts=-more, parts_held=-more)
    if shift.released:
        _post(charge, EntryKind.RELEASE, package_id=package_id, parts_held=-shift.released)


def _post_money(charge: Charge, shift: _Shift, difference: Parts) -> None:
    detail = {"parts": difference}
    more = shift.charged - shift.late
    if shift.late:
        _post(charge, EntryKind.CORRECTION, amount=-shift.late, detail=None if more else detail)
    if more or (difference and not shift):
        _post(charge, EntryKind.CHARGE, amount=-more, held=-more, detail=detail)
    if shift.released:
        _post(charge, EntryKind.RELEASE, held=-shift.released)


def _take_again(charge: Charge, uses: list[PackageUse], kept: Parts, now: datetime) -> dict[int, int]:
    """The parts by package that pay for what is kept although it was released; `uses` gets those packages."""
    before = {region: count - charge.released_parts.get(region, 0) for region, count in charge.parts.items()}
    late = {region: count - before[region] for region, count in kept.items() if count > before[region]}
    if not late:
        return {}
    again = _allocate_free(charge, late, now).used
    known = {use.package_id for use in uses}
    new = sorted(again.keys() - known)
    uses.extend(PackageUse.objects.create(charge=charge, package_id=package_id) for package_id in new)
    return dict(again)


def _allocate_free(charge: Charge, parts: Parts, now: datetime) -> Allocation:
    """How parts are paid by what no task holds: packages that are usable now, then money."""
    lots = [
        Prepaid(package.pk, package.region, package.remaining - package.held)
        for package in packages.usable(charge.account, charge.type, list(parts), now)
    ]
    return allocate(parts, _prices(charge), lots)


def _correct(charge: Charge, parts: Parts, now: datetime) -> bool:
    """Charge what late reports added, after the reservation is gone."""
    difference = _difference(parts, charge.charged_parts)
    more = {region: count for region, count in difference.items() if count > 0}
    if not more:
        return False
    allocation = _allocate_free(charge, more, now)
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
