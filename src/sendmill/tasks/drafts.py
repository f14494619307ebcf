"""Drafts: the form of a new task and its number file, from the upload until OK makes it a task.

Either everything is right and the file, the row and the job of its check exist, or nothing does.
"""

from __future__ import annotations

import tempfile
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO

from django.db import transaction
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog import association
from sendmill.catalog.models import Application, Signature, Template
from sendmill.catalog.task_snapshot import snapshot
from sendmill.domain.names import LONGEST_NAME
from sendmill.domain.task_life import ImportState, TaskStatus, check_schedule
from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.domain.violations import FieldError, FormError, Refused
from sendmill.jobs import deferral
from sendmill.message_store.queries.task_ids import draw_task_id
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets.errors import SpreadsheetError
from sendmill.spreadsheets.file_names import check_name, clean_name
from sendmill.spreadsheets.guard import check_file as check_container
from sendmill.spreadsheets.limits import Limits
from sendmill.tasks import charging, disk_errors, quiet_hours, stored_files
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.file_check import unpriced
from sendmill.tasks.models import Draft, DraftState, Task

PRIORITY = {ServiceType.VERIFICATION: 1, ServiceType.NOTIFICATION: 2, ServiceType.PROMOTION: 3}

# Which field a reason of the association belongs to, by how its code begins.
_FIELD_OF_REASON = (
    ("signature_", "signature"),
    ("template_", "template"),
    ("", "application"),
)


@disk_errors.as_form_error("upload", "file")
def create_draft(
    member: Member,
    *,
    name: str,
    application: Application | None,
    signature: Signature | None,
    template: Template | None,
    scheduled_at: datetime | None,
    file_name: str,
    content: BinaryIO | None,
) -> Draft:
    """Take the form with its file: keep both and let the file be checked.

    Raises FormError with everything that is wrong (a disk of ours that takes nothing, too), NotAllowed, or NotYours;
    nothing was created then, and no file is left.
    """
    require(member, Action.CREATE_TASK, application, signature, template)
    name = name.strip()
    errors = _form_errors(name, application, signature, template, scheduled_at)
    with tempfile.NamedTemporaryFile(prefix="sendmill-upload-", suffix=".part") as copy:
        errors += _file_errors(file_name, content, copy)
        if errors or application is None or template is None:
            raise FormError(errors)
        key = uuid.uuid4()
        size = copy.tell()
        copy.seek(0)
        stored = stored_files.store(f"drafts/{key}/upload{Path(file_name).suffix.lower()}", copy)
    try:
        with transaction.atomic():
            draft = Draft.objects.create(
                account_id=member.account_id,
                created_by=member,
                name=name,
                application=application,
                signature=signature,
                template=template,
                scheduled_at=scheduled_at,
                key=key,
                file_name=Path(file_name.replace("\\", "/")).name,
                file=stored,
                file_size=size,
            )
            deferral.CHECK_DRAFT.defer(draft_id=draft.pk)
    except BaseException:
        stored_files.remove(stored)
        raise
    return draft


def confirm(draft: Draft, member: Member) -> Task:
    """OK: make the task of a checked draft and let it be imported. Pressed twice, the same task is answered.

    Raises FormError when it cannot become a task (not checked, no valid number, its time is past, a resource
    was withdrawn, too little balance), NotAllowed, or NotYours; nothing was created then.
    """
    require(member, Action.CREATE_TASK, draft)
    with transaction.atomic():
        related = ("application__account", "application__carrier", "signature", "template")
        draft = Draft.objects.select_for_update(of=("self",)).select_related(*related).get(pk=draft.pk)
        if draft.task_id is not None:
            return Task.objects.get(pk=draft.task_id)
        _require_confirmable(draft)
        basis = snapshot(draft.application, draft.signature, draft.template)
        changed = (draft.outcome or {}).get("basis") != unpriced(basis)
        if changed:
            Draft.objects.filter(pk=draft.pk).update(state=DraftState.CHECKING, outcome=None)
            deferral.CHECK_DRAFT.defer(draft_id=draft.pk)
        else:
            task = _create_task(draft, member, basis)
    if changed:
        raise FormError([FieldError("changed", CHANGED, field="")])
    return task


def _create_task(draft: Draft, member: Member, basis: dict[str, object]) -> Task:
    outcome = draft.outcome or {}
    now = database_now()
    task = Task.objects.create(
        id=draw_task_id(outcome["accepted"]),
        account_id=draft.account_id,
        created_by=member,
        name=draft.name,
        application=draft.application,
        signature=draft.signature,
        template=draft.template,
        scheduled_at=draft.scheduled_at,
        status=TaskStatus.PENDING if draft.scheduled_at else TaskStatus.EXECUTING,
        started_at=None if draft.scheduled_at else now,
        carrier=draft.application.carrier,
        routed="routes" in basis,
        snapshot=basis,
        priority=PRIORITY[ServiceType(draft.template.type)],
        import_state=ImportState.WAITING,
        **({} if draft.scheduled_at else quiet_hours.hours_of(draft.template.type, outcome["regions"], now)),
        **{name: outcome[name] for name in ("accepted", "invalid", "duplicate", "unfit", "parts")},
    )
    draft.task = task
    draft.state = DraftState.CONFIRMED
    draft.save(update_fields=["task", "state"])
    _require_money(task)
    audit.record(
        member=member,
        action="create_task",
        subject=task,
        after={"name": task.name, "accepted": task.accepted, "scheduled_at": task.scheduled_at},
    )
    deferral.IMPORT_TASK.defer(task_id=task.pk)
    return task


