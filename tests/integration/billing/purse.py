"""An account with money, and short ways to what it holds and pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from sendmill.accounts.models import Account
from sendmill.billing import charges, ledger
from sendmill.billing.models import Charge, LedgerEntry

NOW = datetime(2030, 5, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PRICES = {"US": Decimal("0.01"), "DE": Decimal("0.07"), "*": Decimal("0.1")}

_ids = count(1)


@dataclass
class Purse:
    """One account and the tasks that it pays for."""

    account: Account

    def hold(
        self,
        parts: Mapping[str, int],
        task: int = 1,
        now: datetime = NOW,
        kind: str = "notification",
        prices: Mapping[str, Decimal] = PRICES,
    ) -> Charge:
        return charges.hold(self.account, task, kind, parts, prices, now)

    def settle(
        self,
        parts: Mapping[str, int],
        task: int = 1,
        *,
        lost: Mapping[str, int] | None = None,
        close: bool = False,
        now: datetime = NOW,
    ) -> bool:
        charge = charges.lock(task)
        assert charge is not None
        return charges.settle(charge, parts, now, lost=lost, close=close)

    @property
    def amount(self) -> Decimal:
        return ledger.standing(self.account).amount

    @property
    def held(self) -> Decimal:
        return ledger.standing(self.account).held

    def kinds(self) -> list[str]:
        return list(LedgerEntry.objects.order_by("id").values_list("kind", flat=True))


def open_purse(amount: str = "", name: str = "", **settings: str) -> Purse:
    """A new account that owns this much."""
    account = Account.objects.create(name=name or f"Purse {next(_ids)}", **settings)
    if amount:
        ledger.top_up(account, Decimal(amount))
    return Purse(account)
