"""Alarms in every account about settings of the database server that endanger the promise; checked each minute."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone

from sendmill.accounts.models import Account
from sendmill.alarms import open_alarms
from sendmill.alarms.models import Alarm
from sendmill.postgres.server_settings import RULES, Shortcoming, find_shortcomings, read_server


def alarm_code(shortcoming: str) -> str:
    """Return the code of the alarm about a shortcoming of the server."""
    return f"server_{shortcoming}"


SERVER_CODES = frozenset(map(alarm_code, RULES))


def watch_server(now: datetime | None = None) -> list[Shortcoming]:
    """Raise an alarm in each account for each shortcoming of the server, and clear the others.

    Returns the shortcomings.
    """
    with connection.cursor() as cursor:
        found = find_shortcomings(read_server(cursor))
    wrong = {alarm_code(one.code): open_alarms.Found(one.message, one.parameters) for one in found}
    standing = Alarm.objects.filter(code__in=SERVER_CODES, cleared_at=None).exists()
    if wrong or standing:
        for account_id in Account.objects.order_by("pk").values_list("pk", flat=True):
            open_alarms.keep(account_id, wrong, SERVER_CODES, now or timezone.now())
    return found