def _require_money(task: Task) -> None:
    """Hold what a task sent now costs; one that is sent later must be affordable, and is paid at its start."""
    try:
        if task.status == TaskStatus.EXECUTING:
            charging.reserve(task)
        else:
            charging.require_affordable(task)
    except Refused as refused:
        raise FormError([FieldError.of("", refused.violation)]) from refused


def _form_errors(
    name: str,
    application: Application | None,
    signature: Signature | None,
    template: Template | None,
    scheduled_at: datetime | None,
) -> list[FieldError]:
    errors = []
    if not name:
        errors.append(FieldError("name_missing", NAME_MISSING, field="name"))
    elif len(name) > LONGEST_NAME:
        errors.append(FieldError("name_too_long", NAME_TOO_LONG, {"limit": LONGEST_NAME}, field="name"))
    if application is None:
        errors.append(FieldError("application_missing", APPLICATION_MISSING, field="application"))
    if template is None:
        errors.append(FieldError("template_missing", TEMPLATE_MISSING, field="template"))
    if application is not None and template is not None:
        errors += _association_errors(application, signature, template)
    errors += _schedule_errors(scheduled_at)
    if application is not None and application.type == ApplicationType.MAINLAND:
        errors += _hour_errors(template, scheduled_at, ["CN"])
    return errors


def _association_errors(
    application: Application, signature: Signature | None, template: Template
) -> list[FieldError]:
    """Why no task can be built from these three, at the field that mends it."""
    reason = association.unusable(application, signature, template)
    if reason is None:
        return []
    field = next(field for prefix, field in _FIELD_OF_REASON if reason.code.startswith(prefix))
    return [FieldError.of(field, reason)]


def _schedule_errors(scheduled_at: datetime | None) -> list[FieldError]:
    if scheduled_at is None:
        return []
    violation = check_schedule(scheduled_at, database_now(), timedelta(days=ENV.schedule_days))
    return [FieldError.of("scheduled_at", violation)] if violation else []


def _hour_errors(
    template: Template | None, scheduled_at: datetime | None, regions: list[str]
) -> list[FieldError]:
    """Promotion outside of 08:00–22:00 of its recipients is refused."""
    if template is None or template.type != ServiceType.PROMOTION:
        return []
    closed = quiet_hours.closed_regions(regions, scheduled_at or database_now())
    if not closed:
        return []
    code, message = ("promotion_hours", PROMOTION_HOURS) if scheduled_at else ("promotion_now", PROMOTION_NOW)
    return [FieldError(code, message, {"regions": ", ".join(closed)}, field="scheduled_at")]


def _file_errors(file_name: str, content: BinaryIO | None, copy: IO[bytes]) -> list[FieldError]:
    """What can be told about the file at once; its content is copied to `copy` as far as it may be long."""
    if content is None or not file_name:
        return [FieldError("file_missing", FILE_MISSING, field="file")]
    refused = check_name(file_name, ENV.allow_chinese_file_names)
    if refused is not None:
        proposal = clean_name(file_name, ENV.allow_chinese_file_names)
        return [_file_error(refused, **({"cleaned": proposal} if proposal else {}))]
    limits = Limits.of(ENV)
    content.seek(0)
    while copy.tell() <= limits.max_bytes and (chunk := content.read(1024 * 1024)):
        copy.write(chunk)
    copy.flush()
    try:
        check_container(Path(copy.name), limits)
    except SpreadsheetError as error:
        return [_file_error(error)]
    return []


def _file_error(error: SpreadsheetError, **more: object) -> FieldError:
    return FieldError(error.code, error.sentence, {**error.params, **more}, field="file")


def _require_confirmable(draft: Draft) -> None:
    if draft.state == DraftState.CHECKING:
        raise FormError([FieldError("checking", STILL_CHECKING, field="")])
    if draft.state != DraftState.CHECKED or not draft.outcome:
        said = draft.refusal or {"code": "not_checked", "message": NOT_CHECKED, "parameters": {}}
        raise FormError([FieldError(said["code"], said["message"], said["parameters"], field="file")])
    errors = _association_errors(draft.application, draft.signature, draft.template)
    errors += _schedule_errors(draft.scheduled_at)
    errors += _hour_errors(draft.template, draft.scheduled_at, list(draft.outcome["regions"]))
    if errors:
        raise FormError(errors)


NAME_MISSING = _("Enter a name for the task.")
NAME_TOO_LONG = _("The name may have at most %(limit)s characters.")
APPLICATION_MISSING = _("Choose an SMS application.")
TEMPLATE_MISSING = _("Choose a template.")
FILE_MISSING = _("Choose the file with the recipient numbers.")
STILL_CHECKING = _("The number file is still being checked. Wait a moment and press OK again.")
NOT_CHECKED = _("The number file was not checked. Upload it again.")
CHANGED = _(
    "The application, signature or template was changed after the check. "
    "The file is being checked again; look at the result and press OK again."
)
PROMOTION_HOURS = _(
    "Promotional messages are sent between 08:00 and 22:00 of the recipients' local time only, and at that "
    "time it is earlier or later in: %(regions)s. Choose another time."
)
PROMOTION_NOW = _(
    "Promotional messages are sent between 08:00 and 22:00 of the recipients' local time only, and now it is "
    "earlier or later in: %(regions)s. Schedule the task for a time in these hours."
)
