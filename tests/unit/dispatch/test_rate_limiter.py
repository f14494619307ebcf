"""Pace: parts per second, windows of half a second, slowing down and speeding up."""

import asyncio

import pytest

from sendmill.dispatch.rate_limiter import LARGEST_BATCH, RateLimiter


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


async def send(rate_limiter: RateLimiter, clock: Clock, seconds: float) -> int:
    """Parts sent in so many seconds when windows follow each other without a pause."""
    end, parts = clock.now + seconds, 0
    while clock.now < end:
        size = rate_limiter.batch_size
        clock.now += rate_limiter.take(size)
        parts += size
    return parts


async def test_keeps_to_the_rate_of_the_carrier(clock: Clock) -> None:
    rate_limiter = RateLimiter(100, now=clock)
    assert await send(rate_limiter, clock, 20) == pytest.approx(2000, rel=0.05)


async def test_without_a_rate_nothing_waits(clock: Clock) -> None:
    rate_limiter = RateLimiter(0, now=clock)
    began = clock.now
    for _ in range(100):
        clock.now += rate_limiter.take(LARGEST_BATCH)
    assert clock.now == began
    assert rate_limiter.limit is None


@pytest.mark.parametrize(("rate", "size"), [(0, 500), (5000, 500), (1000, 500), (100, 50), (10, 5), (1, 1)])
def test_a_batch_is_at_most_half_a_second(rate: int, size: int) -> None:
    assert RateLimiter(rate).batch_size == size


async def test_throttling_slows_the_bind_and_it_recovers(clock: Clock) -> None:
    rate_limiter = RateLimiter(100, now=clock)
    clock.now += rate_limiter.take(10)
    rate_limiter.slow_down()
    assert rate_limiter.limit == pytest.approx(70)
    for _ in range(60):
        clock.now += 1
        clock.now += rate_limiter.take(1)
    assert rate_limiter.limit == 100


async def test_one_throttled_window_slows_once(clock: Clock) -> None:
    rate_limiter = RateLimiter(100, now=clock)
    for _ in range(50):
        rate_limiter.slow_down()
    assert rate_limiter.limit == pytest.approx(70)
    clock.now += 1
    rate_limiter.slow_down()
    assert rate_limiter.limit == pytest.approx(49)


async def test_a_carrier_without_a_rate_gets_one_when_it_throttles(clock: Clock) -> None:
    rate_limiter = RateLimiter(0, now=clock)
    for _ in range(4):
        clock.now += rate_limiter.take(500)
        clock.now += 0.5
    rate_limiter.slow_down()
    assert rate_limiter.limit is not None
    assert 1 <= rate_limiter.limit < 1000


async def test_never_slower_than_one_a_second(clock: Clock) -> None:
    rate_limiter = RateLimiter(2, now=clock)
    for _ in range(20):
        clock.now += 1
        rate_limiter.slow_down()
    assert rate_limiter.limit == 1
    assert rate_limiter.batch_size == 1


async def test_a_night_without_work_leaves_no_limit_and_no_overflow(clock: Clock) -> None:
    rate_limiter = RateLimiter(0, now=clock)
    clock.now += rate_limiter.take(500)
    rate_limiter.slow_down()
    clock.now += 8 * 3600
    clock.now += rate_limiter.take(500)
    assert rate_limiter.limit is None


@pytest.mark.parametrize(("rate", "size"), [(0, 125), (5000, 125), (100, 12), (10, 1)])
def test_lanes_share_the_largest_batch(rate: int, size: int) -> None:
    assert RateLimiter(rate, lanes=4).batch_size == size


async def test_throttled_at_once_the_speed_is_what_was_sent_in_that_time(clock: Clock) -> None:
    rate_limiter = RateLimiter(0, now=clock)
    clock.now += rate_limiter.take(200)
    clock.now += 0.1
    rate_limiter.slow_down()
    assert rate_limiter.limit == pytest.approx(0.7 * 800)


async def test_no_second_has_more_than_the_rate(clock: Clock) -> None:
    rate_limiter = RateLimiter(10, lanes=2, now=clock)
    clock.now += 60  # a pause is not made up for
    began, sent = clock.now, []
    while clock.now < began + 3:
        clock.now += rate_limiter.take(rate_limiter.batch_size)
        sent += [clock.now] * rate_limiter.batch_size
    assert max(sum(1 for other in sent if at <= other < at + 1) for at in sent) <= 11
