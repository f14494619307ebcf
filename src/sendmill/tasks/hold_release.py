"""Tasks that are held because the store may be older than what was sent from it (spec.md 8), and their release.

An administrator of an account decides about its own tasks; whoever runs the machine decides about the whole store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import Action, require
from sendmill.domain.task_life import ALIVE, ImportState, TaskStatus
from sendmill.domain.violations import Refused, Violation
from sendmill.message_store.engine import store_holds
from sendmill.message_store.engine.store_holds import HeldTask, Hold
from sendmill.message_store.marks.judgement import HoldKind
from sendmill.message_store.queries import unsent_messages
from sendmill.tasks import charging, transitions
from sendmill.tasks.models import Task

BY_COMMAND = "command"


class Choice(StrEnum):
    """What becomes of the messages of which nothing is recorded."""

    SEND = "send"
    UNCERTAIN = "uncertain"
    END = "end"


def open_hold() -> Hold | None:
    """The hold of the store, if there is one now."""
    with connection.cursor() as cursor:
        return store_holds.open_hold(cursor)


def is_examined() -> bool:
    """Whether a sender has examined the store since the database server was started.

    A store that nothing was sent from needs no examination.
    """
    with connection.cursor() as cursor:
        return store_holds.is_examined(cursor)


def held_tasks(account: Account | None = None) -> list[HeldTask]:
    """What could go twice, of an account or of all of them."""
    with connection.cursor() as cursor:
        return store_holds.tasks_at_risk(cursor, account.pk if account is not None else None)


def is_held(task: Task, hold: Hold | None) -> bool:
    """Whether nothing of a task may be sent because of this hold."""
    return hold is not None and task.cleared_hold != hold.id


def release_task(task: Task, choice: Choice, member: Member) -> int:
    """Decide about one task of the member's account; return how many messages that was about.

    Raises Refused when the store is not held, may be a copy, or the task cannot be decided about now, NotAllowed, or
    NotYours.
    """
    require(member, Action.RELEASE_TASK, task)
    with transaction.atomic():
        hold = open_hold()
        if hold is None:
            raise Refused(Violation("not_held", NOT_HELD))
        if hold.kind is HoldKind.ELSEWHERE:
            raise Refused(Violation("held_elsewhere", HELD_ELSEWHERE))
        count = _decide(task.pk, choice, hold, member.username)
        after = {"choice": str(choice), "messages": count, "hold": str(hold.id)}
        audit.record(member=member, action="release_task", subject=task, after=after)
    return count


def confirmed_here() -> None:
    """Note in the audit log that a person at the machine said that no other Sendmill with this store lives."""
    with transaction.atomic():
        hold = open_hold()
        after = {"hold": str(hold.id)} if hold is not None else {}
        for account in Account.objects.order_by("pk"):
            audit.record(member=None, account=account, action="confirm_place", subject=account, after=after)


def release_store(choice: Choice, hold_id: UUID | None = None) -> dict[int, int]:
    """Decide about every task that is held, and end the hold; return the messages of each task.

    For the command on the machine only. With `hold_id` that hold must still be the open one: what was shown to the
    person is what is decided. Raises Refused.
    """
    decided = {}
    hold = open_hold()
    if hold is None or (hold_id is not None and hold.id != hold_id):
        raise Refused(Violation("not_held", NOT_HELD))
    for held in held_tasks():
        with transaction.atomic():
            decided[held.id] = _decide(held.id, choice, hold, BY_COMMAND)
    with transaction.atomic(), connection.cursor() as cursor:
        if not store_holds.release_hold(cursor, hold, str(choice), BY_COMMAND):
            raise Refused(Violation("not_held", NOT_HELD))
        for account in Account.objects.order_by("pk"):
            after = {"choice": str(choice), "hold": str(hold.id), "kind": str(hold.kind)}
            audit.record(member=None, account=account, action="release_store", subject=account, after=after)
    return decided


def _decide(task_id: int, choice: Choice, hold: Hold, who: str) -> int:
    """Take one decision about one task, inside the caller's transaction; a task decided about before is left."""
    row = Task.objects.select_for_update(of=("self",), no_key=True).filter(pk=task_id).first()
    if row is None or row.status not in ALIVE or not is_held(row, hold):
        return 0
    count = _CHOICES[choice](row, who)
    with connection.cursor() as cursor:
        store_holds.clear_task(cursor, task_id, hold)
    return count


def _send(task: Task, who: str) -> int:
    """What is not recorded is sent, although it may have been."""
    return next((held.unsent for held in held_tasks(task.account) if held.id == task.pk), 0)


def _make_uncertain(task: Task, who: str) -> int:
    """What is not recorded counts as handed over, and is settled by reports or a person."""
    _need_rows(task)
    if task.status == TaskStatus.PENDING:
        charging.reserve(task)
        transitions.start(transitions.only(task.pk))
    count = unsent_messages.mark_unsent_uncertain(task.pk, who)
    _need_all_decided(task)
    return count


def _end(task: Task, who: str) -> int:
    """What is not recorded is not sent any more."""
    if task.status == TaskStatus.PENDING:
        transitions.cancel(transitions.only(task.pk), transitions.why(ENDED_WHILE_HELD))
        return task.accepted
    # Of a batch that is open the worker settles the rest, once the batch is recorded or recovered.
    transitions.end(transitions.only(task.pk))
    return unsent_messages.end_unsent(task.pk) if task.import_state == ImportState.IMPORTED else task.accepted


def _need_rows(task: Task) -> None:
    if task.import_state != ImportState.IMPORTED:
        raise Refused(Violation("still_importing", STILL_IMPORTING))


def _need_all_decided(task: Task) -> None:
    """A batch that was open when its sender died is the recovery's: what is behind it must not be sent after all."""
    if any(unsent_messages.chunks_left(task.pk)):
        raise Refused(Violation("still_recovering", STILL_RECOVERING))


_CHOICES: Mapping[Choice, Callable[[Task, str], int]] = {
    Choice.SEND: _send,
    Choice.UNCERTAIN: _make_uncertain,
    Choice.END: _end,
}

NOT_HELD = _("The store is not held any more, or for another reason now; look again.")
HELD_ELSEWHERE = _(
    "This may be a copy, and the original may still live: nothing is released before whoever runs this server has said "
    "with “sendmill held here” that no other copy lives."
)
STILL_IMPORTING = _("The recipients of this task are still being imported; decide in a moment.")
STILL_RECOVERING = _("A sender is still recovering this task; decide in some seconds.")
ENDED_WHILE_HELD = Violation(
    "ended_while_held", _("Ended by a person while the store was held: it may have been sent before.")
)
