"""Why a task is not over yet: the first cause that applies, chosen from facts about it.

Each answer is a code and one or two sentences with places, for the layers above to translate and fill. Times
are aware datetimes, durations timedeltas; numbers of messages unless parts are named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from sendmill.domain.amounts import plain
from sendmill.domain.task_life import ImportState, TaskStatus

SOON = timedelta(seconds=20)  # nothing is wrong with what has taken no longer
STUCK = timedelta(minutes=1)
LONGEST = timedelta(days=365)
NEAR_LIMIT = 0.85  # of the carrier's rate: from there on it is the rate that a task waits for

Level = Literal["info", "warning"]

RULES: dict[str, str] = {
    "held": "The store is held: it may be older than what was sent from it. An administrator decides on the page "
    "“Held” whether the rest (%(count)s) is sent.",
    "scheduled": "It waits for its scheduled time, %(time)s, in %(left)s.",
    "due": "Its time has come; it starts within seconds.",
    "no_worker": "No worker is running, so nothing is checked, imported or started. Start one with “sendmill up” "
    "or “sendmill worker”.",
    "no_balance": "The balance is too low: up to %(due)s is needed and %(balance)s is left, so %(missing)s is "
    "missing.",
    "tried_again": "It is tried again every ten seconds, and canceled when it has not started by %(until)s.",
    "import_failed": "The recipients could not be imported; the log of the worker says why.",
    "importing": "The recipients are being imported. Sending begins right after.",
    "paused": "Paused. Still to be sent: %(count)s.",
    "ended": "The task was ended. Not handed over yet, and not going to be sent: %(count)s.",
    "paused_by": "Paused by %(who)s since %(since)s. Still to be sent: %(count)s.",
    "hours": "It is night where recipients are: promotions are sent between 08:00 and 22:00 of their time. "
    "Sending goes on at %(time)s.",
    "set_aside": "An unforeseen error keeps it from being sent (%(error)s, times: %(times)s). It is tried again at "
    "%(time)s; the log of the sender says more.",
    "given_up": "Paused: an unforeseen error came again and again (%(error)s, times: %(times)s). The log of the sender "
    "says more; “Resume” tries again. Still to be sent: %(count)s.",
    "no_carrier": "The application has no carrier.",
    "carrier_off": "The carrier “%(carrier)s” is switched off. Still to be sent: %(count)s.",
    "carrier_draining": "The carrier “%(carrier)s” is being drained and takes nothing new. Still to be sent: "
    "%(count)s.",
    "no_sender": "No sender is running, so nothing is sent. Start one with “sendmill up” or “sendmill sender”.",
    "bind_coming": "A sender is about to connect to the carrier “%(carrier)s”.",
    "bind_down": "The carrier “%(carrier)s” has not been connected since %(since)s: %(sentence)s",
    "refused": "The carrier “%(carrier)s” has taken nothing of this task since %(since)s: %(answer)s. What is "
    "still to be sent waits and does not fail: %(count)s. Find out at the carrier (credit, account, permissions). One "
    "message is tried at %(time)s, and when it is accepted the task goes on by itself; “Release” goes on at once.",
    "ahead": "More urgent tasks go first (tasks: %(tasks)s, messages: %(count)s).",
    "ahead_left": "More urgent tasks go first (tasks: %(tasks)s, messages: %(count)s). This one is sent in about "
    "%(left)s.",
    "starting": "Sending begins within seconds.",
    "stuck": "Nothing was sent for %(since)s, though the carrier “%(carrier)s” is connected. The log of the "
    "sender says more.",
    "throttled": "The carrier “%(carrier)s” asks to be sent to more slowly: %(rate)s messages a second now; about "
    "%(left)s left.",
    "rate": "The carrier “%(carrier)s” takes %(limit)s parts a second, its limit; about %(left)s left.",
    "shared": "Being sent at %(rate)s messages a second, in turns with other tasks (%(tasks)s); about %(left)s "
    "left.",
    "sending": "Being sent at %(rate)s messages a second; about %(left)s left.",
    "reports": "Everything was handed to the carrier. Reports awaited: %(count)s, until %(until)s at the "
    "latest.",
    "uncertain": "Nobody knows what became of some messages (%(count)s): count them as failed, or send them "
    "again.",
    "uncertain_ended": "Nobody knows what became of some messages (%(count)s): count them as failed, or wait for "
    "their reports.",
    "ending": "Every message has its result; the task is completed within seconds.",
}


@dataclass(frozen=True)
class Sentence:
    """A sentence with places, and what fills them."""

    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Wait:
    """What a task waits for. `code` is stable, for programs; `left` how long it takes, where that is known."""

    code: str
    level: Level
    sentences: tuple[Sentence, ...]
    left: timedelta | None = None


class CarrierAnswer(NamedTuple):
    """A command status, and the carrier's own words for it, or none."""

    status: int
    words: str = ""


