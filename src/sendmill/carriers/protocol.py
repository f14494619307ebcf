"""What the engine sees of a carrier, whatever the road: settings of a bind, a connection, sessions, parts, reports.

SMPP is one road (`carriers.smpp`). Another one supplies a class for each protocol below, and no more. Statuses are
SMPP 3.4 command statuses (`carriers.command_statuses`): a road that has others translates them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple, Protocol

from sendmill.carriers.message_ids import IdForm

NOT_SENT: Final = -1
"""Outcome.status of a part of which no byte was written: it can be sent again without risk."""


class OutgoingPart(NamedTuple):
    """One part to submit; `payload` is encoded text without a header, `total` 1 a message of one part."""

    destination: int
    payload: bytes
    ucs2: bool
    reference: int
    total: int
    number: int


class Outcome(NamedTuple):
    """What became of a part: the command status of its response and the carrier's id, as it was written.

    `status` None means unknown: written, but never answered. It may have been sent and must not be repeated.
    """

    status: int | None
    carrier_id: str


class Late(NamedTuple):
    """A response that came after its part was given up as unknown (timeout, or the caller went away).

    `position` is the index of `part` in the parts that were submitted with `context`.
    """

    context: object
    position: int
    part: OutgoingPart
    outcome: Outcome


class CarrierError(Exception):
    """Something between us and the carrier failed; the text is one sentence for the person who runs it."""


class ConnectError(CarrierError):
    """No connection: name, port, network or TLS."""


class BindError(CarrierError):
    """The carrier refused the bind with `status`, or did not answer it (`status` None)."""

    def __init__(self, status: int | None, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


Kind = Literal["report", "reply", "unreadable"]


class Report(NamedTuple):
    """What one deliver_sm said.

    kind "report": about a message of ours. `carrier_id` is the id as it was written, None when it is missing;
    `stat` as in STATS or the carrier's own word; `final` tells whether another report may follow.
    kind "reply": a text from a person, in `raw`; `part` is (reference, total, number) of a longer one.
    kind "unreadable": neither could be made out; `raw` is all there is.
    `number` is who it comes from, the recipient of our message; `destination` our own sender address.
    `done` and `submitted` are the carrier's dates as written (see read_date). `raw` never contains a NUL.
    `sequence` is what to acknowledge.
    """

    kind: Kind
    carrier_id: str | None
    stat: str | None
    final: bool
    error: str | None
    network_error: bytes | None
    number: int | None
    raw: str
    sequence: int
    done: str | None = None
    destination: str = ""
    part: tuple[int, int, int] | None = None
    submitted: str | None = None


class QueryResult(NamedTuple):
    """The carrier's answer about one message; `stat`, `final` and `done` as in a Report."""

    carrier_id: str
    stat: str
    final: bool
    error_code: int
    done: str


class SessionCounts(Protocol):
    """Counts of one session."""

    @property
    def in_flight(self) -> int:
        """Parts that were written and are not answered yet."""


class Session(Protocol):
    """One connection that is bound. Every call that waits is answered when it ends."""

    @property
    def statistics(self) -> SessionCounts:
        """The counts as they are now."""

    async def submit(
        self, source: str, parts: Sequence[OutgoingPart], *, context: object = None
    ) -> list[Outcome]:
        """Submit `parts` from `source`; outcomes are in the order of `parts`.

        Raises ValueError, and writes nothing, when no carrier could take this source. `context` comes back in `Late`.
        """

    def acknowledge(self, sequences: Sequence[int]) -> None:
        """Tell the carrier that the reports with these `Report.sequence` are safe: called after they are committed."""

    async def query(self, carrier_id: str, source: str) -> QueryResult | None:
        """Ask what became of a message; None when the carrier does not know or does not answer.

        Raises ValueError when the id or the source cannot be written.
        """


class BindConfig(Protocol):
    """What the engine needs to know of the settings of one bind; equal ones need no new connection."""

    @property
    def id_form(self) -> IdForm:
        """How the ids of reports are brought into the form of the responses'."""

    @property
    def rate(self) -> int:
        """Parts a second at most; 0 without a limit."""

    @property
    def window(self) -> int:
        """Parts that may be unanswered at a time."""

    @property
    def sends(self) -> bool:
        """Whether messages are submitted over it; else it brings reports only."""

    @property
    def queries(self) -> bool:
        """Whether it answers `Session.query`."""

    @property
    def whole_messages(self) -> bool:
        """Whether a long message is handed over in one piece."""

    @property
    def response_timeout(self) -> float:
        """Seconds after which a part that was not answered is unknown."""


class Connection(Protocol):
    """Keeps one bind to a carrier open until it is stopped: sessions one after another."""

    @property
    def session(self) -> Session | None:
        """The session that is bound now, or None."""

    @property
    def running(self) -> tuple[asyncio.Task[None], ...]:
        """What keeps the bind open, which ends by `stop` only: for whoever watches over it."""

    def start(self) -> None:
        """Begin to connect."""

    async def stop(self) -> None:
        """Unbind and end."""


class Connect(Protocol):
    """How a bind is opened; `on_reports` and `on_late` get the session, because that is where reports are acknowledged.

    `on_state` gets one of "connecting", "bound", "closing", "waiting", and a sentence for people.
    """

    def __call__(
        self,
        config: BindConfig,
        *,
        on_reports: Callable[[Session, list[Report]], None],
        on_state: Callable[[str, str], None],
        on_late: Callable[[Session, list[Late]], None],
    ) -> Connection:
        """The connection, not started."""
