"""The hours in which recipients may be sent to, asked for the destinations of a task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sendmill.domain.windows import is_open, zones_of


def closed_regions(regions: Iterable[str], at: datetime) -> list[str]:
    """The regions in which it is not between 08:00 and 22:00 at a time, in any of their time zones."""
    return [region for region in regions if not is_open(at, zones_of(region))]
