"""Defers checks and imports again whose job was lost."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from sendmill.domain.task_life import ALIVE, ImportState
from sendmill.jobs import deferral
from sendmill.tasks.models import Draft, DraftState, Task

LOST = timedelta(minutes=30)  # after its creation; a job that still waits or runs makes a second one harmless
MOST = 100  # of each kind in one run


def defer_again() -> None:
    """Have the checks of old drafts and the imports of old tasks run again, one job at a time for each."""
    before = timezone.now() - LOST
    drafts = Draft.objects.filter(state=DraftState.CHECKING, created_at__lt=before)
    tasks = Task.objects.filter(import_state=ImportState.WAITING, status__in=ALIVE, created_at__lt=before)
    for draft_id in drafts.values_list("pk", flat=True)[:MOST]:
        with suppress(AlreadyEnqueued), transaction.atomic():
            deferral.CHECK_DRAFT.defer(queueing_lock=f"check {draft_id}", draft_id=draft_id)
    for task_id in tasks.values_list("pk", flat=True)[:MOST]:
        with suppress(AlreadyEnqueued), transaction.atomic():
            deferral.IMPORT_TASK.defer(queueing_lock=f"import {task_id}", task_id=task_id)
