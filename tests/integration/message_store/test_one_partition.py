"""What is asked about one task touches the tables of its range only, however many ranges there are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.rig.handed_over import DELIVERED, NUMBER, UNDELIVERABLE, Sender
from tests.rig.store import add_task

from sendmill.message_store.engine.chunks import WindowRecord, claim, intend, recipients, record, release
from sendmill.message_store.engine.match_cached import Failure, deliver, fail
from sendmill.message_store.engine.report_matching import LateResponse, Receipt, match, settle_late

TABLES = ("message", "part", "chunk", "tally", "failure")
OTHERS = """
SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.pid = pg_backend_pid() AND c.relname LIKE '%_p77%' ORDER BY 1
"""


@pytest.fixture
def another_range(sender: Sender) -> Iterator[None]:
    for table in TABLES:
        sender.rows.execute(
            f"CREATE TABLE {table}_p77 PARTITION OF {table} FOR VALUES FROM (77000) TO (78000)"  # type: ignore[arg-type]
        )
    yield
    for table in TABLES:
        sender.rows.execute(f"DROP TABLE {table}_p77")  # type: ignore[arg-type]


@pytest.mark.parametrize("parts", [1, 2])
async def test_no_statement_of_the_hot_path_locks_another_range(
    sender: Sender, another_range: None, parts: int
) -> None:
    sent = await sender.send([NUMBER + at for at in range(4)], parts=parts)
    other = add_task(sender.rows, sender.account, sender.carrier, [NUMBER, NUMBER + 1], parts=parts)
    conn, carrier = sender.conn, sender.carrier
    failure = Failure("x", "UNDELIV", "raw")
    async with conn.transaction(force_rollback=True):
        chunk = await claim(conn, sender.owner, other)
        assert chunk is not None
        assert len(await recipients(conn, chunk)) == 2
        assert await intend(conn, chunk, sender.owner, 1)
        rows = [(0, part, 0, None) for part in range(1, parts + 1)] if parts > 1 else []
        seqs, places = [0] * parts, [row[1] for row in rows] or [0]
        ids = [f"one-{place}" for place in places]
        written = WindowRecord(1, seqs, places, ids, None, rows, [(1, 2, "SMPP-0x0000000B")])
        assert await record(conn, chunk, sender.owner, carrier, written)
        await release(conn, chunk, sender.owner)
        keys = [sent.key(0, place) for place in places]
        receipts = [Receipt(key, *state, "raw") for key in keys for state in (UNDELIVERABLE, DELIVERED)]
        assert await match(conn, carrier, receipts, nested=True) == set(range(len(receipts)))
        await settle_late(conn, carrier, LateResponse(sent.task, 1, 0, "late", "late", 0, None))
        if parts == 1:
            assert await deliver(conn, sent.task, [2]) == set()
            assert await fail(conn, carrier, sent.task, [3], [failure]) == set()
        cursor = await conn.execute(OTHERS)
        assert await cursor.fetchall() == []
        await conn.execute("SELECT count(*) FROM message")
        cursor = await conn.execute(OTHERS)
        assert await cursor.fetchall() != []  # what the statements would have done


async def test_a_report_about_what_retention_removed_is_settled_for_good(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    sender.rows.execute(
        "INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id) "
        "SELECT hashtextextended(id, %s), 999000123, 0, 0, %s, id FROM unnest(ARRAY['gone', 'gone too']) AS id",
        (sender.carrier, sender.carrier),
    )
    batch = [
        Receipt("gone", *DELIVERED),
        Receipt(sent.key(0), *DELIVERED),
        Receipt("gone too", *UNDELIVERABLE),
    ]
    assert await match(sender.conn, sender.carrier, batch) == {0, 1, 2}
    assert sent.message() == DELIVERED
    async with sender.conn.transaction():
        assert await match(sender.conn, sender.carrier, batch, nested=True) == {0, 1, 2}
    assert sent.books().successful == 1
