"""Review: submit, withdraw, approve, reject, set a channel number, activate, deactivate.

What is legal when is decided by `domain.review` alone. Of two members who race, one wins and the other gets
IllegalMove. A reviewer can name the revision that was looked at, so that nothing unseen is approved.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TypeVar

from django.utils.translation import gettext_noop as _

from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog import signatures, templates
from sendmill.catalog.models import Signature, Template
from sendmill.catalog.review_moves import make_move
from sendmill.catalog.sender_ids import channel_violations
from sendmill.domain.violations import Refused, Violation, refuse_if

Subject = TypeVar("Subject", Signature, Template)

REASON_LENGTH = 255


def submit(member: Member, subject: Subject) -> Subject:
    """Hand a draft to the reviewers. Raises Refused or IllegalMove."""
    require(member, _editing(subject), subject)

    def prepare(row: Subject) -> dict[str, object]:
        refuse_if(violations(row))
        return {"submitted_by": member, "reason": ""}

    return make_move(member, subject, "submit", prepare)


def withdraw(member: Member, subject: Subject) -> Subject:
    """Take back what waits for review. Raises IllegalMove."""
    require(member, _editing(subject), subject)
    return make_move(member, subject, "withdraw")


def approve(
    member: Member, subject: Subject, *, channel_number: str = "", seen: str | None = None
) -> Subject:
    """Approve what waits for review, a signature optionally with its channel number; a template is activated.

    `seen` is the `revision` that the reviewer looked at. Raises Refused when that is no longer the one
    that waits, or when four eyes are asked for and the member submitted it; IllegalMove when none waits.
    """
    require(member, Action.REVIEW, subject)
    channel_number = channel_number.strip()
    if channel_number:
        require(member, Action.SET_CHANNEL, subject)
        refuse_if(channel_violations(channel_number))

    def prepare(row: Subject) -> dict[str, object]:
        _check_seen(row, seen)
        if row.account.four_eyes and row.submitted_by_id == member.pk:
            raise Refused(Violation("four_eyes", FOUR_EYES))
        if isinstance(row, Template):
            return {"reason": "", "active": True}
        return {"reason": "", "channel_number": channel_number or row.channel_number}

    return make_move(member, subject, "approve", prepare)


def reject(member: Member, subject: Subject, reason: str, *, seen: str | None = None) -> Subject:
    """Reject what waits for review; its author reads the reason. Raises Refused or IllegalMove."""
    require(member, Action.REVIEW, subject)
    reason = reason.strip()
    if not reason:
        raise Refused(Violation("reason_missing", REASON_MISSING))
    if len(reason) > REASON_LENGTH:
        raise Refused(Violation("reason_too_long", REASON_TOO_LONG, {"limit": REASON_LENGTH}))

    def prepare(row: Subject) -> dict[str, object]:
        _check_seen(row, seen)
        return {"reason": reason}

    return make_move(member, subject, "reject", prepare)


def set_channel_number(member: Member, signature: Signature, channel_number: str) -> Signature:
    """Set or change the sender of an approved signature. Raises Refused or IllegalMove."""
    require(member, Action.SET_CHANNEL, signature)
    channel_number = channel_number.strip()
    refuse_if(channel_violations(channel_number))
    return make_move(member, signature, "set_channel", lambda row: {"channel_number": channel_number})


def activate(member: Member, template: Template) -> Template:
    """Let tasks be built from an approved template. Raises IllegalMove."""
    require(member, Action.ACTIVATE_TEMPLATE, template)
    return make_move(member, template, "activate", lambda row: {"active": True})


def deactivate(member: Member, template: Template) -> Template:
    """Let no task be built or started from an approved template. Raises IllegalMove."""
    require(member, Action.ACTIVATE_TEMPLATE, template)
    return make_move(member, template, "deactivate", lambda row: {"active": False})


def revision(subject: Signature | Template) -> str:
    """Stands for what a reviewer judges: it changes whenever one of the fields in question does."""
    judged: list[object] = [subject.name, subject.type]
    if isinstance(subject, Template):
        judged += [subject.content, subject.attributes, subject.signature_id, subject.universal]
    return sha256(json.dumps(judged, sort_keys=True).encode()).hexdigest()[:16]


def violations(subject: Signature | Template) -> list[Violation]:
    """Every rule that a signature or template breaks as it is now."""
    if isinstance(subject, Template):
        return templates.violations(subject)
    return signatures.violations(
        subject.application, name=subject.name, type=subject.type, besides=subject.pk
    )


def _editing(subject: Signature | Template) -> Action:
    return Action.EDIT_TEMPLATE if isinstance(subject, Template) else Action.EDIT_SIGNATURE


def _check_seen(row: Signature | Template, seen: str | None) -> None:
    if seen is not None and seen != revision(row):
        raise Refused(Violation("changed_meanwhile", CHANGED))


FOUR_EYES = _("You submitted this yourself, and your account asks for four eyes. Somebody else approves it.")
CHANGED = _("This was changed after you opened it. Look at it again.")
REASON_MISSING = _("A rejection needs a reason.")
REASON_TOO_LONG = _("A reason has at most %(limit)s characters.")
