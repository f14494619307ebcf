"""The window of a session against carriers that are modelled: what they take, and how long they answer."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable

import pytest

from sendmill.carriers.smpp.window import FIRST, Window

MOST = 500


class Carrier:
    """A carrier that a session keeps busy: `answer_time` of each part, at most `rate` a second, `window` at a time."""

    def __init__(
        self,
        answer_time: Callable[[], float],
        *,
        rate: float = float("inf"),
        window: int = 10**9,
        refuses: Callable[[], bool] = lambda: False,
    ) -> None:
        self.now = 0.0
        self.window = Window(MOST, now=lambda: self.now)
        self.answered = self.refused = 0
        self._answer_time, self._rate, self._taken = answer_time, rate, window
        self._refuses = refuses
        self._next = 0.0
        self._answers: list[tuple[float, bool]] = []
        self._inside = 0

    def run(self, until: float) -> None:
        self._fill()
        while self._answers and self._answers[0][0] <= until:
            self.now, refused = heapq.heappop(self._answers)
            if refused:
                self.refused += 1
                self.window.note_refusal(self.window.size)
            else:
                self._inside -= 1
                self.answered += 1
                self.window.note_answers(1, len(self._answers))
            self._fill()
        self.now = until

    def rate(self, seconds: float) -> float:
        before = self.answered
        self.run(self.now + seconds)
        return (self.answered - before) / seconds

    def _fill(self) -> None:
        while len(self._answers) < self.window.size:
            if self._inside >= self._taken or self._refuses():
                heapq.heappush(self._answers, (self.now + 0.01, True))
                continue
            self._inside += 1
            self._next = max(self._next + 1 / self._rate, self.now)
            heapq.heappush(self._answers, (self._next + self._answer_time(), False))
        self.window.note_written(len(self._answers))


def fixed(seconds: float) -> Callable[[], float]:
    return lambda: seconds


def lognormal(mean: float, seed: int) -> Callable[[], float]:
    draw = random.Random(seed)
    return lambda: draw.lognormvariate(0, 1) * mean / 2.718281828**0.5


def humps(seed: int) -> Callable[[], float]:
    draw = random.Random(seed)
    return lambda: draw.choice((0.3, 3.0))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("mean", "answers"),
    [
        (0.05, lambda _seed: fixed(0.05)),
        (0.7, lambda _seed: fixed(0.7)),
        (5.0, lambda _seed: fixed(5.0)),
        (1.2, lambda seed: lognormal(1.2, seed)),
        (1.65, humps),
    ],
)
def test_answer_time_is_not_load(
    mean: float, answers: Callable[[int], Callable[[], float]], seed: int
) -> None:
    """The budget of design.md: 0.9 of window / mean answer time after a minute."""
    carrier = Carrier(answers(seed))
    carrier.run(60)
    assert carrier.rate(60) >= 0.9 * MOST / mean


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("rate", [20, 100, 1000])
def test_a_carrier_at_its_limit_is_not_filled_up(rate: int, seed: int) -> None:
    """An urgent task waits behind what is unanswered."""
    carrier = Carrier(lognormal(0.05, seed), rate=rate)
    carrier.run(60)
    assert carrier.rate(60) >= 0.9 * rate
    assert carrier.window.size / rate < 2


def test_a_carrier_that_becomes_slow_under_load_is_relieved() -> None:
    carrier = Carrier(fixed(0.05))
    carrier.run(30)
    assert carrier.window.size == MOST
    carrier._rate = 100
    carrier.run(150)
    assert carrier.rate(60) >= 95
    assert carrier.window.size < 200


def test_a_carrier_that_becomes_slow_by_itself_keeps_its_window() -> None:
    carrier = Carrier(fixed(0.7))
    carrier.run(30)
    carrier._answer_time = fixed(4.0)
    carrier.run(150)
    assert carrier.rate(60) >= 0.9 * MOST / 4


@pytest.mark.parametrize("most", [1, 2, 7, 10, 11, 100, 499])
def test_the_window_of_the_carrier_is_found(most: int) -> None:
    carrier = Carrier(fixed(0.2), window=most)
    carrier.run(60)
    before = carrier.refused
    assert carrier.rate(60) >= 0.9 * most / 0.2
    assert carrier.refused - before <= 60
    assert carrier.window.size <= most + 1


def test_a_carrier_that_stops_refusing_gets_its_window_back() -> None:
    refusing = True
    carrier = Carrier(fixed(0.2), refuses=lambda: refusing)
    carrier.run(20)
    assert carrier.window.size == 1
    refusing = False
    carrier.run(120)
    assert carrier.window.size >= MOST / 2


def test_it_begins_small_and_never_leaves_its_bounds() -> None:
    assert Window(MOST).size == FIRST
    assert Window(3).size == 3
    window = Window(1)
    assert not window.note_refusal(1), "in a window of one a refusal is about the part"
    assert window.size == 1
