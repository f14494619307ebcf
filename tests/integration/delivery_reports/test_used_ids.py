"""Ids that were given before: of parts of long messages, of messages without a response, and of questions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.rig.handed_over import DELIVERED, NUMBER, UNDELIVERABLE, Sender, Sent

from sendmill.delivery_reports.status_queries import StatusQueries
from sendmill.message_store.engine.report_matching import LateResponse, Receipt, match, settle_late
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool

OTHER = NUMBER + 77_777


def give_ids_of(sender: Sender, old: Sent, new: Sent) -> None:
    """The carrier gave a task the ids of an older one."""
    sender.rows.execute(
        "UPDATE submission n SET id_hash = o.id_hash, message_id = o.message_id FROM submission o "
        "WHERE o.task_id = %s AND n.task_id = %s AND n.seq = o.seq AND n.part = o.part",
        (old.task, new.task),
    )


async def tell(sent: Sent, number: int, state: tuple[int, str], keys: list[str]) -> set[int]:
    told = [Receipt(key, *state, f"id:{key} {state[1]} {number}", number) for key in keys]
    places = await match(sent.conn, sent.carrier, told)
    sent.books()
    return places


async def test_reports_of_parts_settle_their_own_message_only(sender: Sender) -> None:
    old, new = await sender.send([NUMBER], parts=3), await sender.send([OTHER], parts=3)
    give_ids_of(sender, old, new)
    keys = [old.key(0, part) for part in (1, 2, 3)]
    for _ in range(2):  # once more after a reconnect
        assert await tell(old, NUMBER, DELIVERED, keys) == {0, 1, 2}
        assert (old.message(), new.message()) == (DELIVERED, (0, None))
    assert await tell(new, OTHER, UNDELIVERABLE, keys) == {0, 1, 2}
    assert (old.message(), new.message()) == (DELIVERED, UNDELIVERABLE)
    assert (old.kept(), len(new.kept())) == ([], 3)


async def test_reports_of_parts_for_another_number_match_nothing(sender: Sender) -> None:
    sent = await sender.send([NUMBER], parts=2)
    keys = [sent.key(0, part) for part in (1, 2)]
    assert await tell(sent, OTHER, UNDELIVERABLE, keys) == set()
    assert (sent.message(), sent.kept()) == ((0, None), [])
    mixed = [Receipt(key, *DELIVERED, "", number) for number in (OTHER, NUMBER) for key in keys]
    assert await match(sent.conn, sent.carrier, mixed) == {2, 3}
    assert sent.message() == DELIVERED


async def test_an_orphan_with_another_number_does_not_find_a_message_by_its_id(sender: Sender) -> None:
    sent = await sender.send([NUMBER])
    await sent.orphan(sent.key(0), OTHER, UNDELIVERABLE)
    assert await sent.retry() == 0
    assert sent.message() == (0, None)
    await sent.orphan(sent.key(0), NUMBER, DELIVERED)
    assert await sent.retry() == 1
    assert sent.message() == DELIVERED


@pytest.mark.parametrize("settled", [True, False])
async def test_a_used_id_settles_no_message_without_a_response(sender: Sender, settled: bool) -> None:
    old = await sender.send([NUMBER])
    if settled:
        await old.report((old.key(0), DELIVERED))
    uncertain = await sender.send([OTHER], unknown=True)
    await uncertain.orphan(old.key(0), OTHER, UNDELIVERABLE)
    assert await uncertain.retry() == 0
    assert (uncertain.message(), old.message()[0]) == ((3, "UNCERTAIN"), int(settled))


async def test_a_repeated_report_settles_by_number_once(sender: Sender) -> None:
    first = await sender.send([NUMBER], unknown=True)
    await first.orphan("lost id", NUMBER, DELIVERED)
    assert await first.retry() == 1
    assert first.message() == DELIVERED
    second = await sender.send([NUMBER], unknown=True)
    await second.orphan("lost id", NUMBER, DELIVERED)  # the same report, after a reconnect
    assert await second.retry() == 1, "it is about the first message"
    assert (first.message(), second.message()) == (DELIVERED, (3, "UNCERTAIN"))
    await second.orphan("its own id", NUMBER, UNDELIVERABLE)
    assert await second.retry() == 1
    assert (first.message(), second.message()) == (DELIVERED, UNDELIVERABLE)


async def test_a_report_that_is_older_than_the_task_is_not_about_it_though_its_id_is(sender: Sender) -> None:
    first = await sender.send([NUMBER])
    await first.orphan("not yet", NUMBER, UNDELIVERABLE)
    sender.rows.execute(
        "UPDATE orphan SET received_at = now() - interval '1 h' WHERE carrier_id = %s", (sender.carrier,)
    )
    # The carrier gives the id to a message of today, to the same number.
    sender.rows.execute(
        "UPDATE submission SET id_hash = hashtextextended('not yet', carrier_id) WHERE task_id = %s",
        (first.task,),
    )
    assert await first.retry() == 0
    assert first.message() == (0, None)
    sender.rows.execute("UPDATE task SET created_at = now() - interval '2 h' WHERE id = %s", (first.task,))
    sender.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")
    assert await first.retry() == 1
    assert first.message() == UNDELIVERABLE


async def test_one_id_for_two_numbers_is_no_reason_to_guess(sender: Sender) -> None:
    sent = await sender.send([NUMBER, OTHER], unknown=True)
    await sent.orphan("one id", NUMBER, DELIVERED)
    await sent.orphan("one id", OTHER, DELIVERED)
    assert await sent.retry() == 0
    assert sent.books().uncertain == 2


async def test_a_late_response_lets_the_report_of_a_used_id_in(sender: Sender) -> None:
    old = await sender.send([NUMBER])
    await old.report((old.key(0), DELIVERED))
    late = await sender.send([OTHER], unknown=True)
    await late.orphan(old.key(0), OTHER, UNDELIVERABLE)
    assert await late.retry() == 0
    response = LateResponse(late.task, 0, 0, old.key(0), old.key(0), 0, None)
    await settle_late(late.conn, late.carrier, response)
    sender.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")
    assert await late.retry() == 1
    assert (old.message(), late.message()) == (DELIVERED, UNDELIVERABLE)


@pytest.mark.parametrize("given_again", [True, False])
async def test_a_question_settles_only_the_message_that_was_asked_for(
    sender: Sender, pool: Pool, faults: FaultLog, given_again: bool
) -> None:
    uncertain = await sender.send([NUMBER])
    sender.rows.execute("UPDATE message SET result = 3 WHERE task_id = %s", (uncertain.task,))
    sender.rows.execute("UPDATE tally SET uncertain = 1 WHERE task_id = %s", (uncertain.task,))
    newer = await sender.send([OTHER])
    if given_again:
        give_ids_of(sender, uncertain, newer)

    class Session:
        async def query(self, identifier: str, source: str) -> Any:
            return SimpleNamespace(final=True, stat="UNDELIV", error_code=1, done="")

    queries = StatusQueries(pool, faults, sender.carrier, "as_is", SimpleNamespace(session=Session()))  # type: ignore[arg-type]
    await queries.ask()
    # The carrier would tell about the later message.
    assert (uncertain.message()[0], newer.message()) == (3 if given_again else 2, (0, None))
    assert [code for _, _, code, _ in uncertain.kept()] == ([] if given_again else ["UNDELIV"])
