"""Holds the responses of one bind until their times, and counts the parts that are unanswered.

Used only while a fault asks for it: without one, responses leave with the batch that they answer.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import log
from random import Random

from sendmill.simulator.faults import AnswerForm, Faults
from sendmill.simulator.intake import STRANGER, Schedule
from sendmill.simulator.reports import Receipt
from sendmill.simulator.timing_wheel import Wheel, ticks


def drawing(faults: Faults, random: Random) -> Callable[[], float]:
    """Return a function that draws the seconds until one response, in the form that the faults ask for.

    Without an answer_time, all responses of a batch leave together, after one time out of response_delay.
    """
    mean, spread = faults.answer_time, faults.answer_spread
    if faults.answer_form is AnswerForm.TWO_HUMPS:
        humps = faults.answer_humps
        return lambda: humps[random.random() < 0.5]
    if faults.answer_form is AnswerForm.LOGNORMAL and mean:
        # The mean of a lognormal distribution is exp(mu + sigma² / 2).
        mu = log(mean) - spread * spread / 2
        return lambda: random.lognormvariate(mu, spread)
    seconds = mean or random.uniform(*faults.response_delay)
    return lambda: seconds


class LateAnswers:
    """Sends each response of a bind at its own time."""

    def __init__(self, send: Callable[[bytes], None], random: Random) -> None:
        self._send = send
        self._random = random
        self._wheel: Wheel[bytes] = Wheel(self._leave)

    @property
    def unanswered(self) -> int:
        """The number of parts whose response has not left yet."""
        return self._wheel.size

    def add(self, faults: Faults, responses: Sequence[bytes]) -> list[int]:
        """Send each response after its time, an empty one is lost then; return these times in ticks."""
        draw = drawing(faults, self._random)
        waits = [ticks(draw()) for _ in responses]
        due: defaultdict[int, list[bytes]] = defaultdict(list)
        for wait, response in zip(waits, responses, strict=True):
            due[wait].append(response)
        for wait, answers in due.items():
            self._wheel.add(wait, answers)
        return waits

    def _leave(self, answers: list[bytes]) -> None:
        data = b"".join(answers)
        if data:
            self._send(data)

    def stop(self) -> None:
        """Drop what has not left: the connection has ended."""
        self._wheel.stop()


def behind_answers(deliveries: Schedule, first: int, waits: Sequence[int]) -> Schedule:
    """Return the deliveries with each report later by the time until the response to its part.

    `waits` has the ticks of the parts whose serial numbers begin at `first`.
    """
    later: Schedule = defaultdict(list)
    for delay, items in deliveries.items():
        for item in items:
            at = item.serial - first if isinstance(item, Receipt) else 0
            if at >= len(waits):
                at -= STRANGER
            # One tick more: of what is due in the same tick, the wheel of the reports may turn first.
            later[delay + waits[at] + 1].append(item)
    return later
