"""What tasks, templates, signatures and messages can become, and when.

Times are aware datetimes; limits are arguments because they are settings, with the defaults of the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TypeVar

from sendmill.domain.kinds import Violation

CANCEL_MARGIN = timedelta(minutes=5)
START_LIMIT = timedelta(hours=24)
REPORT_LIMIT = timedelta(hours=72)
SCHEDULE_HORIZON = timedelta(days=31)
DOWNLOAD_LIMIT = timedelta(days=3)

RULES: dict[str, str] = {
    "schedule_past": "The scheduled time must be in the future.",
    "schedule_too_far": "The scheduled time must be within %(days)d days from now.",
    "cannot_render": "The messages of this task cannot be made: its template and the values of its file do not fit "
    "together. Nothing of the rest is sent. Copy the task and create it again; the log of the sender says more.",
}


class Result(IntEnum):
    """What became of a message or of a part of one; stored as this number.

    WAITING is shown and never stored: `result_of` tells it from SENDING. NOT_SENT is final: nothing of the
    message was handed to a carrier, because its task was canceled or ended.
    """

    WAITING = -1
    SENDING = 0
    SUCCESSFUL = 1
    FAILED = 2
    UNCERTAIN = 3
    NOT_SENT = 4


class TaskStatus(StrEnum):
    """Where a task is in its life."""

    PENDING = "pending"
    EXECUTING = "executing"
    CANCELED = "canceled"
    COMPLETED = "completed"


class TemplateState(StrEnum):
    """Where a template is in its review; an approved one is also active or not."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class SignatureState(StrEnum):
    """Where a signature is in its review."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class IllegalMove(Exception):  # noqa: N818
    """An action that is not possible in the present state."""

    def __init__(self, current: str, action: str) -> None:
        super().__init__(f"{action} is not possible in the state {current}")
        self.current = current
        self.action = action


# Tables of (state, action) -> next state: what is not in a table is not possible.
TASK_MOVES: dict[tuple[TaskStatus, str], TaskStatus] = {
    (TaskStatus.PENDING, "start"): TaskStatus.EXECUTING,
    (TaskStatus.PENDING, "cancel"): TaskStatus.CANCELED,
    (TaskStatus.PENDING, "expire"): TaskStatus.CANCELED,
    (TaskStatus.EXECUTING, "end"): TaskStatus.EXECUTING,
    (TaskStatus.EXECUTING, "complete"): TaskStatus.COMPLETED,
}
TEMPLATE_MOVES: dict[tuple[TemplateState, str], TemplateState] = {
    (TemplateState.DRAFT, "edit"): TemplateState.DRAFT,
    (TemplateState.DRAFT, "submit"): TemplateState.PENDING,
    (TemplateState.PENDING, "withdraw"): TemplateState.DRAFT,
    (TemplateState.PENDING, "approve"): TemplateState.APPROVED,
    (TemplateState.PENDING, "reject"): TemplateState.REJECTED,
    (TemplateState.REJECTED, "edit"): TemplateState.DRAFT,
    (TemplateState.APPROVED, "activate"): TemplateState.APPROVED,
    (TemplateState.APPROVED, "deactivate"): TemplateState.APPROVED,
}
# Only a rejected signature can be edited, and with that it is under review again.
SIGNATURE_MOVES: dict[tuple[SignatureState, str], SignatureState] = {
    (SignatureState.DRAFT, "submit"): SignatureState.PENDING,
    (SignatureState.PENDING, "withdraw"): SignatureState.DRAFT,
    (SignatureState.PENDING, "approve"): SignatureState.APPROVED,
    (SignatureState.PENDING, "reject"): SignatureState.REJECTED,
    (SignatureState.REJECTED, "edit"): SignatureState.PENDING,
    (SignatureState.APPROVED, "set_channel"): SignatureState.APPROVED,
}

State = TypeVar("State", TaskStatus, TemplateState, SignatureState)


def next_state(moves: Mapping[tuple[State, str], State], current: State, action: str) -> State:
    """Return the state after an action; IllegalMove when the table does not have it."""
    try:
        return moves[current, action]
    except KeyError:
        raise IllegalMove(current, action) from None


def can_cancel(
    status: TaskStatus, scheduled_at: datetime | None, now: datetime, margin: timedelta = CANCEL_MARGIN
) -> bool:
    """Tell whether a task can be canceled: pending, with at least `margin` left before its time."""
    return status is TaskStatus.PENDING and scheduled_at is not None and scheduled_at - now >= margin


def can_delete(status: TaskStatus) -> bool:
    """Tell whether a task can be deleted: only a canceled one."""
    return status is TaskStatus.CANCELED


def can_copy(status: TaskStatus) -> bool:
    """Tell whether a task can be copied: every one can."""
    return status in TaskStatus


def can_pause(status: TaskStatus) -> bool:
    """Tell whether what is not sent yet of a task can be held back: while it is executing."""
    return status is TaskStatus.EXECUTING


def is_overdue(
    status: TaskStatus, scheduled_at: datetime | None, now: datetime, limit: timedelta = START_LIMIT
) -> bool:
    """Tell whether a scheduled task was not executed within `limit` of its time and is to be canceled."""
    return status is TaskStatus.PENDING and scheduled_at is not None and now - scheduled_at > limit


def is_due(
    status: TaskStatus, scheduled_at: datetime | None, now: datetime, limit: timedelta = START_LIMIT
) -> bool:
    """Tell whether a scheduled task is to be started: its time has come and it is not overdue."""
    waits = status is TaskStatus.PENDING and scheduled_at is not None and scheduled_at <= now
    return waits and not is_overdue(status, scheduled_at, now, limit)


def check_schedule(at: datetime, now: datetime, horizon: timedelta = SCHEDULE_HORIZON) -> Violation | None:
    """Return why a task cannot be scheduled at a time: strictly in the future and within `horizon` it can."""
    if at <= now:
        return Violation("schedule_past", RULES["schedule_past"])
    if at - now > horizon:
        return Violation("schedule_too_far", RULES["schedule_too_far"], {"days": horizon.days})
    return None


def copied_schedule(at: datetime | None, now: datetime) -> datetime | None:
    """Return the schedule of a copied task: a past one is dropped."""
    return at if at is not None and at > now else None


def is_unreported(submitted_at: datetime, now: datetime, limit: timedelta = REPORT_LIMIT) -> bool:
    """Tell whether a message without a report has waited for `limit` and fails with the code EXPIRED."""
    return now - submitted_at >= limit


def can_download_failed(
    executed_at: datetime | None, now: datetime, limit: timedelta = DOWNLOAD_LIMIT
) -> bool:
    """Tell whether the failed numbers of a task can be downloaded: executed within the latest `limit`."""
    return executed_at is not None and now - executed_at <= limit


def result_of(stored: int, *, handed_over: bool, canceled: bool = False) -> Result:
    """Return the result to show for a stored one; `canceled` says whether the message's task was canceled.

    What has no result is sent as soon as it was handed to the carrier, and waits before. A canceled task has
    handed nothing over, so its messages need not be rewritten to be Not sent.
    """
    if stored != Result.SENDING:
        return Result(stored)
    if canceled:
        return Result.NOT_SENT
    return Result.SENDING if handed_over else Result.WAITING


def message_result(parts: Iterable[Result]) -> Result:
    """Return the result of a message from those of its parts.

    Failed when one part is, successful when all are; while neither is settled, uncertain when one part is.
    """
    results = set(parts)
    if Result.FAILED in results:
        return Result.FAILED
    if results == {Result.SUCCESSFUL}:
        return Result.SUCCESSFUL
    return Result.UNCERTAIN if Result.UNCERTAIN in results else Result.SENDING


def is_complete(sending: int, uncertain: int, waiting: int = 0) -> bool:
    """Tell whether a task is completed: no recipient is without a final result."""
    return sending == 0 and uncertain == 0 and waiting == 0


def template_usable(state: TemplateState, *, active: bool) -> bool:
    """Tell whether a task can use a template: approved and activated."""
    return state is TemplateState.APPROVED and active


def can_delete_template(state: TemplateState, *, active: bool) -> bool:
    """Tell whether a template can be deleted: not under review, and not while tasks can be built from it."""
    return state is not TemplateState.PENDING and not template_usable(state, active=active)


def can_delete_signature(state: SignatureState) -> bool:
    """Tell whether a signature can be deleted: a draft or a rejected one."""
    return state in (SignatureState.DRAFT, SignatureState.REJECTED)


def signature_usable(state: SignatureState, channel_number: str | None) -> bool:
    """Tell whether a task can use a signature: approved and configured with a channel number."""
    return state is SignatureState.APPROVED and bool(channel_number)


class MessageState(IntEnum):
    """The message_state of a report, SMPP 3.4 §5.2.28; 0 and 9 are from SMPP 5.0 and are met in the field."""

    SCHEDULED = 0
    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8
    SKIPPED = 9

    @property
    def code(self) -> str:
        """The state as the text of a report writes it, SMPP 3.4 appendix B."""
        return _STATE_CODES[self]

    @property
    def final(self) -> bool:
        """Whether nothing comes after it."""
        return self not in (MessageState.SCHEDULED, MessageState.ENROUTE, MessageState.ACCEPTED)

    @property
    def result(self) -> Result | None:
        """The result that it means; null for a state that is not final."""
        if not self.final:
            return None
        return Result.SUCCESSFUL if self is MessageState.DELIVERED else Result.FAILED


_STATE_CODES = {
    MessageState.SCHEDULED: "SCHEDULED",
    MessageState.ENROUTE: "ENROUTE",
    MessageState.DELIVERED: "DELIVRD",
    MessageState.EXPIRED: "EXPIRED",
    MessageState.DELETED: "DELETED",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.ACCEPTED: "ACCEPTD",
    MessageState.UNKNOWN: "UNKNOWN",
    MessageState.REJECTED: "REJECTD",
    MessageState.SKIPPED: "SKIPPED",
}
