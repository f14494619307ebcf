"""What the engine sees of any carrier: settings of a bind, connections, sessions, parts, reports.

SMPP is one implementation (`carriers.smpp`). Another one supplies a class for each Protocol below, and is named where
SMPP is: its settings in `catalog.bind_settings`, its `Connect` in `cli.sender_process`, its trial where binds are
tested.
Statuses are SMPP 3.4 command statuses (`carriers.command_statuses`): a protocol with others translates them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple, Protocol

from sendmill.carriers.message_ids import IdForm
from sendmill.domain.status_map import StatusMap

NOT_SENT: Final = -1
"""Outcome.status of a part of which no byte was written: it can be sent again without risk."""

UNANSWERED: Final = -2
"""Outcome.status of a part that has no outcome yet."""

WINDOW_FULL: Final = -3
"""Outcome.status of a part that the carrier refused, perhaps because too many were unanswered: known not to be sent.

Its `carrier_id` is the command status, in decimal.
"""


class OutgoingPart(NamedTuple):
    """One part to submit: `payload` is its encoded text without a user data header.

    `reference`, `total` and `number` tell which part of which long message it is; `total` is 1 for a message of one
    part.
    """

    destination: int
    payload: bytes
    ucs2: bool
    reference: int
    total: int
    number: int


class Outcome(NamedTuple):
    """The result of a submitted part: the command status of its response, and the carrier's message id as written.

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
    """A failure between this process and the carrier; its text is one sentence for the operator."""


class ConnectError(CarrierError):
    """No connection could be made: host name, port, network or TLS."""


