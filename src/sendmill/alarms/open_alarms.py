"""Raises and clears alarms: an alarm is raised once, and cleared when the problem is over.

Administrators see them on every page of the console.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from sendmill.accounts.models import Account
from sendmill.alarms.models import Alarm


@dataclass(frozen=True)
class Found:
    """A problem that was found: a translation key, and the parameters that fill its placeholders."""

    message: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def alarms_of(account: Account) -> QuerySet[Alarm]:
    """Return the open alarms of an account, the latest first."""
    return Alarm.objects.filter(account=account, cleared_at=None).select_related("task").order_by("-pk")


def keep(
    account_id: int,
    found: Mapping[str, Found],
    among: Collection[str],
    now: datetime,
    task_id: int | None = None,
) -> list[Alarm]:
    """Raise an alarm for each problem `found`, by code, unless it is open; return the open ones.

    Open alarms whose code is `among` the given ones and was not found are cleared.
    """
    open_ones = Alarm.objects.filter(account_id=account_id, task=task_id, code__in=among, cleared_at=None)
    open_ones.exclude(code__in=found).update(cleared_at=now)
    standing = []
    for code, one in found.items():
        parameters = dict(one.parameters)
        alarm, fresh = Alarm.objects.get_or_create(  # type: ignore[misc]
            account_id=account_id,
            task_id=task_id,
            code=code,
            cleared_at=None,
            defaults={
                "message": one.message,
                "parameters": parameters,
                "raised_at": now,
                "seen_at": now,
            },
        )
        if not fresh:
            Alarm.objects.filter(pk=alarm.pk).update(seen_at=now, message=one.message, parameters=parameters)
        standing.append(alarm)
    return standing
