"""Queries behind the health metrics: the database, its partitions, what waits. They never scan messages.

Labels are what we named: states, kinds of jobs, tables, carriers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection

from sendmill.message_store.sender_locks import SENDER_LOCK

Counts = dict[tuple[str, ...], float]


class Vital(NamedTuple):
    """One metric: its name, what it says, its labels, and the query that answers label values and value."""

    name: str
    text: str
    labels: tuple[str, ...]
    query: str


_LIVING = (
    "SELECT objid::integer FROM pg_locks WHERE locktype = 'advisory' AND classid = %(lock)s::bigint::oid "
    "AND objsubid = 2 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)

VITALS = (
    Vital(
        "database_connections",
        "Connections to the database by state",
        ("state",),
        "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY 1",
    ),
    Vital(
        "database_connections_most",
        "Connections that the database allows",
        (),
        "SELECT current_setting('max_connections')::int",
    ),
    Vital("database_bytes", "Size of the database", (), "SELECT pg_database_size(current_database())"),
    Vital(
        "database_oldest_transaction_seconds",
        "Age of the oldest open transaction",
        (),
        "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity "
        "WHERE datname = current_database() AND backend_type = 'client backend'",
    ),
    Vital(
        "database_partitions",
        "Partitions of the message store by table",
        ("table",),
        "SELECT inhparent::regclass::text, count(*) FROM pg_inherits WHERE inhparent IN "
        "('message'::regclass, 'submission'::regclass) GROUP BY 1",
    ),
    Vital(
        "submission_days_ahead",
        "Days for which there is a partition of submissions; senders stop at 0",
        (),
        "SELECT max(substring(inhrelid::regclass::text from '[0-9]{8}$')::date) "
        "- (now() AT TIME ZONE 'UTC')::date FROM pg_inherits WHERE inhparent = 'submission'::regclass",
    ),
    Vital("senders", "Sender processes that live", (), f"SELECT count(*) FROM ({_LIVING}) living"),
    Vital(
        "carrier_binds_up",
        "Binds of an enabled carrier that are up",
        ("carrier",),
        "SELECT c.id::text, count(b.carrier_id) FROM carrier c LEFT JOIN bind_state b ON b.carrier_id = c.id "
        f"AND b.state = 'bound' AND b.owner IN ({_LIVING}) WHERE c.enabled GROUP BY c.id",
    ),
    Vital(
        "carrier_binds_wanted",
        "Binds that an enabled carrier should have",
        ("carrier",),
        "SELECT id::text, binds FROM carrier WHERE enabled",
    ),
    Vital(
        "carrier_info",
        "1 for each carrier, with its name and account",
        ("carrier", "name", "account"),
        "SELECT c.id::text, c.name, a.name, 1 FROM carrier c JOIN account a ON a.id = c.account_id",
    ),
    Vital(
        "jobs",
        "Jobs by kind and state: todo, doing, failed",
        ("job", "state"),
        "SELECT task_name, status::text, count(*) FROM procrastinate_jobs "
        "WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2",
    ),
    Vital(
        "job_oldest_seconds",
        "How long the job that has waited longest could have been begun",
        (),
        "SELECT coalesce(max(extract(epoch FROM now() - coalesce(j.scheduled_at, e.at))), 0) "
        "FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' "
        "WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()",
    ),
    Vital(
        "tasks",
        "Tasks that are alive, by status",
        ("status",),
        "SELECT status, count(*) FROM task WHERE status IN ('pending', 'executing') GROUP BY 1",
    ),
    Vital(
        "tasks_late",
        "Pending tasks whose time came more than a minute ago",
        (),
        "SELECT count(*) FROM task WHERE status = 'pending' AND scheduled_at < now() - interval '1 minute'",
    ),
    Vital(
        "store_held",
        "1 while the store is held because it may be older than what was sent from it",
        (),
        "SELECT count(*) FROM hold WHERE released_at IS NULL",
    ),
    Vital(
        "reports_unmatched",
        "Reports that match no message yet and are tried again",
        (),
        "SELECT count(*) FROM orphan WHERE retry_at IS NOT NULL",
    ),
    Vital(
        "alarms",
        "Alarms of the sweeps that nobody has cleared, by what is wrong",
        ("code",),
        r"SELECT regexp_replace(code, '^(bind_lost)_\d+$', '\1'), count(*) FROM alarm "
        "WHERE cleared_at IS NULL GROUP BY 1",
    ),
)


def take(vital: Vital) -> Counts:
    """The values of one metric by their labels' values."""
    with connection.cursor() as cursor:
        cursor.execute(vital.query, {"lock": SENDER_LOCK} if "%(lock)s" in vital.query else None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {tuple(map(str, row[:-1])): float(row[-1] or 0) for row in rows}
