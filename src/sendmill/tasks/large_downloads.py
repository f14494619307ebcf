"""Large files that the worker makes for somebody to download, with progress, kept for a while.

Small ones are made at once (tasks.result_files). Asking twice for the same file answers the one that is there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import BinaryIO, cast

import polars as pl
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.domain.task_life import ALIVE
from sendmill.domain.violations import Refused, Violation
from sendmill.jobs import deferral
from sendmill.runtime.settings import ENV
from sendmill.tasks import disk_errors, result_files, stored_files
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Draft, Export, ExportState, Task

FRESH = timedelta(minutes=1)  # a file of a task that still changes is made anew after this


def is_large(what: result_files.What, source: Draft | Task) -> bool:
    """Whether a file has so many rows that the worker makes it."""
    return result_files.count(what, source) > ENV.direct_download_rows


def order(what: result_files.What, source: Draft | Task, member: Member, kind: result_files.Kind) -> Export:
    """Let a file be made, in the language that is active; the same one again while it is there.

    Raises Refused when it cannot be had, NotAllowed, or NotYours.
    """
    require(member, Action.DOWNLOAD, source)
    result_files.content(what, source)
    subject = {"draft": source} if isinstance(source, Draft) else {"task": source}
    same = {"what": what, "kind": kind, "language": translation.get_language() or "en", **subject}
    wanted = Export.objects.filter(account_id=member.account_id, **same).exclude(state=ExportState.FAILED)
    with transaction.atomic():
        # Two clicks at once make one file.
        type(source).objects.select_for_update(of=("self",), no_key=True).get(pk=source.pk)
        found = wanted.filter(created_at__gt=database_now() - _kept(source)).order_by("-pk").first()
        if found is not None and _is_there(found):
            return found
        export = Export.objects.create(
            account_id=member.account_id, created_by=member, rows=result_files.count(what, source), **same
        )
        audit.record(
            member=member, action="order_download", subject=source, after={"what": what, "kind": kind}
        )
        deferral.MAKE_EXPORT.defer(export_id=export.pk)
    return export


def _is_there(export: Export) -> bool:
    """Whether the file of an order can still be had; one that vanished from the disk is made anew."""
    return export.state != ExportState.READY or default_storage.exists(export.file)


def make(export_id: int) -> None:
    """Make an ordered file. Safe to run again after it was killed at any point.

    One that cannot be had, or for which the disk has no room, is given up and says why: who wants it asks again.
    """
    related = ("task__account", "draft__account")
    export = Export.objects.select_related(*related).filter(pk=export_id).first()
    if export is None or export.state == ExportState.READY:
        return
    Export.objects.filter(pk=export_id).update(state=ExportState.RUNNING, done=0, refusal=None)
    try:
        with translation.override(export.language), tempfile.TemporaryFile(prefix="sendmill-export-") as file:
            what, kind = cast(result_files.What, export.what), cast(result_files.Kind, export.kind)
            content = result_files.content(what, source_of(export))
            result_files.write(kind, file, content.header, _counted(export, content.frames))
            size = file.tell()
            file.seek(0)
            name = stored_files.store(_place(export), file)
    except Refused as refused:
        _give_up(export, refused.violation)
        return
    except OSError as error:
        if (short := disk_errors.told("export", error)) is None:
            Export.objects.filter(pk=export_id).update(state=ExportState.FAILED)
            raise
        _give_up(export, short)
        return
    except BaseException:
        # Tried again by the worker, which says so first.
        Export.objects.filter(pk=export_id).update(state=ExportState.FAILED)
        raise
    ready = {"state": ExportState.READY, "file": name, "file_size": size, "ready_at": database_now()}
    if not Export.objects.filter(pk=export_id).exclude(state=ExportState.READY).update(**ready):
        stored_files.remove(name)


def _give_up(export: Export, why: Violation) -> None:
    refusal = {"code": why.code, "message": why.message, "parameters": dict(why.parameters)}
    Export.objects.filter(pk=export.pk).update(state=ExportState.FAILED, refusal=refusal)


def fetch(export: Export, member: Member) -> result_files.Download:
    """A file that is ready. Raises Refused when it is not, or no longer; NotAllowed, or NotYours."""
    require(member, Action.DOWNLOAD, export)
    source = source_of(export)
    what, kind = cast(result_files.What, export.what), cast(result_files.Kind, export.kind)
    if what == "failed" and not result_files.can_download(cast(Task, source)):
        raise Refused(Violation("too_old", result_files.TOO_OLD, {"days": ENV.failed_download_days}))
    try:
        file = cast(BinaryIO, default_storage.open(export.file, "rb")) if export.file else None
    except FileNotFoundError:
        file = None
    if file is None:
        raise Refused(Violation("no_longer_there", NO_LONGER_THERE))
    audit.record(member=member, action="download", subject=source, after={"what": what, "kind": kind})
    return result_files.Download(
        result_files.name_of(what, source, kind), result_files.CONTENT_TYPES[kind], file
    )


def of_task(task: Task) -> list[Export]:
    """The files of a task that are made or kept, the latest first."""
    since = database_now() - timedelta(hours=ENV.download_hours)
    return list(Export.objects.filter(task=task, created_at__gt=since).order_by("-pk")[:10])


def remove_old() -> int:
    """Remove files that were kept long enough; return how many."""
    old = Export.objects.filter(created_at__lt=database_now() - timedelta(hours=ENV.download_hours))
    removed = 0
    for export in old.order_by("pk")[:10_000]:
        # A worker that was killed after it had kept the file left one that no row names.
        stored_files.remove(export.file, _place(export))
        export.delete()
        removed += 1
    return removed


def _place(export: Export) -> str:
    return f"exports/{export.key}.{export.kind}"


def source_of(export: Export) -> Draft | Task:
    """What a file tells about."""
    source = export.task or export.draft
    if source is None:
        raise ValueError(f"export {export.pk} has no source")
    return source


def _kept(source: Draft | Task) -> timedelta:
    """How old a file may be to be answered again: those of a task that still changes are soon outdated."""
    changes = isinstance(source, Task) and source.status in ALIVE
    return FRESH if changes else timedelta(hours=ENV.download_hours) / 2


def _counted(export: Export, frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The frames, while the rows that are done are written down for the person who waits."""
    done = 0
    for frame in frames:
        yield frame
        done += frame.height
        Export.objects.filter(pk=export.pk).update(done=done)


NO_LONGER_THERE = _("This file is no longer kept. Ask for it again.")
