"""What tasks wait for, read from a database in which it is so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection
from django.utils import timezone, translation
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoAssertNumQueries
from tests.rig.desk import Desk, fetch, finish_chunks, report

from sendmill.billing import ledger
from sendmill.catalog.models import Carrier
from sendmill.console.diagnosis import brief, duration, explain, moment
from sendmill.domain.diagnosis import Wait
from sendmill.domain.results import Result
from sendmill.domain.task_life import ImportState
from sendmill.message_store.sender_locks import SENDER_LOCK, as_int4
from sendmill.tasks import lifecycle
from sendmill.tasks.diagnosis import read, waits
from sendmill.tasks.models import Task
from sendmill.tasks.results import counters

OWNER = 4711


def wait_of(task: Task) -> Wait | None:
    task.refresh_from_db()
    return waits([task], counters([task])).get(task.pk)


def told(task: Task) -> tuple[str, str]:
    """Code and sentence."""
    wait = wait_of(task)
    assert wait is not None
    return wait.code, explain(wait)


@contextmanager
def a_sender(owner: int = OWNER) -> Iterator[None]:
    """A process that holds the lock of a living sender."""
    known = connection.get_connection_params()
    address = make_conninfo(
        **{key: known[key] for key in ("dbname", "user", "password", "host", "port") if key in known}
    )
    with psycopg.connect(address, autocommit=True) as conn:
        lock = as_int4(SENDER_LOCK), owner
        conn.execute("SELECT pg_advisory_lock(%s::int, %s::int)", lock)
        yield
        # A connection that is closed lets go a moment later.
        conn.execute("SELECT pg_advisory_unlock(%s::int, %s::int)", lock)


def say(carrier: Carrier | None, state: str, sentence: str = "", since: datetime | None = None) -> None:
    assert carrier is not None
    fetch(
        "INSERT INTO bind_state (carrier_id, slot, owner, state, sentence, since) "
        "VALUES (%s, 0, %s, %s, %s, %s) ON CONFLICT (carrier_id, slot) DO UPDATE SET state = excluded.state, "
        "sentence = excluded.sentence RETURNING 1",
        carrier.pk, OWNER, state, sentence, since or timezone.now(),
    )  # fmt: skip


def sample(carrier: Carrier | None, submitted: int, throttled: int = 0) -> None:
    """What a bind of the carrier did in the last five seconds."""
    assert carrier is not None
    fetch(
        "INSERT INTO carrier_sample (carrier_id, slot, bound, span, submitted, accepted, refused, unknown, throttled, "
        "delivered, failed, in_flight, seconds) VALUES (%s, 0, true, 5, %s, %s, 0, 0, %s, 0, 0, 0, '{}') RETURNING 1",
        carrier.pk, submitted, submitted, throttled,
    )  # fmt: skip


def a_worker() -> None:
    fetch("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING 1")


def send(task: Task, count: int, seconds: float) -> None:
    """Let the first messages have been sent, one after the other until now."""
    fetch(
        "UPDATE message SET submitted_at = now() - make_interval(secs => %s * (%s - 1 - seq) / %s) "
        "WHERE task_id = %s AND seq < %s RETURNING 1",
        seconds, count, count, task.pk, count,
    )  # fmt: skip
    fetch(
        "UPDATE chunk SET next_seq = %s, state = 1 WHERE task_id = %s AND n = 0 RETURNING 1", count, task.pk
    )


def test_the_scheduled_time(desk: Desk) -> None:
    task = desk.scheduled_task(timezone.now() + timedelta(hours=3, seconds=5))
    code, sentence = told(task)
    assert code == "scheduled"
    assert "in 3 hours" in sentence


def test_the_balance_and_what_is_missing(desk: Desk) -> None:
    task = desk.task(3, scheduled_at=timezone.now() + timedelta(hours=1))
    ledger.withdraw(desk.account, Decimal("999.98"))
    Task.objects.update(scheduled_at=timezone.now() - timedelta(seconds=1))
    lifecycle.tick(timezone.now())
    code, sentence = told(task)
    assert code == "no_balance", sentence
    assert "0.01 is missing" in sentence
    assert "canceled when it has not started by" in sentence


def test_a_carrier_that_is_off_keeps_a_task_from_starting(desk: Desk) -> None:
    task = desk.scheduled_task(timezone.now() - timedelta(seconds=1))
    Carrier.objects.update(enabled=False)
    lifecycle.tick(timezone.now())
    code, sentence = told(task)
    assert code == "carrier_disabled"
    assert "“Carrier”" in sentence


def test_nobody_works(desk: Desk) -> None:
    task = desk.scheduled_task(timezone.now() - timedelta(minutes=1))
    assert told(task)[0] == "no_worker"
    a_worker()
    assert told(task)[0] == "due"
    fetch("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' RETURNING 1")
    assert told(task)[0] == "no_worker"


def test_the_import(desk: Desk) -> None:
    task = desk.task()
    Task.objects.update(import_state=ImportState.WAITING)
    assert told(task)[0] == "no_worker"
    a_worker()
    assert told(task)[0] == "importing"
    Task.objects.update(import_state=ImportState.FAILED)
    assert told(task)[0] == "import_failed"


def test_who_paused_it_and_since_when(desk: Desk) -> None:
    task = desk.task(3)
    lifecycle.pause(task, desk.sender)
    lifecycle.resume(task, desk.sender)
    lifecycle.pause(task, desk.sender)
    code, sentence = told(task)
    assert code == "paused_by"
    assert sentence.startswith("Paused by sender since ")
    assert "to be sent: 3." in sentence


def test_the_hours(desk: Desk) -> None:
    task = desk.task()
    opens = timezone.now() + timedelta(hours=2)
    Task.objects.update(opens_at=opens, closes_at=opens + timedelta(hours=14))
    with timezone.override("Asia/Tokyo"):
        code, sentence = told(task)
        assert code == "hours"
        assert f"{timezone.localtime(opens):%H:%M}." in sentence


def test_the_carrier_the_sender_and_the_bind(desk: Desk) -> None:
    task = desk.task()
    assert told(task)[0] == "no_sender"
    with a_sender():
        assert told(task)[0] == "bind_coming"
        since = timezone.now() - timedelta(minutes=9)
        say(task.carrier, "waiting", "Connection refused. Trying again in 8 seconds.", since)
        code, sentence = told(task)
        assert code == "bind_down"
        assert f"since {moment(since)}: Connection refused." in sentence  # with its day, soon after midnight
        say(task.carrier, "bound")
        assert told(task)[0] == "starting"
        Carrier.objects.update(enabled=False)
        assert told(task)[0] == "carrier_off"
    Carrier.objects.update(enabled=True)
    assert told(task)[0] == "no_sender"  # what a dead sender said of its bind counts no more


def test_how_fast_it_goes_and_how_long_it_takes(desk: Desk) -> None:
    task = desk.task(900)
    with a_sender():
        say(task.carrier, "bound")
        send(task, 400, 40.0)
        wait = wait_of(task)
        assert wait is not None
        assert wait.code == "sending"
        assert wait.left is not None
        assert 45 <= wait.left.total_seconds() <= 55
        assert "messages a second; about 5" in explain(wait)
        Carrier.objects.update(rate=11)
        sample(task.carrier, 50)
        assert told(task)[0] == "rate"
        desk.task(5)
        assert told(task)[0] == "shared"


def test_a_carrier_that_throttles(desk: Desk) -> None:
    task = desk.task(900)
    with a_sender():
        say(task.carrier, "bound")
        send(task, 400, 40.0)
        sample(task.carrier, 50, throttled=3)
        code, sentence = told(task)
        assert code == "throttled"
        assert "“Carrier” asks to be sent to more slowly" in sentence


def test_a_carrier_that_is_drained(desk: Desk) -> None:
    task = desk.task()
    Carrier.objects.update(draining=True)
    with a_sender():
        say(task.carrier, "bound")
        assert told(task)[0] == "carrier_draining"


def test_a_bind_that_only_receives_sends_nothing(desk: Desk) -> None:
    task = desk.task()
    with a_sender():
        say(task.carrier, "waiting", "Connection refused.")
        fetch(
            "INSERT INTO bind_state (carrier_id, slot, owner, state, sentence) VALUES (%s, 1, %s, 'bound', '') "
            "RETURNING 1",
            task.carrier_id, OWNER,
        )  # fmt: skip
        assert told(task)[0] == "bind_down"


def test_a_routed_task_goes_on_while_one_of_its_carriers_does(desk: Desk) -> None:
    task = desk.task(5)
    other = Carrier.objects.create(account=desk.account, name="Second", host="127.0.0.1", system_id="b")
    fetch("UPDATE chunk SET carrier_id = %s WHERE task_id = %s RETURNING 1", other.pk, task.pk)
    Task.objects.filter(pk=task.pk).update(routed=True, carrier=None)
    assert told(task)[0] == "no_sender"
    with a_sender():
        say(other, "waiting", "Connection refused.")
        code, sentence = told(task)
        assert code == "bind_down"
        assert "“Second”" in sentence
        fetch("UPDATE bind_state SET state = 'bound' RETURNING 1")
        assert told(task)[0] == "starting"
        sample(other, 5)
        assert told(task) == ("sending", "Being sent at 1.0 messages a second; about 5 seconds left.")
        finish_chunks(task)
        assert told(task)[0] == "reports"


def test_a_task_that_cannot_be_rendered(desk: Desk) -> None:
    task = desk.task()
    said = {"code": "cannot_render", "message": "The messages of this task cannot be made.", "parameters": {}}
    Task.objects.filter(pk=task.pk).update(reason=said["message"], reasons=[said])
    assert told(task) == ("cannot_render", said["message"])


def test_more_urgent_tasks_go_first(desk: Desk) -> None:
    task, urgent = desk.task(3), desk.task(50)
    Task.objects.filter(pk=urgent.pk).update(priority=1)
    Task.objects.filter(pk=task.pk).update(started_at=timezone.now() - timedelta(seconds=30))
    with a_sender():
        say(task.carrier, "bound")
        assert told(task) == ("ahead", "More urgent tasks go first (tasks: 1, messages: 50).")
        send(urgent, 20, 10.0)
        sample(urgent.carrier, 10)
        code, sentence = told(task)
        assert code == "ahead_left"
        assert "messages: 30" in sentence
        assert told(urgent)[0] == "sending"
        lifecycle.pause(Task.objects.get(pk=urgent.pk), desk.sender)
        assert told(task)[0] == "starting"


def test_reports_and_what_a_person_must_settle(desk: Desk) -> None:
    task = desk.task(4)
    with a_sender():
        say(task.carrier, "bound")
        send(task, 4, 2.0)
        finish_chunks(task)
        report(task, Result.SUCCESSFUL, [0])
        code, sentence = told(task)
        assert code == "reports"
        assert "Reports awaited: 3, until " in sentence
        report(task, Result.UNCERTAIN, [1, 2])
        assert "what became of some messages (2)" in told(task)[1]
        report(task, Result.SUCCESSFUL, [3])
        assert told(task)[0] == "uncertain"
        report(task, Result.FAILED, [1, 2])
        assert told(task)[0] == "ending"
        lifecycle.tick()
    assert wait_of(task) is None


def test_many_tasks_are_asked_about_at_once(
    desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tasks = [desk.task(2) for _ in range(5)]
    lifecycle.pause(tasks[0], desk.sender)
    counted = counters(tasks)
    for task in tasks:
        task.refresh_from_db()
    with django_assert_max_num_queries(10):
        found = read(tasks, counted)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (7199, "120 minutes"), (7200, "2 hours"),
     (3 * 86400, "3 days")],
)  # fmt: skip
def test_lengths_of_time_in_words(seconds: float, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


def test_a_reader_of_chinese_reads_chinese(desk: Desk) -> None:
    from console_build import compile_catalogues

    compile_catalogues()
    task = desk.task(3)
    with translation.override("zh-hans"):
        assert told(task)[1].startswith("没有发送进程在运行")
        assert brief(wait_of(task)) == "没有发送进程"
