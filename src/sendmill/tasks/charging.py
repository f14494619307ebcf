"""Which parts of a task are charged, and when: at its start money is held, later parts are charged or released.

International parts are charged when the carrier accepts them, mainland ones when they are delivered, at the
prices of the task's snapshot. A task awaits reports for up to three days; what it holds meanwhile is what waits,
is being sent, is Uncertain or awaits its report, not what failed or will not be sent: each settlement releases that,
with one entry for money and one a package. What is left is released when the task is over. A message that failed,
was released, and is delivered after all is charged then, by a correction.

What is to be charged is read from the message store as it is, in the background: sending and reports write nothing
for it. Settling again changes nothing, so any worker may do it at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import structlog
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from sendmill.accounts.models import Account
from sendmill.billing import charges, money_alarms
from sendmill.billing.charges import Quote
from sendmill.billing.models import Charge
from sendmill.catalog.task_snapshot import snapshot
from sendmill.domain.pricing import part_price, parts_by_region
from sendmill.domain.status_codes import PLATFORM
from sendmill.domain.task_life import ImportState, TaskStatus
from sendmill.domain.types import ApplicationType
from sendmill.domain.violations import Refused
from sendmill.message_store.queries import charged_parts as rows
from sendmill.tasks.models import Draft, Task
from sendmill.tasks.results import LATE_DAYS

OFTEN = timedelta(minutes=1)  # a task under way is settled at most so often …
PER_MESSAGE = timedelta(microseconds=600)  # … and a large one, whose rows take time to read, less so

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CostLine:
    """The messages of one destination; `price` is that of one part, null without one."""

    region: str
    messages: int
    parts: int
    price: Decimal | None

    @property
    def cost(self) -> Decimal | None:
        """What its parts cost without packages."""
        return None if self.price is None else self.price * self.parts


def quote(account: Account, basis: Mapping[str, Any], regions: Mapping[str, Any]) -> Quote:
    """What it would cost now to send what a snapshot and the regions of a check's outcome say."""
    return charges.quote(account, basis["service_type"], _parts(regions), _prices(basis), timezone.now())


def quote_draft(draft: Draft) -> tuple[list[CostLine], Quote]:
    """What a checked draft would cost if it were confirmed now, which is what OK asks for.

    By destination, in the order of the check's outcome, and in all with packages, budgets and the balance.
    """
    basis = snapshot(draft.application, draft.signature, draft.template)
    regions, prices = (draft.outcome or {})["regions"], _prices(basis)
    lines = [
        CostLine(region, messages, parts, part_price(prices, region))
        for region, (messages, parts) in regions.items()
    ]
    return lines, quote(draft.application.account, basis, regions)


def cost_of(task: Task) -> Charge | None:
    """What is reserved and charged for a task; null before its start and for one that was canceled.

    Annotated with the parts that packages paid, `parts_used`, and those they still hold, `parts_held`.
    """
    return (
        Charge.objects.filter(pk=task.pk)
        .annotate(parts_used=Sum("uses__used"), parts_held=Sum("uses__held"))
        .first()
    )


def require_affordable(task: Task) -> None:
    """Raise Refused unless the account could pay for the task now. Nothing is held: it starts later."""
    asked = quote(task.account, task.snapshot, _regions(task))
    if asked.refusal is not None:
        raise Refused(asked.refusal)


def reserve(task: Task) -> None:
    """Hold what the task costs at most, when it starts; held once, however often this is called.

    In the transaction that starts it. Raises Refused when the money, a price or a budget does not allow it.
    """
    parts, prices = _parts(_regions(task)), _prices(task.snapshot)
    with transaction.atomic():
        charge = charges.hold(
            task.account, task.pk, task.snapshot["service_type"], parts, prices, timezone.now()
        )
        money_alarms.watch_budgets(task.account)
        money_alarms.watch_cost(task.account_id, task.pk, charge.held)


