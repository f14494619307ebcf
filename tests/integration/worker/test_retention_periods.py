"""Every table has a line that says how long its rows live, and what is older is removed, a batch at a time."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from tests.rig.desk import Desk, fetch, numbers

from sendmill.message_store import batched_deletion, partitions
from sendmill.message_store.partition_names import RANGE
from sendmill.message_store.queries import bind_samples, expired_rows
from sendmill.message_store.sender_locks import SENDER_LOCK, as_int4
from sendmill.runtime.settings import ENV, Environment
from sendmill.tasks import recipient_timeline, stored_files
from sendmill.tasks.models import Draft, Export, Task
from sendmill.worker import jobs, purge, retention_periods, unreferenced_files
from sendmill.worker.retention_periods import PERIODS, Holds

DOCUMENT = Path(__file__).parents[3] / "docs" / "RETENTION.md"
NUMBERED = {
    "number",
    "raw",
    "msisdn",
    "recipient",
    "phone",
    "variables",
}  # columns that hold a person's number


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_every_table_of_the_database_has_one_line(db: None) -> None:
    found = fetch(
        "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
        "AND relnamespace = current_schema()::regnamespace"
    )
    there = {name for (name,) in found}
    named = [one.table for one in PERIODS]
    assert sorted(there - set(named)) == [], (
        "say in sendmill.worker.retention_periods how long the rows of these live"
    )
    assert sorted(set(named) - there) == []
    assert len(named) == len(set(named))
    for one in PERIODS:
        assert one.how_long, one.table
        assert one.why, one.table


def test_a_table_with_numbers_of_recipients_says_so_and_does_not_keep_them_for_ever(db: None) -> None:
    columns = fetch(
        "SELECT table_name::text, column_name::text FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    )
    named = {one.table: one for one in PERIODS}
    with_numbers = {table for table, column in columns if column in NUMBERED and table in named}
    with_numbers.add("draft")  # a few numbers and texts in its outcome
    assert with_numbers == {one.table for one in PERIODS if one.holds == Holds.NUMBERS}
    for table in with_numbers:
        assert named[table].remove is not None, table


def test_the_page_of_the_operator_says_the_same() -> None:
    assert retention_periods.as_text() in DOCUMENT.read_text(), (
        f"docs/RETENTION.md must hold:\n{retention_periods.as_text()}"
    )


class Case(NamedTuple):
    """A row of a table at an age: what removes it, and how long it may live."""

    table: str
    remove: Any
    insert: str
    limit: timedelta


_AXES = (
    "INSERT INTO {} (user_agent, ip_address, username, http_accept, path_info, attempt_time{}) "
    "VALUES ('a', '192.0.2.1', %s, '', '', %s{})"
)
CASES = [
    Case(
        "orphan",
        purge.remove_received,
        "INSERT INTO orphan (carrier_id, kind, raw, number, received_at) VALUES (1, 'reply', %s, 49151, %s)",
        timedelta(days=90),
    ),
    Case(
        "django_session",
        purge.remove_sessions,
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', %s)",
        timedelta(0),
    ),
    Case(
        "axes_accesslog",
        purge.remove_sign_ins,
        _AXES.format("axes_accesslog", ", session_hash", ", ''"),
        timedelta(days=90),
    ),
    Case(
        "axes_accessfailurelog",
        purge.remove_sign_ins,
        _AXES.format("axes_accessfailurelog", ", locked_out", ", false"),
        timedelta(days=90),
    ),
    Case(
        "carrier_sample",
        bind_samples.forget,
        "INSERT INTO carrier_sample (carrier_id, slot, bound, span, submitted, accepted, refused, unknown, "
        "throttled, delivered, failed, in_flight, seconds, pace, at) "
        "VALUES (length(%s), 0, true, 5, 1, 1, 0, 0, 0, 0, 0, 0, '{{}}', 1, %s)".replace("{{}}", "{}"),
        timedelta(days=2),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.table)
def test_old_rows_go_and_younger_ones_stay(db: None, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batched_deletion, "BATCH", 2)
    now, day = datetime.now(UTC), timedelta(days=1)
    for place in range(5):
        run(case.insert, f"old{place}", now - case.limit - day)
    run(case.insert, "young", now - case.limit + day)
    assert case.remove() == 5
    assert fetch(f"SELECT count(*) FROM {case.table}") == [(1,)]
    assert case.remove() == 0


def test_an_orphan_that_is_still_tried_stays(db: None) -> None:
    run(
        "INSERT INTO orphan (carrier_id, kind, raw, received_at, retry_at) "
        "VALUES (1, 'report', '', now() - interval '99 days', now())"
    )
    assert purge.remove_received() == 0


def test_failed_sign_ins_go_when_their_lockout_is_long_over(db: None) -> None:
    insert = (
        _AXES.format("axes_accessattempt", ", get_data, post_data, failures_since_start", ", '', '', 3")
        + " RETURNING id"
    )
    now = datetime.now(UTC)
    (old,), (young,) = (
        fetch(insert, "old", now - timedelta(days=2))[0],
        fetch(insert, "young", now)[0],
    )
    for attempt in (old, young):
        run(
            "INSERT INTO axes_accessattemptexpiration (access_attempt_id, expires_at) VALUES (%s, now())",
            attempt,
        )
    assert purge.remove_sign_ins() == 2
    assert fetch("SELECT id FROM axes_accessattempt") == [(young,)]
    assert fetch("SELECT access_attempt_id FROM axes_accessattemptexpiration") == [(young,)]


def test_an_offered_second_factor_goes_and_one_that_is_on_stays(desk: Desk) -> None:
    for confirmed in (True, False):
        run(
            "INSERT INTO otp_totp_totpdevice (name, confirmed, key, step, t0, digits, tolerance, drift, last_t, "
            "user_id, throttling_failure_count, created_at) "
            "VALUES ('app', %s, '00', 30, 0, 6, 1, 0, -1, %s, 0, now() - interval '2 days')",
            confirmed,
            desk.sender.pk,
        )
    assert purge.remove_offers() == 1
    assert fetch("SELECT confirmed FROM otp_totp_totpdevice") == [(True,)]


def test_cleared_alarms_go_and_standing_ones_stay(desk: Desk) -> None:
    for code, cleared in (("old", 91), ("young", 89), ("standing", None)):
        run(
            "INSERT INTO alarm (code, message, parameters, raised_at, seen_at, cleared_at, account_id) VALUES "
            "(%s, '', '{}', now() - interval '1 year', now(), now() - make_interval(days => %s), %s)",
            code,
            cleared,
            desk.account.pk,
        )
    assert purge.remove_alarms() == 1
    assert fetch("SELECT code FROM alarm ORDER BY code") == [("standing",), ("young",)]


def test_jobs_that_failed_long_ago_go_with_their_events(db: None) -> None:
    run("DELETE FROM procrastinate_jobs")
    for name, status, age in (
        ("old", "failed", 31),
        ("given up", "cancelled", 31),
        ("young", "failed", 29),
        ("waits", "todo", 31),
    ):
        job = fetch(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args) "
            "VALUES (%s, 'default', '{}') RETURNING id",
            name,
        )[0][0]
        run("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", status, job)
        run(
            "UPDATE procrastinate_events SET at = now() - make_interval(days => %s) WHERE job_id = %s",
            age,
            job,
        )
    assert purge.remove_jobs() == 2
    assert fetch("SELECT task_name FROM procrastinate_jobs ORDER BY 1") == [("waits",), ("young",)]
    assert fetch(
        "SELECT count(*) FROM procrastinate_events e WHERE NOT EXISTS "
        "(SELECT FROM procrastinate_jobs j WHERE j.id = e.job_id)"
    ) == [(0,)]


def sender(days: int) -> int:
    return int(
        fetch(
            "INSERT INTO sender (host, pid, started_at) VALUES ('here', 1, now() - make_interval(days => %s)) "
            "RETURNING id",
            days,
        )[0][0]
    )


def test_senders_go_when_they_are_dead_and_nothing_names_them(desk: Desk) -> None:
    task = desk.task(1)
    dead, lately, living, named, holding = (sender(days) for days in (31, 29, 31, 31, 31))
    run("SELECT pg_advisory_xact_lock(%s, %s)", as_int4(SENDER_LOCK), living)
    run("UPDATE chunk SET owner = %s WHERE task_id = %s", named, task.pk)
    carrier = desk.international.carrier_id
    run(
        "INSERT INTO bind_state (carrier_id, slot, owner, state) VALUES (%s, 0, %s, 'bound')",
        carrier,
        holding,
    )
    assert expired_rows.delete_senders() == 1
    left = {key for (key,) in fetch("SELECT id FROM sender")}
    assert dead not in left
    assert {lately, living, named, holding} <= left


def test_what_was_said_of_binds_that_nobody_will_hold_goes(desk: Desk) -> None:
    living = sender(1)
    run("SELECT pg_advisory_xact_lock(%s, %s)", as_int4(SENDER_LOCK), living)
    carrier = desk.international.carrier_id
    for key, slot, owner in ((carrier, 0, 0), (carrier, 9, 0), (999_999, 0, 0), (999_998, 0, living)):
        run(
            "INSERT INTO bind_state (carrier_id, slot, owner, state) VALUES (%s, %s, %s, 'bound')",
            key,
            slot,
            owner,
        )
    run("INSERT INTO carrier_out (carrier_id, reason) VALUES (%s, 'down'), (999999, 'down')", carrier)
    expired_rows.delete_senders()
    purge.remove_gone_carriers()
    assert fetch("SELECT carrier_id, slot FROM bind_state ORDER BY 1, 2") == [(carrier, 0), (999_998, 0)]
    assert fetch("SELECT carrier_id FROM carrier_out") == [(carrier,)]


def test_reports_and_moves_of_a_range_go_with_its_messages(committed_desk: Desk) -> None:
    old = committed_desk.task(1)
    run(
        "INSERT INTO report (task_id, seq, part, digest, raw) SELECT %s, 0, 0, n, '' "
        "FROM generate_series(1, 5) n",
        old.pk,
    )
    run("INSERT INTO moved_chunk VALUES (%s, 0, now(), 1, 2, false, 'down')", old.pk)
    partitions.ensure_partitions(old.pk + RANGE)
    run("SELECT setval('task_id_seq', %s)", old.pk + RANGE)
    Task.objects.filter(pk=old.pk).update(
        status="completed", ended_at=datetime.now(UTC) - timedelta(days=ENV.retention_days + 1)
    )
    assert purge.drop_messages() >= 5
    assert fetch("SELECT count(*) FROM report") == fetch("SELECT count(*) FROM moved_chunk") == [(0,)]


def test_ids_of_carriers_live_longer_than_reports_are_awaited() -> None:
    for hours, days in ((1, 6), (72, 8), (192, 13), (240, 15), (24 * 30, 35)):
        environment = Environment(report_hours=hours)
        assert environment.submission_days == days
        assert environment.submission_days * 24 > hours


def test_a_report_that_may_come_after_ten_days_finds_its_message(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ENV, "report_hours", 240)
    now = datetime.now(UTC)
    for age in (9, 30):
        partitions.ensure_partitions(now=now - timedelta(days=age))
    purge.drop_messages()
    names = {
        name
        for (name,) in fetch(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'submission'::regclass"
        )
    }
    assert f"submission_{now - timedelta(days=10):%Y%m%d}" in names
    assert f"submission_{now - timedelta(days=30):%Y%m%d}" not in names


def test_the_timeline_says_how_long_ids_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ENV, "report_hours", 240)
    assert recipient_timeline.said()["ids_days"] == ENV.submission_days == 15


@pytest.fixture
def aged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file that is there by now is old."""
    monkeypatch.setattr(unreferenced_files, "YOUNG", timedelta(seconds=-60))


