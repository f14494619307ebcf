"""The hours of sending, in the time of the recipient."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from sendmill.domain.names import check_name
from sendmill.domain.quiet_hours import (
    from_local,
    is_open,
    next_hours,
    next_open,
    zones_of,
)

SHANGHAI = "Asia/Shanghai"


def at(zone: str, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2030, 1, 31, hour, minute, second, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("hour", "minute", "second", "expected"),
    [(7, 59, 59, False), (8, 0, 0, True), (21, 59, 59, True), (22, 0, 0, False), (0, 0, 0, False)],
)
def test_the_hours_to_the_second(hour: int, minute: int, second: int, expected: bool) -> None:
    assert is_open(at(SHANGHAI, hour, minute, second), SHANGHAI) is expected
    assert is_open(at(SHANGHAI, hour, minute, second).astimezone(UTC), [SHANGHAI]) is expected


def test_the_next_opening() -> None:
    assert next_open(at(SHANGHAI, 7), SHANGHAI) == at(SHANGHAI, 8)
    assert next_open(at(SHANGHAI, 8), SHANGHAI) == at(SHANGHAI, 8)
    assert next_open(at(SHANGHAI, 22), SHANGHAI) == at(SHANGHAI, 8) + timedelta(days=1)


def test_several_zones_are_open_together_only() -> None:
    zones = ("America/New_York", "America/Los_Angeles")
    assert not is_open(at("America/New_York", 9), zones)
    assert next_open(at("America/New_York", 9), zones) == at("America/Los_Angeles", 8)
    assert next_open(at("America/Los_Angeles", 20), zones) == at("America/Los_Angeles", 8) + timedelta(days=1)


def test_zones_that_are_never_open_together() -> None:
    apart = ("Etc/GMT-8", "Etc/GMT", "Etc/GMT+8")
    with pytest.raises(ValueError, match="no common hours in Etc/GMT-8, Etc/GMT, Etc/GMT"):
        next_open(at("UTC", 9), apart)


def test_opening_across_a_change_of_clocks() -> None:
    # In Berlin clocks go forward on the last Sunday of March: 08:00 is 06:00 UTC after it, 07:00 before.
    before = datetime(2030, 3, 30, 22, tzinfo=UTC)
    assert next_open(before, "Europe/Berlin") == datetime(2030, 3, 31, 6, tzinfo=UTC)


def test_zones_of_regions() -> None:
    assert zones_of("CN") == (SHANGHAI,)
    assert zones_of("GA") == ("Africa/Libreville",)
    assert zones_of("JM") == ("America/Jamaica",)
    assert {"America/New_York", "America/Los_Angeles", "Pacific/Honolulu"} <= set(zones_of("US"))
    assert "America/Toronto" in zones_of("CA")
    assert "America/Toronto" not in zones_of("US")
    assert zones_of("001") == ("UTC",)
    assert zones_of("??") == ("UTC",)


@pytest.mark.parametrize("month", [1, 7])
def test_every_region_opens_within_a_day_and_a_half(month: int) -> None:
    now = datetime(2030, month, 5, 3, tzinfo=UTC)
    for regions in COUNTRY_CODE_TO_REGION_CODE.values():
        for region in regions:
            opening = next_open(now, zones_of(region))
            assert is_open(opening, zones_of(region))
            assert opening - now <= timedelta(hours=36)


@given(
    st.integers(0, 10**8).map(lambda seconds: datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.sampled_from(["US", "RU", "CN", "IN", "AU", "BR", "GB"]),
)
def test_the_next_opening_is_open_and_no_earlier(now: datetime, region: str) -> None:
    zones = zones_of(region)
    opening = next_open(now, zones)
    assert opening >= now
    assert is_open(opening, zones)
    assert (opening == now) == is_open(now, zones)
    if opening > now:
        assert not is_open(opening - timedelta(seconds=1), zones)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("International SMS_Service Notification_01", None),
        ("n" * 64, None),
        ("中" * 64, None),
        ("n" * 65, "name_too_long"),
        ("", "name_required"),
        ("  ", "name_required"),
    ],
)
def test_names(name: str, code: str | None) -> None:
    broken = check_name(name)
    assert (broken.code if broken else None) == code


def test_the_next_hours_end_where_the_first_zone_closes() -> None:
    zones = ("America/New_York", "America/Los_Angeles")
    opens, closes = next_hours(at("America/New_York", 9), zones)
    assert (opens, closes) == (at("America/Los_Angeles", 8), at("America/New_York", 22))
    assert next_hours(at("America/New_York", 12), zones) == (at("America/New_York", 12), closes)
    assert next_hours(closes, zones) == (opens + timedelta(days=1), closes + timedelta(days=1))


def test_the_day_on_which_clocks_change_closes_at_22_all_the_same() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    opens, closes = next_hours(datetime(2030, 3, 31, 5, 59, tzinfo=UTC), "Europe/Berlin")
    assert (opens, closes) == (
        datetime(2030, 3, 31, 8, tzinfo=berlin),
        datetime(2030, 3, 31, 22, tzinfo=berlin),
    )


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        ("2030-03-31T01:59", datetime(2030, 3, 31, 0, 59, tzinfo=UTC)),
        ("2030-03-31T02:00", None),
        ("2030-03-31T02:59", None),
        ("2030-03-31T03:00", datetime(2030, 3, 31, 1, 0, tzinfo=UTC)),
        ("2030-10-27T02:30", datetime(2030, 10, 27, 0, 30, tzinfo=UTC)),
        ("2030-07-01T12:00", datetime(2030, 7, 1, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_local_time_with_its_gaps_and_repeats(local: str, moment: datetime | None) -> None:
    assert from_local(datetime.fromisoformat(local), "Europe/Berlin") == moment
