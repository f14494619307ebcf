"""What tasks, templates, signatures and messages can become: whole tables, limits to the second."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.states import (
    SIGNATURE_MOVES,
    TASK_MOVES,
    TEMPLATE_MOVES,
    IllegalMove,
    MessageState,
    Result,
    SignatureState,
    TaskStatus,
    TemplateState,
    can_cancel,
    can_copy,
    can_delete,
    can_download_failed,
    can_pause,
    check_schedule,
    copied_schedule,
    is_complete,
    is_due,
    is_overdue,
    is_unreported,
    message_result,
    next_state,
    result_of,
    signature_usable,
    template_usable,
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
    assert can_cancel(status, NOW + timedelta(hours=1), NOW) is cancel
    assert can_delete(status) is delete
    assert can_copy(status) is copy
    assert can_pause(status) is pause


def test_the_only_moves_of_a_task() -> None:
    legal = {
        (PENDING, "start"): EXECUTING,
        (PENDING, "cancel"): CANCELED,
        (PENDING, "expire"): CANCELED,
        (EXECUTING, "end"): EXECUTING,
        (EXECUTING, "complete"): COMPLETED,
    }
    actions = ("start", "cancel", "expire", "end", "complete", "other")
    for status, action in itertools.product(TaskStatus, actions):
        if (status, action) in legal:
            assert next_state(TASK_MOVES, status, action) is legal[status, action]
        else:
            with pytest.raises(IllegalMove, match=f"{action} is not possible in the state {status}"):
                next_state(TASK_MOVES, status, action)


def test_a_template_through_its_review() -> None:
    state = TemplateState.DRAFT
    for action, expected in [
        ("submit", TemplateState.PENDING),
        ("reject", TemplateState.REJECTED),
        ("edit", TemplateState.DRAFT),
        ("submit", TemplateState.PENDING),
        ("approve", TemplateState.APPROVED),
        ("deactivate", TemplateState.APPROVED),
        ("activate", TemplateState.APPROVED),
    ]:
        state = next_state(TEMPLATE_MOVES, state, action)
        assert state is expected
    for action in ("edit", "submit", "reject"):
        with pytest.raises(IllegalMove):
            next_state(TEMPLATE_MOVES, TemplateState.APPROVED, action)
    with pytest.raises(IllegalMove):
        next_state(TEMPLATE_MOVES, TemplateState.DRAFT, "approve")


def test_only_a_rejected_signature_can_be_edited() -> None:
    for state in SignatureState:
        if state is SignatureState.REJECTED:
            assert next_state(SIGNATURE_MOVES, state, "edit") is SignatureState.PENDING
        else:
            with pytest.raises(IllegalMove):
                next_state(SIGNATURE_MOVES, state, "edit")


def test_what_can_be_used() -> None:
    assert template_usable(TemplateState.APPROVED, active=True)
    assert not template_usable(TemplateState.APPROVED, active=False)
    assert not template_usable(TemplateState.PENDING, active=True)
    assert signature_usable(SignatureState.APPROVED, "10690001")
    assert not signature_usable(SignatureState.APPROVED, "")
    assert not signature_usable(SignatureState.APPROVED, None)
    assert not signature_usable(SignatureState.REJECTED, "10690001")


def test_a_task_can_be_canceled_while_five_minutes_remain() -> None:
    assert can_cancel(PENDING, NOW + timedelta(minutes=5), NOW)
    assert not can_cancel(PENDING, NOW + timedelta(minutes=5) - SECOND, NOW)
    assert not can_cancel(PENDING, NOW - SECOND, NOW)
    assert not can_cancel(PENDING, None, NOW)
    assert can_cancel(PENDING, NOW + SECOND, NOW, margin=SECOND)


def test_a_task_is_canceled_when_24_hours_have_passed() -> None:
    day = timedelta(hours=24)
    assert not is_overdue(PENDING, NOW - day, NOW)
    assert is_overdue(PENDING, NOW - day - SECOND, NOW)
    assert not is_overdue(EXECUTING, NOW - day - SECOND, NOW)
    assert not is_overdue(PENDING, None, NOW)
    assert is_overdue(PENDING, NOW - 2 * SECOND, NOW, limit=SECOND)


@given(st.integers(-100_000, 100_000))
def test_a_pending_task_is_early_due_or_overdue(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    assert [at > NOW, is_due(PENDING, at, NOW), is_overdue(PENDING, at, NOW)].count(True) == 1


def test_a_schedule_is_in_the_future_and_within_31_days() -> None:
    def code(at: datetime) -> str | None:
        broken = check_schedule(at, NOW)
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


def test_limits_of_reports_and_downloads() -> None:
    assert not is_unreported(NOW - timedelta(hours=72) + SECOND, NOW)
    assert is_unreported(NOW - timedelta(hours=72), NOW)
    assert can_download_failed(NOW - timedelta(days=3), NOW)
    assert not can_download_failed(NOW - timedelta(days=3) - SECOND, NOW)
    assert not can_download_failed(None, NOW)


WAITING, SENDING, SUCCESSFUL, FAILED, UNCERTAIN, NOT_SENT = Result


@pytest.mark.parametrize(
    ("parts", "result"),
    [
        ([SUCCESSFUL, SUCCESSFUL], SUCCESSFUL),
        ([SUCCESSFUL, FAILED], FAILED),
        ([SENDING, FAILED, UNCERTAIN], FAILED),
        ([SUCCESSFUL, SENDING], SENDING),
        ([SUCCESSFUL, UNCERTAIN, SENDING], UNCERTAIN),
        ([], SENDING),
    ],
)
def test_a_message_from_its_parts(parts: list[Result], result: Result) -> None:
    assert message_result(parts) is result
    assert message_result(reversed(parts)) is result


def test_a_task_is_complete_when_nothing_is_open() -> None:
    assert is_complete(0, 0)
    assert not is_complete(1, 0)
    assert not is_complete(0, 1)
    assert not is_complete(0, 0, 1)


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
