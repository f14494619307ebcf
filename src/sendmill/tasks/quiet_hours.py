"""Quiet hours of a task: when its promotion may be sent, from the time zones of its destinations.

A promotion carries the hours that are open for all of its recipients next, and the sender reads them with every batch
(`batches.GOES_ON`): at 22:00 it stops by the database's clock, whether a worker is alive or not. Here they are moved on
to the next day when they are over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from sendmill.domain.quiet_hours import is_open, next_hours, zones_of
from sendmill.domain.task_life import TaskStatus
from sendmill.domain.types import ServiceType
from sendmill.tasks.models import Draft, Task

LATER = timedelta(hours=1)  # when to look again at zones that are never open together


def closed_regions(regions: Iterable[str], at: datetime) -> list[str]:
    """The regions in which it is not between 08:00 and 22:00 at a time, in any of their time zones."""
    return [region for region in regions if not is_open(at, zones_of(region))]


def hours_of(service_type: str, regions: Iterable[str], at: datetime) -> dict[str, datetime | None]:
    """The fields of a task that say when it may be sent: `opens_at` and `closes_at`, None for at any time."""
    if service_type != ServiceType.PROMOTION:
        return {"opens_at": None, "closes_at": None}
    zones = sorted({zone for region in regions for zone in zones_of(region)})
    try:
        opens, closes = next_hours(at, zones)
    except ValueError:
        opens = closes = at + LATER
    return {"opens_at": opens, "closes_at": closes}


def hours_of_task(task: Task, at: datetime) -> dict[str, datetime | None]:
    """As `hours_of`, for the recipients that the check of the task's file found."""
    service_type = task.snapshot["service_type"]
    outcome = None
    if service_type == ServiceType.PROMOTION:
        outcome = Draft.objects.filter(task=task).values_list("outcome", flat=True).first()
    return hours_of(service_type, (outcome or {}).get("regions", ()), at)


def move_on(now: datetime) -> list[int]:
    """Give the promotions whose hours are over those of the next day; return their ids."""
    over = Q(closes_at__lte=now) | Q(closes_at=None)
    running = Task.objects.filter(status=TaskStatus.EXECUTING, snapshot__service_type=ServiceType.PROMOTION)
    moved = []
    for task in running.filter(over).order_by("pk")[:200]:
        # Not when another worker was quicker, or the task was completed.
        moved += [task.pk] * running.filter(over, pk=task.pk).update(**hours_of_task(task, now))
    return moved
