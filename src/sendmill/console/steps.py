"""What a member can do with a signature or template now: its state and the member's role in one answer."""

from __future__ import annotations

from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, allowed
from sendmill.catalog import review, transitions
from sendmill.catalog.models import Signature, Template

DECISIONS = {
    "approve": Action.REVIEW,
    "reject": Action.REVIEW,
    "set_channel": Action.SET_CHANNEL,
    "activate": Action.ACTIVATE_TEMPLATE,
    "deactivate": Action.ACTIVATE_TEMPLATE,
}


def offer(row: Signature | Template, member: Member) -> dict[str, bool]:
    """The steps a page offers, as `can.submit`; each is checked again when it is asked for."""
    editing = Action.EDIT_TEMPLATE if isinstance(row, Template) else Action.EDIT_SIGNATURE
    return {
        action: True
        for action in transitions.legal_actions(row)
        if allowed(member, DECISIONS.get(action, editing))
    }


def review_context(row: Signature | Template, member: Member) -> dict[str, object]:
    """What the panel of a review needs; `own` when four eyes are asked for and these are the first two."""
    own = row.submitted_by_id is not None and row.submitted_by_id == member.pk
    return {
        "row": row,
        "kind": row._meta.model_name,
        "can": offer(row, member),
        "seen": review.revision(row),
        "own": own and member.account.four_eyes,
    }
