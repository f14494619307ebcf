"""How the whole fares, read from a database that is in the middle of its work."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from tests.rig.desk import Desk, numbers

from sendmill.alarms.models import Alarm
from sendmill.message_store.queries import metrics_queries
from sendmill.message_store.sender_locks import SENDER_LOCK, as_int4
from sendmill.tasks.models import Task
from sendmill.worker.metrics import Clock, WorkerMetrics

VITALS = {vital.name: vital for vital in metrics_queries.VITALS}


def read(name: str) -> metrics_queries.Counts:
    return metrics_queries.take(VITALS[name])


def bind(carrier: int, state: str, owner: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bind_state (carrier_id, slot, owner, state) VALUES (%s, 0, %s, %s)",
            [carrier, owner, state],
        )


@pytest.mark.parametrize("name", sorted(VITALS))
def test_every_metric_can_be_read_when_nothing_is_there(desk: Desk, name: str) -> None:
    labels = {len(values) for values in read(name)}
    assert labels <= {len(VITALS[name].labels)}


def test_the_database_tells_of_connections_and_partitions(desk: Desk) -> None:
    desk.task()
    assert sum(read("database_connections").values()) >= 1
    assert read("database_connections_most")[()] >= 10
    assert read("database_partitions")[("message",)] >= 1
    assert read("submission_days_ahead")[()] >= 2
    assert read("database_bytes")[()] > 1_000_000


def test_tasks_and_jobs_that_wait_are_counted(desk: Desk) -> None:
    desk.create_draft(numbers(1))
    late = desk.scheduled_task(timezone.now() + timedelta(hours=1))
    assert read("tasks_late") == {(): 0.0}
    Task.objects.filter(pk=late.pk).update(scheduled_at=timezone.now() - timedelta(minutes=2))
    assert read("tasks_late") == {(): 1.0}
    assert read("tasks")[("pending",)] == 1
    assert read("jobs")[("check_draft", "todo")] >= 1
    assert read("job_oldest_seconds")[()] >= 0


def test_a_bind_of_a_dead_sender_is_not_up(desk: Desk) -> None:
    task = desk.task(1)
    assert task.carrier is not None
    carrier = str(task.carrier_id)
    bind(task.carrier_id, "bound", 77)
    assert read("carrier_binds_up")[(carrier,)] == 0
    with psycopg.connect(_dsn(), autocommit=True) as sender:
        sender.execute("SELECT pg_advisory_lock(%s::int, 77)", (as_int4(SENDER_LOCK),))
        assert read("carrier_binds_up")[(carrier,)] == 1
        assert read("senders") == {(): 1.0}
    assert read("carrier_binds_wanted")[(carrier,)] >= 1
    assert (carrier, task.carrier.name, task.account.name) in read("carrier_info")


def _dsn() -> str:
    parameters = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{
            key: parameters[key]
            for key in ("dbname", "user", "password", "host", "port")
            if key in parameters
        }
    )


def test_alarms_are_counted_by_what_is_wrong(desk: Desk) -> None:
    task, now = desk.task(1), timezone.now()
    Alarm.objects.create(
        account=task.account, task=task, code="counters_differ", message="x", raised_at=now, seen_at=now
    )
    for carrier in (7, 8):
        Alarm.objects.create(
            account=task.account, code=f"bind_lost_{carrier}", message="x", raised_at=now, seen_at=now
        )
    assert read("alarms") == {("counters_differ",): 1.0, ("bind_lost",): 2.0}
    Alarm.objects.update(cleared_at=now)
    assert read("alarms") == {}


def test_what_cannot_be_read_is_left_out_and_the_rest_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = metrics_queries.take

    def refuse(vital: metrics_queries.Vital) -> metrics_queries.Counts:
        if vital.name == "tasks":
            raise OperationalError
        return take(vital)

    desk.scheduled_task(timezone.now() + timedelta(hours=1))
    monkeypatch.setattr(metrics_queries, "take", refuse)
    registry, metrics = CollectorRegistry(), WorkerMetrics(Clock())
    registry.register(metrics)
    metrics.look()
    text = generate_latest(registry).decode()
    assert "sendmill_tasks_late 0.0" in text
    assert 'sendmill_tasks{status="pending"}' not in text
    monkeypatch.undo()
    metrics.look()
    assert 'sendmill_tasks{status="pending"} 1.0' in generate_latest(registry).decode()
