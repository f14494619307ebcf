"""Tasks written straight into the message store, and the check that its books are right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

CHUNK = 1000
Connection = psycopg.Connection[tuple[Any, ...]]
SHORT = "Hello. Your order is on its way."
LONG = "Your order is on its way. " * 12
CHINESE = "您的订单已经发出，请注意查收。"


@dataclass(frozen=True)
class Account:
    """Rows that every task refers to."""

    id: int
    application: int
    template: int


def add_account(conn: Connection, name: str) -> Account:
    """An account with an application and a template."""
    account = _insert(conn, "account", name=name, time_zone="UTC", currency="USD", four_eyes=False)
    application = _insert(
        conn,
        "application",
        account_id=account,
        name="App",
        type="international",
        add_86=False,
        delete_unusual=False,
        allow_landlines=False,
        sender_id="Sendmill",
        app_key=f"key of {name}"[:32],
        app_secret_hash="",
    )
    template = _insert(
        conn,
        "template",
        account_id=account,
        application_id=application,
        universal=False,
        name="Text",
        type="notification",
        content=SHORT,
        attributes="{}",
        active=True,
        state="approved",
        reason="",
    )
    return Account(account, application, template)


def add_carrier(conn: Connection, account: Account, *, port: int = 2775, **settings: Any) -> int:
    """A carrier at a port of this machine; `settings` are its columns."""
    columns: dict[str, Any] = {
        "name": f"Carrier {port}",
        "enabled": True,
        "host": "127.0.0.1",
        "port": port,
        "tls": False,
        "tls_verify": True,
        "system_id": "demo",
        "password": "demo",
        "system_type": "",
        "bind": "transceiver",
        "binds": 1,
        "window": 500,
        "rate": 0,
        "default_alphabet": "gsm7",
        "long_messages": "udh",
        "dest_ton": 1,
        "dest_npi": 1,
        "id_form": "as_is",
        "default_source": "",
    }
    return _insert(conn, "carrier", account_id=account.id, **(columns | settings))


def add_task(
    conn: Connection,
    account: Account,
    carrier: int,
    numbers: Sequence[int],
    *,
    content: str = SHORT,
    parts: int = 1,
    priority: int = 2,
    application_type: str = "international",
    signature: str | None = None,
    chunk_size: int = CHUNK,
    via: Sequence[int] = (),
    source: str = "Sendmill",
) -> int:
    """An executing task with its messages, chunks and tallies, as the import leaves them; its id.

    With carriers to go `via`, in the order of preference, it is routed. With a smaller `chunk_size` chunk n
    still begins at seq n * 1000, so seqs have gaps.
    """
    snapshot = {
        "application_type": application_type,
        "content": content,
        "attributes": {},
        "signature": signature,
        "source": source,
    }
    with conn.transaction():
        task = _insert(
            conn,
            "task",
            account_id=account.id,
            application_id=account.application,
            template_id=account.template,
            carrier_id=carrier,
            routed=bool(via),
            name="Task",
            status="executing",
            reason="",
            snapshot=json.dumps(snapshot),
            priority=priority,
            paused=False,
            import_state="imported",
            accepted=len(numbers),
            invalid=0,
            duplicate=0,
            unfit=0,
            parts=len(numbers) * parts,
            successful=0,
            failed=0,
            uncertain=0,
        )
        make_partitions(conn, task)
        rows = {"task": task, "parts": parts, "numbers": list(numbers), "size": chunk_size}
        conn.execute(
            "INSERT INTO message (task_id, seq, number, file_row, parts) "
            "SELECT %(task)s, (ord - 1) / %(size)s * 1000 + (ord - 1) %% %(size)s, number, ord + 1, "
            "%(parts)s FROM unnest(%(numbers)s::bigint[]) WITH ORDINALITY AS u (number, ord)",
            rows,
        )
        conn.execute(
            "INSERT INTO chunk (task_id, n, lo, hi, next_seq) "
            "SELECT task_id, seq / 1000, min(seq), max(seq) + 1, min(seq) FROM message "
            "WHERE task_id = %(task)s GROUP BY 1, 2",
            rows,
        )
        if via:
            conn.execute(
                "UPDATE chunk SET carrier_id = %s, carriers = %s WHERE task_id = %s",
                (via[0], list(via), task),
            )
        conn.execute(
            "INSERT INTO tally (task_id, n, messages) "
            "SELECT task_id, n, hi - lo FROM chunk WHERE task_id = %s",
            (task,),
        )
    return task


def make_partitions(conn: Connection, task: int) -> None:
    """The partitions that a task needs, and those of `submission` around today."""
    low = task // 1000 * 1000
    for parent in ("message", "part", "chunk", "tally", "failure"):
        _make_partition(conn, parent, f"{parent}_p{low // 1000}", str(low), str(low + 1000))
    today = datetime.now(UTC).date()
    for day in (today - timedelta(1), today, today + timedelta(1)):
        make_day(conn, day)


def make_day(conn: Connection, day: date) -> None:
    """The partition of `submission` for one day."""
    bounds = (f"'{day} 00:00:00+00'", f"'{day + timedelta(1)} 00:00:00+00'")
    _make_partition(conn, "submission", f"submission_{day:%Y%m%d}", *bounds)


def _make_partition(conn: Connection, parent: str, table: str, lower: str, upper: str) -> None:
    conn.execute(
        f"CREATE TABLE IF NOT EXISTS {table} PARTITION OF {parent} FOR VALUES FROM ({lower}) TO ({upper})"
    )


def _insert(conn: Connection, table: str, **columns: Any) -> int:
    columns = {"created_at": datetime.now(UTC)} | columns
    names, values = ", ".join(f'"{name}"' for name in columns), list(columns.values())
    marks = ", ".join(["%s"] * len(values))
    cursor = conn.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks}) RETURNING id', values)
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


@dataclass(frozen=True)
class Books:
    """What the store says about a task (or all): messages by result, and how many were handed over."""

    messages: int
    sending: int
    successful: int
    failed: int
    uncertain: int
    submitted: int
    not_sent: int = 0


# Every way in which counters, rows and chunks can contradict each other; each yields rows that are wrong.
_CONTRADICTIONS = {
    "a tally differs from its messages": """
        SELECT t.task_id, t.n, t.messages, t.successful, t.failed, t.uncertain, t.not_sent, r.* FROM tally t
        CROSS JOIN LATERAL (
            SELECT count(*) AS rows, count(*) FILTER (WHERE result = 1) AS ok,
                   count(*) FILTER (WHERE result = 2) AS bad, count(*) FILTER (WHERE result = 3) AS unknown,
                   count(*) FILTER (WHERE result = 4) AS not_sent
            FROM message m WHERE m.task_id = t.task_id AND m.seq / 1000 = t.n) r
        WHERE (t.messages, t.successful, t.failed, t.uncertain, t.not_sent)
           <> (r.rows, r.ok, r.bad, r.unknown, r.not_sent)""",
    "a tally counts more than there is": """
        SELECT task_id, n, messages - successful - failed - uncertain - not_sent AS sending FROM tally
        WHERE least(successful, failed, uncertain, not_sent,
                    messages - successful - failed - uncertain - not_sent) < 0""",
    "a failed message is not among the failures": """
        SELECT m.task_id, m.seq FROM message m LEFT JOIN failure f USING (task_id, seq)
        WHERE m.result = 2 AND f.seq IS NULL""",
    "a failure is not a failed message": """
        SELECT f.task_id, f.seq FROM failure f LEFT JOIN message m USING (task_id, seq)
        WHERE m.result IS DISTINCT FROM 2""",
    "a message has a result but was never handed over": """
        SELECT task_id, seq, result FROM message WHERE result IN (1, 3) AND submitted_at IS NULL""",
    "a message is not sent though it was handed over": """
        SELECT task_id, seq FROM message WHERE result = 4 AND submitted_at IS NOT NULL""",
    "a task is ended and not paused": """
        SELECT id FROM task WHERE ending AND NOT paused""",
    "a chunk has passed a message that nobody sent": """
        SELECT c.task_id, c.n, m.seq FROM chunk c JOIN message m ON m.task_id = c.task_id
            AND m.seq >= c.lo AND m.seq < c.next_seq
        WHERE m.submitted_at IS NULL AND m.result = 0""",
    "a chunk is done before its end, or has an owner without a lease": """
        SELECT task_id, n, state, owner, next_seq, hi FROM chunk
        WHERE (state = 2 AND next_seq < hi) OR (state = 0 AND (owner IS NOT NULL OR batch_hi IS NOT NULL))
           OR (state = 1 AND owner IS NULL) OR batch_hi <= next_seq""",
    "delivered differs from the parts": """
        SELECT m.task_id, m.seq, m.delivered, p.delivered FROM message m CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE p.result = 1) AS delivered FROM part p
            WHERE p.task_id = m.task_id AND p.seq = m.seq) p
        WHERE m.parts > 1 AND m.delivered <> p.delivered""",
    "a long message is successful without all its parts, or failed without a failed one": """
        SELECT m.task_id, m.seq, m.result, m.delivered, m.parts FROM message m
        WHERE EXISTS (SELECT FROM part p WHERE p.task_id = m.task_id AND p.seq = m.seq)
          AND ((m.result = 1) <> (m.delivered >= m.parts))""",
    "a submission belongs to a message that was not handed over": """
        SELECT s.task_id, s.seq FROM submission s JOIN message m USING (task_id, seq)
        WHERE m.submitted_at IS NULL AND NOT EXISTS (
            SELECT FROM report r WHERE r.task_id = s.task_id AND r.seq = s.seq AND r.kind = 'resent')""",
}


def check_books(conn: Connection, task: int | None = None) -> Books:
    """Fail when anything in the store contradicts anything else; tell what it says of a task (or of all)."""
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for wrong, query in _CONTRADICTIONS.items():
            found = conn.execute(query + " LIMIT 5").fetchall()
            assert not found, f"{wrong}: {found}"
        row = conn.execute(
            "SELECT count(*), count(*) FILTER (WHERE result = 0), count(*) FILTER (WHERE result = 1), "
            "count(*) FILTER (WHERE result = 2), count(*) FILTER (WHERE result = 3), count(submitted_at), "
            "count(*) FILTER (WHERE result = 4) "
            "FROM message WHERE %(task)s::bigint IS NULL OR task_id = %(task)s",
            {"task": task},
        ).fetchone()
    assert row is not None
    books = Books(*row)
    assert (
        books.messages == books.sending + books.successful + books.failed + books.uncertain + books.not_sent
    )
    return books
