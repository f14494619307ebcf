"""Settles messages without a report: a person decides about Uncertain ones, and Sending ones expire by time.

Every way out of Uncertain stands in the table of `message_store.result_changes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog.models import Carrier
from sendmill.domain.results import Result
from sendmill.domain.task_life import TaskStatus
from sendmill.domain.violations import Refused, Violation
from sendmill.message_store.queries import uncertain as store
from sendmill.runtime.settings import ENV
from sendmill.tasks import results
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.lifecycle import ENDED_STAYS
from sendmill.tasks.models import Task

EXPIRED, SETTLED = "EXPIRED", "SETTLED"

Choice = Literal["resend", "failed"]


def expire(now: datetime | None = None) -> int:
    """Let messages that had no final report for the hours of the setting fail as EXPIRED; return how many.

    A long message of which at least one part was delivered, and none failed, is Successful then.

    One short statement per batch of chunks, and only where a tally says that messages are still open.
    Uncertain ones are not touched: a report, a query or a person settles those.
    """
    before = (now or database_now()) - timedelta(hours=ENV.report_hours)
    old = Task.objects.filter(status=TaskStatus.EXECUTING, started_at__lte=before).order_by("pk")
    count = 0
    for task_id in old.values_list("pk", flat=True):
        for lo, hi in store.ranges_holding(task_id, "sending"):
            count += store.expire(task_id, lo, hi, before=before, result=int(Result.FAILED), code=EXPIRED)
    return count


def settle_accepted() -> int:
    """Make Successful what carriers accepted that turned out to report nothing; return how many.

    What is accepted while the setting stands is Successful at once: this is about what was accepted before.
    """
    silent = Q(reports="accepted") | Q(long_reports="none")
    count = 0
    for carrier in Carrier.objects.filter(silent):
        over = Q(carrier=carrier) | Q(routed=True)
        tasks = Task.objects.filter(over, status=TaskStatus.EXECUTING).order_by("pk")
        for task_id in tasks.values_list("pk", flat=True):
            for lo, hi in store.ranges_holding(task_id, "sending"):
                long_only = carrier.reports != "accepted"
                count += store.settle_accepted(task_id, lo, hi, carrier_id=carrier.pk, long_only=long_only)
    return count


def settle(
    task: Task, seqs: Sequence[int] | None, choice: Choice, member: Member, *, number: str = ""
) -> int:
    """Decide about uncertain messages, those of `seqs` or all (None): send them again, or let them fail.

    With `number` and no `seqs` it is those that the details page finds by these digits. Returns how many were
    settled: ones that a report settled meanwhile are not among them, nor, when sending again, ones next to
    which a sender is at work just now. Raises Refused unless the task is executing, and for sending again when it
    was ended, NotAllowed, or NotYours.
    """
    require(member, Action.SETTLE_TASK, task)
    with transaction.atomic():
        # Held so that the task cannot be completed between the two looks at it.
        row = Task.objects.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
        if row.status != TaskStatus.EXECUTING:
            raise Refused(Violation("not_executing", NOT_EXECUTING))
        if row.ending and choice == "resend":
            raise Refused(Violation("ended", ENDED_STAYS))
        count = 0
        chosen = store.Chosen(list(seqs) if seqs is not None else None)
        if seqs is None:
            chosen = store.Chosen(*results.chosen_by(row, number, Result.UNCERTAIN))
        for lo, hi in store.ranges_holding(task.pk, "uncertain"):
            if choice == "resend":
                count += store.send_again(task.pk, lo, hi, chosen=chosen, who=member.username)
            else:
                count += store.settle_uncertain(
                    task.pk,
                    lo,
                    hi,
                    chosen=chosen,
                    result=int(Result.FAILED),
                    code=SETTLED,
                    who=member.username,
                )
        if count:
            audit.record(
                member=member, action="settle_task", subject=row, after={"choice": choice, "messages": count}
            )
    return count


NOT_EXECUTING = _("Uncertain messages can be settled only while the task is executing.")
