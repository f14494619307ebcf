"""The ledger of an account: what it owns, what is held, every movement. Only ever added to.

The database carries each entry into the balance (see `models`), so nothing here adds anything up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import Action, NotYours, require
from sendmill.billing.models import Balance, EntryKind, LedgerEntry
from sendmill.domain.amounts import plain
from sendmill.domain.violations import Refused, Violation

STEP = Decimal("1E-6")  # the smallest amount
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class Standing:
    """What an account owns, and what of it is held for tasks under way."""

    amount: Decimal
    held: Decimal
    currency: str

    @property
    def available(self) -> Decimal:
        """What a new task can spend."""
        return self.amount - self.held


def standing(account: Account) -> Standing:
    """What the account owns now."""
    row = Balance.objects.filter(account=account).first()
    return _standing(row, account.currency)


def lock(account: Account) -> Standing:
    """What the account owns, which nobody else moves until this transaction ends."""
    row = Balance.objects.select_for_update().filter(account=account).first()
    return _standing(row, account.currency)


def top_up(account: Account, amount: Decimal, *, member: Member | None = None, note: str = "") -> LedgerEntry:
    """Add money. Without a member it is the operator who does. Raises Refused, NotAllowed, NotYours."""
    _require(account, member, amount)
    with transaction.atomic():
        entry = post(account.pk, EntryKind.TOP_UP, amount=amount, member=member, note=note)
        _audit("top_up", account, member, entry)
    return entry


def withdraw(
    account: Account, amount: Decimal, *, member: Member | None = None, note: str = ""
) -> LedgerEntry:
    """Take money out that is not held. Raises Refused, NotAllowed, NotYours."""
    _require(account, member, amount)
    with transaction.atomic():
        available = lock(account).available
        if amount > available:
            raise Refused(Violation("not_available", NOT_AVAILABLE, {"available": plain(available)}))
        entry = post(account.pk, EntryKind.WITHDRAWAL, amount=-amount, member=member, note=note)
        _audit("withdraw_money", account, member, entry)
    return entry


def post(account_id: int, kind: EntryKind, **values: Any) -> LedgerEntry:
    """Add an entry; the balance and the package that it names have moved when this returns."""
    entry = LedgerEntry.objects.create(account_id=account_id, kind=kind, **values)
    entry.refresh_from_db(fields=["amount_after", "held_after"])
    return entry


def entries(
    account: Account,
    *,
    task_id: int | None = None,
    kinds: Collection[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    below: int | None = None,
) -> models.QuerySet[LedgerEntry]:
    """Entries of an account, newest first: of one task, of some kinds, from `since` to before `until`.

    Page by key: `below` is the last id.
    """
    rows = LedgerEntry.objects.filter(account=account)
    if task_id is not None:
        rows = rows.filter(task_id=task_id)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if below is not None:
        rows = rows.filter(id__lt=below)
    return rows.select_related("member", "package").order_by("-id")


# Everything that must be the sum of entries, and is not: what, which one, is, should be.
_DISCREPANCIES = """
SELECT 'balance', account_id, b.amount, l.amount
FROM balance b FULL JOIN (SELECT account_id, sum(amount) AS amount FROM ledger_entry GROUP BY 1) l USING (account_id)
WHERE coalesce(b.amount, 0) <> coalesce(l.amount, 0)
UNION ALL
SELECT 'held', account_id, b.held, l.held
FROM balance b FULL JOIN (SELECT account_id, sum(held) AS held FROM ledger_entry GROUP BY 1) l USING (account_id)
WHERE coalesce(b.held, 0) <> coalesce(l.held, 0)
UNION ALL
SELECT 'held for tasks', account_id, b.held, c.held
FROM balance b FULL JOIN (SELECT account_id, sum(held) AS held FROM charge GROUP BY 1) c USING (account_id)
WHERE coalesce(b.held, 0) <> coalesce(c.held, 0)
UNION ALL
SELECT 'charged to task', task_id, c.charged, l.charged
FROM charge c FULL JOIN (SELECT task_id, -sum(amount) AS charged FROM ledger_entry
                         WHERE task_id IS NOT NULL GROUP BY 1) l USING (task_id)
WHERE coalesce(c.charged, 0) <> coalesce(l.charged, 0)
UNION ALL
SELECT 'package', p.id, p.remaining, l.parts
FROM package p LEFT JOIN (SELECT package_id, sum(parts) AS parts, sum(parts_held) AS held FROM ledger_entry
                          WHERE package_id IS NOT NULL GROUP BY 1) l ON l.package_id = p.id
WHERE (p.remaining, p.held) IS DISTINCT FROM (coalesce(l.parts, 0), coalesce(l.held, 0))
UNION ALL
SELECT 'package held for tasks', p.id, p.held, coalesce(sum(u.held), 0)
FROM package p LEFT JOIN package_use u ON u.package_id = p.id
GROUP BY p.id, p.held HAVING p.held <> coalesce(sum(u.held), 0)
"""


# What the id of a discrepancy names; otherwise it is a package.
OF_ACCOUNT = ("balance", "held", "held for tasks")
OF_TASK = ("charged to task",)


@dataclass(frozen=True)
class Discrepancy:
    """Something that is not the sum of its entries."""

    what: str
    id: int
    found: Decimal | None
    expected: Decimal | None

    def __str__(self) -> str:
        return f"{self.what} {self.id}: {self.found} instead of {self.expected}"


def discrepancies() -> list[Discrepancy]:
    """Whatever does not add up, over all accounts; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(_DISCREPANCIES)
        return [Discrepancy(*row) for row in cursor.fetchall()]


def _standing(row: Balance | None, currency: str) -> Standing:
    if row is None:
        return Standing(Decimal(0), Decimal(0), currency)
    return Standing(row.amount, row.held, currency)


def _require(account: Account, member: Member | None, amount: Decimal) -> None:
    if member is not None:
        if member.account_id != account.pk:
            raise NotYours
        require(member, Action.MANAGE_PRICES)
    if not amount.is_finite() or not 0 < amount < LARGEST or amount != amount.quantize(STEP):
        raise Refused(Violation("amount", AMOUNT))


def _audit(action: str, account: Account, member: Member | None, entry: LedgerEntry) -> None:
    after = {"amount": entry.amount, "balance": entry.amount_after, "note": entry.note}
    audit.record(member=member, account=account, action=action, subject=account, after=after)


AMOUNT = _("An amount is above 0, below a million millions, and has at most six decimals.")
NOT_AVAILABLE = _("Only %(available)s can be taken out; the rest is held for tasks or was never there.")
