"""The timeline of one recipient: each step from the file to the report, in words.

Stored of every message: its row in the file, its number as it was written, when it was handed over, its last
status code and when that came; for a week the carrier's ids. Stored of some: the reports as they came, when
the message failed or a report settled or changed it later. Not stored: the bind of the carrier that took it,
and the text of a report that simply said that a message was delivered.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from django.utils.translation import gettext_noop as _

from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog.models import Carrier
from sendmill.domain.phone_numbers import check_number
from sendmill.domain.results import Result, result_of
from sendmill.domain.sms_ids import sms_id
from sendmill.domain.status_codes import meaning
from sendmill.domain.task_life import TaskStatus
from sendmill.domain.templates import render
from sendmill.message_store.engine.chunks import CHUNK
from sendmill.message_store.queries import timelines as store
from sendmill.runtime.settings import ENV
from sendmill.tasks import stored_files
from sendmill.tasks.models import Draft, Task
from sendmill.tasks.number_file import rules_of, template_of
from sendmill.tasks.results import span


@dataclass(frozen=True)
class Step:
    """One step: when (None: not known), a sentence with places, and the carrier's own text if it is kept.

    `level` is "good", "bad", "unsure" or empty; `code` the status code that the step is about.
    """

    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    at: datetime | None = None
    level: str = ""
    code: str = ""
    raw: str = ""


@dataclass(frozen=True)
class Timeline:
    """What became of one message, and the text that was sent."""

    sms_id: str
    seq: int
    number: int
    text: str
    parts: int
    result: Result
    code: str
    steps: list[Step]


def timeline(task: Task, seq: int, member: Member) -> Timeline | None:
    """The way of one message of a task; None when there is none, or its rows are no longer kept.

    Raises NotAllowed or NotYours.
    """
    require(member, Action.VIEW, task)
    row = store.message(task.pk, seq)
    if row is None:
        return None
    kept = store.reports(task.pk, seq)
    return Timeline(
        sms_id=sms_id(task.pk, seq),
        seq=seq,
        number=row.number,
        text=render(template_of(task.snapshot), row.variables or [], task.snapshot["signature"]),
        parts=row.parts,
        result=_shown(task, row),
        code=row.code or "",
        steps=[*_before(task, row), *_sending(task, seq, row, kept), *_after(task, seq, row, kept)],
    )


def _shown(task: Task, row: store.MessageFacts) -> Result:
    canceled = task.status == TaskStatus.CANCELED
    return result_of(row.result, handed_over=row.submitted_at is not None, canceled=canceled)


def _before(task: Task, row: store.MessageFacts) -> Iterator[Step]:
    """From the row of the file to the start of the task."""
    draft = Draft.objects.filter(task=task).first()
    number = f"+{row.number}"
    if draft is not None:
        written = _written(draft, row)
        known = {"row": row.file_row, "file": draft.file_name, "written": written}
        yield Step(IN_FILE if written is not None else IN_FILE_ONLY, known, draft.created_at)
        yield Step(_how_changed(written, number), {"number": number})
    checked = check_number(number, rules_of(task.snapshot))
    passed = {"count": len(row.variables or ())}
    yield Step(CHECKED_VALUES if row.variables else CHECKED, passed)
    if checked.unusual:
        yield Step(UNUSUAL)
    by = task.created_by.username if task.created_by else ""
    yield Step(CONFIRMED_BY if by else CONFIRMED, {"member": by}, task.created_at)
    if task.started_at is not None and task.scheduled_at is not None:
        yield Step(STARTED, {}, task.started_at)


def _written(draft: Draft, row: store.MessageFacts) -> str | None:
    """The number as it stood in the file; None when that is no longer kept."""
    if not draft.written_file:
        return None
    try:
        frame = stored_files.load_frame(draft.written_file)
    except FileNotFoundError:
        return None
    found = frame.filter(pl.col("row") == row.file_row).get_column("written")
    return str(found[0]) if len(found) else f"+{row.number}"


def _how_changed(written: str | None, number: str) -> str:
    if written is None:
        return NORMALISED
    if written == number:
        return AS_WRITTEN
    plain = unicodedata.normalize("NFKC", written)
    digits = "".join(character for character in plain if character.isdigit())
    if written.isdigit() and written.isascii():
        return PREFIXED_86 if f"+86{written}" == number else PREFIXED_PLUS
    return REPAIRED if f"+{digits}" == number else REPAIRED_AND_PREFIXED


def _sending(
    task: Task, seq: int, row: store.MessageFacts, kept: Sequence[store.ReportFacts]
) -> Iterator[Step]:
    """From the claim to the carrier's answer."""
    claim = store.claim(task.pk, seq)
    if claim is not None and claim.attempt:
        first = claim.chunk * CHUNK
        known = {
            "first": first + 1,
            "last": min(first + CHUNK, span(task)),
            "sender": claim.sender,
            "host": claim.host,
            "attempt": claim.attempt,
        }
        if claim.sender is None:
            yield Step(CLAIMED_BEFORE, known)
        else:
            yield Step(CLAIMED if claim.attempt == 1 else CLAIMED_AGAIN, known)
    if row.submitted_at is None:
        result = _shown(task, row)
        if result is Result.WAITING:
            yield Step(WAITS)
        elif result is Result.NOT_SENT:
            yield Step(NOT_SENT_CANCELED if task.status == TaskStatus.CANCELED else NOT_SENT)
        return
    found = store.submissions(task.pk, seq, row.submitted_at)
    names = dict(Carrier.objects.filter(pk__in={one.carrier_id for one in found}).values_list("pk", "name"))
    for one in found:
        known = {
            "carrier": names.get(one.carrier_id, one.carrier_id),
            "id": one.message_id,
            "part": one.part,
            "parts": row.parts,
        }
        yield Step(PART_TAKEN if one.part else TAKEN, known, one.submitted_at)
    if found or any(one.kind == "doubted" for one in kept):
        return
    refused = row.result == Result.FAILED and (row.code or "").startswith("SMPP-")
    taker = Carrier.objects.filter(pk=store.carrier_of(task.pk, seq) or 0).first()
    carrier = {"carrier": taker.name if taker else ""}
    yield Step(REFUSED if refused else HANDED_OVER, carrier, row.submitted_at, "bad" if refused else "")


