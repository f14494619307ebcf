"""The state shared by all sessions of the service centre: intake, waiting reports, counts."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Protocol

from sendmill.carriers.smpp.pdu import QueryAnswer
from sendmill.simulator.delivery import Courier, Exchange
from sendmill.simulator.faults import TEMPORARY, Faults
from sendmill.simulator.intake import Intake, Lane, Schedule
from sendmill.simulator.journal import Journal
from sendmill.simulator.message_ids import newest_of, read_id
from sendmill.simulator.part_states import States
from sendmill.simulator.reports import ERROR, Delivery, Receipt, Reply, Writer, final_date
from sendmill.simulator.timing_wheel import Wheel, ticks

RINVSYSID, RINVPASWD = 0x0F, 0x0E
RINVMSGID, RQUERYFAIL = 0x0C, 0x67
_REPORT_RETRY = ticks(1.0)
_SOMEBODY = "8613100000000"  # who sends the huge reply
_REPEATABLE = 10_000  # acknowledged reports that can come once more at a bind


class Connection(Protocol):
    """What the centre needs of a session."""

    def cut(self) -> None:
        """Close at once, without an unbind."""


@dataclass
class Statistics:
    """Counts since the start, in parts and PDUs."""

    accepted: int = 0
    refused: int = 0
    binds: int = 0
    deliveries: int = 0
    acknowledged: int = 0
    queries: int = 0


@dataclass
class Center:
    """A service centre without sockets. Created inside a running event loop, whose clock the wheel needs."""

    faults: Faults
    accounts: Mapping[str, str]
    seed: int
    journal: Journal | None
    first_id: int
    statistics: Statistics = field(default_factory=Statistics)
    connections: set[Connection] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.states = States(self.first_id)
        self.exchange = Exchange()
        self.intake = Intake(self.faults, self.states, self.journal, self.seed)
        self.wheel: Wheel[Delivery] = Wheel(self._turn)
        self._random = Random(f"{self.seed}/reports")
        self._writer = Writer(self.faults, self._random)
        self._numbers = count(1)
        self.sessions: Counter[str] = Counter()  # bound now, by system_id
        self._told_hugely: set[str] = set()
        self._reported: deque[Receipt] = deque(maxlen=_REPEATABLE)

    def configure(self, faults: Faults) -> None:
        """Use these faults from now on, also for reports that wait."""
        self.faults = faults
        self.intake.configure(faults)
        self._writer = Writer(faults, self._random)
        for courier in self.exchange.couriers:
            self.pump(courier)

    def admit(self, system_id: str, password: str) -> int:
        """Return the command status of a bind: 0, or why it is refused."""
        if self.faults.bind_status:
            return self.faults.bind_status
        if system_id not in self.accounts:
            return RINVSYSID
        if self.accounts[system_id] != password:
            return RINVPASWD
        limit = self.faults.session_limit
        return self.faults.session_limit_status if limit and self.sessions[system_id] >= limit else 0

    def open_lane(self, system_id: str) -> Lane:
        """Return the intake's state of a new bind; binds are numbered from 1 and draw their own random numbers."""
        number = next(self._numbers)
        self.statistics.binds += 1
        self.sessions[system_id] += 1
        return Lane(number, system_id, Random(f"{self.seed}/{number}"))

    def schedule(self, deliveries: Schedule) -> None:
        """Make deliveries due after their delays, in ticks."""
        for delay, items in deliveries.items():
            self.wheel.add(delay, items)

    def deliver_now(self, deliveries: Schedule) -> None:
        """Deliver everything in the schedule at once, earliest first."""
        self._turn([item for delay in sorted(deliveries) for item in deliveries[delay]])

    def _turn(self, due: list[Delivery]) -> None:
        leaving: list[Delivery] = []
        for item in due:
            if isinstance(item, Reply):
                leaving.append(item)
                continue
            if item.state not in TEMPORARY:
                self.states.settle(item.serial, item.state, item.done)
            if item.reported:
                leaving.append(item)
        if self.faults.reorder_reports:
            self._random.shuffle(leaving)
        for courier in self.exchange.route(leaving, elsewhere=self.faults.report_on_another_bind):
            self.pump(courier)

    def pump(self, courier: Courier) -> None:
        """Send as many deliveries as the report window of a bind allows."""
        if not self.faults.silent:
            self.statistics.deliveries += courier.pump(self._writer, self.faults.report_window)

    def attach(self, courier: Courier) -> None:
        """Add a bind that receives, and send it what waits."""
        self.exchange.attach(courier)
        if self.faults.repeat_at_bind:
            courier.waiting.extend(list(self._reported)[-self.faults.repeat_at_bind :])
        if self.faults.huge_reply and courier.system_id not in self._told_hugely:
            self._told_hugely.add(courier.system_id)
            text = b"x" * self.faults.huge_reply
            courier.waiting.append(Reply(_SOMEBODY, "Sendmill", courier.system_id, courier.number, text, 0))
        self.pump(courier)

    def detach(self, courier: Courier) -> None:
        """Remove a bind that received; what it left goes to another bind or is held for the next."""
        for other in self.exchange.detach(courier):
            self.pump(other)

    def acknowledge(self, courier: Courier, answers: list[tuple[int, int]]) -> None:
        """Take the (sequence, status) of deliver_sm_resps; after a temporary error a report is sent again."""
        if self.faults.repeat_at_bind:
            waited = courier.unacknowledged
            told = [waited[sequence] for sequence, status in answers if not status and sequence in waited]
            self._reported.extend(one for one in told if isinstance(one, Receipt))
        again = courier.acknowledge(answers)
        self.statistics.acknowledged += len(answers) - len(again)
        if again:
            self.wheel.add(_REPORT_RETRY, again)

    def reply(self, delivery: Reply) -> None:
        """Deliver a person's message."""
        for courier in self.exchange.route([delivery], elsewhere=False):
            self.pump(courier)

    def query(self, message_id: str) -> QueryAnswer | int:
        """Return the answer to a query_sm, or the command status that refuses it."""
        self.statistics.queries += 1
        serial = read_id(message_id, self.faults.id_form)
        if serial is None:
            return RINVMSGID
        if self.faults.ids_anew:
            serial = newest_of(serial, self.states.next_serial - 1, self.faults.ids_anew)
        known = self.states.find(serial)
        if known is None:
            return RQUERYFAIL
        error = ERROR[known.state]
        return QueryAnswer(message_id, final_date(known.settled), known.state, error)

    @property
    def pending(self) -> int:
        """The number of reports and replies that are not acknowledged yet, due or not."""
        return self.wheel.size + self.exchange.pending


def first_id_of(seed: int) -> int:
    """Return the first id of a new centre: nine digits, the same for the same seed."""
    return Random(f"{seed}/ids").randrange(10**8, 10**9)
