"""What the commands about money answer with `--json`. Amounts are exact decimals as text."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from sendmill.accounts.models import Account
    from sendmill.billing.budgets import BudgetState
    from sendmill.billing.charges import Quote
    from sendmill.billing.ledger import Discrepancy, Standing
    from sendmill.billing.models import LedgerEntry, Package, Price


class PackageAnswer(TypedDict):
    """Prepaid parts: `remaining` are not used, `held` of them are reserved for tasks."""

    id: int
    name: str
    type: str
    region: str
    remaining: int
    held: int
    expires_at: datetime | None


class BudgetAnswer(TypedDict):
    """A budget: amounts are null where there is no limit; `spent` is of this day or month."""

    scope: str
    alarm: str | None
    stop: str | None
    spent: str


class BalanceAnswer(TypedDict):
    """What an account owns: owned = available + held."""

    account: str
    currency: str
    available: str
    owned: str
    held: str


class StandingAnswer(BalanceAnswer):
    """The balance with packages and budgets."""

    packages: list[PackageAnswer]
    budgets: list[BudgetAnswer]


class EntryAnswer(TypedDict):
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


class LedgerCheckAnswer(TypedDict):
    """Whether every account's ledger adds up, and what does not."""

    fine: bool
    discrepancies: list[str]


class PriceAnswer(TypedDict):
    """The price of one part from a day on; `standing` is holding, coming or replaced."""

    id: int
    type: str
    region: str
    price: str
    currency: str
    valid_from: str
    standing: str


class ChangedAnswer(TypedDict):
    """How many prices changed, or would."""

    changed: int
    dry_run: bool


class ExportedAnswer(TypedDict):
    """A price list that was written."""

    prices: int
    file: str


class CostAnswer(TypedDict):
    """What a task costs at most: prepaid parts first, then `due` from the balance, of which `left` stays."""

    parts: int
    total: str
    prepaid: int
    due: str
    available: str
    left: str
    currency: str


def plain(amount: Decimal) -> str:
    """An amount without exponent and needless zeros."""
    from sendmill.domain.pricing import plain

    return plain(amount)


def of_standing(account: Account, standing: Standing) -> BalanceAnswer:
    return {
        "account": account.name,
        "currency": standing.currency,
        "available": plain(standing.available),
        "owned": plain(standing.amount),
        "held": plain(standing.held),
    }


def of_package(row: Package) -> PackageAnswer:
    return {
        "id": row.pk,
        "name": row.name,
        "type": row.type,
        "region": row.region,
        "remaining": row.remaining,
        "held": row.held,
        "expires_at": row.expires_at,
    }


def of_budget(state: BudgetState) -> BudgetAnswer:
    return {
        "scope": state.scope,
        "alarm": None if state.alarm is None else plain(state.alarm),
        "stop": None if state.stop is None else plain(state.stop),
        "spent": plain(state.spent),
    }


def of_entry(row: LedgerEntry) -> EntryAnswer:
    return {
        "id": row.pk,
        "at": row.at,
        "kind": row.kind,
        "amount": plain(row.amount),
        "held": plain(row.held),
        "owned_after": plain(row.amount_after),
        "held_after": plain(row.held_after),
        "package": row.package.name if row.package else None,
        "parts": row.parts,
        "parts_held": row.parts_held,
        "task": row.task_id,
        "member": row.member.username if row.member else None,
        "note": row.note,
    }


def of_check(found: list[Discrepancy]) -> LedgerCheckAnswer:
    return {"fine": not found, "discrepancies": [str(one) for one in found]}


def of_price(row: Price, currency: str) -> PriceAnswer:
    return {
        "id": row.pk,
        "type": row.type,
        "region": row.region,
        "price": plain(row.price),
        "currency": currency,
        "valid_from": row.valid_from.isoformat(),
        "standing": row.standing,  # type: ignore[attr-defined]
    }


def of_quote(quote: Quote) -> CostAnswer:
    return {
        "parts": quote.parts,
        "total": plain(quote.total),
        "prepaid": quote.prepaid,
        "due": plain(quote.due),
        "available": plain(quote.available),
        "left": plain(quote.left),
        "currency": quote.currency,
    }
