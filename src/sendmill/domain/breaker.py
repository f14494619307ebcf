"""When a carrier has stopped taking a task's messages: the breaker of a task on a carrier trips.

Then nothing more of the task goes over that carrier until a person releases it or a probe, one message, is accepted.
A carrier's fault refuses everybody alike, so what trips it is a status that says so, or many equal refusals in a row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from sendmill.domain.routing import Outcomes, is_failing
from sendmill.domain.status_map import KEPT_BACK, STANDARD, StatusMap, Treatment

TRIES: Final = 3
"""How often one message is submitted that the carrier asks to try again later."""

ABOUT_MESSAGE: Final = frozenset({0x01, 0x0A, 0x0B, 0x33, 0x48, 0x49, 0x50, 0x51, 0x65, 0x66})
"""Statuses that name the message, its number or its sender ID: a bad list gives a row of them from a good carrier.

RINVMSGLEN, RINVSRCADR, RINVDSTADR, RINVNUMDESTS, RINVSRCTON, RINVSRCNPI, RINVDSTTON, RINVDSTNPI, RX_P_APPN, RX_R_APPN.
"""
ABOUT_MESSAGE_FACTOR: Final = 10
"""A run of those trips when it is so many times as long; they do not count as a share."""

KEEP: Final = 2_000
"""Answers after which older ones count half."""


class Cause(StrEnum):
    """Why a breaker tripped."""

    PAUSE = "pause"
    """One status that says that the carrier takes nothing."""
    REBIND = "re-bind"
    """The carrier takes the bind for closed."""
    RETRY = "retry"
    """One message was to be tried again, three times."""
    RUN = "run"
    """Equal refusals in a row, with nothing accepted between."""
    SHARE = "share"
    """Far more refusals than usual with this carrier."""


@dataclass(frozen=True, kw_only=True)
class BreakerLimits:
    """`run` equal refusals trip a breaker (0: never), and a share after `share` answers (0: never).

    A probe is sent after `first_probe` seconds; each that fails doubles them, up to `longest_probe`.
    """

    run: int = 50
    share: int = 200
    first_probe: float = 60.0
    longest_probe: float = 900.0

    def probe_after(self, failed: int) -> float:
        """Return the seconds until the next probe, when so many have failed since the breaker tripped."""
        return min(self.first_probe * 2.0 ** min(failed, 32), max(self.longest_probe, self.first_probe))

    def longest_run(self, status: int) -> int:
        """Return how many refusals with this status in a row trip a breaker; 0: never."""
        return self.run * (ABOUT_MESSAGE_FACTOR if status in ABOUT_MESSAGE else 1)


DEFAULT_LIMITS: Final = BreakerLimits()
NOTHING_KNOWN: Final = Outcomes(0, 0, 0)


class Trip(NamedTuple):
    """Why and with which command status a breaker tripped, and how many refusals showed it."""

    cause: Cause
    status: int
    refusals: int


@dataclass(kw_only=True)
class Answers:
    """What a carrier answered to one task lately, in the order of its messages; `trip` is set when the breaker trips.

    `usually` are the outcomes of the carrier in the hours before. A probe trips nothing: `probing`.
    """

    statuses: StatusMap = STANDARD
    limits: BreakerLimits = DEFAULT_LIMITS
    usually: Outcomes = NOTHING_KNOWN
    probing: bool = False
    trip: Trip | None = None
    _status: int = 0
    _run: int = 0
    _accepted: float = 0.0
    _refused: float = 0.0
    _tries: dict[int, int] = field(default_factory=dict)

    def accept(self, seq: int) -> None:
        """Count a message that was accepted: any run ends."""
        self._run = 0
        self._accepted += 1
        if self._tries:
            self._tries.pop(seq, None)

    def refuse(self, seq: int, status: int) -> bool:
        """Count a message that was refused with a status that is not throttling; return whether it is still to be sent.

        So is any with a status that is not final; and, of a breaker that has tripped, each further one with the
        status that it tripped by: the carrier refused it, so it is known not sent.
        """
        treatment = self.statuses.treatment(status)
        if treatment in KEPT_BACK:
            self._keep_back(seq, status, treatment)
            return True
        self._tries.pop(seq, None)
        if self.probing:
            return False
        if self.trip is not None and self.trip.status == status:
            return True
        self._run = self._run + 1 if status == self._status else 1
        self._status = status
        self._count_share(status)
        limit = self.limits.longest_run(status)
        if self.trip is None and limit and self._run >= limit:
            self.trip = Trip(Cause.RUN, status, self._run)
        return False

    def _keep_back(self, seq: int, status: int, treatment: Treatment) -> None:
        tries = self._tries[seq] = self._tries.get(seq, 0) + 1
        if self.probing or self.trip is not None:
            return
        if treatment is Treatment.RETRY:
            self.trip = Trip(Cause.RETRY, status, tries) if tries >= TRIES else None
        else:
            self.trip = Trip(Cause(treatment.value), status, 1)

    def _count_share(self, status: int) -> None:
        if status in ABOUT_MESSAGE:
            return
        self._refused += 1
        if self._refused + self._accepted > KEEP:
            self._refused, self._accepted = self._refused / 2, self._accepted / 2
        lately = Outcomes(int(self._refused), 0, int(self._accepted))
        if self.trip is None and is_failing(lately, self.usually, self.limits.share):
            self.trip = Trip(Cause.SHARE, status, int(self._refused))

    def most_tries(self) -> int:
        """Return how often the message was tried that the carrier refused most often; 0 when none is kept back."""
        return max(self._tries.values(), default=0)

    def tried(self, seq: int) -> bool:
        """Return whether a message was refused and is to be tried again."""
        return seq in self._tries

    def begin_again(self) -> None:
        """Forget what tripped the breaker: it was released."""
        self.trip = None
        self._run, self._accepted, self._refused = 0, 0.0, 0.0
        self._tries.clear()