def settle(task_id: int) -> bool:
    """Charge what is to be charged of a task by now, release what never will be; when it is over, release the rest.

    Whether money moved.
    """
    with transaction.atomic():
        charge = charges.lock(task_id)
        if charge is None:
            return False
        task = Task.objects.filter(pk=task_id).first()
        now = timezone.now()
        if task is None or task.status == TaskStatus.CANCELED:
            # Canceled before anything was sent: only such tasks can be deleted, too.
            return charge.closed_at is None and charges.settle(charge, {}, now, close=True)
        seen = rows.progress(task_id)
        if task.import_state != ImportState.IMPORTED or seen.messages != task.accepted:
            return False
        mainland = task.snapshot["application_type"] == ApplicationType.MAINLAND
        uncharged = rows.uncharged(task_id, mainland=mainland, platform=PLATFORM)
        missing, lost = _by_region(uncharged), _by_region(uncharged, "lost")
        parts = {region: count - missing.get(region, 0) for region, count in charge.parts.items()}
        over = task.status == TaskStatus.COMPLETED
        if over and charge.closed_at is None:
            money_alarms.watch_cost(task.account_id, task.pk, None)
        return charges.settle(charge, parts, now, lost=lost, seen=list(seen), close=over)


def settle_due(now: datetime | None = None) -> int:
    """Settle every task that is over or has gone on for a while since it was settled; how many moved money.

    To be called every minute or so; a task whose rows have not changed is not read.
    """
    now = now or timezone.now()
    moved = 0
    for charge in rows.open_charges():
        if charge.status == TaskStatus.EXECUTING and not _is_due(charge, now):
            continue
        moved += _settle_safely(charge.task_id)
    money_alarms.watch_open_budgets(now)
    return moved


def settle_late(now: datetime | None = None) -> int:
    """Charge what reports delivered after their tasks were over; how many tasks moved money."""
    late = rows.changed_since_closed(now or timezone.now(), LATE_DAYS)
    return sum(_settle_safely(task_id) for task_id in late)


def settle_late_parts(now: datetime | None = None) -> int:
    """Charge single parts, of messages that failed, that were delivered late; how many tasks moved money.

    To be called once a day: no counter tells of these, so the failed long messages are read.
    """
    late = rows.closed_long_messages(now or timezone.now(), LATE_DAYS)
    return sum(_settle_safely(task_id) for task_id in late)


def _is_due(charge: rows.OpenCharge, now: datetime) -> bool:
    """Whether an executing task is to be settled: something changed, and all is sent or some time passed."""
    seen = rows.progress(charge.task_id)
    if charge.seen is not None and list(seen) == charge.seen:
        return False
    sent_since = seen.passed == seen.messages and (charge.seen is None or charge.seen[1] != seen.passed)
    return sent_since or now - charge.looked_at >= OFTEN + PER_MESSAGE * charge.accepted


def _settle_safely(task_id: int) -> bool:
    """One task that cannot be settled must not keep the others from it, and somebody must learn of it."""
    try:
        moved = settle(task_id)
    except Exception:
        log.exception("task cannot be settled", task=task_id)
        # A task that was deleted while its charge was open can have no alarm; the log has it.
        if Task.objects.filter(pk=task_id).exists():
            money_alarms.tell_unsettled(task_id, wrong=True)
        return False
    money_alarms.tell_unsettled(task_id, wrong=False)
    return moved


def _regions(task: Task) -> dict[str, Any]:
    """Parts by destination as the check found them; without a draft, as the messages are."""
    outcome = Draft.objects.filter(task=task).values_list("outcome", flat=True).first()
    if outcome:
        regions: dict[str, Any] = outcome["regions"]
        return regions
    return {region: [0, count] for region, count in _by_region(rows.parts(task.pk)).items()}


def _by_region(frame: pl.DataFrame, parts: str = "parts") -> dict[str, int]:
    return parts_by_region(frame["number"], frame[parts])


def _parts(regions: Mapping[str, Any]) -> dict[str, int]:
    return {region: count for region, (_, count) in regions.items()}


def _prices(basis: Mapping[str, Any]) -> dict[str, Decimal]:
    return {region: Decimal(price) for region, price in basis["prices"].items()}
