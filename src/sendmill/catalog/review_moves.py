"""Moves signatures and templates between the states of review, by the tables of `domain.review`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.catalog.models import Signature, Template
from sendmill.domain.review import (
    SIGNATURE_MOVES,
    TEMPLATE_MOVES,
    IllegalMove,
    ReviewState,
    can_delete_signature,
    can_delete_template,
    next_state,
)
from sendmill.domain.violations import Refused, Violation

Subject = TypeVar("Subject", Signature, Template)


def make_move(
    member: Member,
    subject: Subject,
    action: str,
    prepare: Callable[[Subject], Mapping[str, Any]] | None = None,
) -> Subject:
    """Move the row that `subject` is now in the database, with an entry in the audit log, and return it.

    `prepare` gets the locked row, raises to refuse, and returns further fields to set. Raises IllegalMove
    when the table does not have the move, also when somebody else was faster.
    """
    with transaction.atomic():
        row = locked(subject)
        was = row.state
        fields = {"state": state_after(row, action), **(prepare(row) if prepare is not None else {})}
        before = audit.values(row, list(fields))
        if not type(row).objects.filter(pk=row.pk, state=was).update(**fields):
            raise IllegalMove(was, action)
        for name, value in fields.items():
            setattr(row, name, value)
        changed = audit.difference(before, audit.values(row, list(fields)))
        audit.record(member=member, action=action, subject=row, before=changed[0], after=changed[1])
    return row


def state_after(row: Signature | Template, action: str) -> str:
    """The state that an action leads to from the row's present one; IllegalMove when there is none."""
    if isinstance(row, Signature):
        return next_state(SIGNATURE_MOVES, ReviewState(row.state), action).value
    return next_state(TEMPLATE_MOVES, ReviewState(row.state), action).value


def legal_actions(row: Signature | Template) -> list[str]:
    """What can be done with a row in its present state, whoever asks: for buttons."""
    table = SIGNATURE_MOVES if isinstance(row, Signature) else TEMPLATE_MOVES
    actions = [action for state, action in table if state == row.state]
    if isinstance(row, Template) and row.state == ReviewState.APPROVED:
        actions.remove("activate" if row.active else "deactivate")
    return [*actions, "delete"] if deletable(row) else actions


def deletable(row: Signature | Template) -> bool:
    """Whether the row's state lets it be deleted."""
    if isinstance(row, Signature):
        return can_delete_signature(ReviewState(row.state))
    return can_delete_template(ReviewState(row.state), active=row.active)


def delete_row(member: Member, subject: Subject, shown: Sequence[str]) -> None:
    """Delete where the state allows; IllegalMove where not, Refused when something refers to the row."""
    try:
        with transaction.atomic():
            row = locked(subject)
            if not deletable(row):
                raise IllegalMove(row.state, "delete")
            audit.record(member=member, action="delete", subject=row, before=audit.values(row, shown))
            row.delete()
    except ProtectedError as error:
        raise Refused(Violation("in_use", IN_USE, {"name": subject.name})) from error


def locked(subject: Subject) -> Subject:
    """The row as it is in the database, locked until the transaction ends; IllegalMove when it is gone."""
    model = type(subject)
    row = model.objects.select_for_update(of=("self",)).select_related("application").filter(pk=subject.pk)
    found: Subject | None = row.first()
    if found is None:
        raise IllegalMove("deleted", "change")
    return found


IN_USE = _("“%(name)s” has templates or tasks, so it cannot be deleted.")
