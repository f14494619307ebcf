"""Whether a carrier's reports find their messages, and whether they come at all: counts of the last hours."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from sendmill.message_store.queries.orphans import SETTLED_DOWN

WHOLE_WINDOW, LONG_AGO = 90, 30  # minutes: what is looked at, and how long ago a report is awaited


class ReportCounts(NamedTuple):
    """Counts of one carrier.

    `unmatched` reports of the last hour that matched nothing and are not merely early; `accepted` messages of the
    hour that ended half an hour ago; `reports` since that hour began; `usual` reports of the two days before.
    """

    unmatched: int
    accepted: int
    reports: int
    usual: int


_COUNTS = f"""
SELECT (SELECT count(*) FROM orphan
        WHERE carrier_id = %(carrier)s AND kind = 'report' AND matched_at IS NULL
          AND received_at > now() - interval '1 hour' AND {SETTLED_DOWN}),
       coalesce(sum(accepted) FILTER (WHERE recent AND at < now() - make_interval(mins => %(ago)s)), 0),
       coalesce(sum(delivered + failed) FILTER (WHERE recent), 0),
       coalesce(sum(delivered + failed) FILTER (WHERE NOT recent), 0)
FROM (SELECT *, at > now() - make_interval(mins => %(window)s) AS recent
      FROM carrier_sample WHERE carrier_id = %(carrier)s) s
"""


def report_counts(carrier_id: int) -> ReportCounts:
    """The counts of a carrier as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"carrier": carrier_id, "window": WHOLE_WINDOW, "ago": LONG_AGO})
        return ReportCounts(*map(int, cursor.fetchone()))
