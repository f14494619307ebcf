"""Taking submits: check, decide what becomes of them, note them in the journal, schedule their reports."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from sendmill.carriers.pdu import CODING_UCS2, Message, Pdu, PduError, decode_submit_sm
from sendmill.simulator.checks import Part, RefusedError, inspect
from sendmill.simulator.faults import DELIVERED, THROTTLED, Faults, Outcome, State
from sendmill.simulator.identifiers import writer
from sendmill.simulator.journal import Journal, digest
from sendmill.simulator.reports import Delivery, Receipt, Reply, write_reply
from sendmill.simulator.states import States
from sendmill.simulator.wheel import ticks

RINVCMDLEN = 0x02
_TYPES = [bytes((ton, npi)) for ton in range(7) for npi in range(256)]
_WHOLE = 1 << 32
_BURST = 0.1
_TEXT_IN_REPORT = 20
_ASKED, _ASKED_FOR_FAILURES = 0x03, 0x02
_INTERMEDIATE_ASKED = 0x10
_STRANGER = 1 << 44


@dataclass
class Lane:
    """What the intake remembers of one bind: who it is, its random numbers, its throttle, what it took."""

    number: int
    system_id: str
    random: Random
    taken: int = 0
    allowance: float = 0.0
    refilled: float = field(default_factory=time.monotonic)

    def admits(self, rate: float) -> bool:
        """Whether a throttle of `rate` parts a second lets one more through; 0.1 s of it may burst."""
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
    """What became of a batch: accepted (sequence, id), refused (sequence, status), deliveries by delay ticks.

    cut: the connection is to be cut now, without these responses.
    """

    accepted: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)
    deliveries: Schedule = field(default_factory=lambda: defaultdict(list))
    lines: list[str] = field(default_factory=list)
    cut: bool = False


class Intake:
    """Takes batches of submit_sm for all binds."""

    def __init__(self, faults: Faults, states: States, journal: Journal | None, seed: int) -> None:
        self._states = states
        self._journal = journal
        self._salt = crc32(str(seed).encode())
        self._refused_once: set[str] = set()
        self.configure(faults)

    def configure(self, faults: Faults) -> None:
        """Change the faults from now on."""
        self._faults = faults
        self._id = writer(faults.id_form)
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
            )
        )

    def take(self, lane: Lane, submits: list[Pdu]) -> Taken:
        """Take a batch; what was accepted is in the journal when this returns."""
        taken = Taken()
        now, second = time.monotonic_ns(), int(time.time())
        serial = self._states.next_serial
        # Neighbours mostly carry the same text, or all of them different ones: remembering one is enough.
        last_text, last_digest = b"", digest(b"")
        for pdu in submits:
            try:
                message = decode_submit_sm(pdu.body)
                part = inspect(message)
            except RefusedError as refusal:
                taken.refused.append((pdu.sequence, refusal.status))
                continue
            except PduError:
                taken.refused.append((pdu.sequence, RINVCMDLEN))
                continue
            destination = message.destination
            outcome = self._outcome(destination) if self._sorts else DELIVERED
            status = self._refusal(lane, destination, outcome) if self._refuses else 0
            if status:
                taken.refused.append((pdu.sequence, status))
                continue
            message_id = self._id(serial)
            text, reference, total, number = part
            if text != last_text:
                last_text, last_digest = text, digest(text)
            taken.accepted.append((pdu.sequence, message_id))
            taken.lines.append(
                f"{now}\t{serial}\t{message_id}\t{lane.system_id}\t{message.source}\t{destination}"
                f"\t{reference}\t{total}\t{number}\t{last_digest}\n"
            )
            self._schedule(taken.deliveries, lane, message, part, outcome, serial, second)
            serial += 1
            lane.taken += 1
            if lane.taken == self._faults.disconnect_after:
                taken.cut = True
                break
        self._states.grow(len(taken.accepted))
        if self._journal is not None and taken.lines:
            self._journal.append(taken.lines)
        return taken

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
            return faults.refuse_status
        return 0

    def _schedule(
        self,
        deliveries: Schedule,
        lane: Lane,
        message: Message,
        part: Part,
        outcome: Outcome,
        serial: int,
        second: int,
    ) -> None:
        if not outcome.report:
            return
        faults = self._faults
        low, high = faults.report_delay
        delay = low if low == high else lane.random.uniform(low, high)
        state = outcome.state
        registered = message.registered_delivery
        asked = registered & _ASKED
        reported = asked != 0
        if part.total > 1 and part.number != part.total:
            if outcome.last_part_only:
                state = State.DELIVERED
            if not faults.per_part_reports:
                reported = False
        if asked == _ASKED_FOR_FAILURES and state is State.DELIVERED:
            reported = False
        receipt = Receipt(
            serial,
            message.destination,
            message.source,
            _TYPES[message.source_ton << 8 | message.source_npi],
            lane.system_id,
            lane.number,
            state,
            reported,
            second,
            second + int(delay),
            b"" if message.data_coding == CODING_UCS2 else part.text[:_TEXT_IN_REPORT],
        )
        if outcome is not DELIVERED or self._unusual or registered & _INTERMEDIATE_ASKED:
            self._schedule_unusual(deliveries, lane, receipt, outcome, delay, registered)
        else:
            deliveries[ticks(delay)].append(receipt)

    def _schedule_unusual(
        self,
        deliveries: Schedule,
        lane: Lane,
        receipt: Receipt,
        outcome: Outcome,
        delay: float,
        registered: int,
    ) -> None:
        faults, random = self._faults, lane.random
        first = outcome.first
        if first is None and registered & _INTERMEDIATE_ASKED:
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
        if faults.stranger_reports and random.random() < faults.stranger_reports:
            stranger = f"99999{random.randrange(10**8):08d}"
            due.append(receipt._replace(serial=receipt.serial + _STRANGER, recipient=stranger))
        if outcome.reply:
            payload, coding = write_reply(outcome.reply)
            reply = Reply(receipt.recipient, receipt.sender, lane.system_id, lane.number, payload, coding)
            due.append(reply)
