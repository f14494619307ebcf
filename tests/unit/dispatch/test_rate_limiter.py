"""Pace: parts per second, windows of half a second, slowing down and speeding up."""

import asyncio

import pytest

from sendmill.dispatch.rate_limiter import FIRST_WINDOW, LARGEST_WINDOW, Pace, Stride


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return clock


async def send(pace: Pace, clock: Clock, seconds: float) -> int:
    """Parts sent in so many seconds when windows follow each other without a pause."""
    end, parts = clock.now + seconds, 0
    while clock.now < end:
        window = pace.window
        await pace.take(window)
        parts += window
    return parts


async def test_keeps_to_the_rate_of_the_carrier(clock: Clock) -> None:
    pace = Pace(100, now=clock)
    assert await send(pace, clock, 20) == pytest.approx(2000, rel=0.05)


async def test_without_a_rate_nothing_waits(clock: Clock) -> None:
    pace = Pace(0, now=clock)
    began = clock.now
    for _ in range(100):
        await pace.take(LARGEST_WINDOW)
    assert clock.now == began
    assert pace.limit is None


@pytest.mark.parametrize(("rate", "window"), [(0, 500), (5000, 500), (1000, 500), (100, 50), (10, 5), (1, 1)])
def test_a_window_is_at_most_half_a_second(rate: int, window: int) -> None:
    assert Pace(rate).window == window


async def test_throttling_slows_the_bind_and_it_recovers(clock: Clock) -> None:
    pace = Pace(100, now=clock)
    await pace.take(10)
    pace.slow_down()
    assert pace.limit == pytest.approx(70)
    for _ in range(60):
        clock.now += 1
        await pace.take(1)
    assert pace.limit == 100


async def test_one_throttled_window_slows_once(clock: Clock) -> None:
    pace = Pace(100, now=clock)
    for _ in range(50):
        pace.slow_down()
    assert pace.limit == pytest.approx(70)
    clock.now += 1
    pace.slow_down()
    assert pace.limit == pytest.approx(49)


async def test_a_carrier_without_a_rate_gets_one_when_it_throttles(clock: Clock) -> None:
    pace = Pace(0, now=clock)
    for _ in range(4):
        await pace.take(500)
        clock.now += 0.5
    pace.slow_down()
    assert pace.limit is not None
    assert 1 <= pace.limit < 1000


async def test_never_slower_than_one_a_second(clock: Clock) -> None:
    pace = Pace(2, now=clock)
    for _ in range(20):
        clock.now += 1
        pace.slow_down()
    assert pace.limit == 1
    assert pace.window == 1


async def test_a_night_without_work_leaves_no_limit_and_no_overflow(clock: Clock) -> None:
    pace = Pace(0, now=clock)
    await pace.take(500)
    pace.slow_down()
    clock.now += 8 * 3600
    await pace.take(500)
    assert pace.limit is None


@pytest.mark.parametrize(("rate", "window"), [(0, 125), (5000, 125), (100, 12), (10, 1)])
def test_lanes_share_the_window(rate: int, window: int) -> None:
    assert Pace(rate, lanes=4).window == window


def test_a_window_grows_and_shrinks_with_the_speed_of_the_answers() -> None:
    stride = Stride()
    assert stride.most == FIRST_WINDOW
    stride.measure(50, 0.005)
    assert stride.most == LARGEST_WINDOW
    stride.measure(100, 2.0)
    assert stride.most == 25
    stride.measure(1, 30.0)
    assert stride.most == 1
    stride.measure(1, 0.0)
    assert stride.most == LARGEST_WINDOW


async def test_throttled_at_once_the_speed_is_what_was_sent_in_that_time(clock: Clock) -> None:
    pace = Pace(0, now=clock)
    await pace.take(200)
    clock.now += 0.1
    pace.slow_down()
    assert pace.limit == pytest.approx(0.7 * 800)


async def test_no_second_has_more_than_the_rate(clock: Clock) -> None:
    pace = Pace(10, lanes=2, now=clock)
    clock.now += 60  # a pause is not made up for
    began, sent = clock.now, []
    while clock.now < began + 3:
        await pace.take(pace.window)
        sent += [clock.now] * pace.window
    assert max(sum(1 for other in sent if at <= other < at + 1) for at in sent) <= 11
