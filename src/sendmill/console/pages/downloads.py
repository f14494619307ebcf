"""Files of a task or a draft: failed numbers, deleted rows, all results; large ones are made by the worker."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from sendmill.console.access import MemberRequest, owned
from sendmill.console.translated import explain, say
from sendmill.domain.violations import Refused
from sendmill.runtime.settings import ENV
from sendmill.tasks import large_downloads, listing, result_files
from sendmill.tasks.models import Draft, Export, Task

NAMES = {"failed": _("Failed numbers"), "results": _("All results"), "deleted": _("Deleted rows")}


def failed_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The failed numbers of a task: a file that can be uploaded again as it is."""
    return _of_task(request, pk, "failed")


def results_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Every recipient of a task with its result."""
    return _of_task(request, pk, "results")


def deleted_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The rows of a task's file that were deleted, each with its reason."""
    return _of_task(request, pk, "deleted")


def draft_deleted_file(request: MemberRequest, key: uuid.UUID) -> HttpResponseBase:
    """The rows of a draft's file that were deleted, each with its reason."""
    draft = owned(request, Draft, key=key)
    try:
        return _now_or_later(request, "deleted", draft)
    except Refused as refused:
        messages.error(request, explain(refused.violation))
        return redirect("console:draft", key=key)


def show_export(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """A large file: how far it is, and when it is ready, the link to it."""
    if (export := _own(request, key)) is None:
        return _no_longer_kept(request)
    return render(request, "console/downloads/show.html", _context(export))


def show_export_state(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """The part of the page that changes while the file is made."""
    if (export := _own(request, key)) is None:
        raise Http404
    return render(request, "console/downloads/state.html", _context(export))


def export_file(request: MemberRequest, key: uuid.UUID) -> HttpResponseBase:
    """The large file itself."""
    if (export := _own(request, key)) is None:
        return _no_longer_kept(request)
    try:
        return _answer(large_downloads.fetch(export, request.user))
    except Refused as refused:
        messages.error(request, explain(refused.violation))
        return redirect("console:export", key=key)


def _own(request: MemberRequest, key: uuid.UUID) -> Export | None:
    return listing.find_export(request.user.account, key)


def _no_longer_kept(request: MemberRequest) -> HttpResponse:
    """What is said of a file that was removed with its row; nobody can tell it from one that never was."""
    return render(request, "console/downloads/gone.html", {"hours": ENV.download_hours}, status=404)


def _context(export: Export) -> dict[str, object]:
    return {
        "export": export,
        "name": NAMES[export.what],
        "share": min(export.done / export.rows, 1.0) if export.rows else 0.0,
        "hours": ENV.download_hours,
        "refusal": say(refused["message"], refused["parameters"]) if (refused := export.refusal) else "",
    }


def _of_task(request: MemberRequest, pk: int, what: result_files.What) -> HttpResponseBase:
    task = owned(request, listing.detailed_tasks(), pk=pk)
    try:
        return _now_or_later(request, what, task)
    except Refused as refused:
        messages.error(request, explain(refused.violation))
        return redirect("console:task", pk=pk)


def _now_or_later(request: MemberRequest, what: result_files.What, source: Draft | Task) -> HttpResponseBase:
    """The file, or for a large one the page on which to wait for it."""
    kind: result_files.Kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
    if large_downloads.is_large(what, source):
        return redirect("console:export", key=large_downloads.order(what, source, request.user, kind).key)
    return _answer(result_files.download(what, source, request.user, kind))


def _answer(download: result_files.Download) -> FileResponse:
    return FileResponse(
        download.file, as_attachment=True, filename=download.name, content_type=download.content_type
    )
