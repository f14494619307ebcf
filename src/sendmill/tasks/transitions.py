"""Every change of a task's status, and only here.

pending → executing (`start`): its time has come, or it was released from a held store as Uncertain.
pending → canceled (`cancel`): by a person, overdue, ended while the store was held, or its checked file is lost.
executing → canceled (`cancel`): its checked file is lost before its messages were written, nothing else.
executing, ending (`end`): by a person; it is paused for good, and completed once the rest is known.
executing → completed (`complete_finished`): every message has a final result.

A task is created pending or executing (`tasks.drafts`). Each move is one UPDATE; of two that exclude each other only
one can win: the caller holds the row, or names in `rows` what must still be true.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from sendmill.domain.task_life import TaskStatus
from sendmill.domain.violations import Violation
from sendmill.tasks.models import Task
from sendmill.tasks.results import LATE_DAYS


def only(task_id: int) -> QuerySet[Task]:
    """The rows of a move of one task whose row the caller holds."""
    return Task.objects.filter(pk=task_id)


def why(*violations: Violation) -> dict[str, Any]:
    """The fields of a task that say why it waits or was canceled."""
    said = [
        {"code": violation.code, "message": violation.message, "parameters": _plain(violation.parameters)}
        for violation in violations
    ]
    return {"reason": " ".join(str(violation) for violation in violations)[:255], "reasons": said}


def start(rows: QuerySet[Task], hours: Mapping[str, datetime | None] | None = None) -> int:
    """Let pending tasks be sent, within `hours` (tasks.quiet_hours); return how many."""
    return rows.update(status=TaskStatus.EXECUTING, started_at=Now(), **why(), **(hours or {}))


def cancel(rows: QuerySet[Task], reasons: Mapping[str, Any], **more: Any) -> int:
    """Cancel tasks of which nothing was sent, with `reasons` as `why` gives them; return how many."""
    return rows.update(status=TaskStatus.CANCELED, ended_at=Now(), **reasons, **more)


def end(rows: QuerySet[Task]) -> int:
    """End executing tasks: no sender passes the pause that comes with it; return how many."""
    return rows.update(ending=True, paused=True)


def pause(rows: QuerySet[Task], *, paused: bool) -> int:
    """Hold back what is not sent yet of executing tasks, or let it be sent; return how many."""
    return rows.filter(status=TaskStatus.EXECUTING, paused=not paused, ending=False).update(paused=paused)


# A task is finished when no chunk is left to send and every message has a final result. The first chunk that
# is not settled ends the look at a task, and a task that has waited for reports for long is looked at every
# tenth second only: thousands of them cost nothing.
_FINISH = """
WITH finished AS (
    SELECT t.id FROM task t
    WHERE t.status = 'executing' AND t.import_state = 'imported'
      AND (t.started_at > %(now)s - interval '10 min'
           OR (extract(epoch FROM %(now)s)::bigint + t.id) %% 10 = 0)
      AND t.sent_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM tally a
                      WHERE a.task_id = t.id AND a.successful + a.failed + a.not_sent < a.messages)
    ORDER BY t.id FOR UPDATE OF t SKIP LOCKED
)
UPDATE task t SET status = 'completed', ended_at = clock_timestamp(), paused = false, ending = false, reason = '',
    reasons = '[]', successful = s.successful, failed = s.failed, uncertain = 0, not_sent = s.not_sent
FROM finished f CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.successful), 0) AS successful, coalesce(sum(a.failed), 0) AS failed,
           coalesce(sum(a.not_sent), 0) AS not_sent
    FROM tally a WHERE a.task_id = f.id) s
WHERE t.id = f.id
RETURNING t.id
"""


def complete_finished(now: datetime) -> list[int]:
    """Complete the executing tasks in which every message has a final result; return their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, {"now": now})
        return [task_id for (task_id,) in cursor.fetchall()]


def recount_completed() -> int:
    """Put late reports into the frozen counters of completed tasks; return how many tasks changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE task t SET successful = s.successful, failed = s.failed, not_sent = s.not_sent FROM ("
            "  SELECT a.task_id, sum(a.successful) AS successful, sum(a.failed) AS failed, "
            "    sum(a.not_sent) AS not_sent "
            "  FROM task c JOIN tally a ON a.task_id = c.id "
            "  WHERE c.status = 'completed' AND c.ended_at > now() - make_interval(days => %s) "
            "  GROUP BY a.task_id) s "
            "WHERE t.id = s.task_id AND (t.successful, t.failed, t.not_sent) <> (s.successful, s.failed, s.not_sent)",
            [LATE_DAYS],
        )
        return int(cursor.rowcount)


def _plain(parameters: Mapping[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, int) else str(value) for name, value in parameters.items()}
