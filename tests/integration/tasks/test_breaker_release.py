"""A task of which a carrier takes nothing: no sender takes it, what is said of it, its release, and its end."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from tests.integration.tasks.test_diagnosis import a_sender, say, told, wait_of
from tests.rig.desk import Desk, fetch
from tests.rig.moved_clock import BRIDGE, run
from tests.rig.refusing import NO_CREDIT, accept_probe, lease, probe, refuse

from sendmill.accounts.models import AuditEntry
from sendmill.accounts.permissions import NotAllowed
from sendmill.domain.violations import Refused
from sendmill.message_store.engine import sendable_tasks
from sendmill.message_store.engine.batches import intend
from sendmill.message_store.engine.breakers import end_probe
from sendmill.message_store.engine.chunks import release
from sendmill.message_store.queries import breakers, unsent_messages
from sendmill.tasks import lifecycle
from sendmill.tasks.breaker_release import ACTION, audit_probes, release_breakers
from sendmill.tasks.models import Task

pytestmark = pytest.mark.django_db
OWNER = 4711


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def live(task: Task) -> bool:
    carrier = task.carrier_id or 0
    found = run(sendable_tasks.live_tasks(BRIDGE, [carrier])).tasks.get(carrier, [])
    return task.pk in {one.id for one in found}


def due(task: Task) -> None:
    execute(
        "UPDATE task_breaker SET probe_at = clock_timestamp() - interval '1 s' WHERE task_id = %s", task.pk
    )


def test_no_sender_opens_a_batch_of_it_and_others_are_sent(desk: Desk) -> None:
    task, other = desk.task(5), desk.task(5)
    chunk = lease(task)
    assert not chunk.tripped
    refuse(task)
    # One that had claimed its chunk before, too.
    assert not run(intend(BRIDGE, chunk, OWNER, 5))
    run(release(BRIDGE, chunk, OWNER))
    assert not live(task)
    assert live(other)
    assert lease(task).tripped
    assert not lease(other).tripped


def test_a_probe_opens_one_batch_and_nobody_else_does(desk: Desk) -> None:
    task = desk.task(1_500)
    refuse(task)
    due(task)
    assert live(task)
    first, second = lease(task), lease(task)
    assert probe(task, first) == (NO_CREDIT, 0)
    assert probe(task, second) is None
    assert not live(task)
    assert run(intend(BRIDGE, first, OWNER, 1))
    assert not run(intend(BRIDGE, second, OWNER, 1_001))
    run(end_probe(BRIDGE, first, task.carrier_id or 0, failed=True, wait=120.0))
    ((waits, failed),) = fetch(
        "SELECT extract(epoch FROM probe_at - now())::int / 60, probes FROM task_breaker"
    )
    assert (waits, failed) == (2, 1)
    due(task)
    assert probe(task, second) == (NO_CREDIT, 1)
    # The one before it is late: nothing changes.
    accept_probe(task, first)
    assert breakers.of_tasks([task.pk])
    accept_probe(task, second)
    assert breakers.of_tasks([task.pk]) == []
    assert run(intend(BRIDGE, second, OWNER, 1_001))


def test_one_that_was_released_trips_anew_and_the_first_reason_stays(desk: Desk) -> None:
    task = desk.task(5)
    refuse(task)
    refuse(task, status=8)
    assert [one.status for one in breakers.of_tasks([task.pk])] == [NO_CREDIT]
    release_breakers(task, desk.sender)
    refuse(task, status=8)
    assert [(one.status, one.probes) for one in breakers.of_tasks([task.pk])] == [(8, 0)]


def test_it_says_what_the_carrier_answers_and_what_happens_next(desk: Desk) -> None:
    task = desk.task(5)
    with a_sender():
        say(task.carrier, "bound")
        refuse(task)
        code, sentence = told(task)
    assert code == "refused"
    for words in ("“Carrier”", "Not enough credit (SMPP-0x0000040B).", "does not fail: 5", "“Release”"):
        assert words in sentence


def test_it_says_so_in_the_carriers_own_words(desk: Desk) -> None:
    task = desk.task(5)
    with a_sender():
        say(task.carrier, "bound")
        refuse(task, status=0x45, words="wallet empty")
        assert ": wallet empty (SMPP-0x00000045)." in told(task)[1]


def test_a_person_releases_it_once(desk: Desk) -> None:
    task = desk.task(5)
    refuse(task)
    with pytest.raises(NotAllowed):
        release_breakers(task, desk.viewer)
    release_breakers(task, desk.sender)
    release_breakers(task, desk.sender)
    assert live(task)
    ((member, after),) = AuditEntry.objects.filter(action=ACTION).values_list("member", "after")
    assert member == desk.sender.pk
    assert after == {"carrier": task.carrier_id, "status": "SMPP-0x0000040B"}
    wait = wait_of(task)
    assert wait is None or wait.code != "refused"


def test_a_release_by_a_probe_is_audited_once(desk: Desk) -> None:
    task = desk.task(5)
    refuse(task)
    due(task)
    chunk = lease(task)
    assert probe(task, chunk)
    accept_probe(task, chunk)
    audit_probes()
    audit_probes()
    ((member, after),) = AuditEntry.objects.filter(action=ACTION).values_list("member", "after")
    assert member is None
    assert after["by"] == "probe"


def test_only_a_task_that_is_executed_is_released(desk: Desk) -> None:
    task = desk.task(5)
    Task.objects.filter(pk=task.pk).update(status="completed")
    with pytest.raises(Refused):
        release_breakers(task, desk.sender)


def test_it_can_be_ended_while_no_carrier_takes_it_and_stays_ended(desk: Desk) -> None:
    task = desk.task(5)
    with pytest.raises(Refused):
        lifecycle.end(task, desk.sender)
    refuse(task)
    lifecycle.end(task, desk.sender)
    assert AuditEntry.objects.get(action="end_task").after == {"reason": "refused"}
    unsent_messages.end_unsent(task.pk)
    with pytest.raises(Refused):
        release_breakers(task, desk.sender)
    assert lifecycle.tick().completed == (task.pk,)
    breakers.forget()
    assert fetch("SELECT count(*) FROM task_breaker") == [(0,)]


def test_a_routed_task_stands_still_when_every_carrier_refuses_it(desk: Desk) -> None:
    task = desk.task(1_500)
    other = uuid4().int % 1_000_000 + 1_000_000
    execute("UPDATE task SET routed = true WHERE id = %s", task.pk)
    execute("UPDATE chunk SET carrier_id = %s WHERE task_id = %s", task.carrier_id, task.pk)
    execute("UPDATE chunk SET carrier_id = %s WHERE task_id = %s AND n = 1", other, task.pk)
    refuse(task)
    assert breakers.stopped([task.pk]) == set()
    execute("UPDATE chunk SET state = 2 WHERE task_id = %s AND n = 1", task.pk)
    assert breakers.stopped([task.pk]) == {task.pk}
