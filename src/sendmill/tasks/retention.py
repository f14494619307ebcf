"""What is kept how long: message rows, files of drafts that came to nothing, and finished jobs."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from sendmill.settings import ENV
from sendmill.storage.partitions import drop_old
from sendmill.tasks import files
from sendmill.tasks.models import Draft, DraftState, Task
from sendmill.tasks.results import LATE_DAYS

DRAFT_DAYS = 7  # an unconfirmed draft and its file


def run() -> None:
    """Everything below, once."""
    recount_completed()
    remove_drafts()
    drop_old(ENV.retention_days)


def remove_drafts() -> int:
    """Remove drafts that were not confirmed for a week, with their files; return how many."""
    old = Draft.objects.filter(task=None, created_at__lt=timezone.now() - timedelta(days=DRAFT_DAYS))
    removed = 0
    for draft in old.exclude(state=DraftState.CONFIRMED).order_by("pk")[:10_000]:
        draft.delete()
        files.remove(draft.file, draft.accepted_file, draft.deleted_file, draft.written_file)
        removed += 1
    kept = Task.objects.filter(ended_at__lt=timezone.now() - timedelta(days=ENV.retention_days))
    for draft in Draft.objects.filter(task__in=kept).exclude(deleted_file=""):
        Draft.objects.filter(pk=draft.pk).update(file="", accepted_file="", deleted_file="", written_file="")
        files.remove(draft.file, draft.accepted_file, draft.deleted_file, draft.written_file)
    return removed


def recount_completed() -> int:
    """Put late reports into the frozen counters of completed tasks; return how many tasks changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE task t SET successful = s.successful, failed = s.failed, not_sent = s.not_sent FROM ("
            "  SELECT a.task_id, sum(a.successful) AS successful, sum(a.failed) AS failed, "
            "    sum(a.not_sent) AS not_sent "
            "  FROM task c JOIN tally a ON a.task_id = c.id "
            "  WHERE c.status = 'completed' AND c.ended_at > now() - make_interval(days => %s) "
            "  GROUP BY a.task_id) s "
            "WHERE t.id = s.task_id AND (t.successful, t.failed, t.not_sent) <> (s.successful, s.failed, s.not_sent)",
            [LATE_DAYS],
        )
        return int(cursor.rowcount)
