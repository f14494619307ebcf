"""Roles and what each of them allows; every check of a member's rights is made here."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models

from sendmill.accounts.models import Member, Role


class Action(StrEnum):
    """Everything a member can be allowed to do."""

    VIEW = "view"
    CREATE_TASK = "create_task"
    CANCEL_TASK = "cancel_task"
    COPY_TASK = "copy_task"
    DELETE_TASK = "delete_task"
    PAUSE_TASK = "pause_task"
    SETTLE_TASK = "settle_task"
    RELEASE_TASK = "release_task"
    DOWNLOAD = "download"
    EDIT_APPLICATION = "edit_application"
    EDIT_SIGNATURE = "edit_signature"
    EDIT_TEMPLATE = "edit_template"
    REVIEW = "review"
    SET_CHANNEL = "set_channel"
    ACTIVATE_TEMPLATE = "activate_template"
    ROTATE_SECRET = "rotate_secret"  # noqa: S105
    MANAGE_MEMBERS = "manage_members"
    MANAGE_CARRIERS = "manage_carriers"
    MANAGE_PRICES = "manage_prices"
    MANAGE_SETTINGS = "manage_settings"
    VIEW_AUDIT = "view_audit"


LOOKING = frozenset({Action.VIEW})
SENDING = frozenset(
    {
        Action.CREATE_TASK,
        Action.CANCEL_TASK,
        Action.COPY_TASK,
        Action.DELETE_TASK,
        Action.PAUSE_TASK,
        Action.SETTLE_TASK,
        Action.DOWNLOAD,
        Action.EDIT_APPLICATION,
        Action.EDIT_SIGNATURE,
        Action.EDIT_TEMPLATE,
    }
)
REVIEWING = frozenset({Action.REVIEW, Action.SET_CHANNEL, Action.ACTIVATE_TEMPLATE})

ALLOWED: dict[str, frozenset[Action]] = {
    Role.VIEWER: LOOKING,
    Role.SENDER: LOOKING | SENDING,
    Role.REVIEWER: LOOKING | REVIEWING,
    Role.ADMIN: frozenset(Action),
}


class NotAllowed(PermissionDenied):
    """The member's role does not include the action; a page answers 403."""

    def __init__(self, action: Action) -> None:
        super().__init__("Your role does not allow this. Ask an administrator of your account.")
        self.action = action


class NotYours(models.ObjectDoesNotExist):
    """The thing belongs to another account, which for this member means that it does not exist."""

    def __init__(self) -> None:
        super().__init__("There is no such thing in your account.")


class Owned(Protocol):
    """Anything that belongs to an account."""

    account_id: int


Row = TypeVar("Row", bound=models.Model)


def allowed(member: Member, action: Action) -> bool:
    """Whether the member's role includes the action; never for a deactivated member."""
    return member.is_active and action in ALLOWED.get(member.role, frozenset())


def require(member: Member, action: Action, *subjects: Owned | None) -> None:
    """Raise NotYours when a subject is of another account, NotAllowed when the role lacks the action.

    The account is asked first, so that a stranger cannot tell what exists from what does not.
    """
    for subject in subjects:
        if subject is not None and subject.account_id != member.account_id:
            raise NotYours
    if not allowed(member, action):
        raise NotAllowed(action)


def visible(rows: models.QuerySet[Row], member: Member) -> models.QuerySet[Row]:
    """Those of `rows` that the member may look at: the ones of the member's account."""
    if not allowed(member, Action.VIEW):
        return rows.none()
    return rows.filter(account_id=member.account_id)
