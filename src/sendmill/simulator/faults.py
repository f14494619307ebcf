"""The faults of the simulated carrier, as settings.

Rates are probabilities from 0 to 1. Every decision comes from the seed of the SMSC, so the same traffic on the same
bind meets the same faults.

A person can provoke an outcome with the last four digits of a number: :data:`DEMO_OUTCOMES` lists them, and
:data:`DEMO_NOTES` describes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

from sendmill.simulator.message_ids import LONGEST_COUNT, IdForm

THROTTLED = 0x58
QUEUE_FULL = 0x14
ALREADY_BOUND = 0x05
INVALID_DESTINATION = 0x0B


class State(IntEnum):
    """Message states (SMPP 3.4 §5.2.28)."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8


TEMPORARY = frozenset({State.ENROUTE, State.ACCEPTED})
"""States that are not final."""


class AnswerForm(StrEnum):
    """How the times until responses are spread around their mean."""

    FIXED = "fixed"
    LOGNORMAL = "lognormal"
    TWO_HUMPS = "two_humps"


class ReceiptForm(StrEnum):
    """Where a report carries its id and state: in the text, in TLVs, or in both."""

    TEXT = "text"
    TLV = "tlv"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happens to a message to a number.

    state: the final state. refuse: the command status that refuses the submit, 0 for none; `once`: only the first
    time the number is seen. report: False keeps the message ENROUTE for ever. twice: the report comes twice.
    last_part_only: the other parts of a long message are delivered. first: a temporary state reported before the
    final one. reply: a text the person sends back after the delivery.
    """

    state: State = State.DELIVERED
    refuse: int = 0
    once: bool = False
    report: bool = True
    twice: bool = False
    last_part_only: bool = False
    first: State | None = None
    reply: str = ""


DELIVERED = Outcome()
DEMO_OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        "0001": Outcome(state=State.UNDELIVERABLE),
        "0002": Outcome(state=State.EXPIRED),
        "0003": Outcome(state=State.REJECTED),
        "0004": Outcome(refuse=INVALID_DESTINATION),
        "0005": Outcome(report=False),
        "0006": Outcome(refuse=THROTTLED, once=True),
        "0007": Outcome(state=State.UNDELIVERABLE, last_part_only=True),
        "0008": Outcome(twice=True),
        "0009": Outcome(reply="STOP"),
        "0010": Outcome(first=State.ACCEPTED),
    }
)
DEMO_NOTES: Mapping[str, str] = MappingProxyType(
    {
        "0001": "report UNDELIV",
        "0002": "report EXPIRED",
        "0003": "report REJECTD",
        "0004": "the submit is refused: ESME_RINVDSTADR",
        "0005": "the report never comes; a query says ENROUTE for ever",
        "0006": "throttled once (ESME_RTHROTTLED), then delivered",
        "0007": "the last part of a long message is UNDELIV, the other parts are delivered",
        "0008": "delivered, and the report comes twice",
        "0009": "delivered, and the person replies STOP",
        "0010": "report ACCEPTD first, DELIVRD after",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The behaviour of an SMSC. The default is a carrier without faults that reports at once.

    Outcomes
      suffixes, prefixes: what becomes of numbers that end or start with the given digits (suffix first, the
      longest one wins). failure_rate: share of the other numbers that fail, with one of failure_states; a
      number's outcome depends on the seed and the number alone.
    Submits
      throttle_rate: parts per second and bind, above it ESME_RTHROTTLED (0: unlimited). refuse_rate and
      refuse_status: share of submits refused, and with which command status. refuse_for: only for so many seconds
      after the first of them (0: until other faults are set). bind_status: refuse binds.
      server_window: parts unanswered per bind, above it submits are refused at once with server_window_status
      (0: unlimited).
    Responses
      answer_time: seconds until the response to each part leaves, as answer_form says: fixed; lognormal around
      that mean, with answer_spread as the deviation of its logarithm; or two_humps, half of them after each of
      answer_humps (then answer_time counts for nothing). Responses overtake each other as their times say.
      response_delay: seconds (min, max) until the responses of a batch leave. drop_responses: share of
      responses that never leave. bare_errors: error responses without a body.
    Reports
      report_delay: seconds (min, max) after the submit, or after the response where that has a time of its own.
      repeat_reports: share of reports that come once more, repeat_delay: so many seconds (min, max) after the
      first. repeat_at_bind: the last so many acknowledged ones come once more at each bind that receives.
      report_before_response: the report overtakes its submit response.
      duplicate_reports, drop_reports, stranger_reports (a report for an id never given out): rates.
      reorder_reports: reports due together come in random order. intermediate_reports: share with a temporary
      report first. per_part_reports: False reports a long message once, under the id of its last part, or with
      first_part_reports under that of its first. shared_part_ids: all parts of a long message get the id of its
      first one, and it is reported once, by that.
      report_window: reports unacknowledged per bind (0: unlimited). report_on_another_bind: of the same
      system_id, where there is one. id_form, report_id_form: how ids are written in responses and in reports.
      no_ids: responses name no id. report_id_length: ids in reports are cut to so many characters (0: whole).
      plain_reports: reports have esm_class 0, and no TLVs.
      ids_anew: ids are counted anew after so many parts (0: never).
      receipt: text, TLVs or both. odd_receipts: share written in unusual ways that can still be read.
      mangled_receipts: share that cannot be read. words: the words in reports by state, instead of those of
      SMPP 3.4, such as {"DELIVERED": "OK"}; then nothing says the state as a TLV.
    Connection
      disconnect_after: cut the connection once it took this many parts, with the responses of the last batch
      unsent (0: never). split_writes: write so many bytes at a time (0: all). silent: take everything, answer
      and report nothing, not even enquire_link. garbage_after: after so many parts, send a PDU whose length
      says 0 (0: never). enquire_interval: seconds between enquire_links of the SMSC's own (0: none).
      enquire_before_bind: send an enquire_link before the bind response. close_after_silence: close a bind that sent
      nothing for so many seconds (0: never). session_limit: binds at a time per system_id, above it a bind is
      refused with session_limit_status (0: unlimited). wrong_bind_response: answer a bind with a response to
      another kind of bind. huge_reply: the first bind of a system_id that receives gets a reply with so many
      octets of message_payload, again at each bind until it is acknowledged (0: none).
    """

    suffixes: Mapping[str, Outcome] = field(default_factory=dict)
    prefixes: Mapping[str, Outcome] = field(default_factory=dict)
    failure_rate: float = 0.0
    failure_states: tuple[State, ...] = (State.UNDELIVERABLE, State.EXPIRED, State.REJECTED)

    throttle_rate: float = 0.0
    refuse_rate: float = 0.0
    refuse_status: int = 0x45
    refuse_for: float = 0.0
    server_window: int = 0
    server_window_status: int = QUEUE_FULL
    bind_status: int = 0

    answer_time: float = 0.0
    answer_form: AnswerForm = AnswerForm.FIXED
    answer_spread: float = 0.8
    answer_humps: tuple[float, float] = (0.3, 3.0)
    response_delay: tuple[float, float] = (0.0, 0.0)
    drop_responses: float = 0.0
    bare_errors: bool = True

    report_delay: tuple[float, float] = (0.0, 0.0)
    repeat_reports: float = 0.0
    repeat_delay: tuple[float, float] = (1.0, 10.0)
    repeat_at_bind: int = 0
    report_before_response: bool = False
    duplicate_reports: float = 0.0
    drop_reports: float = 0.0
    stranger_reports: float = 0.0
    reorder_reports: bool = False
    intermediate_reports: float = 0.0
    per_part_reports: bool = True
    first_part_reports: bool = False
    shared_part_ids: bool = False
    report_window: int = 1000
    report_on_another_bind: bool = False
    id_form: IdForm = IdForm.DECIMAL
    report_id_form: IdForm | None = None
    ids_anew: int = 0
    no_ids: bool = False
    report_id_length: int = 0
    plain_reports: bool = False
    receipt: ReceiptForm = ReceiptForm.BOTH
    odd_receipts: float = 0.0
    mangled_receipts: float = 0.0
    words: Mapping[str, str] = field(default_factory=dict)

    disconnect_after: int = 0
    split_writes: int = 0
    silent: bool = False
    garbage_after: int = 0
    enquire_interval: float = 0.0
    enquire_before_bind: bool = False
    close_after_silence: float = 0.0
    session_limit: int = 0
    session_limit_status: int = ALREADY_BOUND
    wrong_bind_response: bool = False
    huge_reply: int = 0

    @property
    def answers_late(self) -> bool:
        """True when responses do not leave with the batch that they answer."""
        return self.times_each_answer or self.response_delay[1] > 0

    @property
    def times_each_answer(self) -> bool:
        """True when the response to each part has a time of its own, and its report comes after that."""
        return self.answer_time > 0 or self.answer_form is AnswerForm.TWO_HUMPS

    def __post_init__(self) -> None:
        for name in _RATES:
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise ValueError(f"The fault {name} is a rate from 0 to 1, not {value}.")
        for name in _SPANS:
            low, high = getattr(self, name)
            if not 0.0 <= low <= high:
                raise ValueError(f"The fault {name} is (min, max) in seconds with 0 ≤ min ≤ max.")
        for name in _NOT_BELOW_ZERO:
            if getattr(self, name) < 0:
                raise ValueError(f"The fault {name} cannot be below 0.")
        if not 0 <= self.ids_anew <= LONGEST_COUNT:
            raise ValueError(f"The fault ids_anew is a count up to {LONGEST_COUNT}.")
        if not 0 <= self.huge_reply <= LONGEST_PAYLOAD:
            raise ValueError(f"The fault huge_reply is a number of octets up to {LONGEST_PAYLOAD}.")
        if not self.failure_states:
            raise ValueError("The fault failure_states names at least one state.")


