"""The hourly check of the books: packages that are over expire, and the ledger has to add up."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.utils import timezone

from sendmill.billing import ledger, money_alarms, packages

log = structlog.get_logger(__name__)


def check_ledger(now: datetime | None = None) -> list[ledger.Discrepancy]:
    """Expire packages and add the ledger up; return what does not add up, which is logged and raises alarms."""
    now = now or timezone.now()
    packages.expire(now)
    found = ledger.discrepancies()
    for discrepancy in found:
        log.error("the ledger does not add up", discrepancy=str(discrepancy))
    money_alarms.watch_ledger(found, now)
    return found
