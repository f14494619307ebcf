"""Why a task is not over yet, translated: whole sentences for its page, a few words for the list of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy, ngettext

from sendmill.carriers.sentences import pieces_of
from sendmill.console.translated import say, say_answer, say_pieces
from sendmill.domain.diagnosis import CarrierAnswer, Sentence, Wait
from sendmill.domain.task_life import TaskStatus
from sendmill.tasks.models import Task

MINUTE, HOUR, DAY = 60, 3600, 86_400

BRIEF = {
    "held": gettext_lazy("held"),
    "due": gettext_lazy("starting"),
    "no_worker": gettext_lazy("no worker is running"),
    "no_balance": gettext_lazy("balance too low"),
    "budget_task": gettext_lazy("budget reached"),
    "budget_day": gettext_lazy("budget reached"),
    "budget_month": gettext_lazy("budget reached"),
    "import_failed": gettext_lazy("import failed"),
    "importing": gettext_lazy("importing"),
    "hours": gettext_lazy("night until %(time)s"),
    "no_carrier": gettext_lazy("no carrier"),
    "carrier_off": gettext_lazy("carrier switched off"),
    "carrier_disabled": gettext_lazy("carrier switched off"),
    "carrier_draining": gettext_lazy("carrier is drained"),
    "no_sender": gettext_lazy("no sender is running"),
    "bind_coming": gettext_lazy("connecting"),
    "bind_down": gettext_lazy("carrier down since %(since)s"),
    "refused": gettext_lazy("refused since %(since)s: %(answer)s"),
    "ahead": gettext_lazy("others go first"),
    "ahead_left": gettext_lazy("others go first, about %(left)s left"),
    "starting": gettext_lazy("starting"),
    "stuck": gettext_lazy("nothing sent for %(since)s"),
    "cannot_render": gettext_lazy("cannot be sent"),
    "throttled": gettext_lazy("about %(left)s left"),
    "rate": gettext_lazy("about %(left)s left"),
    "shared": gettext_lazy("about %(left)s left"),
    "sending": gettext_lazy("about %(left)s left"),
    "reports": gettext_lazy("reports awaited"),
    "uncertain": gettext_lazy("to be settled"),
}
# The status and the scheduled time of the list say these already.
SILENT = frozenset({"scheduled", "paused", "paused_by", "ended", "ending"})


@dataclass(frozen=True)
class Notice:
    """One sentence and how serious it is: `info` or `warning`."""

    level: str
    text: str


def reasons(task: Task, wait: Wait | None) -> list[Notice]:
    """What a task that is not over waits for, or why one was canceled; empty for a completed one."""
    if wait is not None:
        return [Notice(wait.level, explain(wait))]
    if task.status == TaskStatus.CANCELED and task.reason:
        said = [say(one["message"], one["parameters"]) for one in task.reasons]
        return [Notice("warning", " ".join(said) or task.reason)]
    return []


def explain(wait: Wait) -> str:
    """What a task waits for in whole sentences, in the language and time zone that are active."""
    return " ".join(_filled(sentence) for sentence in wait.sentences)


def brief(wait: Wait | None) -> str:
    """The same in a few words for a line of the list; empty when its other columns say it."""
    if wait is None or wait.code in SILENT:
        return ""
    label = BRIEF.get(wait.code, gettext_lazy("cannot start"))
    return str(label) % words_of(wait.sentences[0].parameters)


def words_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of a sentence as people read them: times, lengths of time and numbers as text."""
    return {name: _word(name, value) for name, value in parameters.items()}


def _filled(sentence: Sentence) -> str:
    return say(sentence.message, words_of(sentence.parameters))


def _word(name: str, value: object) -> str:
    if isinstance(value, CarrierAnswer):
        return say_answer(*value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
    # What a carrier's connection says of itself is a sentence of ours, which knows what translates it.
    return say_pieces(pieces_of(value)) if isinstance(value, str) and name == "sentence" else str(value)


def moment(at: datetime) -> str:
    """A time of today as hours and minutes, another one with its day; in the active time zone."""
    local = localtime(at)
    today = localtime(timezone.now()).date()
    return date_format(local, "H:i" if local.date() == today else "Y-m-d H:i")


def duration(length: timedelta) -> str:
    """A length of time as people say it: in its largest unit of which there are at least two."""
    seconds = max(1, round(length.total_seconds()))
    if seconds < 2 * MINUTE:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    if seconds < 2 * HOUR:
        count = round(seconds / MINUTE)
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    if seconds < 2 * DAY:
        count = round(seconds / HOUR)
        return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = round(seconds / DAY)
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
