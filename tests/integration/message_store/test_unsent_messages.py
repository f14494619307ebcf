"""The end of a task beside senders at work: what left is never Not sent, what did not leave always is in the end,
whoever dies in between; and what reports do to a message that is Not sent or was doubted."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from tests.integration.message_store.test_chunks_machine import ACCEPTED, HELD_BACK, Sending, window_record
from tests.rig.handed_over import DELIVERED, ENROUTE, NUMBER, UNDELIVERABLE, Sender, Sent
from tests.rig.in_django import InDjango
from tests.rig.store import Account, add_carrier, add_task, check_books

from sendmill.message_store.engine.batches import intend, record
from sendmill.message_store.engine.chunks import claim, recipients, recover, release
from sendmill.message_store.queries import uncertain, unsent_messages

Rows = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def in_django(store_url: str, django_db_blocker: Any) -> InDjango:
    return InDjango(store_url, django_db_blocker)


@pytest.fixture(scope="module")
def carrier(rows: Rows, account: Account) -> int:
    return add_carrier(rows, account)


def mark_ended(rows: Rows, task: int) -> None:
    rows.execute("UPDATE task SET ending = true, paused = true WHERE id = %s", (task,))


def result_rows(rows: Rows, task: int) -> list[int]:
    found = rows.execute("SELECT result FROM message WHERE task_id = %s ORDER BY seq", (task,)).fetchall()
    return [result for (result,) in found]


class Ending(Sending):
    """Two senders on one task which a person ends at any moment, or whose rest is doubted."""

    in_django: InDjango

    def __init__(self) -> None:
        super().__init__()
        self.ended = False

    @rule(which=st.integers(0, 1), size=st.integers(1, 4), at_once=st.booleans())
    def end(self, which: int, size: int, at_once: bool) -> None:
        """The mark and the statements, or the mark alone, as a kill in between leaves it; beside an open window, if
        one can be had."""
        self.claim(which)
        self.open_window(which, size, size)
        mark_ended(self.rows, self.task)
        self.ended = True
        if at_once:
            self.in_django(unsent_messages.end_unsent, self.task)

    @rule()
    def settle_the_rest(self) -> None:
        if self.ended:
            self.in_django(unsent_messages.end_unsent, self.task)

    @rule()
    def doubt(self) -> None:
        if self.ended:
            self.in_django(unsent_messages.mark_unsent_uncertain, self.task, "boss")

    @rule(paused=st.booleans())
    def pause(self, paused: bool) -> None:
        self.rows.execute("UPDATE task SET paused = %s OR ending WHERE id = %s", (paused, self.task))

    @invariant()
    def what_is_not_sent_never_left(self) -> None:
        found = self.rows.execute("SELECT seq FROM message WHERE task_id = %s AND result = 4", (self.task,))
        assert not {seq for (seq,) in found.fetchall()} & set(self.left)

    def finish(self) -> None:
        """Ended by all means, every message is sent or not sent, and no chunk is left."""
        if not self.ended:
            super().finish()
            return
        self.die(1)
        self.senders[0].work = None
        self.look_for_the_dead(0, 2)
        self.in_django(unsent_messages.end_unsent, self.task)
        books = check_books(self.rows, self.task)
        assert self.in_django(unsent_messages.chunks_left, self.task) == (0, 0)
        assert books.submitted + books.not_sent == books.messages == 14
        assert self.in_django(unsent_messages.end_unsent, self.task) == 0
        assert check_books(self.rows, self.task) == books
        self.nothing_left_twice()


def test_an_ended_task_is_settled_beside_its_senders_whatever_happens(
    store_url: str, account: Account, carrier: int, in_django: InDjango
) -> None:
    with asyncio.Runner() as runner:
        bound = {
            "address": store_url,
            "account": account,
            "carrier": carrier,
            "runner": runner,
            "in_django": in_django,
        }
        run_state_machine_as_test(
            type("Ending", (Ending,), bound),
            settings=settings(
                phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
                max_examples=25,
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


async def test_an_open_window_is_left_to_its_sender_and_the_rest_of_its_chunk_ended_afterwards(
    sender: Sender, in_django: InDjango
) -> None:
    rows, conn, owner = sender.rows, sender.conn, sender.owner
    task = add_task(rows, sender.account, sender.carrier, range(NUMBER, NUMBER + 10), chunk_size=6)
    chunk = await claim(conn, owner, task)
    assert chunk is not None
    window = (await recipients(conn, chunk))[:3]
    assert await intend(conn, chunk, owner, 3)
    mark_ended(rows, task)
    assert in_django(unsent_messages.end_unsent, task) == 4  # the other chunk
    assert in_django(unsent_messages.chunks_left, task) == (1, 0)
    assert in_django(unsent_messages.end_unsent, task) == 0
    fates = [ACCEPTED, HELD_BACK, ACCEPTED]
    assert await record(conn, chunk, owner, sender.carrier, window_record(chunk, window, fates, 3))
    # Still leased, and no window open: its sender would go on, and cannot.
    assert in_django(unsent_messages.end_unsent, task) == 4
    assert not await intend(conn, chunk._replace(next_seq=1), owner, 6)
    await release(conn, chunk, owner)
    books = check_books(rows, task)
    assert (books.submitted, books.sending, books.not_sent) == (2, 2, 8)
    assert result_rows(rows, task) == [0, 4, 0, *[4] * 7]
    assert in_django(unsent_messages.chunks_left, task) == (0, 0)


async def test_chunks_that_are_taken_while_their_locks_are_waited_for_hide_none_behind_them(
    sender: Sender, in_django: InDjango
) -> None:
    rows = sender.rows
    task = add_task(rows, sender.account, sender.carrier, range(NUMBER, NUMBER + 50), chunk_size=1)
    mark_ended(rows, task)
    waits = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%FOR UPDATE%%'"
    with psycopg.connect(in_django.address) as lane:
        first = f"task_id = {task} AND n < {unsent_messages.BATCH}"
        lane.execute(f"UPDATE chunk SET state = 1, owner = {sender.owner}, batch_hi = hi WHERE {first}")
        running = asyncio.create_task(asyncio.to_thread(in_django, unsent_messages.end_unsent, task))
        while not rows.execute(waits).fetchall():
            assert not running.done()
            await asyncio.sleep(0.01)
    assert await running == 50 - unsent_messages.BATCH
    assert in_django(unsent_messages.chunks_left, task) == (unsent_messages.BATCH, 0)


async def test_an_open_window_of_a_dead_sender_is_uncertain_and_the_rest_not_sent(
    sender: Sender, in_django: InDjango
) -> None:
    rows, conn = sender.rows, sender.conn
    task = add_task(rows, sender.account, sender.carrier, range(NUMBER, NUMBER + 6))
    chunk = await claim(conn, sender.owner, task)
    assert chunk is not None
    assert await intend(conn, chunk, sender.owner, 2)
    mark_ended(rows, task)
    assert in_django(unsent_messages.end_unsent, task) == 0
    assert await recover(conn, {chunk.lease}) == (1, 2)
    assert in_django(unsent_messages.end_unsent, task) == 4
    books = check_books(rows, task)
    assert (books.uncertain, books.not_sent, books.sending) == (2, 4, 0)


async def test_what_was_settled_before_keeps_its_result(sender: Sender, in_django: InDjango) -> None:
    sent = await sender.send(range(NUMBER, NUMBER + 3))
    await sent.report((sent.key(0), DELIVERED), (sent.key(1), UNDELIVERABLE))
    mark_ended(sent.rows, sent.task)
    assert in_django(unsent_messages.end_unsent, sent.task) == 0
    await sent.report((sent.key(2), DELIVERED))
    assert result_rows(sent.rows, sent.task) == [1, 2, 1]


async def ended_after_a_second_try(sender: Sender, in_django: InDjango) -> Sent:
    """A message whose first try the carrier accepted, that became Uncertain, was let go again, and then ended."""
    # No other task of these tests has this number in an open window: it would make reports wait for its response.
    sent = await sender.send([NUMBER + 1000 + sender.carrier])
    sent.rows.execute("UPDATE message SET result = 3 WHERE task_id = %s", (sent.task,))
    sent.rows.execute("UPDATE tally SET uncertain = 1 WHERE task_id = %s", (sent.task,))
    again = uncertain.Chosen()
    assert in_django(lambda: uncertain.send_again(sent.task, 0, 1000, chosen=again, who="boss")) == 1
    mark_ended(sent.rows, sent.task)
    assert in_django(unsent_messages.end_unsent, sent.task) == 1
    assert sent.books().not_sent == 1
    return sent


@pytest.mark.parametrize(
    ("states", "result"),
    [
        ([DELIVERED], 1),
        ([UNDELIVERABLE], 2),
        ([UNDELIVERABLE, DELIVERED], 1),
        ([ENROUTE], 4),
        ([ENROUTE, DELIVERED], 1),
    ],
)
async def test_a_report_by_its_id_proves_that_a_message_was_sent_after_all(
    sender: Sender, in_django: InDjango, states: list[tuple[int | None, str]], result: int
) -> None:
    sent = await ended_after_a_second_try(sender, in_django)
    for state in states:
        assert await sent.report((sent.key(0), state)) == {0}
    assert sent.message()[0] == result
    assert sent.books().not_sent == (result == 4)


async def test_a_report_that_only_names_the_number_is_no_proof(sender: Sender, in_django: InDjango) -> None:
    rows = sender.rows
    task = add_task(rows, sender.account, sender.carrier, [NUMBER + 77])
    sent = Sent(sender.conn, rows, sender.carrier, task, sender.owner)
    mark_ended(rows, task)
    assert in_django(unsent_messages.end_unsent, task) == 1
    await sent.orphan("unknown", NUMBER + 77, DELIVERED)
    assert await sent.retry() == 0
    assert sent.message() == (4, None)


async def test_what_is_doubted_is_uncertain_and_settled_by_a_report_that_names_the_number(
    sender: Sender, in_django: InDjango
) -> None:
    rows = sender.rows
    task = add_task(rows, sender.account, sender.carrier, [NUMBER + 88, NUMBER + 89])
    sent = Sent(sender.conn, rows, sender.carrier, task, sender.owner)
    mark_ended(rows, task)
    assert in_django(unsent_messages.mark_unsent_uncertain, task, "boss") == 2
    assert in_django(unsent_messages.mark_unsent_uncertain, task, "boss") == 0
    assert sent.message() == (3, "UNCERTAIN")
    assert check_books(rows, task).uncertain == 2
    await sent.orphan("unknown", NUMBER + 88, DELIVERED)
    assert await sent.retry() == 1
    assert result_rows(rows, task) == [1, 3]
    told = rows.execute(
        "SELECT seq, raw FROM report WHERE task_id = %s AND kind = 'doubted' ORDER BY seq", (task,)
    ).fetchall()
    assert told == [(0, "boss"), (1, "boss")]
    decided = uncertain.Chosen()
    settle = uncertain.settle_uncertain
    assert in_django(lambda: settle(task, 0, 1000, chosen=decided, result=2, code="SETTLED", who="boss")) == 1
    assert check_books(rows, task).failed == 1
