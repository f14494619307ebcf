"""Reports about messages whose places are known: what they settle, and that it is what matching settles."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from tests.rig.handed_over import DELIVERED, ENROUTE, NUMBER, UNDELIVERABLE, Sender
from tests.rig.store import add_task

from sendmill.message_store.engine.chunks import RECORD_RESULTS
from sendmill.message_store.engine.match_cached import Failure, deliver, fail
from sendmill.message_store.partition_names import within


async def test_reports_of_delivery_at_known_places_settle_once(sender: Sender) -> None:
    sent = await sender.send([NUMBER + at for at in range(5)])
    assert await deliver(sent.conn, sent.task, [3, 0, 4]) == set()
    assert sent.books().successful == 3
    assert sent.message(3) == DELIVERED
    assert await deliver(sent.conn, sent.task, [0, 1, 3]) == {0, 3}
    assert (sent.books().successful, sent.books().sending) == (4, 1)


async def test_a_known_place_with_a_result_is_left_to_be_matched(sender: Sender) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1])
    await sent.report((sent.key(0), UNDELIVERABLE))
    assert await deliver(sent.conn, sent.task, [0, 1, 9]) == {0, 9}
    assert (sent.message(0), sent.message(1)) == (UNDELIVERABLE, DELIVERED)
    assert sent.books().failed == 1


async def test_reports_of_failure_at_known_places_settle_once_and_are_kept(sender: Sender) -> None:
    sent = await sender.send([NUMBER + at for at in range(5)])
    gone, odd = Failure("a", "UNDELIV", "gone"), Failure("b", "MYSTERY", "odd\nin two lines")
    assert await fail(sent.conn, sent.carrier, sent.task, [4, 1], [gone, odd]) == set()
    assert (sent.books().failed, sent.books().sending) == (2, 3)
    assert (sent.message(4), sent.message(1)) == (UNDELIVERABLE, (2, "MYSTERY"))
    assert sent.kept() == [(1, 0, "MYSTERY", "odd\nin two lines"), (4, 0, "UNDELIV", "gone")]
    assert await fail(sent.conn, sent.carrier, sent.task, [0, 1, 9], [gone, odd, gone]) == {1, 9}
    assert sent.message(1) == (2, "MYSTERY")
    assert sent.books().failed == 3


async def test_a_failure_at_a_known_place_may_still_be_delivered(sender: Sender) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1])
    await fail(sent.conn, sent.carrier, sent.task, [0], [Failure(sent.key(0), "UNDELIV", "gone")])
    assert await sent.report((sent.key(0), DELIVERED), (sent.key(1), ENROUTE)) == {0, 1}
    assert sent.message(0) == DELIVERED
    assert (sent.books().successful, sent.books().failed, sent.books().sending) == (1, 0, 1)


async def test_both_ways_of_a_failure_leave_the_same(sender: Sender) -> None:
    looked_up, placed = await sender.send([NUMBER]), await sender.send([NUMBER])
    await looked_up.told((looked_up.key(0), UNDELIVERABLE, "gone"))
    failure = Failure(placed.key(0), "UNDELIV", "gone")
    assert await fail(placed.conn, placed.carrier, placed.task, [0], [failure]) == set()
    columns = (
        "seq, part, kind, code, result, raw, digest, carrier_id, replace(message_id, task_id::text, 'task')"
    )
    failures = "SELECT seq FROM failure WHERE task_id = %s"
    reports = f"SELECT {columns} FROM report WHERE task_id = %s"
    for query in (failures, reports):
        one, other = (sent.rows.execute(query, (sent.task,)).fetchall() for sent in (looked_up, placed))
        assert one == other != []
    assert looked_up.message() == placed.message()


async def reads(sender: Sender, work: Any) -> int:
    """Rows of `message` that indexes and scans handed out while `work` ran."""
    query = (
        "SELECT coalesce(sum(coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0)), 0) "
        "FROM pg_stat_xact_user_tables WHERE relname LIKE 'message_p%'"
    )
    async with sender.conn.transaction():
        before = await (await sender.conn.execute(query)).fetchone()
        await work()
        after = await (await sender.conn.execute(query)).fetchone()
    assert before is not None
    assert after is not None
    return int(after[0] - before[0])


@pytest.mark.parametrize("what", ["fail", "deliver", "refuse"])
async def test_settling_one_message_reads_few_of_a_task_younger_than_its_plan(
    sender: Sender, what: str
) -> None:
    rows, conn = sender.rows, sender.conn
    rows.execute("SELECT setval('task_id_seq', (last_value / 1000 + 1) * 1000, false) FROM task_id_seq")

    async def settle(task: int, seq: int) -> None:
        if what == "fail":
            assert not await fail(conn, sender.carrier, task, [seq], [Failure("x", "UNDELIV", "gone")])
        elif what == "deliver":
            assert not await deliver(conn, task, [seq])
        else:
            told = {"seqs": [seq], "results": [2], "codes": ["X"]}
            await conn.execute(within(RECORD_RESULTS, task), told | {"task_id": task, "n": seq // 1000})

    small = add_task(rows, sender.account, sender.carrier, range(NUMBER, NUMBER + 5))
    async with conn.transaction(force_rollback=True):  # nothing of it was ever handed over
        for seq in range(4):  # prepared at the second use
            await settle(small, seq)
        large = add_task(rows, sender.account, sender.carrier, range(NUMBER, NUMBER + 20_000))
        assert await reads(sender, lambda: settle(large, 19_993)) < 100


async def test_failures_lock_messages_by_seq(sender: Sender, store_url: str) -> None:
    sent = await sender.send(range(NUMBER, NUMBER + 5))
    with psycopg.connect(store_url) as other:
        other.execute("SELECT FROM message WHERE task_id = %s AND seq = 0 FOR UPDATE", (sent.task,))
        failures = [Failure("x", "UNDELIV", "gone")] * 2
        failing = asyncio.create_task(fail(sent.conn, sent.carrier, sent.task, [4, 0], failures))
        await asyncio.sleep(0.5)
        try:
            other.execute(
                "SELECT FROM message WHERE task_id = %s AND seq = 4 FOR UPDATE NOWAIT", (sent.task,)
            )
        finally:
            other.rollback()
            await failing
