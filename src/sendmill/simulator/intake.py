"""Takes submits: checks them, decides their outcome, writes them to the journal, schedules their reports."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from sendmill.carriers.smpp.pdu import CODING_UCS2, Pdu, PduError, decode_submit_sm
from sendmill.simulator.faults import DELIVERED, THROTTLED, Faults, Outcome, State
from sendmill.simulator.journal import Journal, digest
from sendmill.simulator.message_ids import writer
from sendmill.simulator.part_states import States
from sendmill.simulator.reports import Delivery, Receipt, Reply, write_reply
from sendmill.simulator.submit_checks import RefusedError, inspect
from sendmill.simulator.timing_wheel import ticks

RINVCMDLEN = 0x02
_TYPES = [bytes((ton, npi)) for ton in range(7) for npi in range(256)]
_WHOLE = 1 << 32
_BURST = 0.1
_TEXT_IN_REPORT = 20
_ASKED, _ASKED_FOR_FAILURES = 0x03, 0x02
_INTERMEDIATE_ASKED = 0x10
STRANGER = 1 << 44  # added to the serial number: the id of a message that nobody submitted
_STATE_ENDINGS = {state: f"\t{state.name}\n" for state in State}


@dataclass
class Lane:
    """The state of one bind in the intake: its system_id, its random numbers, its throttle, how many parts it took."""

    number: int
    system_id: str
    random: Random
    taken: int = 0
    allowance: float = 0.0
    refilled: float = field(default_factory=time.monotonic)

    def admits(self, rate: float) -> bool:
        """Return whether a throttle of `rate` parts a second admits one more; bursts are up to 0.1 s of the rate."""
        now = time.monotonic()
        full = max(1.0, rate * _BURST)
        self.allowance = min(full, self.allowance + (now - self.refilled) * rate)
        self.refilled = now
        if self.allowance < 1.0:
            return False
        self.allowance -= 1.0
        return True


Schedule = defaultdict[int, list[Delivery]]


@dataclass
class Taken:
    """The result of a batch: accepted (sequence, id), refused (sequence, status), deliveries by delay in ticks.

    cut: the connection is to be cut now, without these responses.
    """

    accepted: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)
    deliveries: Schedule = field(default_factory=lambda: defaultdict(list))
    lines: list[str] = field(default_factory=list)
    cut: bool = False


class Shape:
    """A submit_sm without its destination: what consecutive submits mostly share, checked once.

    Raises PduError and RefusedError as the decoding and the checks do.
    """

    def __init__(self, body: bytes) -> None:
        self.message = message = decode_submit_sm(body)
        self.part = part = inspect(message)
        start = len(message.service_type) + len(message.source) + 6  # two NULs, two types of number
        self._head, self._tail = body[:start], body[start + len(message.destination) :]
        self.ending = f"\t{part.reference}\t{part.total}\t{part.number}\t{digest(part.text)}"
        self.asks_for_more = bool(message.registered_delivery & _INTERMEDIATE_ASKED)
        self._asked = message.registered_delivery & _ASKED
        self._sender_type = _TYPES[message.source_ton << 8 | message.source_npi]
        self._text = b"" if message.data_coding == CODING_UCS2 else part.text[:_TEXT_IN_REPORT]

    def destination_of(self, body: bytes) -> str | None:
        """Return the destination of a submit that differs in nothing else; None when it differs in more."""
        if not (body.startswith(self._head) and body.endswith(self._tail)):
            return None
        number = body[len(self._head) : len(body) - len(self._tail)]
        if 3 <= len(number) <= 15 and number.isdigit():
            return number.decode()
        return None

    def receipt(
        self,
        serial: int,
        destination: str,
        lane: Lane,
        outcome: Outcome,
        second: int,
        delay: float,
        faults: Faults,
    ) -> Receipt:
        """Return the report of this part; its `reported` is False when none is to be sent."""
        state, part, asked = outcome.state, self.part, self._asked
        reported = asked != 0
        if part.total > 1:
            if outcome.last_part_only and part.number != part.total:
                state = State.DELIVERED
            if not faults.per_part_reports or faults.shared_part_ids:
                reported = reported and part.number == (1 if faults.first_part_reports else part.total)
        if asked == _ASKED_FOR_FAILURES and state is State.DELIVERED:
            reported = False
        # Straight to the tuple: once for every part.
        return tuple.__new__(
            Receipt,
            (
                serial,
                destination,
                self.message.source,
                self._sender_type,
                lane.system_id,
                lane.number,
                state,
                reported,
                second,
                second + int(delay),
                self._text,
            ),
        )


class Intake:
    """Takes batches of submit_sm, for all binds."""

    def __init__(self, faults: Faults, states: States, journal: Journal | None, seed: int) -> None:
        self._states = states
        self._journal = journal
        self._salt = crc32(str(seed).encode())
        self._refused_once: set[str] = set()
        self._shape: Shape | None = None
        self._first_parts: dict[tuple[int, str, int], int] = {}
        self.configure(faults)

    def configure(self, faults: Faults) -> None:
        """Use these faults from now on."""
        self._faults = faults
        self._refusing_since: float | None = None
        self._id = writer(faults.id_form, faults.ids_anew)
        self._endings = sorted({len(digits) for digits in faults.suffixes}, reverse=True)
        self._beginnings = sorted({len(digits) for digits in faults.prefixes}, reverse=True)
        self._sorts = bool(faults.suffixes or faults.prefixes or faults.failure_rate)
        self._refuses = bool(self._sorts or faults.throttle_rate or faults.refuse_rate)
        self._unusual = any(
            (
                faults.drop_reports,
                faults.duplicate_reports,
                faults.stranger_reports,
                faults.intermediate_reports,
                faults.repeat_reports,
            )
        )

    def take(self, lane: Lane, submits: list[Pdu]) -> Taken:
        """Take a batch of submit_sm; what was accepted is in the journal when this returns."""
        taken = Taken()
        now, second = time.monotonic_ns(), int(time.time())
        serial = self._states.next_serial
        usual = not (self._sorts or self._refuses or self._unusual)
        low, high = self._faults.report_delay
        usual_delay = low if low == high else None
        # Consecutive submits mostly differ in their destination only: one shape is enough.
        shape = self._shape
        for _, _, sequence, body in submits:
            destination = shape.destination_of(body) if shape is not None else None
            if shape is None or destination is None:
                try:
                    shape = self._shape = Shape(body)
                except RefusedError as refusal:
                    taken.refused.append((sequence, refusal.status))
                    continue
                except PduError:
                    taken.refused.append((sequence, RINVCMDLEN))
                    continue
                destination = shape.message.destination
            outcome = self._outcome(destination) if self._sorts else DELIVERED
            status = self._refusal(lane, destination, outcome) if self._refuses else 0
            if status:
                taken.refused.append((sequence, status))
                continue
            named = self._named(lane, shape, destination, serial) if self._faults.shared_part_ids else serial
            message_id = self._id(named)
            taken.accepted.append((sequence, "" if self._faults.no_ids else message_id))
            delay = usual_delay if usual_delay is not None else lane.random.uniform(low, high)
            receipt = shape.receipt(named, destination, lane, outcome, second, delay, self._faults)
            taken.lines.append(
                f"{now}\t{serial}\t{message_id}\t{lane.system_id}\t{shape.message.source}\t{destination}"
                f"{shape.ending}{_STATE_ENDINGS[receipt.state]}"
            )
            if not outcome.report:
                pass
            elif usual and not shape.asks_for_more:
                taken.deliveries[ticks(delay)].append(receipt)
            else:
                self._schedule(taken.deliveries, lane, receipt, outcome, delay, shape)
            serial += 1
            lane.taken += 1
            if lane.taken == self._faults.disconnect_after:
                taken.cut = True
                break
        self._states.grow(len(taken.accepted))
        if self._journal is not None and taken.lines:
            self._journal.append(taken.lines)
        return taken

    def _named(self, lane: Lane, shape: Shape, destination: str, serial: int) -> int:
        """Return the serial number in the id of a part: that of the first part of its message."""
        key = lane.number, destination, shape.part.reference
        if shape.part.number == 1:
            self._first_parts[key] = serial
        return self._first_parts.get(key, serial) if shape.part.total > 1 else serial

    def _outcome(self, destination: str) -> Outcome:
        faults = self._faults
        for length in self._endings:
            outcome = faults.suffixes.get(destination[-length:])
            if outcome is not None:
                return outcome
        for length in self._beginnings:
            outcome = faults.prefixes.get(destination[:length])
            if outcome is not None:
                return outcome
        if faults.failure_rate:
            draw = crc32(destination.encode(), self._salt) / _WHOLE
            if draw < faults.failure_rate:
                states = faults.failure_states
                return Outcome(state=states[int(draw / faults.failure_rate * len(states))])
        return DELIVERED

    def _refusal(self, lane: Lane, destination: str, outcome: Outcome) -> int:
        faults = self._faults
        if outcome.refuse:
            if not outcome.once:
                return outcome.refuse
            if destination not in self._refused_once:
                self._refused_once.add(destination)
                return outcome.refuse
        if faults.throttle_rate and not lane.admits(faults.throttle_rate):
            return THROTTLED
        if faults.refuse_rate and lane.random.random() < faults.refuse_rate:
            return faults.refuse_status if self._refuses_still() else 0
        return 0

    def _refuses_still(self) -> bool:
        if not self._faults.refuse_for:
            return True
        now = time.monotonic()
        if self._refusing_since is None:
            self._refusing_since = now
        return now - self._refusing_since < self._faults.refuse_for

    def _schedule(
        self,
        deliveries: Schedule,
        lane: Lane,
        receipt: Receipt,
        outcome: Outcome,
        delay: float,
        shape: Shape,
    ) -> None:
        faults, random = self._faults, lane.random
        first = outcome.first
        if first is None and shape.asks_for_more:
            first = State.ENROUTE
        if first is None and faults.intermediate_reports and random.random() < faults.intermediate_reports:
            first = random.choice((State.ENROUTE, State.ACCEPTED))
        if first is not None and receipt.reported:
            deliveries[ticks(delay / 2)].append(receipt._replace(state=first))
        if faults.drop_reports and random.random() < faults.drop_reports:
            receipt = receipt._replace(reported=False)
        due = deliveries[ticks(delay)]
        due.append(receipt)
        twice = faults.duplicate_reports and random.random() < faults.duplicate_reports
        if (outcome.twice or twice) and receipt.reported:
            due.append(receipt)
        if faults.repeat_reports and receipt.reported and random.random() < faults.repeat_reports:
            deliveries[ticks(delay + random.uniform(*faults.repeat_delay))].append(receipt)
        if faults.stranger_reports and random.random() < faults.stranger_reports:
            stranger = f"99999{random.randrange(10**8):08d}"
            due.append(receipt._replace(serial=receipt.serial + STRANGER, recipient=stranger))
        if outcome.reply:
            payload, coding = write_reply(outcome.reply)
            reply = Reply(receipt.recipient, receipt.sender, lane.system_id, lane.number, payload, coding)
            due.append(reply)
