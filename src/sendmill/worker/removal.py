"""Removal of what was kept long enough. How long that is, table by table: worker.retention."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from sendmill.message_store.partitions import drop_old
from sendmill.runtime.settings import ENV
from sendmill.tasks import stored_files
from sendmill.tasks.models import Draft, DraftState, Task

MOST = 10_000  # drafts of one run


def drop_messages() -> int:
    """Drop the messages of tasks that ended long ago, and the ids that carriers gave; return how many tables."""
    return len(drop_old(ENV.retention_days, submission_days=ENV.submission_days))


def remove_drafts() -> int:
    """Remove drafts that were never confirmed, with their files; return how many.

    Of those that became tasks go, with the messages, the files and the numbers and texts that were shown before OK.
    """
    old = Draft.objects.filter(task=None, created_at__lt=timezone.now() - timedelta(days=ENV.draft_days))
    removed = 0
    for draft in old.exclude(state=DraftState.CONFIRMED).order_by("pk")[:MOST]:
        draft.delete()
        stored_files.remove(draft.file, draft.accepted_file, draft.deleted_file, draft.written_file)
        removed += 1
    ended = Task.objects.filter(ended_at__lt=timezone.now() - timedelta(days=ENV.retention_days))
    of_people = ~Q(deleted_file="") | Q(outcome__has_key="sample")
    for draft in Draft.objects.filter(of_people, task__in=ended).order_by("pk")[:MOST]:
        told = {key: value for key, value in (draft.outcome or {}).items() if key != "sample"}
        Draft.objects.filter(pk=draft.pk).update(
            file="", accepted_file="", deleted_file="", written_file="", outcome=told
        )
        stored_files.remove(draft.file, draft.accepted_file, draft.deleted_file, draft.written_file)
    return removed
