"""Alarms about carriers whose reports match nothing or have stopped coming; looked at each minute."""

from __future__ import annotations

from datetime import datetime

from sendmill.accounts.models import Account
from sendmill.alarms import open_alarms
from sendmill.catalog.models import Carrier
from sendmill.catalog.report_health import ALARMING, find_report_trouble
from sendmill.tasks.database_clock import database_now


def watch_reports(now: datetime | None = None) -> None:
    """Raise an alarm of the account for each kind of trouble with reports of one of its carriers; clear the others.

    Of several carriers with the same trouble the first one is named.
    """
    now = now or database_now()
    wrong: dict[int, dict[str, open_alarms.Found]] = {}
    for carrier in Carrier.objects.filter(enabled=True).order_by("pk"):
        for finding in find_report_trouble(carrier):
            if finding.code in ALARMING:
                found = open_alarms.Found(finding.message, finding.parameters)
                wrong.setdefault(carrier.account_id, {}).setdefault(finding.code, found)
    for account_id in Account.objects.order_by("pk").values_list("pk", flat=True):
        open_alarms.keep(account_id, wrong.get(account_id, {}), ALARMING, now)
