"""What a carrier does now and did lately, summed up from the samples of its binds."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from sendmill.domain.carrier_warnings import Minute
from sendmill.message_store.batched_deletion import delete

LATELY = 300.0  # seconds that `lately` is about


class Lately(NamedTuple):
    """What a carrier did in some minutes, its binds together; times from submit to report in seconds."""

    submitted: int
    accepted: int
    refused: int
    unknown: int
    throttled: int
    delivered: int
    failed: int
    median: float | None
    late: float | None

    @property
    def failure_rate(self) -> float | None:
        """Refused messages and failed reports, as a share of all that became of messages."""
        known = self.refused + self.failed + self.delivered
        return (self.refused + self.failed) / known if known else None


class Point(NamedTuple):
    """A minute of a carrier: parts a second (None: no sender held it), throttled answers, failures, median seconds."""

    at: datetime
    rate: float | None
    throttled: int
    failed: int
    known: int
    median: float | None


class Now(NamedTuple):
    """The newest samples of the binds that send, together: parts a second, parts in flight, parts a second allowed."""

    rate: float
    in_flight: int
    pace: float | None
    bound: int
    binds: int


_COUNTS = """
SELECT coalesce(sum(submitted), 0), coalesce(sum(accepted), 0), coalesce(sum(refused), 0),
       coalesce(sum(unknown), 0), coalesce(sum(throttled), 0), coalesce(sum(delivered), 0),
       coalesce(sum(failed), 0)
FROM carrier_sample WHERE carrier_id = %(carrier)s AND at > now() - make_interval(secs => %(secs)s)
"""

_LATENCY = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY second), percentile_cont(0.95) WITHIN GROUP (ORDER BY second)
FROM carrier_sample, unnest(seconds) AS second
WHERE carrier_id = %(carrier)s AND at > now() - make_interval(secs => %(secs)s)
"""

_POINTS = """
SELECT m.at, s.submitted / s.seconds, coalesce(s.throttled, 0), coalesce(s.bad, 0), coalesce(s.known, 0),
       s.median
FROM generate_series(date_trunc('minute', now()) - make_interval(mins => %(minutes)s - 1),
                     date_trunc('minute', now()), interval '1 min') AS m (at)
LEFT JOIN (
    SELECT date_trunc('minute', at) AS minute, sum(submitted) AS submitted,
           greatest(sum(span) / count(DISTINCT slot), 1) AS seconds, sum(throttled) AS throttled,
           sum(refused + failed) AS bad, sum(refused + failed + delivered) AS known,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds[1]) AS median
    FROM carrier_sample
    WHERE carrier_id = %(carrier)s
      AND at >= date_trunc('minute', now()) - make_interval(mins => %(minutes)s - 1)
    GROUP BY 1) s ON s.minute = m.at
ORDER BY m.at
"""

# Whole minutes alone: of the one that runs, too little is known. A minute without a sample ends the throttling.
_THROTTLED_MINUTES = """
SELECT coalesce(s.passing, 0), coalesce(s.throttled, 0)
FROM generate_series(date_trunc('minute', now()) - interval '60 min',
                     date_trunc('minute', now()) - interval '1 min', interval '1 min') AS m (at)
LEFT JOIN (
    SELECT date_trunc('minute', at) AS minute, sum(throttled) AS throttled,
           sum(accepted) / greatest(sum(span) / count(DISTINCT slot), 1) AS passing
    FROM carrier_sample
    WHERE carrier_id = %(carrier)s AND at >= date_trunc('minute', now()) - interval '60 min'
    GROUP BY 1) s ON s.minute = m.at
ORDER BY m.at
"""

_NOW = """
SELECT coalesce(sum(submitted / span), 0), coalesce(sum(in_flight), 0),
       CASE WHEN count(*) = count(pace) THEN sum(pace) END, count(*) FILTER (WHERE bound), count(*)
FROM (SELECT DISTINCT ON (slot) * FROM carrier_sample
      WHERE carrier_id = %(carrier)s AND at > now() - interval '15 s'
        AND slot < (SELECT binds FROM carrier WHERE id = %(carrier)s)
      ORDER BY slot, at DESC) s
"""


def lately(carrier_id: int) -> Lately:
    """What a carrier did in the last five minutes."""
    parameters = {"carrier": carrier_id, "secs": LATELY}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, parameters)
        counts = [int(count) for count in cursor.fetchone()]
        cursor.execute(_LATENCY, parameters)
        return Lately(*counts, *cursor.fetchone())


def points(carrier_id: int, minutes: int) -> list[Point]:
    """The last `minutes` minutes of a carrier, the oldest first; also those in which nothing happened."""
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, {"carrier": carrier_id, "minutes": minutes})
        return [
            Point(at, rate, int(throttled), int(failed), int(known), median)
            for at, rate, throttled, failed, known, median in cursor.fetchall()
        ]


def throttled_minutes(carrier_id: int) -> list[Minute]:
    """The whole minutes of the last hour of a carrier, the oldest first: messages taken a second, and throttling."""
    with connection.cursor() as cursor:
        cursor.execute(_THROTTLED_MINUTES, {"carrier": carrier_id})
        return [Minute(float(passing), int(throttled)) for passing, throttled in cursor.fetchall()]


def now(carrier_id: int) -> Now:
    """How a carrier is, by the newest sample of each bind; zeros when no sender holds it."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW, {"carrier": carrier_id})
        rate, in_flight, pace, bound, binds = cursor.fetchone()
    return Now(float(rate), int(in_flight), pace, int(bound), int(binds))


def forget(days: int = 2) -> int:
    """Delete samples older than `days` days; return how many."""
    return delete("carrier_sample", "at < now() - make_interval(days => %(days)s)", days=days)
