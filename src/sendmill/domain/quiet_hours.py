"""The hours in which promotions may be sent: 08:00–22:00 in the recipient's time zone.

`tasks.quiet_hours` writes them into a task; a sender stops by them before each batch (`batches.GOES_ON`). A
number's region gives one time zone or several. As the number does not say in which of them its owner is, the hours
are open when they are open in every one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import polars as pl
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
from phonenumbers.tzdata import TIMEZONE_DATA

from sendmill.domain.phone_numbers import NumberRules, check_column, region_column
from sendmill.domain.types import ApplicationType

OPENS, CLOSES = time(8), time(22)
_LOOK_AHEAD = timedelta(days=3)
_UNKNOWN = "UTC"

_FILLINGS = ("23456789", "55501234", "00012345")


def is_open(now: datetime, zones: str | Iterable[str]) -> bool:
    """Tell whether it is 08:00 or later and before 22:00 in every one of the zones (IANA names)."""
    return all(OPENS <= now.astimezone(ZoneInfo(zone)).time() < CLOSES for zone in _listed(zones))


def next_open(now: datetime, zones: str | Iterable[str]) -> datetime:
    """Return the first moment from `now` on at which the hours are open, in UTC.

    ValueError when the zones lie so far apart that they are never open together.
    """
    names = _listed(zones)
    moment = now.astimezone(UTC)
    while moment - now < _LOOK_AHEAD:
        closed = [zone for zone in names if not is_open(moment, zone)]
        if not closed:
            return moment
        moment = max(_next_opening(moment, zone) for zone in closed)
    raise ValueError(f"no common hours in {', '.join(names)}")


def next_hours(now: datetime, zones: str | Iterable[str]) -> tuple[datetime, datetime]:
    """Return the hours that are open now or open next, as (from, until) in UTC; `until` is not in them.

    ValueError when the zones lie so far apart that they are never open together.
    """
    names = _listed(zones)
    opens = next_open(now, names)
    return opens, min(_closing(opens, zone) for zone in names)


def _closing(moment: datetime, zone: str) -> datetime:
    local = moment.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), CLOSES, ZoneInfo(zone)).astimezone(UTC)


def from_local(naive: datetime, zone: str) -> datetime | None:
    """Return the moment that a clock on the wall of a zone shows as `naive`, in UTC.

    None when it never shows that: the clocks are set forward over it. Of two moments, when the clocks are
    set back, the first is meant.
    """
    moment = naive.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    return moment if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == naive else None


def _next_opening(now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, OPENS, ZoneInfo(zone)).astimezone(UTC)


def _listed(zones: str | Iterable[str]) -> tuple[str, ...]:
    return (zones,) if isinstance(zones, str) else tuple(zones)


def zones_of(region: str) -> tuple[str, ...]:
    """Return the time zones (IANA names) of a region ("US"); UTC for one that has none ("001")."""
    return _zones().get(region, (_UNKNOWN,))


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Return the zones of every region; where regions share a calling code, prefixes tell them apart."""
    whole = {
        region: TIMEZONE_DATA[str(code)]
        for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()
        if str(code) in TIMEZONE_DATA
        for region in regions
    }
    return whole | {region: tuple(sorted(names)) for region, names in _zones_by_prefix().items()}


def _zones_by_prefix() -> dict[str, set[str]]:
    """Return the zones of the regions that share a calling code, as far as a prefix has one zone only.

    Prefixes do not say whose they are: they are filled up to numbers, and the numbers' regions count.
    """
    codes = tuple(str(code) for code, regions in COUNTRY_CODE_TO_REGION_CODE.items() if len(regions) > 1)
    samples = [
        (prefix + filling[:missing], zones[0])
        for prefix, zones in TIMEZONE_DATA.items()
        if prefix.startswith(codes) and prefix not in codes and len(zones) == 1
        for filling in _FILLINGS
        for missing in range(4, 9)
    ]
    numbers = pl.DataFrame(samples, schema=["text", "zone"], orient="row")
    checked = check_column("+" + numbers["text"], NumberRules.of(ApplicationType.INTERNATIONAL))
    numbers = numbers.with_columns(region=region_column(checked["number"])).filter(~checked["unusual"])
    zones: dict[str, set[str]] = {}
    for _, zone, region in numbers.drop_nulls().iter_rows():
        zones.setdefault(region, set()).add(zone)
    return zones
