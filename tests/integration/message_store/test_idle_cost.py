"""What senders ask again and again costs the same however many tasks only await reports, and chunks are done."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from tests.rig.handed_over import NUMBER, Sender
from tests.rig.store import add_task

from sendmill.message_store.engine.chunks import ABANDONED, CLAIM
from sendmill.message_store.engine.sendable_tasks import LIVE_TASKS, PULSE
from sendmill.message_store.partition_names import within
from sendmill.message_store.sender_locks import SENDER_LOCK
from sendmill.postgres.connections import SESSION
from sendmill.postgres.session_settings import options

FEW, MANY = 5, 400


@pytest.fixture(autouse=True)
def _alone(sender: Sender) -> None:
    sender.rows.execute("UPDATE task SET status = 'completed'")


def pages(url: str, statement: str, parameters: dict[str, Any]) -> int:
    """How many pages a statement reads, planned as the sender's connections plan it."""
    with psycopg.connect(url, options=options(**SESSION), autocommit=True) as conn:
        cursor = conn.execute("BEGIN")
        for _ in range(2):  # the first one also sets hints and reads the catalogue
            cursor = conn.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement, parameters)
            row = cursor.fetchone()
        conn.execute("ROLLBACK")
    assert row is not None
    plan = (row[0] if isinstance(row[0], list) else json.loads(row[0]))[0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def await_reports(sender: Sender, count: int) -> None:
    """Tasks of which everything was sent, their reports never come: as the worker's tick leaves them."""
    for _ in range(count):
        task = add_task(sender.rows, sender.account, sender.carrier, [NUMBER])
        sender.rows.execute("UPDATE chunk SET state = 2, next_seq = hi WHERE task_id = %s", (task,))
        sender.rows.execute("UPDATE message SET submitted_at = now() WHERE task_id = %s", (task,))
        sender.rows.execute("UPDATE task SET sent_at = now() WHERE id = %s", (task,))
    settle(sender)


def settle(sender: Sender) -> None:
    """What autovacuum does soon after."""
    for table in ("task", "chunk"):
        sender.rows.execute(f"VACUUM (ANALYZE) {table}")


@pytest.mark.parametrize("what", ["live", "abandoned", "pulse"])
async def test_tasks_that_only_await_reports_cost_nothing(sender: Sender, store_url: str, what: str) -> None:
    statement, parameters = {
        "live": (LIVE_TASKS, {"carriers": [sender.carrier]}),
        "abandoned": (ABANDONED, {"lock": SENDER_LOCK, "owner": sender.owner}),
        "pulse": (PULSE, {"lock": SENDER_LOCK}),
    }[what]
    add_task(sender.rows, sender.account, sender.carrier, [NUMBER])
    await_reports(sender, FEW)
    few = pages(store_url, statement, parameters)
    await_reports(sender, MANY)
    many = pages(store_url, statement, parameters)
    assert many <= few + 8, "an index may have become a level higher"


@pytest.mark.parametrize("what", ["live", "abandoned", "claim"])
async def test_chunks_that_are_done_cost_nothing(sender: Sender, store_url: str, what: str) -> None:
    task = add_task(sender.rows, sender.account, sender.carrier, [NUMBER])

    def add_done(first: int, count: int) -> None:
        sender.rows.execute(
            "INSERT INTO chunk (task_id, n, lo, hi, next_seq, state) SELECT %s, n, n, n, n, 2 "
            "FROM generate_series(%s::int, %s::int) AS n",
            (task, first, first + count - 1),
        )
        settle(sender)

    sender.rows.execute("UPDATE chunk SET n = 1000000 WHERE task_id = %s", (task,))
    statement, parameters = {
        "live": (LIVE_TASKS, {"carriers": [sender.carrier]}),
        "abandoned": (ABANDONED, {"lock": SENDER_LOCK, "owner": sender.owner}),
        "claim": (
            within(CLAIM, task),
            {"owner": sender.owner, "task_id": task, "carrier_id": sender.carrier},
        ),
    }[what]
    add_done(1, 10)
    few = pages(store_url, statement, parameters)
    add_done(11, 20_000)
    many = pages(store_url, statement, parameters)
    assert many <= few + 8
