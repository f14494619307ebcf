"""The SQL of delivery reports against PostgreSQL: what overrides what, parts, strangers, late responses. The
books are checked after every step."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.errors import DeadlockDetected
from tests.rig.store import Account, Books, add_account, add_carrier, add_task, check_books, make_day

from sendmill.carriers.ids import normalise_ids
from sendmill.storage.connections import connect
from sendmill.storage.delivered import deliver
from sendmill.storage.leases import Connection, WindowRecord, claim, intend, record, recover, register
from sendmill.storage.receipts import (
    LateResponse,
    Orphan,
    Receipt,
    keep_orphans,
    match,
    retry_orphans,
    settle_late,
)

NUMBER = 120200
DELIVERED, UNDELIVERABLE, ENROUTE = (1, "DELIVRD"), (2, "UNDELIV"), (None, "ENROUTE")


@pytest.fixture(scope="module")
def rows(store_url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(store_url, autocommit=True) as conn:
        yield conn


@pytest.fixture(scope="module")
def account(rows: psycopg.Connection[tuple[Any, ...]]) -> Account:
    return add_account(rows, "Receipts")


@dataclass
class Sent:
    """A task whose messages were all handed over; ids are `<task>-<seq>`, with `.<part>` for a long one."""

    conn: Connection
    rows: psycopg.Connection[tuple[Any, ...]]
    carrier: int
    task: int
    owner: int
    sequence: list[str] = field(default_factory=list)

    def key(self, seq: int, part: int = 0) -> str:
        return f"{self.task}-{seq}.{part}" if part else f"{self.task}-{seq}"

    async def report(self, *reports: tuple[str, tuple[int | None, str]]) -> set[int]:
        """A batch of reports (key, state); the books are right afterwards."""
        places = await match(self.conn, self.carrier, [Receipt(key, *state) for key, state in reports])
        check_books(self.rows, self.task)
        return places

    def books(self) -> Books:
        return check_books(self.rows, self.task)

    def message(self, seq: int = 0) -> tuple[int, str | None]:
        row = self.rows.execute(
            "SELECT result, code FROM message WHERE task_id = %s AND seq = %s", (self.task, seq)
        ).fetchone()
        assert row is not None
        return row[0], row[1]

    async def orphan(self, key: str | None, number: int | None, state: tuple[int | None, str]) -> None:
        """A report that found nothing, due to be tried again now."""
        result, code = state
        await keep_orphans(self.conn, [Orphan(self.carrier, "report", key, number, code, result, "raw")])
        self.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")

    async def retry(self) -> int:
        found = await retry_orphans(self.conn, self.carrier, as_they_are)
        check_books(self.rows, self.task)
        return found


def as_they_are(ids: Sequence[str]) -> Sequence[str]:
    return normalise_ids(ids, "as_is", reported=True)


@dataclass
class Sender:
    """Hands tasks over."""

    conn: Connection
    rows: psycopg.Connection[tuple[Any, ...]]
    account: Account
    carrier: int
    owner: int

    async def send(self, numbers: Sequence[int], *, parts: int = 1, unknown: bool = False) -> Sent:
        """A task that was sent; `unknown`: its sender died before it could write down what became of it."""
        task = add_task(self.rows, self.account, self.carrier, numbers, parts=parts)
        sent = Sent(self.conn, self.rows, self.carrier, task, self.owner)
        chunk = await claim(self.conn, self.owner, task)
        assert chunk is not None
        assert await intend(self.conn, chunk, self.owner, chunk.hi)
        if unknown:
            await recover(self.conn, {chunk.lease})
            return sent
        places = [
            (seq, part) for seq in range(len(numbers)) for part in (range(1, parts + 1) if parts > 1 else [0])
        ]
        written = WindowRecord(
            chunk.hi,
            [seq for seq, _ in places],
            [part for _, part in places],
            [sent.key(seq, part) for seq, part in places],
            None,
            [(seq, part, 0, None) for seq, part in places if part],
            [],
        )
        assert await record(self.conn, chunk, self.owner, self.carrier, written)
        sent.books()
        return sent


@pytest.fixture
async def sender(
    store_url: str, rows: psycopg.Connection[tuple[Any, ...]], account: Account
) -> AsyncIterator[Sender]:
    port = rows.execute("SELECT count(*) FROM carrier").fetchone()
    assert port is not None
    carrier = add_carrier(rows, account, port=port[0] + 3000)
    async with await connect(store_url, "test") as conn:
        yield Sender(conn, rows, account, carrier, await register(conn, "here", 1))


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


async def test_strangers_match_nothing_and_hurt_nobody(sender: Sender) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1])
    batch = [("stranger", DELIVERED), (sent.key(1), DELIVERED), ("' OR 1=1 --", UNDELIVERABLE)]
    assert await sent.report(*batch) == {1}
    assert (sent.books().successful, sent.books().sending) == (1, 1)


async def test_the_same_id_at_another_carrier_is_another_message(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    assert await match(sent.conn, sender.carrier + 1000, [Receipt(sent.key(0), *DELIVERED)]) == set()
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


async def settle_until_done(conn: Connection, carrier: int, batches: list[list[Receipt]]) -> None:
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
            receipts = [Receipt(key, *chance.choice([DELIVERED, ENROUTE])) for key in keys[: count // 2]]
            receipts += [Receipt(key, *DELIVERED) for key in keys]
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
    assert sent.books().uncertain == 1
    assert await sent.report(("late", DELIVERED)) == {0}
    assert sent.message() == DELIVERED


def kept(sent: Sent) -> list[tuple[int, int, str | None, str]]:
    """Reports that were kept as they came: seq, part, code, raw."""
    found = sent.rows.execute(
        "SELECT seq, part, code, raw FROM report WHERE task_id = %s ORDER BY seq, part, received_at",
        (sent.task,),
    )
    return found.fetchall()


async def told(sent: Sent, *reports: tuple[str, tuple[int | None, str], str]) -> None:
    receipts = [Receipt(key, *state, raw) for key, state, raw in reports]
    await match(sent.conn, sent.carrier, receipts)


async def test_only_reports_with_a_history_are_kept(sender: Sender) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1, NUMBER + 2])
    await told(
        sent,
        (sent.key(0), DELIVERED, "a"),
        (sent.key(1), ENROUTE, "b"),
        (sent.key(2), UNDELIVERABLE, "c"),
    )
    await told(sent, (sent.key(1), DELIVERED, "d"), (sent.key(2), UNDELIVERABLE, "c"))
    assert kept(sent) == [(2, 0, "UNDELIV", "c")]
    await told(sent, (sent.key(2), DELIVERED, "late"))
    assert kept(sent) == [(2, 0, "UNDELIV", "c"), (2, 0, "DELIVRD", "late")]
    assert sent.message(2) == (1, "DELIVRD")


async def test_reports_of_parts_are_kept_by_part(sender: Sender) -> None:
    sent = await sender.send([NUMBER], parts=2)
    await told(sent, (sent.key(0, 1), DELIVERED, "one"), (sent.key(0, 2), UNDELIVERABLE, "two"))
    assert kept(sent) == [(0, 2, "UNDELIV", "two")]
    await told(sent, (sent.key(0, 2), DELIVERED, "late"))
    assert kept(sent) == [(0, 2, "UNDELIV", "two"), (0, 2, "DELIVRD", "late")]


async def test_a_report_that_settles_an_uncertain_message_is_kept(sender: Sender) -> None:
    sent = await sender.send([NUMBER + 77], unknown=True)
    await sent.orphan("lost", NUMBER + 77, DELIVERED)
    assert await sent.retry() == 1
    assert kept(sent) == [(0, 0, "DELIVRD", "raw")]
