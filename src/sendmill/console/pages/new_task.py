"""The form of a new task: lists that depend on each other, the check of the file's name, the time to send at."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from sendmill.catalog.listing import detailed_templates
from sendmill.console import uploads
from sendmill.console.access import MemberRequest, owned
from sendmill.console.choices import Chosen, choose, preview
from sendmill.console.listing import whole
from sendmill.console.translated import Said, explain
from sendmill.domain.quiet_hours import from_local, is_open
from sendmill.domain.task_life import check_schedule
from sendmill.domain.templates import parse
from sendmill.domain.types import ApplicationType
from sendmill.domain.violations import FieldError, FormError
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets import template_file as template_files
from sendmill.tasks import disk_errors, drafts, lifecycle, listing
from sendmill.tasks.models import Draft

EMPTY = {"name": "", "file_name": "", "file_size": "", "scheduled_at": ""}
LOCAL = "%Y-%m-%dT%H:%M"


def new(request: MemberRequest) -> HttpResponse:
    """The form, empty or with the values of a draft to change; POST checks it and goes on to the draft."""
    if request.method == "POST":
        return _create(request)
    values: dict[str, Any] = dict(EMPTY)
    draft = _draft(request)
    if draft is not None:
        values |= _values(draft)
    return _form(request, values)


def copy(request: MemberRequest, pk: int) -> HttpResponse:
    """The form with the configuration of an older task, without its file and without a time that is past."""
    task = owned(request, listing.detailed_tasks(), pk=pk)
    return _form(request, EMPTY | _texts(lifecycle.copy_form(task)))


def show_choices(request: MemberRequest) -> HttpResponse:
    """The lists after one of them was changed, with the text and the download link that go with them."""
    return render(request, "console/new_task/choices_update.html", _choice_context(request, request.GET))


def check_file(request: MemberRequest) -> HttpResponse:
    """What is wrong with a file's name and size, before it is uploaded."""
    size = whole(request.GET.get("file_size")) or 0
    errors = uploads.faults(request.GET.get("file_name", ""), size)
    return render(request, "console/new_task/file_check.html", {"errors": errors})


def advise(request: MemberRequest) -> HttpResponse:
    """What is to be said about a time to send at: refused, or outside of the hours people like."""
    moment, errors = _moment(request.GET.get("scheduled_at", ""))
    if moment is not None:
        violation = check_schedule(moment, timezone.now(), timedelta(days=ENV.schedule_days))
        errors += [FieldError.of("scheduled_at", violation)] if violation else []
    context = {"errors": _said(errors), "advice": "" if errors else _hours_advice(request, moment)}
    return render(request, "console/new_task/schedule_advice.html", context)


def template_file(request: MemberRequest) -> HttpResponseBase:
    """The number file to fill in for the chosen template."""
    wanted = whole(request.GET.get("template"))
    template = owned(request, detailed_templates(), pk=wanted)
    kind = ApplicationType(template.application.type)
    content = template_files.template_file(
        parse(template.content, kind, template.attributes), kind, get_language() or "en"
    )
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"numbers{template.pk}.xlsx")


def _hours_advice(request: MemberRequest, moment: datetime | None) -> str:
    """The advice for a time outside of 08:00–22:00 in the account's time zone; empty when there is none."""
    local = timezone.localtime(moment)
    if is_open(local, request.user.account.time_zone):
        return ""
    sentence = _(
        "That is %(time)s in your time zone. "
        "Messages are welcome between 08:00 and 22:00 of the recipient's time."
    )
    return sentence % {"time": date_format(local, "H:i")}


def _create(request: MemberRequest) -> HttpResponse:
    values = {**EMPTY, **request.POST.dict()}
    upload = request.FILES.get("file")
    chosen = choose(request.user.account, values)
    moment, errors = _moment(values["scheduled_at"])
    if (short := uploads.lost(request)) is not None:
        errors.append(FieldError.of("file", short))
    try:
        if errors:
            raise FormError(errors)
        draft = drafts.create_draft(
            request.user,
            name=values["name"],
            application=chosen.application,
            signature=chosen.signature,
            template=chosen.template,
            scheduled_at=moment,
            file_name=values["file_name"] or (upload.name if upload else "") or "",
            content=cast(BinaryIO | None, upload),
        )
    except FormError as refused:
        # A browser's console calls 422 an error; a form to mend is none.
        status = disk_errors.STATUS if any(one.code in disk_errors.CODES for one in refused.errors) else 422
        return _form(request, values, refused.errors, status=200 if request.htmx else status)
    target = reverse("console:draft", kwargs={"key": draft.key})
    return HttpResponseClientRedirect(target) if request.htmx else redirect(target)


def _form(
    request: MemberRequest,
    values: Mapping[str, Any],
    faults: list[FieldError] | None = None,
    status: int = 200,
) -> HttpResponse:
    errors: dict[str, list[Said]] = {}
    for fault in faults or []:
        errors.setdefault(fault.field or "form", []).extend(_said([fault]))
    now = timezone.localtime()
    context = _choice_context(request, values) | {
        "values": values,
        "errors": errors,
        "max_file_mb": ENV.max_file_mb,
        "max_numbers": ENV.max_numbers,
        "allow_chinese": ENV.allow_chinese_file_names,
        "schedule_days": ENV.schedule_days,
        "schedule_from": now.strftime(LOCAL),
        "schedule_to": (now + timedelta(days=ENV.schedule_days)).strftime(LOCAL),
        "time_zone": request.user.account.time_zone,
        "now": now,
    }
    whole_page = not request.htmx
    template = "console/new_task/show.html" if whole_page else "console/new_task/form.html"
    return render(request, template, context, status=status)


def _choice_context(request: MemberRequest, values: Mapping[str, Any]) -> dict[str, Any]:
    chosen = choose(request.user.account, values)
    return {"choices": chosen, "preview": _preview(chosen)}


def _preview(chosen: Chosen) -> Any:
    if chosen.template is None or chosen.application is None:
        return None
    signature = chosen.signature.name if chosen.signature else None
    return preview(chosen.template.content, chosen.application.type, chosen.template.attributes, signature)


def _said(faults: list[FieldError]) -> list[Said]:
    return [Said(explain(fault), str(fault.parameters.get("cleaned", ""))) for fault in faults]


def _moment(text: str) -> tuple[datetime | None, list[FieldError]]:
    """The time in the account's time zone, and what is wrong with it."""
    if not text:
        return None, []
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, [FieldError("not_a_time", NOT_A_TIME, field="scheduled_at")]
    if timezone.is_aware(moment):
        return moment, []
    local = from_local(moment, timezone.get_current_timezone_name())
    return (local, []) if local else (None, [FieldError("no_such_time", NO_SUCH_TIME, field="scheduled_at")])


def _draft(request: MemberRequest) -> Draft | None:
    try:
        key = uuid.UUID(request.GET.get("draft", ""))
    except ValueError:
        return None
    return listing.find_draft(request.user.account, key)


def _values(draft: Draft) -> dict[str, Any]:
    return _texts(
        {
            "name": draft.name,
            "application": draft.application_id,
            "signature": draft.signature_id,
            "template": draft.template_id,
            "scheduled_at": draft.scheduled_at,
        }
    )


def _texts(form: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a form as its fields hold them: the time is a local one, without a zone."""
    moment = form["scheduled_at"]
    return {**form, "scheduled_at": timezone.localtime(moment).strftime(LOCAL) if moment else ""}


NOT_A_TIME = gettext_noop("Enter a date and a time.")
NO_SUCH_TIME = gettext_noop(
    "On that day the clocks are set forward, and this time is left out. Choose one an hour later or earlier."
)
