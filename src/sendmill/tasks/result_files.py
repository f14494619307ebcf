"""Files that people download: failed numbers, deleted rows, all results; as XLSX or CSV."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, BinaryIO, Literal, cast

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.domain.results import Result, result_of
from sendmill.domain.row_check import explain
from sendmill.domain.status_codes import meaning
from sendmill.domain.task_life import ImportState, TaskStatus, can_download_failed
from sendmill.domain.templates import Template
from sendmill.domain.violations import Refused, Violation
from sendmill.message_store.queries import exports as store
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets.writer import write_csv, write_xlsx
from sendmill.tasks import disk_errors, results, stored_files
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Draft, Task
from sendmill.tasks.number_file import template_of
from sendmill.tasks.status_words import status_words

Kind = Literal["xlsx", "csv"]
What = Literal["failed", "results", "deleted"]

CONTENT_TYPES: dict[Kind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Download:
    """A file ready to be sent: `file` is open at its start and is gone from the disk when it is closed."""

    name: str
    content_type: str
    file: BinaryIO


@dataclass(frozen=True)
class Content:
    """What a file holds: its header, and its rows, read as they are written."""

    header: Sequence[str]
    frames: Iterable[pl.DataFrame]


def can_download(task: Task) -> bool:
    """Whether the failed numbers of a task can be had: it is being executed, or was lately."""
    if task.status not in (TaskStatus.EXECUTING, TaskStatus.COMPLETED):
        return False
    now = database_now()
    return can_download_failed(task.ended_at or now, now, timedelta(days=ENV.failed_download_days))


def download(what: What, source: Draft | Task, member: Member, kind: Kind = "xlsx") -> Download:
    """One file, made now: for as many rows as a person does not have to wait for.

    failed: all failed numbers with their variables, code and meaning; it can be uploaded again as it is. results: every
    message with what became of it, times in the account's time zone. deleted: the rows that were not taken, each with
    the number as it was written, its row, and the reason in words.

    Raises Refused when a task was executed or checked too long ago or not at all, while it is imported, when its rows
    are no longer kept, and when the disk takes nothing; NotAllowed, or NotYours.
    """
    require(member, Action.DOWNLOAD, source)
    found = content(what, source)
    with disk_errors.as_refusal("download"):
        file = _written(kind, found)
    try:
        audit.record(member=member, action="download", subject=source, after={"what": what, "kind": kind})
    except BaseException:
        file.close()
        raise
    return Download(name_of(what, source, kind), CONTENT_TYPES[kind], file)


def _written(kind: Kind, found: Content) -> BinaryIO:
    file = tempfile.TemporaryFile(prefix="sendmill-download-")  # noqa: SIM115 - the caller closes it
    try:
        write(kind, file, found.header, found.frames)
        file.seek(0)
    except BaseException:
        # What is in its buffer may be what could not be written.
        with suppress(OSError):
            file.close()
        raise
    return cast(BinaryIO, file)


def count(what: What, source: Draft | Task) -> int:
    """How many rows a file has now."""
    if isinstance(source, Draft):
        outcome = source.outcome or {}
        return sum(outcome.get(name, 0) for name in ("invalid", "duplicate", "unfit"))
    if what == "deleted":
        return source.invalid + source.duplicate + source.unfit
    return source.accepted if what == "results" else results.counters([source])[source.pk].failed


def content(what: What, source: Draft | Task) -> Content:
    """The header and the rows of a file, in the language that is active. Raises Refused."""
    if what == "deleted":
        return _deleted_rows(source)
    if not isinstance(source, Task):
        raise ValueError(f"a draft has no {what}")
    return _failed_numbers(source) if what == "failed" else _all_results(source)


def write(kind: Kind, file: IO[bytes], header: Sequence[str], frames: Iterable[pl.DataFrame]) -> None:
    """Write a file row by row; no cell of it is ever taken for a formula."""
    (write_xlsx if kind == "xlsx" else write_csv)(file, header, frames)


def name_of(what: What, source: Draft | Task, kind: Kind) -> str:
    """The name of a file, which can be uploaded again as it is."""
    return re.sub(r"[^0-9A-Za-z]", "", f"{what}{source.pk}") + f".{kind}"


def _require_kept(task: Task) -> None:
    """Raise Refused when retention has dropped the messages of a task: an empty file would say that it had none."""
    if task.import_state == ImportState.IMPORTED and not store.has_messages(task.pk):
        raise Refused(Violation("dropped", DROPPED, {"days": ENV.retention_days}))


def _while_kept(task: Task, frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The frames, if the messages are still there when the last was read: else the file may lack some."""
    yield from frames
    _require_kept(task)


def _failed_numbers(task: Task) -> Content:
    _require_kept(task)
    if not can_download(task):
        raise Refused(Violation("too_old", TOO_OLD, {"days": ENV.failed_download_days}))
    names = _variable_names(template_of(task.snapshot))
    own = status_words(task)
    frames = store.failed_frames(task.pk, results.span(task), len(names))
    header = [_("Number"), *names, _("Status code"), _("Meaning")]
    return Content(header, _while_kept(task, (_with_meaning(frame, own) for frame in frames)))


