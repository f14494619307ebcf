"""Reports that name no id of ours: matched by number and time, and never guessed."""

from __future__ import annotations

import pytest
from tests.rig.handed_over import DELIVERED, NUMBER, UNDELIVERABLE, Sender
from tests.rig.store import add_task

from sendmill.message_store.engine.batches import BatchRecord, intend, record
from sendmill.message_store.engine.chunks import claim
from sendmill.message_store.engine.report_matching import ReportToMatch, match


@pytest.fixture
def by_number(sender: Sender) -> Sender:
    sender.rows.execute("UPDATE carrier SET reports = 'by_number' WHERE id = %s", (sender.carrier,))
    return sender


async def told(sender: Sender, number: int = NUMBER, state: tuple[int | None, str] = DELIVERED) -> int:
    """How many messages a report without an id is about."""
    return len(await match(sender.conn, sender.carrier, [ReportToMatch("", *state, "raw", number)]))


async def test_the_one_message_to_the_number_is_meant(by_number: Sender) -> None:
    sent = await by_number.send([NUMBER, NUMBER + 1])
    assert await told(by_number, state=UNDELIVERABLE) == 1
    assert (sent.message(0), sent.message(1)) == (UNDELIVERABLE, (0, None))
    assert await told(by_number, NUMBER + 2) == 0


async def test_of_two_none_is_meant_even_when_one_has_its_report(by_number: Sender) -> None:
    first = await by_number.send([NUMBER])
    assert await told(by_number) == 1
    second = await by_number.send([NUMBER])
    assert await told(by_number, state=UNDELIVERABLE) == 0
    assert (first.message(), second.message()) == (DELIVERED, (0, None))


async def test_one_that_was_sent_too_long_ago_is_not(by_number: Sender) -> None:
    first = await by_number.send([NUMBER])
    by_number.rows.execute(
        "UPDATE message SET submitted_at = now() - interval '61 min' WHERE task_id = %s", (first.task,)
    )
    assert await told(by_number) == 0
    second = await by_number.send([NUMBER])
    assert await told(by_number) == 1
    assert (first.message(), second.message()) == ((0, None), DELIVERED)
    by_number.rows.execute("UPDATE carrier SET number_minutes = 90 WHERE id = %s", (by_number.carrier,))
    assert await told(by_number) == 0


async def test_one_whose_batch_is_open_lets_the_report_wait(by_number: Sender) -> None:
    sent = await by_number.send([NUMBER])
    task = add_task(by_number.rows, by_number.account, by_number.carrier, [NUMBER])
    chunk = await claim(by_number.conn, by_number.owner, task)
    assert chunk is not None
    assert await intend(by_number.conn, chunk, by_number.owner, chunk.hi)
    assert await told(by_number) == 0
    window = BatchRecord(chunk.hi, [0], [0], [""], None, (), (), chunk.hi)
    assert await record(by_number.conn, chunk, by_number.owner, by_number.carrier, window)
    assert await told(by_number) == 0
    assert sent.message() == (0, None)


async def test_each_report_of_a_long_message_is_about_a_further_part(by_number: Sender) -> None:
    sent = await by_number.send([NUMBER], parts=3)
    for count in (1, 2, 3):
        assert await told(by_number) == 1
        assert sent.message()[0] == (1 if count == 3 else 0)
    sent.books()


async def test_where_reports_name_ids_a_number_says_nothing(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    assert await told(sender) == 0
    assert sent.message() == (0, None)
