"""What was wrong with a carrier for long, and the setting that mends it: binds lost again and again, throttling.

Pure: the losses of binds and the minutes of a carrier are given; a warning is a translation key with its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from statistics import median
from typing import NamedTuple

LEAST_LOSSES = 3  # in the hour: fewer are the network's weather
SHORTEST_QUIET = 4.0  # seconds: a connection that ends sooner was not closed for silence
MOST = 2 / 3  # of the losses have to be alike
ALIKE = 0.15  # seconds of silence differ by no more than this share, or by ALIKE_SECONDS
ALIKE_SECONDS = 2.0
LEAST_MINUTES = 10  # of throttling without a pause
LEAST_THROTTLED = 3  # batches a minute: fewer are the search for the carrier's rate

RULES = {
    "closed_when_silent": "The carrier closed this bind %(times)s times in the last hour, each time after about "
    "%(quiet)s seconds without traffic: set the enquire interval to %(seconds)s seconds or less.",
    "enquire_unanswered": "The carrier left enquire_link unanswered %(times)s times in the last hour, and the bind "
    "was opened anew: set the response timeout above %(seconds)s seconds if it answers late; otherwise ask it why.",
    "silence_too_short": "The bind was opened anew %(times)s times in the last hour, after %(seconds)s seconds without "
    "a PDU: set the longest silence higher, or to 0.",
    "messages_unanswered": "The carrier answered enquire_link but no message %(times)s times in the last hour, and "
    "the bind was opened anew: set the response timeout above %(seconds)s seconds if it answers late; otherwise ask "
    "it why.",
    "lost_often": "This bind was lost %(times)s times in the last hour, and no setting is known that mends it: ask "
    "the carrier why it ends sessions.",
    "throttles": "The carrier has throttled for %(minutes)s minutes without a pause; %(passing)s messages a second "
    "still pass. Ask it for a higher rate, or set parts per second to %(rate)s.",
    "throttles_all": "The carrier has throttled for %(minutes)s minutes without a pause, and hardly anything passes. "
    "Ask it whether your account may send, and at which rate.",
}


class CarrierWarning(NamedTuple):
    """A sentence about a carrier: its code, the translation key, and the parameters that fill it."""

    code: str
    message: str
    parameters: Mapping[str, str | int]

    def __str__(self) -> str:
        return self.message % self.parameters


class LostBind(NamedTuple):
    """One loss of a bind: its cause (carriers/protocol.py) and the seconds without a PDU before it."""

    cause: str
    quiet: float


class Minute(NamedTuple):
    """A minute of a carrier: messages that it took a second, and of how many batches it throttled a part."""

    passing: float
    throttled: int


class Timers(NamedTuple):
    """The timers of a carrier in seconds, as its settings say."""

    enquire: int
    silence: int
    response: int


def warning_of_losses(losses: Sequence[LostBind], timers: Timers) -> CarrierWarning | None:
    """Return what the losses of one bind in an hour say together; None where they are too few.

    A carrier that closes after a silence is asked by enquire_link after half of it; that helps where Sendmill is not
    asking as soon already.
    """
    if len(losses) < LEAST_LOSSES:
        return None
    closed = [loss.quiet for loss in losses if loss.cause in ("closed", "unbound")]
    quiet = _same_silence(closed)
    if quiet and _most(quiet, losses) and (seconds := int(median(quiet) / 2)) < timers.enquire:
        about: dict[str, str | int] = {"times": len(quiet), "quiet": round(median(quiet)), "seconds": seconds}
        return _warning("closed_when_silent", about)
    for cause, code, seconds in (
        ("silent", "silence_too_short" if timers.silence else "enquire_unanswered", timers.silence),
        ("unanswered", "messages_unanswered", 0),
    ):
        alike = [loss for loss in losses if loss.cause == cause]
        if _most(alike, losses):
            return _warning(code, {"times": len(alike), "seconds": seconds or timers.response})
    return _warning("lost_often", {"times": len(losses)})


def warning_of_throttling(minutes: Sequence[Minute]) -> CarrierWarning | None:
    """Return what the last whole minutes of a carrier, the oldest first, say of throttling; None when it paused."""
    lasting: list[Minute] = []
    for minute in reversed(minutes):
        if minute.throttled < LEAST_THROTTLED:
            break
        lasting.append(minute)
    if len(lasting) < LEAST_MINUTES:
        return None
    passing = sum(minute.passing for minute in lasting) / len(lasting)
    if passing < 0.1:
        return _warning("throttles_all", {"minutes": len(lasting)})
    shown = f"{passing:,.0f}" if passing >= 10 else f"{passing:.1f}"
    about: dict[str, str | int] = {"minutes": len(lasting), "passing": shown, "rate": ceil(passing)}
    return _warning("throttles", about)


def _same_silence(seconds: Sequence[float]) -> list[float]:
    """Return those that are about the median, when that is long enough to be a silence; else nothing."""
    if not seconds or (middle := median(seconds)) < SHORTEST_QUIET:
        return []
    wide = max(ALIKE * middle, ALIKE_SECONDS)
    return [one for one in seconds if abs(one - middle) <= wide]


def _most(some: Sequence[object], all_of_them: Sequence[object]) -> bool:
    return len(some) >= LEAST_LOSSES and len(some) >= MOST * len(all_of_them)


def _warning(code: str, parameters: Mapping[str, str | int]) -> CarrierWarning:
    return CarrierWarning(code, RULES[code], parameters)