def _all_results(task: Task) -> Content:
    if task.import_state == ImportState.WAITING:
        raise Refused(Violation("importing", STILL_IMPORTING))
    _require_kept(task)
    names = _variable_names(template_of(task.snapshot))
    zone = task.account.time_zone
    canceled = task.status == TaskStatus.CANCELED
    unsent = result_of(Result.SENDING, handed_over=False, canceled=canceled)
    frames = store.all_frames(task.pk, results.span(task), len(names), zone, int(unsent))
    header = [
        _("SMS ID"),
        _("Number"),
        *names,
        _("Parts"),
        f"{_('Submitted')} ({zone})",
        f"{_('Reported')} ({zone})",
        _("Result"),
        _("Status code"),
        _("Meaning"),
    ]
    words = {str(result.value): _(RESULT_WORDS[result]) for result in Result}
    in_words = pl.col("result").replace_strict(words, default="")
    own = status_words(task)
    told = (_with_meaning(frame, own).with_columns(in_words) for frame in frames)
    return Content(header, _while_kept(task, told))


def _deleted_rows(source: Draft | Task) -> Content:
    draft = source if isinstance(source, Draft) else Draft.objects.filter(task=source).first()
    if isinstance(source, Task) and _is_past_retention(source) and not (draft and draft.deleted_file):
        raise Refused(Violation("dropped", DROPPED_ROWS, {"days": ENV.retention_days}))
    if draft is None or not draft.deleted_file:
        raise Refused(Violation("no_deleted_rows", NO_DELETED_ROWS))
    try:
        frame = stored_files.load_frame(draft.deleted_file)
    except FileNotFoundError:
        raise Refused(Violation("no_deleted_rows", NO_DELETED_ROWS)) from None
    basis = (draft.outcome or {}).get("basis")
    explained = _explained(frame, template_of(basis) if basis else None)
    return Content([_("Number"), _("Row"), _("Reason")], explained.iter_slices(store.STRETCH))


def _is_past_retention(task: Task) -> bool:
    return task.ended_at is not None and database_now() - task.ended_at > timedelta(days=ENV.retention_days)


def _variable_names(template: Template) -> list[str]:
    return [variable.name for variable in template.variables]


def _with_meaning(frame: pl.DataFrame, own: Mapping[int, str]) -> pl.DataFrame:
    words = {code: _in_words(code, own) for code in frame.get_column("code").unique()}
    return frame.with_columns(meaning=pl.col("code").replace_strict(words, return_dtype=pl.String))


def _in_words(code: str, own: Mapping[int, str]) -> str:
    if not code:
        return ""
    known = meaning(code, own)
    return _(known.meaning) % known.parameters


def _explained(frame: pl.DataFrame, template: Template | None) -> pl.DataFrame:
    """Reasons in words, said once for each that differs; the row of a duplicate is put in by polars."""
    pairs = frame.filter(pl.col("reason") != "duplicate").select("reason", "detail").unique()
    words = {f"{reason} {detail}": _said(reason, detail, template) for reason, detail in pairs.iter_rows()}
    before, _place, behind = _(explain("duplicate", "", None).message).partition("%(row)s")
    told = (
        pl.when(pl.col("reason") == "duplicate")
        .then(pl.lit(before) + pl.col("detail") + pl.lit(behind))
        .otherwise(
            pl.concat_str("reason", pl.lit(" "), pl.col("detail").fill_null("")).replace_strict(
                words, default="", return_dtype=pl.String
            )
        )
    )
    return frame.select("text", pl.col("row").cast(pl.String), told.alias("words"))


def _said(reason: str, detail: str | None, template: Template | None) -> str:
    violation = explain(reason, detail or "", template)
    return _(violation.message) % violation.parameters


RESULT_WORDS = {
    Result.SENDING: gettext_noop("Sending"),
    Result.SUCCESSFUL: gettext_noop("Successful"),
    Result.FAILED: gettext_noop("Failed"),
    Result.UNCERTAIN: gettext_noop("Uncertain"),
    Result.WAITING: gettext_noop("Waiting"),
    Result.NOT_SENT: gettext_noop("Not sent"),
}
TOO_OLD = gettext_noop("Failed numbers can be downloaded for tasks executed in the latest %(days)s days.")
STILL_IMPORTING = gettext_noop("The numbers are still being imported. Try again in a moment.")
DROPPED = gettext_noop(
    "The messages of this task are no longer kept: they are removed %(days)s days after its end. "
    "Its numbers of successful and failed messages stay."
)
DROPPED_ROWS = gettext_noop(
    "The deleted rows of this task are no longer kept: they are removed %(days)s days after its end."
)
NO_DELETED_ROWS = gettext_noop("The list of deleted rows is no longer there.")
