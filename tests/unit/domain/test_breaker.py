"""When a breaker trips: by a status at once, by one message three times, by a run, by a share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.breaker import ABOUT_MESSAGE, TRIES, Answers, BreakerLimits, Cause, Trip
from sendmill.domain.routing import Outcomes
from sendmill.domain.status_map import KEPT_BACK, STANDARD

SYSERR, INVALID_BIND, NO_CREDIT, SUBMIT_FAIL, INVALID_DESTINATION = 0x08, 0x04, 0x040B, 0x45, 0x0B
LIMITS = BreakerLimits(run=5, share=0)
ANSWERS = st.lists(
    st.sampled_from([0, 0, SYSERR, NO_CREDIT, SUBMIT_FAIL, 0x61, INVALID_DESTINATION, INVALID_BIND]),
    max_size=120,
)


def take(answers: Answers, *told: int) -> list[bool]:
    """Count these answers, 0 for accepted; return which messages are still to be sent."""
    return [
        answers.refuse(seq, status) if status else answers.accept(seq) or False
        for seq, status in enumerate(told)
    ]


@pytest.mark.parametrize(("status", "cause"), [(NO_CREDIT, Cause.PAUSE), (INVALID_BIND, Cause.REBIND)])
def test_one_status_that_is_about_the_carrier_is_enough(status: int, cause: Cause) -> None:
    answers = Answers(limits=LIMITS)
    assert take(answers, 0, status, status) == [False, True, True]
    assert answers.trip == Trip(cause, status, 1)


def test_one_message_is_tried_three_times() -> None:
    answers = Answers(limits=LIMITS)
    for tries in range(1, TRIES + 1):
        assert answers.trip is None
        assert answers.refuse(7, SYSERR)
        assert answers.most_tries() == tries
    assert answers.trip == Trip(Cause.RETRY, SYSERR, TRIES)


def test_what_is_accepted_after_a_try_is_forgotten() -> None:
    answers = Answers(limits=LIMITS)
    for _ in range(20):
        assert answers.refuse(7, SYSERR)
        answers.accept(7)
    assert answers.trip is None
    assert answers.most_tries() == 0


def test_a_run_of_equal_refusals() -> None:
    answers = Answers(limits=LIMITS)
    # What comes behind the run is known not sent, and is kept back.
    assert take(answers, *[SUBMIT_FAIL] * 8) == [False] * 5 + [True] * 3
    assert answers.trip == Trip(Cause.RUN, SUBMIT_FAIL, 5)


@pytest.mark.parametrize("between", [0, 0x61])
def test_another_answer_ends_a_run(between: int) -> None:
    answers = Answers(limits=LIMITS)
    take(answers, *[SUBMIT_FAIL] * 4, between, *[SUBMIT_FAIL] * 4)
    assert answers.trip is None


@pytest.mark.parametrize("status", sorted(ABOUT_MESSAGE))
def test_statuses_about_the_message_need_a_longer_run(status: int) -> None:
    answers = Answers(limits=LIMITS)
    take(answers, *[status] * 49)
    assert answers.trip is None
    take(answers, status)
    assert answers.trip == Trip(Cause.RUN, status, 50)


def test_far_more_refusals_than_usual() -> None:
    limits = BreakerLimits(run=0, share=100)
    answers = Answers(limits=limits)
    take(answers, *[0, SUBMIT_FAIL] * 49)
    assert answers.trip is None
    take(answers, *[0, SUBMIT_FAIL] * 10)
    assert answers.trip is not None
    assert answers.trip.cause is Cause.SHARE
    used_to_it = Answers(limits=limits, usually=Outcomes(500, 0, 500))
    take(used_to_it, *[0, SUBMIT_FAIL] * 200)
    assert used_to_it.trip is None


def test_a_share_of_bad_numbers_is_no_fault_of_the_carrier() -> None:
    answers = Answers(limits=BreakerLimits(run=50, share=100))
    take(answers, *[0, INVALID_DESTINATION, INVALID_DESTINATION] * 500)
    assert answers.trip is None


def test_a_probe_trips_nothing_and_a_final_refusal_is_final_for_it() -> None:
    answers = Answers(limits=BreakerLimits(run=1), probing=True)
    assert take(answers, NO_CREDIT, SUBMIT_FAIL, SYSERR) == [True, False, True]
    assert answers.trip is None


@given(ANSWERS)
def test_nobody_fails_for_a_fault_of_the_carrier(told: list[int]) -> None:
    answers = Answers(limits=LIMITS)
    kept = take(answers, *told)
    assert all(
        kept[at] for at, status in enumerate(told) if status and STANDARD.treatment(status) in KEPT_BACK
    )
    if answers.trip is not None:
        answers.begin_again()
        assert answers.trip is None
        assert not answers.refuse(0, SUBMIT_FAIL)


@given(st.floats(0.1, 1_000), st.floats(0.1, 10_000), st.integers(0, 1_000))
def test_probes_come_less_often_and_never_stop(first: float, longest: float, failed: int) -> None:
    limits = BreakerLimits(first_probe=first, longest_probe=longest)
    assert limits.probe_after(0) == first
    assert first <= limits.probe_after(failed) <= limits.probe_after(failed + 1) <= max(first, longest)