def test_files_that_no_row_names_go_and_named_ones_stay(desk: Desk, aged: None) -> None:
    draft = desk.check(numbers(1))
    lost = [
        stored_files.store(f"drafts/{uuid.uuid4()}/upload.csv", BytesIO(b"1")),
        stored_files.store(f"exports/{uuid.uuid4()}.csv", BytesIO(b"1")),
    ]
    foreign = stored_files.store("drafts/notes/mine.txt", BytesIO(b"1"))
    export = Export.objects.create(
        account=desk.account, created_by=desk.sender, draft=draft, what="deleted", kind="csv", language="en"
    )
    kept_file = stored_files.store(f"exports/{export.key}.csv", BytesIO(b"1"))
    assert unreferenced_files.remove_unreferenced() == 2
    assert not any(default_storage.exists(name) for name in lost)
    assert all(default_storage.exists(name) for name in (foreign, kept_file, draft.file, draft.deleted_file))
    Draft.objects.filter(pk=draft.pk).update(file="", accepted_file="", deleted_file="", written_file="")
    unreferenced_files.remove_unreferenced()
    assert not default_storage.exists(draft.deleted_file)


def test_nothing_of_recipients_is_left_of_a_task_when_its_messages_go(desk: Desk) -> None:
    task = desk.task(2)
    number = fetch("SELECT number FROM message WHERE task_id = %s AND seq = 0", task.pk)[0][0]
    wanted = f"SELECT count(*) FROM draft WHERE draft::text LIKE '%%{number}%%' AND task_id = %s"
    assert fetch(wanted, task.pk) == [(1,)]
    ended = datetime.now(UTC) - timedelta(days=ENV.retention_days + 1)
    Task.objects.filter(pk=task.pk).update(status="completed", ended_at=ended)
    purge.remove_drafts()
    assert fetch(wanted, task.pk) == [(0,)]
    draft = Draft.objects.get(task=task)
    assert draft.outcome is not None
    assert draft.outcome["accepted"] == 2
    assert not stored_files.listed(f"drafts/{draft.key}")[1]


def test_a_young_file_is_left_for_its_row(desk: Desk) -> None:
    stored_files.store(f"drafts/{uuid.uuid4()}/upload.csv", BytesIO(b"1"))
    assert unreferenced_files.remove_unreferenced() == 0


def test_the_nightly_job_removes_all_and_one_failure_keeps_nothing_else(
    committed_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(CASES[1].insert, "old", datetime.now(UTC) - timedelta(days=1))

    def fail(days: int) -> int:
        raise ConnectionError

    monkeypatch.setattr(expired_rows, "delete_received", fail)
    with pytest.raises(ConnectionError):
        jobs.drop_old(timestamp=0)
    assert fetch("SELECT count(*) FROM django_session") == [(0,)]


def test_whatever_removes_is_run_each_night() -> None:
    nightly = set(retention_periods._removals())
    assert {one.remove for one in PERIODS if one.remove is not None} <= nightly
