"""Reads the facts of why tasks are not over yet, for all of them at once; `domain.diagnosis` decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sendmill.accounts.models import AuditEntry
from sendmill.catalog.models import Carrier
from sendmill.domain.diagnosis import (
    CarrierAnswer,
    CarrierFacts,
    Facts,
    Fault,
    Refusal,
    Wait,
    speed_of,
    wait_of,
)
from sendmill.domain.task_life import ALIVE, ImportState, TaskStatus
from sendmill.message_store.queries import breakers, faults
from sendmill.message_store.queries import diagnosis as store
from sendmill.runtime.settings import ENV
from sendmill.tasks.hold_release import is_held, open_hold
from sendmill.tasks.models import Task
from sendmill.tasks.results import Counters

Known = tuple[CarrierFacts, float]  # a carrier, and the parts a second that it takes


def waits(tasks: Iterable[Task], counters: Mapping[int, Counters]) -> dict[int, Wait]:
    """What each of these tasks waits for; those that are over are missing. `counters` as `results` gives them.

    Asks the database ten times at most, however many tasks there are.
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
    unsent = _unsent(going, counters)
    carriers = _carriers({key for of_task in unsent.values() for key in of_task})
    rivals = store.rivals(sorted(carriers)) if any(map(sum, map(dict.values, unsent.values()))) else []
    # Of an ended task the last ones, which were not sent, are left out.
    done = {
        task.pk: counters[task.pk].submitted - counters[task.pk].not_sent for task in going if not task.routed
    }
    marks = store.sent_at({task_id: count for task_id, count in done.items() if count}) if done else {}
    paused = _paused([task for task in going if task.paused and not task.ending])
    hold = open_hold()
    aside = {one.task_id: one for one in faults.task_faults([task.pk for task in going])} if going else {}
    refusals = _refusals(going)
    found = {}
    for task in alive:
        waiting = {key: count for key, count in unsent.get(task.pk, {}).items() if key in carriers}
        sent = marks.get(task.pk, {})
        speed = speed_of(living.now, done[task.pk], sent) if sent else 0.0
        own, beside = _own(task, counters[task.pk]), _beside(task, waiting, rivals, carriers)
        if task.routed:
            speed = beside["share"]
            sent = {1: living.now} if speed > 0 else {}
        found[task.pk] = Facts(
            now=living.now,
            senders=living.senders,
            workers=living.workers,
            carriers=tuple(
                replace(carriers[key][0], refusal=refusals.get((task.pk, key))) for key in waiting
            ),
            speed=speed,
            fault=_fault(aside.get(task.pk)),
            last_sent_at=max(sent.values(), default=None),
            held=is_held(task, hold),
            **own,
            **{name: value for name, value in beside.items() if name != "share"},
            **paused.get(task.pk, {}),
        )
    return found


def _fault(found: faults.TaskFault | None) -> Fault | None:
    return found and Fault(found.error, found.times, found.retry_at, found.given_up)


def _refusals(going: Sequence[Task]) -> dict[tuple[int, int], Refusal]:
    """What carriers take nothing of, by task and carrier."""
    return {
        (one.task_id, one.carrier_id): Refusal(
            CarrierAnswer(one.status, one.words), one.tripped_at, one.probe_at
        )
        for one in breakers.of_tasks([task.pk for task in going])
    }


def _unsent(going: Sequence[Task], counters: Mapping[int, Counters]) -> dict[int, dict[int, int]]:
    """For each task, how many messages are not sent yet by carrier; its own carrier also when all are."""
    routed = [task.pk for task in going if task.routed]
    found = store.unsent_by_carrier(routed) if routed else {}
    for task in going:
        if not task.routed and task.carrier_id is not None:
            found[task.pk] = {task.carrier_id: max(0, task.accepted - counters[task.pk].submitted)}
    return found


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
        "imported": ImportState(task.import_state),
        "paused": task.paused,
        "ended": task.ending,
        "opens_at": task.opens_at,
        "closes_at": task.closes_at,
        "routed": task.routed,
        "report_limit": timedelta(hours=ENV.report_hours),
        "start_limit": timedelta(hours=ENV.overdue_hours),
    }


def _beside(
    task: Task, waiting: Mapping[int, int], rivals: Sequence[store.Rival], carriers: Mapping[int, Known]
) -> dict[str, Any]:
    """The other tasks of its carriers: those that go first, and those that take turns with it.

    `share` is how fast it goes when each carrier's speed is shared by what waits for it.
    """
    others = [one for one in rivals if one.carrier_id in waiting and one.id != task.pk]
    first = [one for one in others if one.priority < task.priority]
    equal = [one for one in others if one.priority == task.priority]
    each = task.parts / max(task.accepted, 1) or 1.0
    share = 0.0
    for key, count in waiting.items():
        waits = count + sum(one.unsent for one in equal if one.carrier_id == key)
        share += carriers[key][1] / each * count / max(waits, 1)
    return {
        "ahead": sum(one.unsent for one in first),
        "ahead_tasks": len({one.id for one in first}),
        "beside": len({one.id for one in equal}),
        "carrier_speed": sum(carriers[key][1] for key in waiting) / each,
        "share": share,
    }


def _carriers(keys: set[int]) -> dict[int, Known]:
    """The facts about these carriers, and the parts a second that each takes."""
    if not keys:
        return {}
    wanted = sorted(keys)
    binds: dict[int, list[store.Bind]] = defaultdict(list)
    for bind in store.binds(wanted):
        binds[bind.carrier_id].append(bind)
    paces = {pace.carrier_id: pace for pace in store.paces(wanted)}
    found = {}
    for carrier in Carrier.objects.filter(pk__in=wanted):
        held = binds[carrier.pk]
        down = [bind for bind in held if bind.state != "bound"]
        # One that waits to try again says why the last try failed.
        told = next((bind for bind in down if bind.state == "waiting"), down[0] if down else None)
        pace = paces.get(carrier.pk)
        facts = CarrierFacts(
            name=carrier.name,
            enabled=carrier.enabled,
            draining=carrier.standing == "draining",
            rate=carrier.rate,
            throttled=pace.throttled if pace else 0,
            up=len(held) - len(down),
            since=told.since if told else None,
            sentence=(told.sentence or told.state) if told else "",
        )
        found[carrier.pk] = facts, pace.speed if pace else 0.0
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
