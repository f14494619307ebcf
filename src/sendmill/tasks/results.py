"""What became of each recipient: counters, and pages of messages by key."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from sendmill.domain.results import Result, result_of
from sendmill.domain.sms_ids import sms_id
from sendmill.domain.task_life import ALIVE, TaskStatus
from sendmill.message_store.queries import results as store
from sendmill.tasks.models import Task

LIMIT = 50
LATE_DAYS = 14  # reports of completed tasks may still come
_LAST = 2**31 - 1


class Counters(NamedTuple):
    """Numbers of a task: accepted = successful + failed + sending + uncertain + waiting + not_sent.

    `submitted` is how many the sender is done with: handed over, or never to be.
    """

    accepted: int
    successful: int
    failed: int
    sending: int
    uncertain: int
    waiting: int
    not_sent: int
    submitted: int


class MessageRow(NamedTuple):
    """One record of the details page: a message, or one part of a long one (same SMS ID)."""

    sms_id: str
    number: int
    result: Result
    submitted_at: datetime | None
    reported_at: datetime | None
    part: int
    parts: int
    code: str | None
    message_result: Result

    @property
    def ordinal(self) -> int:
        """The number of the message in its task, at the end of the SMS ID: 1 for the first."""
        return int(self.sms_id.rpartition("-")[2])


@dataclass(frozen=True)
class Page:
    """Records of up to `limit` messages, and the keys of the pages before and after (None: there is none).

    `searched` is set when a search for digits stopped at that row of the task to stay quick: the page may
    hold few records or none, and `onward` (which is `next` or `previous`) goes on with the search.
    """

    rows: list[MessageRow]
    next: str | None = None
    previous: str | None = None
    searched: int | None = None
    onward: str | None = None


def counters(tasks: Iterable[Task | int]) -> dict[int, Counters]:
    """The counters of tasks, by id, added up from tallies; those of tasks that ended long ago are frozen.

    A report that comes after its task was completed is counted at once. What waits is told from chunks
    (`message_store.queries.results`). Of a canceled task nothing was sent; its rows say so without being rewritten.
    """
    rows = [task for task in tasks if isinstance(task, Task)]
    given = {task.pk for task in rows}
    missing = [task for task in tasks if isinstance(task, int) and task not in given]
    if missing:
        rows += Task.objects.filter(pk__in=missing)
    moving = [task.pk for task in rows if task.status in ALIVE]
    settled = timezone.now() - timedelta(days=LATE_DAYS)
    over = [
        task.pk
        for task in rows
        if (task.status == TaskStatus.COMPLETED and _since(task, settled))
        # What no carrier takes has failed in the import already.
        or (task.status == TaskStatus.CANCELED and task.routed)
    ]
    sums = store.sums(over) | store.moving_sums(moving)
    return {task.pk: _counted(task, sums.get(task.pk)) for task in rows}


def counts_accepted(task: Task) -> bool:
    """Return whether Successful says "accepted" of some of its messages: a carrier of it reports nothing."""
    return store.counts_accepted(task.pk)


def _counted(task: Task, found: store.Sums | None) -> Counters:
    """The counters of one task; without sums those that are frozen in it."""
    sums = found or store.Sums(0, task.successful, task.failed, task.uncertain, task.not_sent)
    left = task.accepted - sums.successful - sums.failed - sums.uncertain
    not_sent, waiting, submitted = sums.not_sent, 0, sums.known
    if task.status == TaskStatus.CANCELED:
        not_sent = left
    elif task.status == TaskStatus.COMPLETED:
        submitted = task.accepted
    else:
        waiting = sums.waiting if found else left - not_sent
    return Counters(
        accepted=task.accepted,
        successful=sums.successful,
        failed=sums.failed,
        sending=left - waiting - not_sent,
        uncertain=sums.uncertain,
        waiting=waiting,
        not_sent=not_sent,
        submitted=submitted,
    )


def _since(task: Task, moment: datetime) -> bool:
    return task.ended_at is not None and task.ended_at > moment


def messages(
    task: Task,
    *,
    result: Result | None = None,
    number: str | None = None,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page:
    """A page of a task's messages in the order of the file, of one result and number if given.

    Where several carriers take them, those of one come after those of another.
    `number` is a whole number or some of its digits; with a + in front its first digits. `after` is a key
    that another page named as its `next` or `previous`; one that is not well-formed starts at the beginning.
    """
    backwards, lo, hi = _bounds(after)
    wanted = None
    if result is not None and (wanted := _wanted(task, result)) is None:
        return Page([])
    digits = re.sub(r"[^0-9+]", "", number or "")
    if not digits.strip("+"):
        if number and number.strip():
            return Page([])
        rows = store.page(task.pk, lo=lo, hi=hi, backwards=backwards, limit=limit + 1, wanted=wanted)
        return _page(task, rows, backwards, limit, started=after is not None)
    whole = store.of_numbers(task.pk, _whole_numbers(digits), wanted)
    if whole:
        return Page(list(_records(task, whole)))
    found = store.beginning(task.pk, digits.replace("+", ""), wanted) if digits.startswith("+") else None
    if found is not None:
        within = [row for row in found if lo < row.seq < hi]
        shown = within[-limit - 1 :] if backwards else within[: limit + 1]
        return _page(task, shown, backwards, limit, started=after is not None)
    return _search(task, digits, wanted, backwards, lo, hi, limit, started=after is not None)


def chosen_by(task: Task, number: str, result: Result) -> tuple[list[int] | None, str | None]:
    """What `messages` finds by these digits: the seqs of a whole number, else the LIKE pattern of numbers.

    Both are null when there is nothing to look for; what holds no digit fits nothing.
    """
    if not number.strip():
        return None, None
    digits = re.sub(r"[^0-9+]", "", number)
    if not digits.strip("+"):
        return [], None
    whole = store.of_numbers(task.pk, _whole_numbers(digits), _wanted(task, result))
    return ([row.seq for row in whole], None) if whole else (None, _pattern(digits))


def _wanted(task: Task, result: Result) -> store.Wanted | None:
    """The stored form of a result in this task; None when no message of it can have that one."""
    canceled = task.status == TaskStatus.CANCELED
    if result is Result.NOT_SENT and canceled:
        return store.Wanted(int(Result.SENDING))
    if result in (Result.SENDING, Result.WAITING):
        return None if canceled else store.Wanted(int(Result.SENDING), result is Result.SENDING)
    return store.Wanted(int(result))


def _pattern(digits: str) -> str:
    plain = digits.replace("+", "")
    return f"{plain}%" if digits.startswith("+") else f"%{plain}%"


def _bounds(key: str | None) -> tuple[bool, int, int]:
    """Whether to go backwards, and the bounds (exclusive) of the seqs of the page."""
    found = re.fullmatch(r"([<>])([0-9]{1,9})", key or "")
    if found is None:
        return False, -1, _LAST
    seq = int(found[2])
    return (True, -1, seq) if found[1] == "<" else (False, seq, _LAST)


def _whole_numbers(digits: str) -> list[int]:
    """The numbers that the digits can be as a whole: as they are, and mainland ones without the 86."""
    plain = digits.lstrip("+")
    numbers = [int(plain)] if 7 <= len(plain) <= 15 else []
    if re.fullmatch(r"1[0-9]{10}", digits):
        numbers.append(int(f"86{digits}"))
    return numbers


def span(task: Task) -> int:
    """The seq behind the last message of a task: the gaps between its carriers are in between."""
    return (store.span(task.pk) if task.routed else 0) or task.accepted


def _page(task: Task, rows: Sequence[store.Row], backwards: bool, limit: int, *, started: bool) -> Page:
    more = len(rows) > limit
    shown = rows[-limit:] if backwards else rows[:limit]
    if not shown:
        return Page([])
    return Page(
        list(_records(task, shown)),
        next=f">{shown[-1].seq}" if more or backwards else None,
        previous=f"<{shown[0].seq}" if (more if backwards else started) else None,
    )


def _search(
    task: Task,
    digits: str,
    wanted: store.Wanted | None,
    backwards: bool,
    lo: int,
    hi: int,
    limit: int,
    *,
    started: bool,
) -> Page:
    """A page of the numbers that hold these digits, from a stretch of the task."""
    pattern = _pattern(digits)
    end = span(task)
    lo, hi = max(lo, -1), min(hi, end)
    if backwards:
        lo = max(lo, hi - store.SEARCHED - 1)
    else:
        hi = min(hi, lo + store.SEARCHED + 1)
    rows = store.search(task.pk, pattern, lo=lo, hi=hi, backwards=backwards, limit=limit + 1, wanted=wanted)
    page = _page(task, rows, backwards, limit, started=started)
    if len(rows) > limit:
        return page
    if backwards:
        before = f"<{lo + 1}" if lo >= 0 else None
        searched = lo + 1 if before else None
        return Page(page.rows, next=f">{hi - 1}", previous=before, searched=searched, onward=before)
    on = f">{hi - 1}" if hi < end else None
    back = f"<{lo + 1}" if started and lo >= 0 else None
    return Page(page.rows, next=on, previous=back, searched=hi if on else None, onward=on)


def _records(task: Task, rows: Sequence[store.Row]) -> Iterator[MessageRow]:
    """A long message is one record a part; a part that was not handed over yet is as its message is."""
    of_seq: dict[int, dict[int, store.PartRow]] = defaultdict(dict)
    canceled = task.status == TaskStatus.CANCELED
    for found in store.parts_of(task.pk, [row.seq for row in rows if row.parts > 1]):
        of_seq[found.seq][found.part] = found
    for row in rows:
        result = result_of(row.result, handed_over=row.submitted_at is not None, canceled=canceled)
        for number in range(1, row.parts + 1):
            part = of_seq[row.seq].get(number) if row.parts > 1 else None
            told = part or row
            yield MessageRow(
                sms_id=sms_id(task.pk, row.seq),
                number=row.number,
                result=result_of(told.result, handed_over=told.submitted_at is not None, canceled=canceled),
                submitted_at=told.submitted_at,
                reported_at=told.reported_at,
                part=number,
                parts=row.parts,
                code=told.code,
                message_result=result,
            )
