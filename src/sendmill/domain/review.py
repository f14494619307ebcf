"""The review of signatures and templates: their states, the moves between them, and what a task can use."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ReviewState(StrEnum):
    """Where a signature or a template is in its review; an approved template is also active or not."""

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


Moves = Mapping[tuple[ReviewState, str], ReviewState]

# (state, action) -> next state: what is not in the table is not possible.
TEMPLATE_MOVES: Moves = {
    (ReviewState.DRAFT, "edit"): ReviewState.DRAFT,
    (ReviewState.DRAFT, "submit"): ReviewState.PENDING,
    (ReviewState.PENDING, "withdraw"): ReviewState.DRAFT,
    (ReviewState.PENDING, "approve"): ReviewState.APPROVED,
    (ReviewState.PENDING, "reject"): ReviewState.REJECTED,
    (ReviewState.REJECTED, "edit"): ReviewState.DRAFT,
    (ReviewState.APPROVED, "activate"): ReviewState.APPROVED,
    (ReviewState.APPROVED, "deactivate"): ReviewState.APPROVED,
}
# Only a rejected signature can be edited, and with that it is under review again.
SIGNATURE_MOVES: Moves = {
    (ReviewState.DRAFT, "submit"): ReviewState.PENDING,
    (ReviewState.PENDING, "withdraw"): ReviewState.DRAFT,
    (ReviewState.PENDING, "approve"): ReviewState.APPROVED,
    (ReviewState.PENDING, "reject"): ReviewState.REJECTED,
    (ReviewState.REJECTED, "edit"): ReviewState.PENDING,
    (ReviewState.APPROVED, "set_channel"): ReviewState.APPROVED,
}


def next_state(moves: Moves, current: ReviewState, action: str) -> ReviewState:
    """Return the state after an action; IllegalMove when the table does not have it."""
    try:
        return moves[current, action]
    except KeyError:
        raise IllegalMove(current, action) from None


def template_usable(state: ReviewState, *, active: bool) -> bool:
    """Tell whether a task can use a template: approved and activated."""
    return state is ReviewState.APPROVED and active


def can_delete_template(state: ReviewState, *, active: bool) -> bool:
    """Tell whether a template can be deleted: not under review, and not while tasks can be built from it."""
    return state is not ReviewState.PENDING and not template_usable(state, active=active)


def can_delete_signature(state: ReviewState) -> bool:
    """Tell whether a signature can be deleted: a draft or a rejected one."""
    return state in (ReviewState.DRAFT, ReviewState.REJECTED)
