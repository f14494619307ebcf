"""Schemas of tasks, and of what is done with them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

from sendmill.schemas.quote import QuoteSchema

if TYPE_CHECKING:
    from sendmill.billing.charges import Quote
    from sendmill.domain.diagnosis import Wait
    from sendmill.tasks.models import Task
    from sendmill.tasks.results import Counters


class TaskSchema(BaseModel):
    """A task with its counters: accepted = successful + failed + sending + uncertain + waiting + not_sent.

    `ending` says that a person ended it, and that what was handed over is still awaited.

    `waits_for` is a code and `waits_because` the sentence that it stands for, both empty for a task that is over;
    `seconds_left` is null where nobody can tell.
    """

    id: int
    name: str
    status: str
    paused: bool
    ending: bool
    reason: str
    waits_for: str
    waits_because: str
    seconds_left: int | None
    application: str
    signature: str | None
    template: str
    accepted: int
    successful: int
    failed: int
    sending: int
    uncertain: int
    waiting: int
    not_sent: int
    invalid: int
    duplicate: int
    unfit: int
    parts: int
    created_at: datetime
    scheduled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: Task, counted: Counters, wait: Wait | None, because: str) -> Self:
        """Return the schema of a task, its counters, and what it waits for, `because` in words."""
        left = wait.left if wait is not None else None
        return cls(
            id=row.pk,
            name=row.name,
            status=row.status,
            paused=row.paused,
            ending=row.ending,
            reason=row.reason,
            waits_for=wait.code if wait is not None else "",
            waits_because=because,
            seconds_left=round(left.total_seconds()) if left else None,
            application=row.application.name,
            signature=row.signature.name if row.signature is not None else None,
            template=row.template.name,
            accepted=counted.accepted,
            successful=counted.successful,
            failed=counted.failed,
            sending=counted.sending,
            uncertain=counted.uncertain,
            waiting=counted.waiting,
            not_sent=counted.not_sent,
            invalid=row.invalid,
            duplicate=row.duplicate,
            unfit=row.unfit,
            parts=row.parts,
            created_at=row.created_at,
            scheduled_at=row.scheduled_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )


class SentTaskSchema(BaseModel):
    """A task that was created, what became of it so far, and what it cost at most when it was confirmed."""

    task: int
    status: str
    accepted: int
    invalid: int
    duplicate: int
    unfit: int
    parts: int
    successful: int
    failed: int
    sending: int
    uncertain: int
    waiting: int
    not_sent: int
    cost: QuoteSchema

    @classmethod
    def of(cls, row: Task, counted: Counters, quote: Quote) -> Self:
        """Return the schema of a new task, its counters now, and what it was confirmed to cost."""
        return cls(
            task=row.pk,
            status=row.status,
            accepted=row.accepted,
            invalid=row.invalid,
            duplicate=row.duplicate,
            unfit=row.unfit,
            parts=row.parts,
            successful=counted.successful,
            failed=counted.failed,
            sending=counted.sending,
            uncertain=counted.uncertain,
            waiting=counted.waiting,
            not_sent=counted.not_sent,
            cost=QuoteSchema.of(quote),
        )


class SettledSchema(BaseModel):
    """How many uncertain messages were settled, and how: failed or resend."""

    task: int
    settled: int
    choice: str


class ResultFileSchema(BaseModel):
    """A file of results that was written."""

    task: int
    numbers: int
    file: str