def _after(
    task: Task, seq: int, row: store.MessageFacts, kept: Sequence[store.ReportFacts]
) -> Iterator[Step]:
    """Reports and decisions in the order in which they came, and the result."""
    steps = [_of_report(task, row, one) for one in kept]
    told = {(one.part, one.code) for one in kept if one.kind == "report"}
    # A carrier that cuts long messages by itself reports them as one.
    parts = store.parts(task.pk, seq) if row.parts > 1 else []
    steps += [
        _reported(part.code, part.reported_at, part=part.part, parts=row.parts)
        for part in parts
        if part.reported_at is not None and (part.part, part.code) not in told
    ]
    if not parts and row.reported_at is not None and (0, row.code) not in told:
        steps.append(_reported(row.code, row.reported_at))
    steps.sort(key=lambda step: step.at or task.created_at)
    yield from steps
    said = bool(steps) and steps[-1].code == row.code
    yield from (replace(step, code="") if said else step for step in _result(row))


def _of_report(task: Task, row: store.MessageFacts, one: store.ReportFacts) -> Step:
    if one.kind != "report":
        sentence = {"resent": RESENT, "doubted": DOUBTED}.get(one.kind, SETTLED)
        return Step(sentence, {"member": one.raw}, one.received_at)
    step = _reported(one.code, one.received_at, part=one.part, parts=row.parts, raw=one.raw)
    limit = timedelta(hours=ENV.report_hours)
    if row.submitted_at is not None and one.received_at - row.submitted_at >= limit:
        return Step(LATE, step.parameters, step.at, step.level, step.code, step.raw)
    return step


def _reported(code: str | None, at: datetime, part: int = 0, parts: int = 1, raw: str = "") -> Step:
    result = meaning(code).result if code else None
    level = {Result.SUCCESSFUL: "good", Result.FAILED: "bad"}.get(result, "") if result is not None else ""
    known = {"code": code or "", "part": part, "parts": parts}
    return Step(PART_REPORTED if part else REPORTED, known, at, level, code or "", raw)


