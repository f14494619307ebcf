"""What tasks, templates, signatures and messages can become: whole tables, limits to the second."""

from datetime import UTC, datetime, timedelta

import pytest

from sendmill.domain.results import Result, result_of
from sendmill.domain.review import (
    SIGNATURE_MOVES,
    TEMPLATE_MOVES,
    IllegalMove,
    ReviewState,
    next_state,
    template_usable,
)
from sendmill.domain.status_codes import MessageState
from sendmill.domain.task_life import (
    TaskStatus,
    can_cancel,
    can_copy,
    can_delete,
    can_download_failed,
    can_pause,
    check_schedule,
    copied_schedule,
    is_overdue,
)

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PENDING, EXECUTING = TaskStatus.PENDING, TaskStatus.EXECUTING
CANCELED, COMPLETED = TaskStatus.CANCELED, TaskStatus.COMPLETED


@pytest.mark.parametrize(
    ("status", "cancel", "delete", "copy", "pause"),
    [
        (PENDING, True, False, True, False),
        (CANCELED, False, True, True, False),
        (EXECUTING, False, False, True, True),
        (COMPLETED, False, False, True, False),
    ],
)
def test_what_a_task_allows(status: TaskStatus, cancel: bool, delete: bool, copy: bool, pause: bool) -> None:
    assert can_cancel(status, NOW + timedelta(hours=1), NOW, timedelta(minutes=5)) is cancel
    assert can_delete(status) is delete
    assert can_copy(status) is copy
    assert can_pause(status) is pause


def test_a_template_through_its_review() -> None:
    state = ReviewState.DRAFT
    for action, expected in [
        ("submit", ReviewState.PENDING),
        ("reject", ReviewState.REJECTED),
        ("edit", ReviewState.DRAFT),
        ("submit", ReviewState.PENDING),
        ("approve", ReviewState.APPROVED),
        ("deactivate", ReviewState.APPROVED),
        ("activate", ReviewState.APPROVED),
    ]:
        state = next_state(TEMPLATE_MOVES, state, action)
        assert state is expected
    for action in ("edit", "submit", "reject"):
        with pytest.raises(IllegalMove):
            next_state(TEMPLATE_MOVES, ReviewState.APPROVED, action)
    with pytest.raises(IllegalMove):
        next_state(TEMPLATE_MOVES, ReviewState.DRAFT, "approve")


def test_only_a_rejected_signature_can_be_edited() -> None:
    for state in ReviewState:
        if state is ReviewState.REJECTED:
            assert next_state(SIGNATURE_MOVES, state, "edit") is ReviewState.PENDING
        else:
            with pytest.raises(IllegalMove):
                next_state(SIGNATURE_MOVES, state, "edit")


def test_what_can_be_used() -> None:
    assert template_usable(ReviewState.APPROVED, active=True)
    assert not template_usable(ReviewState.APPROVED, active=False)
    assert not template_usable(ReviewState.PENDING, active=True)


def test_a_task_can_be_canceled_while_five_minutes_remain() -> None:
    margin = timedelta(minutes=5)
    assert can_cancel(PENDING, NOW + margin, NOW, margin)
    assert not can_cancel(PENDING, NOW + margin - SECOND, NOW, margin)
    assert not can_cancel(PENDING, NOW - SECOND, NOW, margin)
    assert not can_cancel(PENDING, None, NOW, margin)
    assert can_cancel(PENDING, NOW + SECOND, NOW, SECOND)


def test_a_task_is_canceled_when_24_hours_have_passed() -> None:
    day = timedelta(hours=24)
    assert not is_overdue(PENDING, NOW - day, NOW, day)
    assert is_overdue(PENDING, NOW - day - SECOND, NOW, day)
    assert not is_overdue(EXECUTING, NOW - day - SECOND, NOW, day)
    assert not is_overdue(PENDING, None, NOW, day)
    assert is_overdue(PENDING, NOW - 2 * SECOND, NOW, SECOND)


def test_a_schedule_is_in_the_future_and_within_31_days() -> None:
    def code(at: datetime) -> str | None:
        broken = check_schedule(at, NOW, timedelta(days=31))
        assert broken is None or str(broken)
        return broken.code if broken else None

    assert code(NOW) == "schedule_past"
    assert code(NOW - SECOND) == "schedule_past"
    assert code(NOW + timedelta(microseconds=1)) is None
    assert code(NOW + timedelta(days=31)) is None
    assert code(NOW + timedelta(days=31) + SECOND) == "schedule_too_far"


def test_a_copy_drops_a_past_schedule() -> None:
    assert copied_schedule(NOW + SECOND, NOW) == NOW + SECOND
    assert copied_schedule(NOW, NOW) is None
    assert copied_schedule(None, NOW) is None


def test_failed_numbers_can_be_downloaded_for_three_days() -> None:
    days = timedelta(days=3)
    assert can_download_failed(NOW - days, NOW, days)
    assert not can_download_failed(NOW - days - SECOND, NOW, days)
    assert not can_download_failed(None, NOW, days)


WAITING, SENDING, SUCCESSFUL, FAILED, UNCERTAIN, NOT_SENT = Result


@pytest.mark.parametrize("stored", [SUCCESSFUL, FAILED, UNCERTAIN, NOT_SENT])
@pytest.mark.parametrize("handed_over", [True, False])
@pytest.mark.parametrize("canceled", [True, False])
def test_a_result_is_shown_as_it_is_stored(stored: Result, handed_over: bool, canceled: bool) -> None:
    assert result_of(stored, handed_over=handed_over, canceled=canceled) is stored


def test_what_has_no_result_waits_until_it_is_handed_over() -> None:
    assert result_of(0, handed_over=False) is WAITING
    assert result_of(0, handed_over=True) is SENDING
    assert result_of(0, handed_over=False, canceled=True) is NOT_SENT


@pytest.mark.parametrize(
    ("number", "code", "result"),
    [
        (0, "SCHEDULED", None),
        (1, "ENROUTE", None),
        (2, "DELIVRD", SUCCESSFUL),
        (3, "EXPIRED", FAILED),
        (4, "DELETED", FAILED),
        (5, "UNDELIV", FAILED),
        (6, "ACCEPTD", None),
        (7, "UNKNOWN", FAILED),
        (8, "REJECTD", FAILED),
        (9, "SKIPPED", FAILED),
    ],
)
def test_message_states(number: int, code: str, result: Result | None) -> None:
    state = MessageState(number)
    assert (state.code, state.result, state.final) == (code, result, result is not None)
