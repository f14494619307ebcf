"""What tasks wait for: the facts are read for all of them at once, the decision is `domain.waiting`'s."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, cast

from sendmill.accounts.models import AuditEntry
from sendmill.catalog.models import Carrier
from sendmill.domain.states import TaskStatus
from sendmill.domain.waiting import CarrierFacts, Facts, Wait, speed_of, wait_of
from sendmill.settings import ENV
from sendmill.storage import waiting as store
from sendmill.tasks.models import ImportState, Task
from sendmill.tasks.results import Counters

ALIVE = (TaskStatus.PENDING, TaskStatus.EXECUTING)


def waits(tasks: Iterable[Task], counters: Mapping[int, Counters]) -> dict[int, Wait]:
    """What each of these tasks waits for; those that are over are missing. `counters` as `results` gives them.

    Asks the database five times at most, however many tasks there are.
    """
    found = {}
    for facts_of_one in read(tasks, counters).items():
        wait = wait_of(facts_of_one[1])
        if wait is not None:
            found[facts_of_one[0]] = wait
    return found


def read(tasks: Iterable[Task], counters: Mapping[int, Counters]) -> dict[int, Facts]:
    """The facts about those of these tasks that are alive."""
    alive = [task for task in tasks if task.status in ALIVE]
    if not alive:
        return {}
    living = store.living()
    going = [task for task in alive if _is_going(task)]
    carriers = _carriers({task.carrier_id for task in going if task.carrier_id is not None})
    unsent = [task for task in going if counters[task.pk].submitted < task.accepted]
    rivals = store.rivals(sorted({task.carrier_id for task in unsent if task.carrier_id})) if unsent else []
    done = {rival.id: rival.done for rival in rivals}
    done |= {task.pk: counters[task.pk].submitted for task in going}
    marks = store.sent_at({task_id: count for task_id, count in done.items() if count})
    speeds = {task_id: speed_of(living.now, done[task_id], known) for task_id, known in marks.items()}
    paused = _paused([task for task in going if task.paused])
    return {
        task.pk: Facts(
            now=living.now,
            senders=living.senders,
            workers=living.workers,
            carrier=carriers.get(task.carrier_id or 0),
            speed=speeds.get(task.pk, 0.0),
            last_sent_at=max(marks.get(task.pk, {}).values(), default=None),
            **_own(task, counters[task.pk]),
            **_beside(task, rivals, speeds),
            **paused.get(task.pk, {}),
        )
        for task in alive
    }


def _is_going(task: Task) -> bool:
    return task.status == TaskStatus.EXECUTING and task.import_state == ImportState.IMPORTED


def _own(task: Task, counted: Counters) -> dict[str, Any]:
    """What the task's own row and counters say."""
    return {
        "status": TaskStatus(task.status),
        "accepted": task.accepted,
        "parts": task.parts,
        "submitted": counted.submitted,
        "sending": counted.sending,
        "uncertain": counted.uncertain,
        "scheduled_at": task.scheduled_at,
        "started_at": task.started_at,
        "reasons": tuple((one["code"], one["message"], one["parameters"]) for one in task.reasons),
        "imported": cast(Literal["waiting", "imported", "failed"], task.import_state),
        "paused": task.paused,
        "opens_at": task.opens_at,
        "closes_at": task.closes_at,
        "report_limit": timedelta(hours=ENV.report_hours),
        "start_limit": timedelta(hours=ENV.overdue_hours),
    }


def _beside(task: Task, rivals: Sequence[store.Rival], speeds: Mapping[int, float]) -> dict[str, Any]:
    """The other tasks of its carrier: those that go first, and those that take turns with it."""
    others = [one for one in rivals if one.carrier_id == task.carrier_id and one.id != task.pk]
    first = [one for one in others if one.priority < task.priority]
    return {
        "ahead": sum(one.unsent for one in first),
        "ahead_tasks": len(first),
        "beside": sum(one.priority == task.priority for one in others),
        "carrier_speed": sum(speeds.get(one.id, 0.0) for one in others) + speeds.get(task.pk, 0.0),
    }


def _carriers(keys: set[int]) -> dict[int, CarrierFacts]:
    binds: dict[int, list[store.Bind]] = defaultdict(list)
    for bind in store.binds(sorted(keys)) if keys else []:
        binds[bind.carrier_id].append(bind)
    found = {}
    for carrier in Carrier.objects.filter(pk__in=keys):
        held = binds[carrier.pk]
        down = [bind for bind in held if bind.state != "bound"]
        # One that waits to try again says why the last try failed.
        told = next((bind for bind in down if bind.state == "waiting"), down[0] if down else None)
        found[carrier.pk] = CarrierFacts(
            name=carrier.name,
            enabled=carrier.enabled,
            rate=carrier.rate,
            up=len(held) - len(down),
            since=told.since if told else None,
            sentence=(told.sentence or told.state) if told else "",
        )
    return found


def _paused(tasks: Sequence[Task]) -> dict[int, dict[str, Any]]:
    """Who paused each of these tasks, and when."""
    found: dict[int, dict[str, Any]] = {}
    entries = AuditEntry.objects.filter(
        object_type="task", object_id__in=[task.pk for task in tasks], action="pause_task"
    )
    for entry in entries.select_related("member").order_by("id") if tasks else ():
        found[entry.object_id or 0] = {
            "paused_by": entry.member.username if entry.member else "",
            "paused_at": entry.at,
        }
    return found