@dataclass(frozen=True)
class Refusal:
    """A carrier takes nothing of a task: what it answers, since when, and when one message is tried."""

    answer: CarrierAnswer
    since: datetime
    probe_at: datetime


@dataclass(frozen=True)
class CarrierFacts:
    """A task's carrier: `up` counts its binds that are up; `since` and `sentence` tell of one that is not.

    `rate` is its limit in parts a second, 0 for none; `throttled` how often it asked for less just now.
    """

    name: str
    enabled: bool = True
    draining: bool = False
    rate: int = 0
    throttled: int = 0
    up: int = 1
    since: datetime | None = None
    sentence: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Fault:
    """What set a task aside: the kind of the error, how often, until when; `given_up`: until it is resumed."""

    error: str
    times: int
    until: datetime
    given_up: bool = False


@dataclass(frozen=True)
class Facts:
    """All that the decision looks at. `reasons` are those for which a task was not started or cannot be sent.

    `carriers` are those of what is not sent yet, one unless the task is routed.
    `ahead` are messages of `ahead_tasks` more urgent tasks, `beside` equally urgent tasks of the same carrier;
    `speed` is that of this task, `carrier_speed` that of all tasks of its carrier, in messages a second.
    """

    now: datetime
    status: TaskStatus
    accepted: int
    parts: int
    report_limit: timedelta
    start_limit: timedelta
    submitted: int = 0
    sending: int = 0
    uncertain: int = 0
    scheduled_at: datetime | None = None
    started_at: datetime | None = None
    reasons: tuple[tuple[str, str, Mapping[str, object]], ...] = ()
    imported: ImportState = ImportState.IMPORTED
    held: bool = False
    paused: bool = False
    ended: bool = False
    paused_by: str = ""
    paused_at: datetime | None = None
    fault: Fault | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    carriers: tuple[CarrierFacts, ...] = ()
    routed: bool = False
    senders: int = 1
    workers: int = 1
    ahead: int = 0
    ahead_tasks: int = 0
    beside: int = 0
    speed: float = 0.0
    carrier_speed: float = 0.0
    last_sent_at: datetime | None = None

    @property
    def unsent(self) -> int:
        """Messages of which nothing has left yet."""
        return self.accepted - self.submitted


def wait_of(facts: Facts) -> Wait | None:
    """Return what a task waits for; None for one that is over.

    A pending task waits for its time or for what kept it from starting; an executing one for the first of:
    its import, a hold of the store, what it cannot be sent for, a person who paused it, a fault that set it aside,
    the hours, its carrier, a sender, a connection, more urgent tasks, the carrier's rate; and when everything has
    left, for reports, then for a person.
    """
    if facts.status is TaskStatus.PENDING:
        return _before_start(facts)
    if facts.status is not TaskStatus.EXECUTING:
        return None
    if facts.imported != ImportState.IMPORTED:
        return _before_import(facts)
    if facts.unsent <= 0:
        return _after_sending(facts)
    if facts.ended:
        return _wait("ended", count=facts.unsent)
    if facts.held:
        return _wait("held", "warning", count=facts.unsent)
    if facts.reasons:
        return Wait(facts.reasons[0][0], "warning", tuple(_reason(*reason) for reason in facts.reasons))
    return _held(facts) or _unconnected(facts) or _under_way(facts)


