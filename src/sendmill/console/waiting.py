"""Why a task is not being sent right now, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from sendmill.catalog.models import Carrier
from sendmill.console.words import say
from sendmill.tasks.models import ImportState, Task, TaskStatus
from sendmill.tasks.results import Counters


@dataclass(frozen=True)
class Notice:
    """One sentence and how serious it is: `info` or `warning`."""

    level: str
    text: str


def reasons(task: Task, counters: Counters) -> list[Notice]:
    """What there is to know about a task that does not go on; empty while all is well."""
    found = []
    if task.reason:
        said = [say(one["message"], one["parameters"]) for one in task.reasons]
        found.append(Notice("warning", " ".join(said) or task.reason))
    if task.status != TaskStatus.EXECUTING:
        return found
    if task.import_state == ImportState.WAITING:
        found.append(Notice("info", _("The recipients are being imported. Sending begins right after.")))
    elif task.import_state == ImportState.FAILED:
        found.append(Notice("warning", _("The recipients could not be imported.")))
    if task.paused:
        text = _("The task is paused. Messages that are not yet sent wait until it is resumed.")
        found.append(Notice("info", text))
    elif _is_night(task):
        text = _(
            "It is night where recipients are: promotions are sent between 08:00 and 22:00 of their time. "
            "Sending goes on at %(time)s."
        )
        found.append(Notice("info", text % {"time": date_format(localtime(task.opens_at), "Y-m-d H:i")}))
    elif counters.submitted < counters.accepted:
        found += _of_carriers(task)
    return found


def _is_night(task: Task) -> bool:
    """Whether a promotion waits for the morning of its recipients."""
    now = timezone.now()
    if task.opens_at is None or task.closes_at is None:
        return False
    return not task.opens_at <= now < task.closes_at


def _of_carriers(task: Task) -> list[Notice]:
    """What keeps the carriers of what is not sent yet from taking it."""
    carriers = [task.carrier] if task.carrier is not None else []
    if task.routed:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT carrier_id FROM chunk WHERE task_id = %s AND state <> 2 AND carrier_id IS NOT NULL",
                [task.pk],
            )
            keys = [key for (key,) in cursor.fetchall()]
        carriers = list(Carrier.objects.filter(pk__in=keys).order_by("name"))
    elif not carriers:
        return [Notice("warning", _("The application has no carrier."))]
    return [notice for carrier in carriers for notice in _of_carrier(carrier)]


def _of_carrier(carrier: Carrier) -> list[Notice]:
    """What a carrier's standing says, or its binds when none of them is up."""
    if carrier.standing == "off":
        return [Notice("warning", _("The carrier “%(name)s” is switched off.") % {"name": carrier.name})]
    if carrier.standing == "draining":
        text = _("The carrier “%(name)s” is being drained and takes nothing new.")
        return [Notice("warning", text % {"name": carrier.name})]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, sentence FROM bind_state WHERE carrier_id = %s ORDER BY slot", [carrier.pk]
        )
        binds = cursor.fetchall()
    if any(state == "bound" for state, _sentence in binds):
        return []
    if not binds:
        text = _("Waiting: no sender holds the carrier “%(name)s” yet.") % {"name": carrier.name}
    else:
        text = _("Waiting for the carrier “%(name)s”: %(sentence)s") % {
            "name": carrier.name,
            "sentence": binds[0][1] or binds[0][0],
        }
    return [Notice("warning", text)]
