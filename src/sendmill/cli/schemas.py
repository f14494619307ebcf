"""What the commands answer with `--json`. The keys are stable: scripts rely on them.

Times are ISO 8601 with their offset, keys of rows are numbers, and what is not there is null or empty.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from sendmill.cli.money_schemas import CostAnswer

if TYPE_CHECKING:
    from django.db.models import Model

    from sendmill.accounts.models import Account, Member
    from sendmill.catalog.models import Application, Signature, Template
    from sendmill.domain.diagnosis import Wait
    from sendmill.tasks.models import Task
    from sendmill.tasks.results import Counters


class ApplicationAnswer(TypedDict):
    """An application; its secret is never among what is told again."""

    id: int
    name: str
    type: str
    carrier: str | None
    add_86: bool
    delete_unusual: bool
    allow_landlines: bool
    sender_id: str
    app_key: str
    created_at: datetime


class CredentialsAnswer(TypedDict):
    """What a program signs in with."""

    id: int
    name: str
    app_key: str
    app_secret: str


class SignatureAnswer(TypedDict):
    """A signature with its state of review."""

    id: int
    name: str
    type: str
    application: str
    state: str
    reason: str
    channel_number: str
    created_at: datetime


class TemplateAnswer(TypedDict):
    """A template with its state of review."""

    id: int
    name: str
    type: str
    application: str
    signature: str | None
    universal: bool
    state: str
    active: bool
    reason: str
    content: str
    attributes: dict[str, str]
    created_at: datetime


class MemberAnswer(TypedDict):
    """A member of an account."""

    id: int
    username: str
    email: str
    role: str
    active: bool
    invited: bool
    last_login: datetime | None


class InvitationAnswer(TypedDict):
    """A member and the link by which the member sets a password."""

    id: int
    username: str
    role: str
    link: str


class AccountAnswer(TypedDict):
    """An account and its settings."""

    id: int
    name: str
    time_zone: str
    currency: str
    four_eyes: bool
    members: int


class NewAccountAnswer(TypedDict):
    """A new account and the link by which its administrator sets a password."""

    id: int
    name: str
    username: str
    link: str


class TaskAnswer(TypedDict):
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


class DeletedAnswer(TypedDict):
    """What is no longer there."""

    deleted: int
    name: str


class SettledAnswer(TypedDict):
    """How many uncertain messages were settled, and how: failed or resend."""

    task: int
    settled: int
    choice: str


class StepAnswer(TypedDict):
    """What was done for one thing: `done` is created, changed or empty."""

    kind: str
    name: str
    done: str
    note: str


class KeyAnswer(TypedDict):
    """The key and secret of a new application."""

    app_key: str
    app_secret: str


class AppliedAnswer(TypedDict):
    """The steps in order, and the keys of new applications by name."""

    dry_run: bool
    steps: list[StepAnswer]
    credentials: dict[str, KeyAnswer]


class CheckAnswer(TypedDict):
    """What is in a number file: rows = accepted + invalid + duplicate + unfit.

    `parts` and `cost` are null unless an application and a template were named.
    """

    rows: int
    accepted: int
    invalid: int
    duplicate: int
    unfit: int
    unusual: int
    repaired: int
    reasons: dict[str, int]
    parts: int | None
    cost: CostAnswer | None


class SentAnswer(TypedDict):
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
    cost: CostAnswer


class FindingAnswer(TypedDict):
    """One thing that was looked at."""

    name: str
    fine: bool
    sentence: str


class WrittenAnswer(TypedDict):
    """A file that was written."""

    task: int
    numbers: int
    file: str


def of_application(row: Application) -> ApplicationAnswer:
    return {
        "id": row.pk,
        "name": row.name,
        "type": row.type,
        "carrier": row.carrier.name if row.carrier is not None else None,
        "add_86": row.add_86,
        "delete_unusual": row.delete_unusual,
        "allow_landlines": row.allow_landlines,
        "sender_id": row.sender_id,
        "app_key": row.app_key,
        "created_at": row.created_at,
    }


def of_signature(row: Signature) -> SignatureAnswer:
    return {
        "id": row.pk,
        "name": row.name,
        "type": row.type,
        "application": row.application.name,
        "state": row.state,
        "reason": row.reason,
        "channel_number": row.channel_number,
        "created_at": row.created_at,
    }


def of_template(row: Template) -> TemplateAnswer:
    return {
        "id": row.pk,
        "name": row.name,
        "type": row.type,
        "application": row.application.name,
        "signature": row.signature.name if row.signature is not None else None,
        "universal": row.universal,
        "state": row.state,
        "active": row.active,
        "reason": row.reason,
        "content": row.content,
        "attributes": row.attributes,
        "created_at": row.created_at,
    }


def of_member(row: Member) -> MemberAnswer:
    return {
        "id": row.pk,
        "username": row.username,
        "email": row.email,
        "role": row.role,
        "active": row.is_active,
        "invited": not row.has_usable_password(),
        "last_login": row.last_login,
    }


def of_account(row: Account) -> AccountAnswer:
    return {
        "id": row.pk,
        "name": row.name,
        "time_zone": row.time_zone,
        "currency": row.currency,
        "four_eyes": row.four_eyes,
        "members": row.members.count(),
    }


def of_task(row: Task, counted: Counters, wait: Wait | None = None) -> TaskAnswer:
    from django.utils import translation

    from sendmill.console.diagnosis import explain

    with translation.override("en"):
        because = explain(wait) if wait is not None else ""
    return {
        "id": row.pk,
        "name": row.name,
        "status": row.status,
        "paused": row.paused,
        "ending": row.ending,
        "reason": row.reason,
        "waits_for": wait.code if wait is not None else "",
        "waits_because": because,
        "seconds_left": round(wait.left.total_seconds()) if wait is not None and wait.left else None,
        "application": row.application.name,
        "signature": row.signature.name if row.signature is not None else None,
        "template": row.template.name,
        "accepted": counted.accepted,
        "successful": counted.successful,
        "failed": counted.failed,
        "sending": counted.sending,
        "uncertain": counted.uncertain,
        "waiting": counted.waiting,
        "not_sent": counted.not_sent,
        "invalid": row.invalid,
        "duplicate": row.duplicate,
        "unfit": row.unfit,
        "parts": row.parts,
        "created_at": row.created_at,
        "scheduled_at": row.scheduled_at,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
    }


def of_deleted(key: int, row: Model) -> DeletedAnswer:
    return {"deleted": key, "name": str(row)}
