"""Files of a task or a draft: failed numbers, deleted rows, all results."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect

from sendmill.accounts.models import Member
from sendmill.console.access import MemberRequest, owned
from sendmill.console.words import explain
from sendmill.tasks import exports
from sendmill.tasks.models import Draft, Task
from sendmill.tasks.refusals import Refused

Export = Callable[[Task, Member, exports.Kind], exports.Download]


def failed_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The failed numbers of a task: a file that can be uploaded again as it is."""
    return _of_task(request, pk, exports.failed_numbers)


def results_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Every recipient of a task with its result."""
    return _of_task(request, pk, exports.all_results)


def deleted_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The rows of a task's file that were deleted, each with its reason."""
    return _of_task(request, pk, exports.deleted_rows)


def draft_deleted_file(request: MemberRequest, key: uuid.UUID) -> HttpResponseBase:
    """The rows of a draft's file that were deleted, each with its reason."""
    draft = owned(request, Draft, key=key)
    try:
        download = exports.deleted_rows(draft, request.user, _kind(request))
    except Refused as refused:
        messages.error(request, explain(refused.violation))
        return redirect("console:draft", key=key)
    return _answer(download)


def _of_task(request: MemberRequest, pk: int, export: Export) -> HttpResponseBase:
    task = owned(request, Task.objects.select_related("account"), pk=pk)
    try:
        download = export(task, request.user, _kind(request))
    except Refused as refused:
        messages.error(request, explain(refused.violation))
        return redirect("console:task", pk=pk)
    return _answer(download)


def _kind(request: MemberRequest) -> exports.Kind:
    return "csv" if request.GET.get("format") == "csv" else "xlsx"


def _answer(download: exports.Download) -> FileResponse:
    return FileResponse(
        download.file, as_attachment=True, filename=download.name, content_type=download.content_type
    )
