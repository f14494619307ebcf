"""The window of a session: how many parts may be unanswered at a time, found by what more of them brings.

It begins small and grows while growing brings more answers a second, or while answers come so fast that waiting behind
a full window hurts nobody. Answer times alone decide nothing: behind look-ups of seconds only more parts in flight give
more, and behind a carrier at its limit more of them only wait longer. So a larger or a smaller window is tried now and
then, and kept where the rate speaks for it. A carrier that refuses parts of a full window bounds it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

FIRST: Final = 10  # what most carriers take (smpp.md 17)
HARMLESS: Final = 0.25  # seconds of answer time up to which a larger window costs nobody anything
SLOW: Final = 1.0  # … above which a smaller one is tried
GAIN: Final = 0.4  # share of the growth that has to come back as rate
LOSS: Final = 0.05  # share of the rate that a smaller window may cost
STEP: Final = 1.25
SHRINK: Final = 0.7
ROUNDS: Final = 2  # rounds that a trial lasts, and doublings in vain that end the growth
HOLD_ROUNDS, HOLD_SECONDS = 6, 2.0  # … and the least between two trials
FULL: Final = 16  # a window with less than this share of room is full
FEW: Final = 30  # answers that a trial needs at least
REFUSED_SHARE: Final = 0.05  # share of a window that may be refused without shrinking it
REFUSED_AGAIN: Final = 5.0  # seconds without growth after a refusal; doubled each time, up to …
REFUSED_LONGEST: Final = 60.0


@dataclass
class Trial:
    """A window that is tried: the size and the rate before it, and what came of it."""

    size: int
    rate: float
    rounds: int = 0
    answers: int = 0
    seconds: float = 0.0


class Window:
    """How many parts of one session may be unanswered: `size`, between 1 and `most`.

    `note_written` after each write and `note_answers` after each read tell it what happens. `rate` is the answers a
    second of the last round, 0.0 while there was none.
    """

    def __init__(self, most: int, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._most = most
        self.size = min(FIRST, most)
        self.rate = 0.0
        self._growing = True
        self._idle_growths = 0  # doublings in a row that brought nothing
        self._before = 0.0  # the rate before the growth that is being judged
        self._good = 0  # the largest window that passed whole rounds
        self._began = self._now()
        self._need = self._answers = 0
        self._trial: Trial | None = None
        self._held_since = self._began
        self._held_rounds = 0
        self._downwards = False
        self._kept_from = 0.0  # time until which nothing grows, after a refusal
        self._pause = REFUSED_AGAIN
        self._shrunk_at = float("-inf")
        self._refused_at = float("-inf")
        self._refusals = 0  # in this round
        self._bound: int | None = None  # a window that was refused

    def note_written(self, in_flight: int) -> None:
        """Note that a write left so many parts unanswered."""
        if not self._need and in_flight > self.size - self.least_room:
            self._begin_round(in_flight)

    @property
    def least_room(self) -> int:
        """How much room there has to be for a write: many writes would carry few parts each."""
        return max(1, self.size // FULL)

    def note_answers(self, count: int, in_flight: int) -> None:
        """Note so many answers, and how many parts are unanswered now."""
        if not self._need:
            return
        self._answers += count
        if self._answers >= self._need:
            self._end_round()
        elif not in_flight:
            self._need = 0  # there was nothing more to send: this round says nothing about the window

    def note_refusal(self, unanswered: int) -> bool:
        """Note that a part was refused that was written as one of so many unanswered ones.

        Returns whether it may have been refused for that: not when it was the only one, then the refusal is about the
        part. A single refusal may be about its part, or the window is one too large: nothing grows in its round. More
        of them shrink the window.
        """
        if unanswered <= 1:
            return False
        now = self._now()
        if now - self._shrunk_at < self._answer_time:
            return True  # of the same flight
        if now - self._refused_at > max(1.0, self._answer_time):
            self._refusals = 0
        self._refused_at = now
        self._refusals += 1
        if self._refusals >= max(2, unanswered * REFUSED_SHARE):
            self._shrink(now, min(self.size, unanswered))
        return True

    def _shrink(self, now: float, bound: int) -> None:
        self._shrunk_at, self._refusals = now, 0
        self._bound = bound
        self.size = self._good if 0 < self._good < bound else max(1, int(bound * SHRINK))
        self._good = min(self._good, self.size)
        self._kept_from = now + self._pause
        self._pause = min(2 * self._pause, REFUSED_LONGEST)
        self._growing, self._trial, self._need = True, None, 0
        self._idle_growths, self._before = 0, 0.0

    @property
    def _answer_time(self) -> float:
        return self.size / self.rate if self.rate else 1.0

    def _begin_round(self, in_flight: int) -> None:
        self._need, self._answers = in_flight, 0
        self._began = self._now()

    def _end_round(self) -> None:
        now = self._now()
        seconds = max(now - self._began, 1e-4)
        self._need = 0
        if self._trial is not None:
            self._judge(self._trial, seconds)
            return
        self.rate = rate = self._answers / seconds
        refusals, self._refusals = self._refusals, 0
        if not refusals:
            self._good = max(self._good, self.size)
        if refusals or now < self._kept_from:
            return
        if self._growing:
            self._grow(rate)
        else:
            self._hold(now)

    def _grow(self, rate: float) -> None:
        """Double the window, or stop growing after two doublings that brought nothing."""
        brought = rate >= self._before * (1 + GAIN)
        harmless = self.size / rate < HARMLESS
        self._idle_growths = 0 if brought or harmless else self._idle_growths + 1
        if self._idle_growths >= ROUNDS:
            self._set(self.size >> ROUNDS)
            self._stop_growing()
            return
        self._before = max(rate, self._before if not brought else 0.0)
        if not self._set(self._larger()):
            self._stop_growing()

    def _larger(self) -> int:
        """Twice the window, but by small steps near one that was refused."""
        if self._bound is not None and self.size * 2 > self._bound * SHRINK:
            return self.size + max(1, self.size // 20)
        return self.size * 2

    def _stop_growing(self) -> None:
        self._growing = False
        self._hold_on()

    def _hold_on(self) -> None:
        self._held_since, self._held_rounds = self._now(), 0

    def _hold(self, now: float) -> None:
        """Keep the window for a while, then try a larger or, where answers are slow, a smaller one."""
        self._held_rounds += 1
        if self._held_rounds >= HOLD_ROUNDS and now - self._held_since >= HOLD_SECONDS:
            self._downwards = not self._downwards and self._answer_time > SLOW
            self._try()

    def _try(self) -> None:
        before = self.size, self.rate
        larger = max(self.size + 1, int(self.size * STEP))
        if self._set(int(self.size / STEP) if self._downwards else larger):
            self._trial = Trial(*before)
        else:
            self._hold_on()

    def _judge(self, trial: Trial, seconds: float) -> None:
        """Keep the window that is tried, and try the next in the same direction; or go back."""
        trial.rounds += 1
        if trial.rounds > 1:  # the first still has answers of the window before
            trial.answers += self._answers
            trial.seconds += seconds
        if trial.rounds <= ROUNDS or trial.answers < FEW:
            return
        self._trial = None
        rate, growth = trial.answers / max(trial.seconds, 1e-4), self.size / trial.size - 1
        least = 1 + GAIN * growth if growth > 0 else 1 - LOSS
        if rate >= trial.rate * least:
            self.rate = rate
            if growth > 0 or self._answer_time > SLOW:
                self._try()
                return
        else:
            self._set(trial.size)
        self._hold_on()

    def _set(self, size: int) -> bool:
        """Set the window within its bounds; return whether that changes it."""
        size = max(1, min(size, self._most))
        changed, self.size = size != self.size, size
        return changed
