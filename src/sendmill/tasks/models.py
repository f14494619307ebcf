"""A draft is a task being made; a task is one batch send."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from sendmill.accounts.models import Account, Member
from sendmill.catalog.models import Application, Carrier, Signature, Template
from sendmill.domain.task_life import ImportState, TaskStatus


class DraftState(models.TextChoices):
    """Where a draft is between upload and OK."""

    CHECKING = "checking", _("Checking")
    CHECKED = "checked", _("Checked")
    REFUSED = "refused", _("Refused")
    CONFIRMED = "confirmed", _("Confirmed")


IMPORT_STATES = [
    (ImportState.WAITING.value, _("Queued")),
    (ImportState.IMPORTED.value, _("Imported")),
    (ImportState.FAILED.value, _("Failed")),
]
TASK_STATUSES = [
    (TaskStatus.PENDING.value, _("Pending")),
    (TaskStatus.EXECUTING.value, _("Executing")),
    (TaskStatus.CANCELED.value, _("Canceled")),
    (TaskStatus.COMPLETED.value, _("Completed")),
]


class TaskForm(models.Model):
    """The fields of the form, which a draft and the task made from it share."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("task name"), max_length=64)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    signature = models.ForeignKey(
        Signature, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="+")
    scheduled_at = models.DateTimeField(_("scheduled"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Task(TaskForm):
    """One batch send. `snapshot` holds all it sends with, so later edits change nothing confirmed.

    `reason` says in English why it waits or was canceled; `reasons` has the same as sentences to translate,
    each {code, message, parameters}. `cleared_hold` is the hold of the store that it was released from, one task
    alone. With `closes_at` it is sent from `opens_at` to `closes_at` only. The chunks of a `routed` one name their
    carriers themselves; `carrier` is then the application's, if it has one. One that is `ending` was ended by a
    person: it stays paused, and what is not handed over becomes Not sent. `sent_at` is when its last chunk was seen
    done, None while something may be to send (message_store.queries.task_sent_at).
    """

    status = models.CharField(max_length=9, choices=TASK_STATUSES)
    reason = models.CharField(max_length=255, blank=True)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, null=True, related_name="+")
    snapshot = models.JSONField()
    priority = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list, db_default=[])
    paused = models.BooleanField(default=False)
    ending = models.BooleanField(default=False, db_default=False)
    routed = models.BooleanField(default=False, db_default=False)
    cleared_hold = models.UUIDField(null=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    import_state = models.CharField(max_length=8, choices=IMPORT_STATES, default=ImportState.WAITING.value)
    started_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    accepted = models.PositiveIntegerField()
    invalid = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    unfit = models.PositiveIntegerField()
    parts = models.PositiveIntegerField()
    successful = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    uncertain = models.PositiveIntegerField(default=0)
    not_sent = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "task"
        constraints = [
            # A sender looks at `paused` before every batch; what is ended must stay behind that.
            models.CheckConstraint(
                condition=models.Q(ending=False) | models.Q(paused=True), name="task_ending_paused"
            )
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="task_account_id"),
            models.Index(
                fields=["carrier", "priority"],
                name="task_live",
                condition=models.Q(status__in=["pending", "executing"]),
            ),
            models.Index(
                fields=["id"],
                name="task_unsent",
                condition=models.Q(status="executing", sent_at=None),
            ),
        ]


class Draft(TaskForm):
    """A form with its number file and what the check of the file found, before OK is pressed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=9, choices=DraftState.choices, default=DraftState.CHECKING)
    file_name = models.CharField(max_length=255)
    file = models.CharField(max_length=255)
    file_size = models.BigIntegerField()
    accepted_file = models.CharField(max_length=255, blank=True)
    deleted_file = models.CharField(max_length=255, blank=True)
    written_file = models.CharField(max_length=255, blank=True)
    refusal = models.JSONField(null=True)
    outcome = models.JSONField(null=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, related_name="draft")

    class Meta:
        db_table = "draft"


class ExportState(models.TextChoices):
    """Where a large file is that the worker makes."""

    WAITING = "waiting", _("Queued")
    RUNNING = "running", _("Running")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class Export(models.Model):
    """A large file that the worker makes for somebody to download, kept for a while.

    `refusal` says why it was given up, as that of a draft does.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, related_name="exports")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, related_name="exports")
    what = models.CharField(max_length=8)
    kind = models.CharField(max_length=4)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=7, choices=ExportState.choices, default=ExportState.WAITING)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=255, blank=True)
    file_size = models.BigIntegerField(default=0)
    refusal = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "export"

    def __str__(self) -> str:
        return f"{self.what}.{self.kind}"
