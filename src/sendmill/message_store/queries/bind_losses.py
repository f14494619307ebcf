"""The losses of a carrier's binds in the last hour."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection

from sendmill.domain.carrier_warnings import LostBind
from sendmill.message_store.batched_deletion import delete

_LATELY = """
SELECT slot, cause, quiet FROM bind_loss
WHERE carrier_id = %s AND at > now() - interval '1 hour' ORDER BY at
"""


def lost_lately(carrier_id: int) -> list[list[LostBind]]:
    """Return the losses of the last hour of each bind that was lost, the oldest first."""
    found: defaultdict[int, list[LostBind]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LATELY, [carrier_id])
        for slot, cause, quiet in cursor.fetchall():
            found[slot].append(LostBind(cause, quiet))
    return list(found.values())


def forget(days: int = 2) -> int:
    """Delete losses older than `days` days; return how many."""
    return delete("bind_loss", "at < now() - make_interval(days => %(days)s)", days=days)
