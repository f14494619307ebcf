"""Packages, budgets, prices and charges of the account of `scenes`, as weeks of use would have left them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from sendmill.accounts.models import Role
from sendmill.billing import budgets, charges, ledger, packages, price_list

if TYPE_CHECKING:
    from tests.rig.scenes import Scene


def fill(scene: Scene) -> None:
    """A package in use, one that expires, budgets near their alarms, a coming price, and tasks that were paid."""
    account, admin, now = scene.account, scene.members[Role.ADMIN], timezone.now()
    ledger.top_up(account, Decimal("1250.50"), member=admin, note="Invoice 2031-0042")
    ledger.withdraw(account, Decimal("80"), member=admin, note="Correction of invoice 2031-0039")
    packages.grant(
        account, 500, name="Welcome", region="CN", member=admin, expires_at=now + timedelta(days=20)
    )
    packages.grant(account, 20_000, name="Notifications 2031", type="notification", region="GB", member=admin)
    budgets.set_budget(account, "task", alarm=None, stop=Decimal(500), member=admin)
    budgets.set_budget(account, "day", alarm=Decimal(150), stop=Decimal(250), member=admin)
    tomorrow = price_list.today(account) + timedelta(days=1)
    price_list.set_price(
        admin, service_type="notification", region="US", price=Decimal("0.0085"), valid_from=tomorrow
    )
    with transaction.atomic():
        prices = {"US": Decimal("0.0079"), "CN": Decimal("0.04")}
        for name, region in (("completed", "CN"), ("executing", "US")):
            task = scene.tasks[name]
            charge = charges.hold(account, task.pk, "notification", {region: task.parts}, prices, now)
            done = task.parts - 89 if name == "completed" else task.parts // 2
            charges.settle(charge, {region: done}, now, close=name == "completed")
