"""Deletes old messages, other old rows and files; `retention_periods` says when and why.

Messages go with their partitions (`message_store.partitions.drop_old`).
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from sendmill.message_store.batched_deletion import delete
from sendmill.message_store.partitions import drop_old
from sendmill.message_store.queries import expired_rows
from sendmill.runtime.settings import ENV
from sendmill.tasks import stored_files
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Draft, DraftState, Task

CLEARED_DAYS = 90  # an alarm after it was cleared
JOB_DAYS = 30  # a job that failed
ATTEMPT_DAYS = 1  # failed sign-ins that count towards the lockout of minutes
OFFER_DAYS = 1  # an app for the second factor that was offered and never confirmed
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


def remove_received() -> int:
    """Delete replies, and reports that belong to no message."""
    return expired_rows.delete_received(ENV.received_days)


def forget_sends() -> int:
    """Delete what the limits per number count no more."""
    return expired_rows.delete_recent_sends(database_now())


def remove_gone_carriers() -> int:
    """Delete what was said of carriers that were deleted."""
    gone = "carrier_id NOT IN (SELECT id FROM carrier)"
    return delete("carrier_out", gone) + delete("report_word", gone)


def remove_sessions() -> int:
    """Delete sessions that are over."""
    return delete("django_session", "expire_date < now()")


def remove_sign_ins() -> int:
    """Delete what axes noted of sign-ins; what counts towards a lockout goes when it has long been over."""
    old = "attempt_time < now() - make_interval(days => %(days)s)"
    expired = f"access_attempt_id IN (SELECT id FROM axes_accessattempt WHERE {old})"
    deleted = delete("axes_accessattemptexpiration", expired, days=ATTEMPT_DAYS)
    deleted += delete("axes_accessattempt", old, days=ATTEMPT_DAYS)
    for table in ("axes_accesslog", "axes_accessfailurelog"):
        deleted += delete(table, old, days=ENV.sign_in_days)
    return deleted


def remove_offers() -> int:
    """Delete keys of authenticator apps that were never confirmed."""
    old = "NOT confirmed AND created_at < now() - make_interval(days => %(days)s)"
    return delete("otp_totp_totpdevice", old, days=OFFER_DAYS)


def remove_alarms() -> int:
    """Delete alarms that were cleared long ago."""
    return delete("alarm", "cleared_at < now() - make_interval(days => %(days)s)", days=CLEARED_DAYS)


def remove_jobs() -> int:
    """Delete jobs that failed or were given up, with their events; those that succeeded go at once."""
    return delete(
        "procrastinate_jobs",
        "status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND NOT EXISTS ("
        "SELECT FROM procrastinate_events e WHERE e.job_id = procrastinate_jobs.id "
        "AND e.at > now() - make_interval(days => %(days)s))",
        days=JOB_DAYS,
    )
