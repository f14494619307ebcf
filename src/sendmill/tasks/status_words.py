"""The words that a task's carriers have for their command statuses."""

from __future__ import annotations

from django.db import connection

from sendmill.catalog.models import Carrier
from sendmill.tasks.models import Task


def status_words(task: Task) -> dict[int, str]:
    """Return the words of the status maps of a task's carriers, by status; where two differ, those of both."""
    if not task.routed:
        return task.carrier.status_words if task.carrier is not None else {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT carrier_id FROM chunk WHERE task_id = %s", [task.pk])
        keys = [key for (key,) in cursor.fetchall() if key is not None]
    found: dict[int, str] = {}
    for carrier in Carrier.objects.filter(pk__in=keys).exclude(status_map="").order_by("pk"):
        for status, words in carrier.status_words.items():
            had = found.get(status, words)
            found[status] = words if had == words else f"{had} / {words}"
    return found
