"""What submit dates tell: which of two messages a report is about, whatever the carrier's time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sendmill.carriers.submit_dates import IN_VAIN, OBSERVED, SubmitClock

NOON = datetime(2026, 11, 29, 12, 0, 20, tzinfo=UTC).timestamp()


def written(at: float, hours: float = 0, seconds: bool = False) -> str:
    date = datetime.fromtimestamp(at, timezone(timedelta(hours=hours)))
    return date.strftime("%y%m%d%H%M%S" if seconds else "%y%m%d%H%M")


def taught(hours: float, off: float = 0.0, seconds: bool = False) -> SubmitClock:
    clock = SubmitClock()
    for at in range(OBSERVED):
        clock.teach(written(NOON + at + off, hours, seconds), NOON + at)
    return clock


@pytest.mark.parametrize("seconds", [True, False])
def test_dates_are_taken_for_utc_until_more_is_known(seconds: bool) -> None:
    clock = SubmitClock()
    assert clock.fits(written(NOON, 0, seconds), NOON + 30)
    assert clock.fits(written(NOON, 8, seconds), NOON) is False
    assert clock.fits(written(NOON - 7200, 0, seconds), NOON) is False


@pytest.mark.parametrize("hours", [8, -5, 5.75, 0])
@pytest.mark.parametrize("off", [0.0, 400.0])
def test_the_zone_and_the_error_of_a_clock_are_learnt(hours: float, off: float) -> None:
    clock = taught(hours, off)
    assert clock.known
    assert clock.fits(written(NOON + 86400 + off, hours), NOON + 86400)
    for other in (3600, -3600, 8 * 3600, 600):
        assert clock.fits(written(NOON + off + other, hours), NOON) is False


@pytest.mark.parametrize("date", ["", "0000000000", "yesterday", "9999999999", "26112912"])
def test_no_date_tells_nothing(date: str) -> None:
    clock = SubmitClock()
    clock.teach(date, NOON)
    assert clock.fits(date, NOON) is None
    assert clock.distance(date, NOON) is None


def test_dates_that_never_agree_tell_nothing_until_some_do() -> None:
    clock = SubmitClock()
    for at in range(IN_VAIN + 1):
        clock.teach(written(NOON + at * 977), NOON)
    assert clock.fits(written(NOON), NOON) is None
    for _ in range(OBSERVED):
        clock.teach(written(NOON, 2), NOON)
    assert clock.fits(written(NOON, 2), NOON)
    assert clock.fits(written(NOON), NOON) is False


def test_a_zone_that_changes_is_learnt_again() -> None:
    clock = taught(1)
    for _ in range(OBSERVED):
        clock.teach(written(NOON, 2), NOON)
    assert clock.fits(written(NOON, 2), NOON)
    assert clock.fits(written(NOON, 1), NOON) is False
