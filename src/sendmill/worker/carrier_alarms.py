"""Alarms about binds that are lost again and again, each with the setting that mends it; checked each minute."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sendmill.alarms import open_alarms
from sendmill.alarms.models import Alarm
from sendmill.catalog.carrier_warnings import warning_of_lost_binds
from sendmill.catalog.models import Carrier
from sendmill.tasks.database_clock import database_now

LOST = "bind_lost_"  # and the id of the carrier: each has an alarm of its own


def lost_code(carrier_id: int) -> str:
    """Return the code of the alarm about a carrier whose binds are lost often."""
    return f"{LOST}{carrier_id}"


def carrier_of(code: str) -> int | None:
    """Return the id of the carrier that an alarm is about; None when it is about something else."""
    number = code.removeprefix(LOST)
    return int(number) if number != code and number.isdigit() else None


def watch(now: datetime | None = None) -> None:
    """Raise an alarm in its account for each carrier whose binds are lost often, and clear the others."""
    now = now or database_now()
    found: defaultdict[int, dict[str, open_alarms.Found]] = defaultdict(dict)
    for carrier in Carrier.objects.filter(enabled=True).order_by("pk"):
        warning = warning_of_lost_binds(carrier)
        if warning is not None:
            found[carrier.account_id][lost_code(carrier.pk)] = open_alarms.Found(
                warning.message, {**warning.parameters, "carrier": carrier.name}
            )
    standing: defaultdict[int, set[str]] = defaultdict(set)
    for account_id, code in Alarm.objects.filter(code__startswith=LOST, cleared_at=None).values_list(
        "account_id", "code"
    ):
        standing[account_id].add(code)
    for account_id in sorted({*found, *standing}):
        open_alarms.keep(account_id, found[account_id], standing[account_id], now)