_SPANS = ("report_delay", "repeat_delay", "response_delay", "answer_humps")
_NOT_BELOW_ZERO = (
    "answer_time",
    "answer_spread",
    "refuse_for",
    "server_window",
    "close_after_silence",
    "session_limit",
)
LONGEST_PAYLOAD = 65_535  # octets: the length of an optional parameter has 16 bits (SMPP 3.4 §5.3.1)
_RATES = (
    "failure_rate",
    "refuse_rate",
    "drop_responses",
    "duplicate_reports",
    "drop_reports",
    "stranger_reports",
    "intermediate_reports",
    "repeat_reports",
    "odd_receipts",
    "mangled_receipts",
)


def read_faults(values: Mapping[str, Any]) -> Faults:
    """Build faults from plain values as JSON has them: forms and states by name, delays as [min, max].

    `demo` true takes the suffixes of DEMO_OUTCOMES. Raises ValueError with a sentence that names the wrong key.
    """
    known = {item.name for item in fields(Faults)}
    settings: dict[str, Any] = {}
    for name, value in values.items():
        if name == "demo":
            if value:
                settings.setdefault("suffixes", DEMO_OUTCOMES)
            continue
        if name not in known:
            raise ValueError(f"There is no fault named {name!r}; known are: {', '.join(sorted(known))}.")
        try:
            settings[name] = _read_value(name, value)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"The fault {name} cannot be {value!r}.") from error
    return Faults(**settings)


def _read_value(name: str, value: Any) -> Any:
    if name in ("suffixes", "prefixes"):
        return {digits: _read_outcome(outcome) for digits, outcome in value.items()}
    if name == "words":
        return {State[state].name: str(word) for state, word in value.items()}
    if name in ("id_form", "report_id_form"):
        return None if value is None else IdForm(value)
    if name == "answer_form":
        return AnswerForm(value)
    if name == "receipt":
        return ReceiptForm(value)
    if name == "failure_states":
        return tuple(State[state] for state in value)
    if name in _SPANS:
        low, high = value
        return float(low), float(high)
    kind = type(getattr(Faults(), name))
    if kind is not bool and isinstance(value, bool):
        raise TypeError(name)
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind):
        raise TypeError(name)
    return value


def _read_outcome(values: Mapping[str, Any]) -> Outcome:
    settings = dict(values)
    for name in ("state", "first"):
        if settings.get(name) is not None:
            settings[name] = State[settings[name]]
    return Outcome(**settings)