def _wait(code: str, level: Level = "info", **parameters: object) -> Wait:
    return Wait(code, level, (Sentence(RULES[code], parameters),))


def _before_start(facts: Facts) -> Wait:
    at = facts.scheduled_at or facts.now
    if at > facts.now:
        return _timed("scheduled", at - facts.now, time=at)
    if facts.held:
        return _wait("held", "warning", count=facts.unsent)
    if facts.reasons:
        return _refused(facts, at)
    if not facts.workers and facts.now - at > SOON:
        return _wait("no_worker", "warning")
    return _wait("due")


def _refused(facts: Facts, at: datetime) -> Wait:
    """Its time has come, and it could not be started."""
    code = facts.reasons[0][0]
    sentences = [_reason(*reason) for reason in facts.reasons]
    sentences.append(Sentence(RULES["tried_again"], {"until": at + facts.start_limit}))
    return Wait(code, "warning", tuple(sentences))


def _reason(code: str, message: str, parameters: Mapping[str, object]) -> Sentence:
    """The sentence of a reason; a balance that is too low tells how much is missing."""
    if code != "no_balance":
        return Sentence(message, parameters)
    try:
        missing = Decimal(str(parameters["due"])) - Decimal(str(parameters["balance"]))
    except (KeyError, InvalidOperation):
        return Sentence(message, parameters)
    return Sentence(RULES["no_balance"], {**parameters, "missing": plain(missing)})


def _before_import(facts: Facts) -> Wait:
    if facts.imported == ImportState.FAILED:
        return _wait("import_failed", "warning")
    if not facts.workers:
        return _wait("no_worker", "warning")
    return _wait("importing")


def _held(facts: Facts) -> Wait | None:
    """What holds a task back though everything runs."""
    fault = facts.fault
    if fault is not None and facts.paused and fault.given_up:
        return _wait("given_up", "warning", error=fault.error, times=fault.times, count=facts.unsent)
    if facts.paused and facts.paused_by and facts.paused_at:
        return _wait("paused_by", who=facts.paused_by, since=facts.paused_at, count=facts.unsent)
    if facts.paused:
        return _wait("paused", count=facts.unsent)
    if fault is not None and fault.until > facts.now:
        return _wait("set_aside", "warning", error=fault.error, times=fault.times, time=fault.until)
    if facts.opens_at is not None and facts.now < facts.opens_at:
        return _wait("hours", time=facts.opens_at)
    return None


def _unconnected(facts: Facts) -> Wait | None:
    """Why nothing can leave over any of the carriers; that of the first one is told."""
    if not facts.carriers:
        return None if facts.routed else _wait("no_carrier", "warning")
    causes = [_shut(facts, carrier) for carrier in facts.carriers]
    return None if None in causes else causes[0]


def _shut(facts: Facts, carrier: CarrierFacts) -> Wait | None:
    """Why nothing can leave over a carrier: itself, the sender, or the connection between them."""
    if not carrier.enabled:
        return _wait("carrier_off", "warning", carrier=carrier.name, count=facts.unsent)
    if carrier.draining:
        return _wait("carrier_draining", "warning", carrier=carrier.name, count=facts.unsent)
    if not facts.senders:
        return _wait("no_sender", "warning")
    if carrier.up:
        return _refused_by(facts, carrier)
    if carrier.since is None:
        return _wait("bind_coming", carrier=carrier.name)
    return _wait("bind_down", "warning", carrier=carrier.name, since=carrier.since, sentence=carrier.sentence)


