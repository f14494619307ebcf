"""What carriers take nothing of, in sentences: beside what a task waits for, and on a carrier's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sendmill.console.diagnosis import Notice, moment
from sendmill.console.translated import say_answer
from sendmill.domain.diagnosis import Wait
from sendmill.message_store.queries.breakers import Breaker
from sendmill.tasks.results import Counters

SHOWN = 5  # tasks that a carrier's page names


@dataclass(frozen=True)
class RefusedTask:
    """A task of which a carrier takes nothing, and the sentence about it."""

    pk: int
    name: str
    text: str


@dataclass(frozen=True)
class RefusedTasks:
    """The first of the tasks of which a carrier takes nothing, and how many there are besides."""

    rows: list[RefusedTask]
    more: int


def breaker_notices(found: Sequence[Breaker], wait: Wait | None, counters: Counters) -> list[Notice]:
    """Return what is to be said of a task's breakers besides what it waits for.

    A carrier that takes nothing while others go on; one that takes messages again after a probe.
    """
    if not counters.waiting:
        return []
    told = wait is not None and wait.code == "refused"
    tripped = [one for one in found if one.released_at is None]
    notices = [Notice("warning", _takes_nothing(one)) for one in (tripped[1:] if told else tripped)]
    notices += [Notice("info", _goes_on(one)) for one in found if one.released_by == "probe"]
    return notices


def refused_tasks(found: Sequence[Breaker]) -> RefusedTasks:
    """Return the tasks of these breakers of one carrier, the oldest first."""
    rows = [RefusedTask(one.task_id, one.task, _of_task(one)) for one in found[:SHOWN]]
    return RefusedTasks(rows, len(found) - len(rows))


def _of_task(one: Breaker) -> str:
    return _("since %(since)s: %(answer)s. One message is tried at %(time)s.") % {
        "since": moment(one.tripped_at),
        "answer": say_answer(one.status, one.words),
        "time": moment(one.probe_at),
    }


def _takes_nothing(one: Breaker) -> str:
    return _(
        "The carrier “%(carrier)s” has taken nothing of this task since %(since)s: %(answer)s. What waits for it goes "
        "over the next carrier of its route, where there is one; one message is tried over it at %(time)s."
    ) % {
        "carrier": one.carrier,
        "since": moment(one.tripped_at),
        "answer": say_answer(one.status, one.words),
        "time": moment(one.probe_at),
    }


def _goes_on(one: Breaker) -> str:
    return _(
        "The carrier “%(carrier)s” takes messages of this task again since %(time)s. From %(since)s on it had taken "
        "none: %(answer)s."
    ) % {
        "carrier": one.carrier,
        "since": moment(one.tripped_at),
        "answer": say_answer(one.status, one.words),
        "time": moment(one.released_at or one.tripped_at),
    }
