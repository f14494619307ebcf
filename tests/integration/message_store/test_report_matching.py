"""The SQL of delivery reports against PostgreSQL: what overrides what, parts, strangers, late responses. The
books are checked after every step."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.errors import DeadlockDetected
from tests.rig.handed_over import DELIVERED, ENROUTE, NUMBER, UNDELIVERABLE, Sender
from tests.rig.store import make_day

from sendmill.message_store.engine.orphans import Orphan, keep_orphans
from sendmill.message_store.engine.report_matching import LateResponse, ReportToMatch, match, settle_late
from sendmill.postgres.connections import Connection, connect


@pytest.mark.parametrize(
    ("states", "ends"),
    [
        ([DELIVERED], DELIVERED),
        ([UNDELIVERABLE], UNDELIVERABLE),
        ([ENROUTE], (0, "ENROUTE")),
        ([DELIVERED, DELIVERED], DELIVERED),
        ([UNDELIVERABLE, UNDELIVERABLE], UNDELIVERABLE),
        ([ENROUTE, DELIVERED], DELIVERED),
        ([DELIVERED, ENROUTE], DELIVERED),
        ([UNDELIVERABLE, ENROUTE], UNDELIVERABLE),
        ([UNDELIVERABLE, DELIVERED], DELIVERED),
        ([DELIVERED, UNDELIVERABLE], DELIVERED),
        ([ENROUTE, UNDELIVERABLE, DELIVERED, ENROUTE], DELIVERED),
        ([UNDELIVERABLE, (2, "EXPIRED")], None),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "several batches"])
async def test_what_overrides_what(
    sender: Sender,
    states: list[tuple[int | None, str]],
    ends: tuple[int, str] | None,
    together: bool,
) -> None:
    sent = await sender.send([NUMBER])
    reports = [(sent.key(0), state) for state in states]
    if together:
        assert await sent.report(*reports) == set(range(len(states)))
    else:
        for report in reports:
            assert await sent.report(report) == {0}
    if ends is not None:
        assert sent.message() == ends
    else:
        assert sent.message()[0] == 2


async def test_strangers_match_nothing_and_hurt_nobody(sender: Sender) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1])
    batch = [("stranger", DELIVERED), (sent.key(1), DELIVERED), ("' OR 1=1 --", UNDELIVERABLE)]
    assert await sent.report(*batch) == {1}
    assert (sent.books().successful, sent.books().sending) == (1, 1)


async def test_the_same_id_at_another_carrier_is_another_message(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    assert await match(sent.conn, sender.carrier + 1000, [ReportToMatch(sent.key(0), *DELIVERED)]) == set()
    assert sent.books().sending == 1


async def test_a_report_that_comes_days_later_still_finds_its_message(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    then = datetime.now(UTC) - timedelta(days=3)
    make_day(sender.rows, then.date())
    sender.rows.execute("UPDATE submission SET submitted_at = %s WHERE task_id = %s", (then, sent.task))
    assert await sent.report((sent.key(0), DELIVERED)) == {0}
    assert sent.message() == DELIVERED


async def test_of_two_messages_with_one_id_the_later_one_is_meant(sender: Sender) -> None:
    old, new = await sender.send([NUMBER]), await sender.send([NUMBER])
    sender.rows.execute(
        "UPDATE submission SET id_hash = (SELECT id_hash FROM submission WHERE task_id = %(old)s) "
        "WHERE task_id = %(new)s",
        {"old": old.task, "new": new.task},
    )
    assert await new.report((old.key(0), DELIVERED)) == {0}
    assert (old.books().sending, new.books().successful) == (1, 1)


@pytest.mark.parametrize("batches", [1, 2, 6], ids=["one batch", "two batches", "each alone"])
@pytest.mark.parametrize("failed", [None, 1, 3], ids=["all delivered", "first failed", "last failed"])
async def test_parts_make_up_a_message(sender: Sender, batches: int, failed: int | None) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1], parts=3)
    reports = [
        (sent.key(seq, part), UNDELIVERABLE if part == failed else DELIVERED)
        for part in (2, 1, 3)
        for seq in (0, 1)
    ]
    size = 6 // batches
    for at in range(0, 6, size):
        places = await sent.report(*reports[at : at + size])
        assert places == set(range(size))
    assert [sent.message(0), sent.message(1)] == [UNDELIVERABLE if failed else DELIVERED] * 2


async def test_a_long_message_is_not_delivered_before_its_last_part(sender: Sender) -> None:
    sent = await sender.send([NUMBER], parts=3)
    await sent.report((sent.key(0, 1), DELIVERED), (sent.key(0, 3), DELIVERED))
    assert sent.message() == (0, "DELIVRD")
    await sent.report((sent.key(0, 1), DELIVERED), (sent.key(0, 1), DELIVERED))
    assert sent.message() == (0, "DELIVRD")
    await sent.report((sent.key(0, 2), ENROUTE))
    assert sent.message()[0] == 0
    await sent.report((sent.key(0, 2), DELIVERED))
    assert sent.message() == DELIVERED


async def test_a_part_that_failed_first_and_was_delivered_after_all(sender: Sender) -> None:
    sent = await sender.send([NUMBER], parts=2)
    await sent.report((sent.key(0, 1), UNDELIVERABLE))
    assert sent.message() == UNDELIVERABLE
    await sent.report((sent.key(0, 2), DELIVERED))
    assert sent.message() == UNDELIVERABLE
    await sent.report((sent.key(0, 1), DELIVERED))
    assert sent.message() == DELIVERED


async def settle_until_done(conn: Connection, carrier: int, batches: list[list[ReportToMatch]]) -> None:
    for batch in batches:
        while True:
            try:
                assert len(await match(conn, carrier, batch)) == len(batch)
            except DeadlockDetected:
                continue
            break


@pytest.mark.parametrize("parts", [1, 3])
async def test_writers_at_a_time_lose_nothing(sender: Sender, store_url: str, parts: int) -> None:
    """Three connections settle overlapping reports in orders that differ; a deadlock is tried again."""
    count = 300
    sent = await sender.send(range(NUMBER, NUMBER + count), parts=parts)
    places = [(seq, part) for seq in range(count) for part in (range(1, parts + 1) if parts > 1 else [0])]
    chance = random.Random(5)
    async with await connect(store_url, "two") as two, await connect(store_url, "three") as three:
        work = []
        for conn in (sent.conn, two, three):
            keys = [sent.key(*place) for place in chance.sample(places, len(places))]
            receipts = [
                ReportToMatch(key, *chance.choice([DELIVERED, ENROUTE])) for key in keys[: count // 2]
            ]
            receipts += [ReportToMatch(key, *DELIVERED) for key in keys]
            batches = [receipts[at : at + 40] for at in range(0, len(receipts), 40)]
            work.append(settle_until_done(conn, sender.carrier, batches))
        await asyncio.gather(*work)
    assert sent.books().successful == count


async def test_an_orphan_finds_its_message_by_id(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    await sent.orphan("later", NUMBER, DELIVERED)
    assert await sent.retry() == 0
    late = LateResponse(sent.task, 0, 0, "later", "later", 0, None)
    await settle_late(sent.conn, sent.carrier, late)
    sent.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")
    assert await sent.retry() == 1
    assert sent.message() == DELIVERED
    assert await sent.retry() == 0


@pytest.mark.parametrize("state", [DELIVERED, UNDELIVERABLE])
async def test_an_orphan_settles_the_only_uncertain_message_to_its_number(
    sender: Sender, state: tuple[int, str]
) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1], unknown=True)
    assert sent.books().uncertain == 2
    await sent.orphan("lost id", NUMBER, state)
    await sent.orphan("lost id", NUMBER, state)
    await sent.orphan(None, NUMBER + 1, ENROUTE)
    assert await sent.retry() == 2
    assert sent.message(0) == state
    assert sent.message(1) == (3, "UNCERTAIN")


async def test_two_candidates_are_no_reason_to_guess(sender: Sender) -> None:
    first, second = await sender.send([NUMBER], unknown=True), await sender.send([NUMBER], unknown=True)
    await first.orphan("lost id", NUMBER, DELIVERED)
    assert await first.retry() == 0
    assert (first.books().uncertain, second.books().uncertain) == (1, 1)


async def test_two_ids_for_one_message_are_no_reason_to_guess(sender: Sender) -> None:
    sent = await sender.send([NUMBER], unknown=True)
    await sent.orphan("one", NUMBER, DELIVERED)
    await sent.orphan("other", NUMBER, UNDELIVERABLE)
    assert await sent.retry() == 0
    assert sent.books().uncertain == 1


async def test_a_report_that_is_older_than_the_task_is_not_about_it(sender: Sender) -> None:
    sent = await sender.send([NUMBER], unknown=True)
    await sent.orphan("old", NUMBER, DELIVERED)
    sent.rows.execute("UPDATE orphan SET received_at = now() - interval '2 h'")
    assert await sent.retry() == 0
    assert sent.books().uncertain == 1


async def test_a_message_that_was_sent_for_certain_is_never_settled_by_number(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    await sent.orphan("stranger", NUMBER, UNDELIVERABLE)
    assert await sent.retry() == 0
    assert sent.message() == (0, None)


async def test_orphans_are_tried_less_and_less_often_and_kept(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    await sent.orphan("stranger", None, DELIVERED)
    for _ in range(20):
        assert await sent.retry() == 0
        sent.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")
    row = sent.rows.execute(
        "SELECT tries, retry_at, matched_at FROM orphan WHERE carrier_id = %s", (sender.carrier,)
    ).fetchone()
    assert row == (15, None, None)


async def test_an_id_with_a_line_end_does_not_shift_the_others(sender: Sender) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1])
    await sent.orphan("two\nlines", None, UNDELIVERABLE)
    await sent.orphan(sent.key(1), None, DELIVERED)
    assert await sent.retry() == 1
    assert (sent.message(0), sent.message(1)) == ((0, None), DELIVERED)


async def test_replies_and_unreadable_reports_are_kept_and_not_tried_again(sender: Sender) -> None:
    orphans = [
        Orphan(sender.carrier, kind, None, NUMBER, None, None, "Stop!") for kind in ("reply", "unreadable")
    ]
    await keep_orphans(sender.conn, orphans)
    await keep_orphans(sender.conn, [])
    kept = sender.rows.execute(
        "SELECT kind, raw, retry_at FROM orphan WHERE carrier_id = %s ORDER BY kind", (sender.carrier,)
    ).fetchall()
    assert kept == [("reply", "Stop!", None), ("unreadable", "Stop!", None)]


@pytest.mark.parametrize(
    ("result", "code", "ends"),
    [(0, None, (0, None)), (2, "SMPP-0x0000000B", (2, "SMPP-0x0000000B"))],
    ids=["accepted", "refused"],
)
async def test_a_late_response_settles_what_was_uncertain(
    sender: Sender, result: int, code: str | None, ends: tuple[int, str | None]
) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1], unknown=True)
    late = LateResponse(sent.task, 1, 0, "late", "late", result, code)
    for _ in range(2):
        await settle_late(sent.conn, sent.carrier, late)
        sent.books()
    assert (sent.message(0), sent.message(1)) == ((3, "UNCERTAIN"), ends)
    assert await sent.report(("late", DELIVERED)) == ({0} if result == 0 else set())


async def test_a_late_response_to_a_part_lets_its_report_in(sender: Sender) -> None:
    sent = await sender.send([NUMBER], parts=2)
    # As it is written when the second part was never answered.
    sent.rows.execute("DELETE FROM submission WHERE task_id = %s AND part = 2", (sent.task,))
    sent.rows.execute("UPDATE part SET result = 3 WHERE task_id = %s AND part = 2", (sent.task,))
    sent.rows.execute("UPDATE message SET result = 3 WHERE task_id = %s", (sent.task,))
    sent.rows.execute("UPDATE tally SET uncertain = 1 WHERE task_id = %s", (sent.task,))
    assert await sent.report((sent.key(0, 1), DELIVERED), ("late", DELIVERED)) == {0}
    assert sent.message()[0] == 3
    await settle_late(sent.conn, sent.carrier, LateResponse(sent.task, 0, 2, "late", "late", 0, None))
    assert (sent.books().uncertain, sent.books().sending) == (0, 1)
    assert await sent.report(("late", DELIVERED)) == {0}
    assert sent.message() == DELIVERED
