"""Schemas of what an account owns: balance, packages, budgets, ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

from sendmill.domain.amounts import plain

if TYPE_CHECKING:
    from sendmill.accounts.models import Account
    from sendmill.billing.budgets import BudgetState
    from sendmill.billing.ledger import Discrepancy, Standing
    from sendmill.billing.models import LedgerEntry, Package


class PackageSchema(BaseModel):
    """Prepaid parts: `remaining` are not used, `held` of them are reserved for tasks."""

    id: int
    name: str
    type: str
    region: str
    remaining: int
    held: int
    expires_at: datetime | None

    @classmethod
    def of(cls, row: Package) -> Self:
        """Return the schema of a package."""
        return cls(
            id=row.pk,
            name=row.name,
            type=row.type,
            region=row.region,
            remaining=row.remaining,
            held=row.held,
            expires_at=row.expires_at,
        )


class BudgetSchema(BaseModel):
    """A budget: amounts are null where there is no limit; `spent` is of this day or month."""

    scope: str
    alarm: str | None
    stop: str | None
    spent: str

    @classmethod
    def of(cls, state: BudgetState) -> Self:
        """Return the schema of a budget and what of it is spent."""
        return cls(
            scope=state.scope,
            alarm=None if state.alarm is None else plain(state.alarm),
            stop=None if state.stop is None else plain(state.stop),
            spent=plain(state.spent),
        )


class BalanceSchema(BaseModel):
    """What an account owns: owned = available + held."""

    account: str
    currency: str
    available: str
    owned: str
    held: str

    @classmethod
    def of(cls, account: Account, standing: Standing) -> Self:
        """Return the schema of an account's balance."""
        return cls(
            account=account.name,
            currency=standing.currency,
            available=plain(standing.available),
            owned=plain(standing.amount),
            held=plain(standing.held),
        )


class StandingSchema(BalanceSchema):
    """The balance with packages and budgets."""

    packages: list[PackageSchema]
    budgets: list[BudgetSchema]

    @classmethod
    def with_all(
        cls, balance: BalanceSchema, packages: Iterable[Package], budgets: Iterable[BudgetState]
    ) -> Self:
        """Return the balance with the schemas of these packages and budgets."""
        return cls(
            **dict(balance),
            packages=[PackageSchema.of(row) for row in packages],
            budgets=[BudgetSchema.of(state) for state in budgets],
        )


class LedgerEntrySchema(BaseModel):
    """A movement of the ledger, with the balance after it."""

    id: int
    at: datetime
    kind: str
    amount: str
    held: str
    owned_after: str
    held_after: str
    package: str | None
    parts: int
    parts_held: int
    task: int | None
    member: str | None
    note: str

    @classmethod
    def of(cls, row: LedgerEntry) -> Self:
        """Return the schema of a ledger entry."""
        return cls(
            id=row.pk,
            at=row.at,
            kind=row.kind,
            amount=plain(row.amount),
            held=plain(row.held),
            owned_after=plain(row.amount_after),
            held_after=plain(row.held_after),
            package=row.package.name if row.package else None,
            parts=row.parts,
            parts_held=row.parts_held,
            task=row.task_id,
            member=row.member.username if row.member else None,
            note=row.note,
        )


class LedgerCheckSchema(BaseModel):
    """Whether every account's ledger adds up, and what does not."""

    fine: bool
    discrepancies: list[str]

    @classmethod
    def of(cls, found: list[Discrepancy]) -> Self:
        """Return the schema of what `billing.ledger.discrepancies` found."""
        return cls(fine=not found, discrepancies=[str(one) for one in found])