class BindError(CarrierError):
    """The carrier refused the bind with `status`, or did not answer it (`status` None)."""

    def __init__(self, status: int | None, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


Kind = Literal["report", "reply", "unreadable"]


class Report(NamedTuple):
    """What one deliver_sm says.

    kind "report": a delivery report about a message of ours. `carrier_id` is the id as it was written, None when it
    is missing; `stat` is one of STATS or the carrier's own word; `final` is False when another report may follow.

    kind "reply": a text from a person, in `raw`; `part` is (reference, total, number) when it is a part of a longer
    one.

    kind "unreadable": neither could be read; only `raw` is set.

    `number` is the address it comes from, which is the recipient of our message; `destination` is our own sender ID.
    `done` and `submitted` are the carrier's dates as written (see read_date). `raw` never contains a NUL. `sequence`
    is the number to acknowledge.
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


LossCause = Literal["closed", "unbound", "silent", "unanswered", "other"]


class Loss(NamedTuple):
    """A session that ended after it was bound, and not by us.

    `cause`: the carrier closed the connection or sent unbind, left enquire_link unanswered (silent), or every message
    (unanswered). `quiet` is how many seconds no PDU had come before. `sentence` says why, to people.
    """

    cause: LossCause
    quiet: float
    sentence: str


class QueryResult(NamedTuple):
    """The carrier's answer to a query about one message; `stat`, `final` and `done` as in a Report."""

    carrier_id: str
    stat: str
    final: bool
    error_code: int
    done: str


class Accepted(NamedTuple):
    """Whether what a carrier accepted is final: of messages of one part (`short`), and of `long` ones."""

    short: bool = False
    long: bool = False


NOT_FINAL: Final = Accepted()


class Submission(Protocol):
    """Parts that are being submitted. Outcomes come one by one, UNANSWERED until then."""

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """The outcomes, in the order of the parts."""

    @property
    def done(self) -> asyncio.Future[None]:
        """Resolves when every part has an outcome."""

    def withdraw(self) -> None:
        """Make every part that is not written NOT_SENT."""


class SessionCounts(Protocol):
    """Counts of one session."""

    @property
    def in_flight(self) -> int:
        """Parts that were written and are not answered yet."""


class Session(Protocol):
    """One bound connection. Every call that waits returns at the latest when the connection ends."""

    @property
    def statistics(self) -> SessionCounts:
        """The counts as they are now."""

    def begin(
        self,
        source: str,
        parts: Sequence[OutgoingPart],
        *,
        context: object = None,
        on_write: Callable[[int], None] | None = None,
    ) -> Submission:
        """Submit `parts` from the sender ID `source`, without waiting for their outcomes.

        Raises ValueError, with nothing written, when no carrier could take this source. `context` comes back in
        `Late`.

        `on_write` is called before bytes may leave, with the number of parts from the first on that may have left.
        """

    @property
    def room(self) -> int:
        """How many more parts `begin` can take that are written at once; below 0 when parts wait to be written."""

    @property
    def window(self) -> int:
        """How many parts may be unanswered now."""

    @property
    def answer_rate(self) -> float:
        """Answers a second lately; 0.0 while that is not known."""

    @property
    def waiting_for_room(self) -> dict[asyncio.Event, int]:
        """Events to be set once there is so much room, or the session ends; each is removed when it is set."""

    def acknowledge(self, sequences: Sequence[int]) -> None:
        """Acknowledge the reports with these `Report.sequence`. Call it only after they are committed."""

    async def close(self, drain: float = 5.0) -> None:
        """Wait at most `drain` seconds for the parts in flight to be answered, unbind, and close."""

    async def query(self, carrier_id: str, source: str) -> QueryResult | None:
        """Ask for the state of a message; None when the carrier does not know it or does not answer.

        Raises ValueError when the id or the source cannot be written.
        """


class BindConfig(Protocol):
    """What the engine needs of the settings of one bind; settings that are equal need no new connection."""

    @property
    def id_form(self) -> IdForm:
        """The rule by which ids of responses and of reports are compared."""

    @property
    def rate(self) -> int:
        """The most parts a second; 0 for no limit."""

    @property
    def window(self) -> int:
        """The most parts that may be unanswered at a time."""

    @property
    def sends(self) -> bool:
        """True when messages are submitted over it; False when it only receives reports."""

    @property
    def queries(self) -> bool:
        """True when the carrier answers `Session.query`."""

    @property
    def whole_messages(self) -> bool:
        """True when a long message is submitted in one piece and split by the carrier."""

    @property
    def statuses(self) -> StatusMap:
        """What each command status of a submitted part means."""

    @property
    def report_words(self) -> str:
        """What words in its reports mean, as `carriers.report_words` reads it."""

    @property
    def report_errors(self) -> str:
        """What error codes in its reports mean, as `carriers.report_words` reads it."""

    @property
    def plain_reports(self) -> bool:
        """True when a reply whose text has the form of a report is one."""

    @property
    def accepted_is_final(self) -> Accepted:
        """Which messages are Successful as soon as the carrier accepted them."""

    @property
    def response_timeout(self) -> float:
        """Seconds after which the outcome of an unanswered part is unknown."""


class Connection(Protocol):
    """Keeps one bind to a carrier open until it is stopped, with one session after another."""

    @property
    def session(self) -> Session | None:
        """The session that is bound now, or None."""

    @property
    def running(self) -> tuple[asyncio.Task[None], ...]:
        """The tasks that keep the bind open and end only by `stop`, for whoever supervises them."""

    @property
    def one_too_many(self) -> bool:
        """True while the carrier refuses the bind in a way that may mean that it allows no further one."""

    def start(self) -> None:
        """Begin to connect. Returns at once."""

    async def stop(self) -> None:
        """Unbind and disconnect."""


class Connect(Protocol):
    """Opens a bind. `on_reports` and `on_late` get the session too: reports are acknowledged where they came from.

    `on_state` gets one of "connecting", "bound", "closing", "waiting", and a sentence for people. `on_lost` gets each
    session that ended after it was bound, and not by us.
    """

    def __call__(
        self,
        config: BindConfig,
        *,
        on_reports: Callable[[Session, list[Report]], None],
        on_state: Callable[[str, str], None],
        on_late: Callable[[Session, list[Late]], None],
        on_lost: Callable[[Loss], None],
    ) -> Connection:
        """Return the connection, not yet started."""