def _result(row: store.MessageFacts) -> Iterator[Step]:
    """The last word, where no report said it."""
    code = row.code or ""
    if row.result == Result.UNCERTAIN:
        yield Step(UNCERTAIN, {}, None, "unsure", code)
    elif row.result == Result.SENDING and row.submitted_at is not None:
        yield Step(AWAITED, {"hours": ENV.report_hours})
    elif row.result == Result.FAILED and code == "EXPIRED" and row.reported_at is None:
        yield Step(EXPIRED, {"hours": ENV.report_hours}, None, "bad", code)
    elif row.result == Result.FAILED:
        yield Step(FAILED, {}, None, "bad", code)
    elif row.result == Result.SUCCESSFUL:
        yield Step(SUCCESSFUL, {}, None, "good", code)


def said() -> Mapping[str, Any]:
    """How long what is told here is kept, for the page."""
    return {"ids_days": ENV.submission_days, "days": ENV.retention_days}


IN_FILE = _("Row %(row)s of the file %(file)s: “%(written)s”.")
IN_FILE_ONLY = _("Row %(row)s of the file %(file)s. How the number was written there is no longer kept.")
AS_WRITTEN = _("The number was taken as it was written.")
NORMALISED = _("The number became %(number)s.")
PREFIXED_86 = _("+86 was put in front: %(number)s.")
PREFIXED_PLUS = _("A plus sign was put in front: %(number)s.")
REPAIRED = _("Spaces and signs were taken out: %(number)s.")
REPAIRED_AND_PREFIXED = _("Spaces and signs were taken out and the prefix was put in front: %(number)s.")
CHECKED = _("The check passed it: a possible number, and not in the file before.")
CHECKED_VALUES = _(
    "The check passed it: a possible number, not in the file before, and %(count)s value(s) that fit."
)
UNUSUAL = _("The number is of a range that is not known to be in use. Such numbers are sent to all the same.")
CONFIRMED = _("The task was confirmed.")
CONFIRMED_BY = _("The task was confirmed by %(member)s.")
STARTED = _("The task was started at its scheduled time.")
CLAIMED = _("Messages %(first)s to %(last)s of the task were claimed by sender %(sender)s on %(host)s.")
CLAIMED_AGAIN = _(
    "Messages %(first)s to %(last)s of the task were claimed %(attempt)s times, last by sender %(sender)s "
    "on %(host)s."
)
CLAIMED_BEFORE = _(
    "Messages %(first)s to %(last)s of the task were claimed and given back, %(attempt)s time(s) so far."
)
WAITS = _("It was not handed over yet.")
NOT_SENT = _("It was not handed over to a carrier before its task was ended, so it is not sent.")
NOT_SENT_CANCELED = _("It is not sent: its task was canceled.")
TAKEN = _("The carrier %(carrier)s took it and gave it the ID %(id)s.")
PART_TAKEN = _("The carrier %(carrier)s took part %(part)s of %(parts)s and gave it the ID %(id)s.")
REFUSED = _("The carrier %(carrier)s refused it.")
HANDED_OVER = _("It was handed to the carrier %(carrier)s. The carrier's ID is not known or no longer kept.")
REPORTED = _("The carrier reported %(code)s.")
PART_REPORTED = _("The carrier reported %(code)s for part %(part)s of %(parts)s.")
LATE = _("A late report came, %(code)s: by then it counted as failed, because none had come in time.")
RESENT = _("%(member)s let it be sent again.")
DOUBTED = _("%(member)s let it count as uncertain: it may have been sent before the data was put back.")
SETTLED = _("%(member)s closed it as failed.")
UNCERTAIN = _("Uncertain: nobody knows whether it was sent. It is never sent again by itself.")
AWAITED = _("The report is awaited. Without one for %(hours)s hours it counts as failed.")
EXPIRED = _("Failed: no report came within %(hours)s hours.")
FAILED = _("Failed.")
SUCCESSFUL = _("Successful.")