def _refused_by(facts: Facts, carrier: CarrierFacts) -> Wait | None:
    """The wait for a carrier that is connected and takes nothing of the task."""
    refusal = carrier.refusal
    if refusal is None:
        return None
    return _wait(
        "refused",
        "warning",
        carrier=carrier.name,
        answer=refusal.answer,
        since=refusal.since,
        time=max(refusal.probe_at, facts.now),
        count=facts.unsent,
    )


def _under_way(facts: Facts) -> Wait:
    """Connected, and something is left to be sent."""
    carrier = facts.carriers[0] if facts.carriers else CarrierFacts("")
    idle = facts.now - (facts.last_sent_at or facts.started_at or facts.now)
    if facts.ahead and idle > SOON:
        return _behind(facts)
    if facts.speed <= 0 or idle > STUCK:
        if idle > STUCK:
            return _wait("stuck", "warning", since=idle, carrier=carrier.name)
        return _behind(facts) if facts.ahead else _wait("starting")
    left = _time(facts.unsent, facts.speed)
    each = facts.parts / max(facts.accepted, 1)
    throttling = next((one for one in facts.carriers if one.throttled), None)
    if throttling is not None:
        return _timed("throttled", left, rate=facts.speed, carrier=throttling.name)
    if (
        carrier.rate
        and len(facts.carriers) == 1
        and facts.carrier_speed * each >= NEAR_LIMIT * carrier.rate
        and not facts.beside
    ):
        return _timed("rate", left, limit=carrier.rate, carrier=carrier.name)
    if facts.beside:
        return _timed("shared", left, rate=facts.speed, tasks=facts.beside)
    return _timed("sending", left, rate=facts.speed)


def _behind(facts: Facts) -> Wait:
    if facts.carrier_speed <= 0:
        return _wait("ahead", count=facts.ahead, tasks=facts.ahead_tasks)
    left = _time(facts.ahead + facts.unsent, facts.carrier_speed)
    return _timed("ahead_left", left, count=facts.ahead, tasks=facts.ahead_tasks)


def _time(messages: int, speed: float) -> timedelta:
    """How long so many messages take; no longer than anybody plans."""
    return timedelta(seconds=min(messages / speed, LONGEST.total_seconds()))


def _timed(code: str, left: timedelta, **parameters: object) -> Wait:
    """A wait of which the end can be told."""
    sentence = Sentence(RULES[code], {**parameters, "left": left})
    return Wait(code, "info", (sentence,), left)


def _after_sending(facts: Facts) -> Wait:
    """Everything has left: what is missing are reports, or a person's word."""
    unknown = Sentence(RULES["uncertain_ended" if facts.ended else "uncertain"], {"count": facts.uncertain})
    if facts.sending <= 0:
        return Wait("uncertain", "warning", (unknown,)) if facts.uncertain else _wait("ending")
    until = (facts.last_sent_at or facts.now) + facts.report_limit
    sentences = [Sentence(RULES["reports"], {"count": facts.sending, "until": until})]
    sentences += [unknown] if facts.uncertain else []
    # A carrier that is switched off or away brings no report either.
    cause = _unconnected(facts)
    if cause is not None and cause.code in ("no_sender", "bind_down"):
        return Wait(cause.code, "warning", (*cause.sentences, *sentences))
    return Wait("reports", "warning" if facts.uncertain else "info", tuple(sentences))


def speed_of(now: datetime, done: int, marks: Mapping[int, datetime]) -> float:
    """Return how many messages a second a task is sent at, 0.0 when that cannot be told.

    `marks` has when a message was sent by how many were sent after it. The fastest stretch of at least a
    second counts: the others go back to before a pause or a night. When nothing is sent, all become slower.
    """
    stretches = [(min(back, done), (now - at).total_seconds()) for back, at in marks.items()]
    long = [(count, seconds) for count, seconds in stretches if seconds >= 1.0]
    return max((count / seconds for count, seconds in (long or stretches) if seconds > 0), default=0.0)
