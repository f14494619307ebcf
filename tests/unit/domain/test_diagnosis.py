"""What a task waits for: every cause, and which of two that hold together is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendmill.domain.diagnosis import (
    RULES,
    CarrierAnswer,
    CarrierFacts,
    Facts,
    Fault,
    Refusal,
    Wait,
    speed_of,
    wait_of,
)
from sendmill.domain.task_life import ImportState, TaskStatus

NOW = datetime(2030, 5, 6, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
UP = CarrierFacts("Main")
SENT = NOW - 2 * SECOND
GOING = Facts(
    now=NOW,
    status=TaskStatus.EXECUTING,
    accepted=1000,
    parts=1000,
    report_limit=timedelta(hours=72),
    start_limit=timedelta(hours=24),
    submitted=400,
    sending=700,
    started_at=NOW - timedelta(minutes=5),
    carriers=(UP,),
    speed=100.0,
    carrier_speed=100.0,
    last_sent_at=SENT,
)
PENDING = Facts(
    now=NOW,
    status=TaskStatus.PENDING,
    accepted=10,
    parts=10,
    report_limit=timedelta(hours=72),
    start_limit=timedelta(hours=24),
    sending=10,
    scheduled_at=NOW - SECOND,
)
NO_BALANCE = ("no_balance", "The balance is too low.", {"due": "12.5", "balance": "2.25"})
OFF = ("carrier_disabled", "The carrier “%(carrier)s” is off.", {"carrier": "Main"})
CANNOT = ("cannot_render", "The messages of this task cannot be made.", {})
FAULT = Fault("ValueError (rendering.py:38)", 2, NOW + SECOND)
DOWN = replace(UP, up=0, since=NOW - timedelta(minutes=7), sentence="Connection refused.")
REFUSING = replace(UP, refusal=Refusal(CarrierAnswer(0x040B), NOW, NOW + timedelta(minutes=1)))
ALL_SENT = {"submitted": 1000, "sending": 50}


def told(facts: Facts) -> Wait:
    wait = wait_of(facts)
    assert wait is not None
    return wait


def text(wait: Wait) -> str:
    return " ".join(one.message % one.parameters for one in wait.sentences)


@pytest.mark.parametrize(
    ("facts", "changes", "code"),
    [
        (PENDING, {"scheduled_at": NOW + SECOND}, "scheduled"),
        (PENDING, {}, "due"),
        (PENDING, {"workers": 0}, "due"),
        (PENDING, {"workers": 0, "scheduled_at": NOW - timedelta(minutes=1)}, "no_worker"),
        (PENDING, {"workers": 0, "scheduled_at": NOW + SECOND}, "scheduled"),
        (PENDING, {"reasons": (NO_BALANCE,)}, "no_balance"),
        (PENDING, {"reasons": (OFF,)}, "carrier_disabled"),
        (GOING, {"imported": ImportState.WAITING}, "importing"),
        (GOING, {"imported": ImportState.WAITING, "workers": 0}, "no_worker"),
        (GOING, {"imported": ImportState.FAILED, "workers": 0}, "import_failed"),
        (GOING, {"paused": True}, "paused"),
        (GOING, {"held": True}, "held"),
        (GOING, {"paused": True, "paused_by": "ann", "paused_at": SENT}, "paused_by"),
        (GOING, {"fault": FAULT}, "set_aside"),
        (GOING, {"fault": replace(FAULT, until=NOW - SECOND)}, "sending"),
        (GOING, {"fault": FAULT, "paused": True}, "paused"),
        (GOING, {"fault": replace(FAULT, given_up=True), "paused": True}, "given_up"),
        (GOING, {"opens_at": NOW + SECOND, "closes_at": NOW + timedelta(hours=9)}, "hours"),
        (GOING, {"opens_at": NOW - SECOND, "closes_at": NOW + timedelta(hours=9)}, "sending"),
        (GOING, {"carriers": ()}, "no_carrier"),
        (GOING, {"carriers": (replace(UP, enabled=False),)}, "carrier_off"),
        (GOING, {"carriers": (replace(UP, draining=True),)}, "carrier_draining"),
        (GOING, {"senders": 0}, "no_sender"),
        (GOING, {"carriers": (replace(UP, up=0),)}, "bind_coming"),
        (GOING, {"carriers": (DOWN,)}, "bind_down"),
        (GOING, {"ahead": 5000, "ahead_tasks": 1}, "sending"),
        (GOING, {"ahead": 5000, "ahead_tasks": 1, "last_sent_at": NOW - timedelta(seconds=30)}, "ahead_left"),
        (GOING, {"ahead": 5000, "ahead_tasks": 1, "speed": 0.0, "carrier_speed": 0.0}, "ahead"),
        (GOING, {"speed": 0.0, "last_sent_at": None, "started_at": NOW}, "starting"),
        (GOING, {"last_sent_at": NOW - timedelta(minutes=2)}, "stuck"),
        (GOING, {"speed": 0.0, "last_sent_at": None}, "stuck"),
        (GOING, {"carriers": (replace(UP, rate=100),)}, "rate"),
        (GOING, {"carriers": (replace(UP, rate=1000),)}, "sending"),
        (GOING, {"carriers": (replace(UP, rate=200),), "parts": 2000}, "rate"),
        (GOING, {"carriers": (replace(UP, rate=100),), "beside": 2}, "shared"),
        (GOING, {}, "sending"),
        (GOING, {"carriers": (replace(UP, rate=100, throttled=1),), "beside": 2}, "throttled"),
        (GOING, {"carriers": (DOWN, replace(UP, throttled=1))}, "throttled"),
        (GOING, {"carriers": (DOWN, UP)}, "sending"),
        (GOING, {"carriers": (REFUSING,)}, "refused"),
        (GOING, {"carriers": (REFUSING, DOWN)}, "refused"),
        (GOING, {"carriers": (REFUSING, UP)}, "sending"),
        (GOING, {"carriers": (replace(REFUSING, up=0, since=NOW),)}, "bind_down"),
        (GOING, {**ALL_SENT, "carriers": (REFUSING,)}, "reports"),
        (GOING, {"carriers": (replace(UP, rate=100), replace(UP, rate=100))}, "sending"),
        (GOING, {"carriers": (DOWN, replace(UP, enabled=False))}, "bind_down"),
        (GOING, {"carriers": (), "routed": True}, "sending"),
        (GOING, {"reasons": (CANNOT,), "paused": True}, "cannot_render"),
        (GOING, {"reasons": (CANNOT,), "paused": True, "ended": True}, "ended"),
        (GOING, {**ALL_SENT, "paused": True, "ended": True}, "reports"),
        (GOING, {"reasons": (CANNOT,), "imported": ImportState.WAITING}, "importing"),
        (GOING, {"reasons": (CANNOT,), **ALL_SENT}, "reports"),
        (GOING, ALL_SENT, "reports"),
        (GOING, {**ALL_SENT, "paused": True}, "reports"),
        (GOING, {**ALL_SENT, "carriers": ()}, "reports"),
        (GOING, {**ALL_SENT, "carriers": (DOWN,)}, "bind_down"),
        (GOING, {**ALL_SENT, "senders": 0}, "no_sender"),
        (GOING, {**ALL_SENT, "sending": 0, "uncertain": 3}, "uncertain"),
        (GOING, {**ALL_SENT, "sending": 0}, "ending"),
    ],
)
def test_every_cause(facts: Facts, changes: dict[str, Any], code: str) -> None:
    assert told(replace(facts, **changes)).code == code


def test_what_was_ended_is_not_offered_to_be_sent_again() -> None:
    over = replace(GOING, **{**ALL_SENT, "sending": 0, "uncertain": 3, "ended": True})
    assert told(over).sentences[0].message == RULES["uncertain_ended"]


def test_the_table_of_causes_is_whole() -> None:
    mark: Any = test_every_cause.pytestmark[0]  # type: ignore[attr-defined]
    tried = {code for _, _, code in mark.args[1]}
    assert set(RULES) - {"tried_again", "uncertain_ended"} <= tried


ORDER: list[tuple[str, dict[str, Any]]] = [
    ("importing", {"imported": ImportState.WAITING}),
    ("held", {"held": True}),
    ("paused", {"paused": True}),
    ("hours", {"opens_at": NOW + SECOND}),
    ("carrier_off", {"carriers": (replace(DOWN, enabled=False),)}),
    ("no_sender", {"senders": 0}),
    ("bind_down", {"carriers": (DOWN,)}),
    ("ahead", {"ahead": 1, "ahead_tasks": 1, "speed": 0.0, "carrier_speed": 0.0}),
    ("starting", {"speed": 0.0, "started_at": NOW, "last_sent_at": None}),
]


@pytest.mark.parametrize("place", range(len(ORDER)))
def test_the_first_cause_that_holds_is_told(place: int) -> None:
    together: dict[str, Any] = {}
    for _, changes in reversed(ORDER[place:]):
        together |= changes
    assert told(replace(GOING, **together)).code == ORDER[place][0]


def test_a_balance_says_how_much_is_missing_and_until_when_it_is_tried() -> None:
    said = text(told(replace(PENDING, reasons=(NO_BALANCE,))))
    assert "12.5 is needed and 2.25 is left, so 10.25 is missing" in said
    assert str(PENDING.scheduled_at and PENDING.scheduled_at + timedelta(hours=24)) in said


@pytest.mark.parametrize("parameters", [{}, {"due": "much", "balance": "little"}])
def test_a_balance_that_cannot_be_computed_is_told_as_it_came(parameters: dict[str, object]) -> None:
    wait = told(replace(PENDING, reasons=(("no_balance", "Too low.", parameters),)))
    assert wait.sentences[0].message == "Too low."


def test_several_reasons_are_all_told() -> None:
    said = text(told(replace(PENDING, reasons=(OFF, NO_BALANCE))))
    assert "“Main” is off" in said
    assert "10.25 is missing" in said


@pytest.mark.parametrize("status", [TaskStatus.CANCELED, TaskStatus.COMPLETED])
def test_what_is_over_waits_for_nothing(status: TaskStatus) -> None:
    assert wait_of(replace(GOING, status=status, paused=True)) is None


def test_the_time_left() -> None:
    assert told(GOING).left == timedelta(seconds=6)
    slow = replace(GOING, ahead=5400, ahead_tasks=2, speed=0.0, carrier_speed=60.0)
    assert told(slow).left == timedelta(seconds=100)
    assert told(replace(GOING, carriers=(DOWN,))).left is None


def test_reports_are_awaited_until_they_expire_and_the_uncertain_are_named() -> None:
    wait = told(replace(GOING, **ALL_SENT, uncertain=7))
    assert (wait.code, wait.level) == ("reports", "warning")
    assert str(SENT + timedelta(hours=72)) in text(wait)
    assert "some messages (7)" in text(wait)
    assert "Connection refused." in text(told(replace(GOING, **ALL_SENT, carriers=(DOWN,))))


@pytest.mark.parametrize(
    ("done", "ages", "speed"),
    [
        (0, {}, 0.0),
        (5_000, {1: 0.01, 100: 0.1, 1_000: 2.0}, 500.0),
        # Sent at 50 a second after a pause of an hour.
        (5_000, {1: 0.02, 100: 2.0, 1_000: 3600.0}, 50.0),
        # Nothing for ten minutes: the speed goes down with every second.
        (5_000, {1: 600.0, 100: 602.0, 1_000: 620.0}, 1000 / 620),
        (40, {1: 0.5, 100: 4.0}, 10.0),
        (40, {1: 0.1, 100: 0.5}, 80.0),
        (3, {1: 0.0}, 0.0),
    ],
)
def test_the_speed_is_that_of_the_present(done: int, ages: dict[int, float], speed: float) -> None:
    marks = {back: NOW - timedelta(seconds=age) for back, age in ages.items()}
    assert speed_of(NOW, done, marks) == pytest.approx(speed)


moments = st.none() | st.integers(-100_000, 100_000).map(lambda seconds: NOW + seconds * SECOND)
some = st.builds(
    CarrierFacts,
    name=st.just("Main"),
    enabled=st.booleans(),
    draining=st.booleans(),
    rate=st.integers(0, 1000),
    throttled=st.integers(0, 1),
    up=st.integers(0, 2),
    since=moments,
)
carriers = st.lists(some, max_size=2).map(tuple)
counts = st.integers(0, 2000)
speeds = st.floats(0, 1e6, allow_nan=False)


@settings(max_examples=60)
@given(
    st.builds(
        Facts,
        now=st.just(NOW), status=st.sampled_from(TaskStatus), accepted=counts, parts=counts, submitted=counts,
        report_limit=st.just(timedelta(hours=72)), start_limit=st.just(timedelta(hours=24)),
        sending=counts, uncertain=counts, scheduled_at=moments, started_at=moments,
        reasons=st.sampled_from([(), (NO_BALANCE,), (OFF, NO_BALANCE)]),
        imported=st.sampled_from(ImportState), paused=st.booleans(),
        paused_by=st.sampled_from(["", "ann"]), paused_at=moments, opens_at=moments, closes_at=moments,
        carriers=carriers, routed=st.booleans(), senders=st.integers(0, 2), workers=st.integers(0, 2), ahead=counts,
        ahead_tasks=counts, beside=counts, speed=speeds, carrier_speed=speeds, last_sent_at=moments,
    )
)  # fmt: skip
def test_whatever_the_facts_are_what_is_alive_gets_whole_sentences(facts: Facts) -> None:
    wait = wait_of(facts)
    alive = facts.status in (TaskStatus.PENDING, TaskStatus.EXECUTING)
    assert (wait is not None) == alive
    if wait is not None:
        assert wait.sentences
        for sentence in wait.sentences:
            assert set(re.findall(r"%\((\w+)\)s", sentence.message)) <= set(sentence.parameters)
        assert wait.left is None or wait.left >= timedelta(0)
