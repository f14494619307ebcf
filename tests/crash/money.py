"""What the person ordered against what became of it: one task an OK, whole downloads, charges that are due."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import psycopg
from tests.crash.person import WRONG, Order, Person

# What the store holds of a task: its rows, the parts that the carrier took by its own journal, the parts that
# we know it took, the parts that were delivered, and what was charged.
_TASK = """
SELECT t.status, t.accepted, t.invalid, t.duplicate, t.unfit, t.successful + t.failed AS finished, t.failed,
    (SELECT count(*) FROM message m WHERE m.task_id = t.id) AS messages,
    (SELECT count(*) FROM message m JOIN journal j ON j.number = m.number WHERE m.task_id = t.id) AS taken,
    (SELECT count(*) FROM submission s WHERE s.task_id = t.id) AS known,
    (SELECT sum(CASE WHEN m.result = 1 THEN m.parts WHEN m.parts > 1 THEN m.delivered ELSE 0 END)
     FROM message m WHERE m.task_id = t.id) AS delivered,
    (SELECT coalesce(sum(value::int), 0) FROM jsonb_each_text(c.charged_parts)) AS charged, c.held,
    c.closed_at IS NOT NULL AS closed
FROM task t LEFT JOIN charge c ON c.task_id = t.id WHERE t.id = %s
"""
_OPEN = """
SELECT t.id, t.status, coalesce((SELECT sum(uncertain) FROM tally a WHERE a.task_id = t.id), 0),
       c.closed_at IS NOT NULL
FROM task t LEFT JOIN charge c ON c.task_id = t.id
WHERE t.id = ANY(%s) AND (t.status <> 'completed' OR c.closed_at IS NULL)
"""


def wait_until_charged(dsn: str, person: Person, patience: float) -> None:
    """Let the person close what is uncertain, and wait until every task is over and paid."""
    orders = {order.task: order for order in person.orders if order.task}
    deadline = time.monotonic() + patience
    with psycopg.connect(dsn, autocommit=True) as conn:
        while left := conn.execute(_OPEN, (list(orders),)).fetchall():
            assert time.monotonic() < deadline, f"not over or not paid: {left}"
            for task, status, uncertain, _ in left:
                if status == "executing" and uncertain:
                    person.give_up(orders[task])
            time.sleep(0.5)


def compare_orders(dsn: str, person: Person) -> list[str]:
    """What is wrong with the person's tasks, in sentences; the journal is in the database."""
    problems: list[str] = []
    with psycopg.connect(dsn, autocommit=True, row_factory=psycopg.rows.dict_row) as conn:
        names = Counter(row["name"] for row in conn.execute("SELECT name FROM task WHERE name <> 'Task'"))
        for order in person.orders:
            if names[order.name] != 1:
                problems.append(f"{order.name} is {names[order.name]} tasks")
            row = conn.execute(_TASK, (order.task,)).fetchone()
            if row is None:
                problems.append(f"{order.name} has no task {order.task}")
                continue
            problems += [f"{order.name}: {wrong}, {row}" for wrong in _wrongs(order, row)]
            problems += _wrong_files(person, order, row)
    return problems


def _wrongs(order: Order, row: dict[str, Any]) -> list[str]:
    wrongs = []
    if row["messages"] != order.numbers or row["accepted"] != order.numbers:
        wrongs.append(f"{order.numbers} numbers were uploaded")
    if (row["invalid"], row["duplicate"], row["unfit"]) != (len(WRONG), 1, 0):
        wrongs.append("the deleted rows are counted wrong")
    if row["finished"] != order.numbers:
        wrongs.append("the frozen counters do not add up")
    if row["held"] or not row["closed"]:
        wrongs.append("money is still held")
    if order.kind == "mainland" and row["charged"] != row["delivered"]:
        wrongs.append("charged is not what was delivered")
    if order.kind == "international" and not row["known"] <= row["charged"] <= row["taken"]:
        wrongs.append("charged is not what the carrier accepted")
    return wrongs


def _wrong_files(person: Person, order: Order, row: dict[str, Any]) -> list[str]:
    """Every download has a header and a line for each recipient, or for each failed one."""
    problems = []
    for key in order.exports:
        lines = len(person.fetch(key))
        if lines != order.numbers + 1:
            problems.append(f"{order.name}: the results have {lines} lines for {order.numbers} numbers")
    if row["failed"]:
        failed = len(person.fetch(person.order_file(order, "failed")))
        if failed != row["failed"] + 1:
            problems.append(f"{order.name}: the failed numbers have {failed} lines for {row['failed']}")
    return problems
