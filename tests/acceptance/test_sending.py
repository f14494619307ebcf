"""Sending against a carrier with every fault that carriers have: nothing is lost, nothing is sent twice, and
what is not known is called Uncertain until it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.rig.stage import Stage
from tests.rig.store import CHINESE, LONG

from sendmill.domain.segments import encode_gsm7
from sendmill.simulator.faults import Faults, Outcome, State
from sendmill.simulator.journal import digest
from sendmill.simulator.message_ids import IdForm

Begin = Callable[..., Awaitable[Stage]]
FIRST = 12020000000
INVALID_DESTINATION, QUEUE_FULL, VENDOR, THROTTLED = 0x0B, 0x14, 0x0412, 0x58


def numbers(count: int) -> range:
    return range(FIRST, FIRST + count)


async def test_everything_is_delivered_once(begin: Begin) -> None:
    stage = await begin()
    stage.add(numbers(2_500))
    async with stage.sender():
        books = await stage.finish(successful=2_500)
    assert books.submitted == 2_500
    assert len(stage.accepted()) == 2_500
    assert stage.smsc.pending == 0
    assert stage.state() == []


# -- refusals and throttling -----------------------------------------------------------------------------


async def test_a_throttling_carrier_is_slowed_down_for_and_gets_everything_once(begin: Begin) -> None:
    stage = await begin(Faults(throttle_rate=800.0))
    stage.add(numbers(2_000))
    async with stage.sender() as sender:
        await stage.finish(successful=2_000)
        pace = sender.binds[0].rate_limiter
        assert pace.throttled
        assert pace.limit is not None
    assert len(stage.accepted()) == 2_000
    assert stage.smsc.statistics.refused > 0


async def test_a_full_queue_is_throttling_too(begin: Begin) -> None:
    stage = await begin(Faults(suffixes={"7": Outcome(refuse=QUEUE_FULL, once=True)}))
    stage.add(numbers(50))
    async with stage.sender():
        await stage.finish(successful=50)
    assert len(stage.accepted()) == 50


async def test_one_recipients_full_queue_holds_nobody_up(begin: Begin) -> None:
    stage = await begin(Faults(suffixes={"0007": Outcome(refuse=QUEUE_FULL)}))
    task = stage.add(numbers(1_500))
    async with stage.sender() as sender:
        await stage.finish(successful=1_499, failed=1)
        assert sender.binds[0].rate_limiter.limit is None
    assert stage.results(task)[FIRST + 7] == (2, "SMPP-0x00000014")
    assert len(stage.accepted()) == 1_499


async def test_refusals_are_final_and_say_why(begin: Begin) -> None:
    faults = Faults(suffixes={"3": Outcome(refuse=INVALID_DESTINATION), "4": Outcome(refuse=VENDOR)})
    stage = await begin(faults)
    task = stage.add(numbers(100))
    async with stage.sender():
        await stage.finish(successful=80, failed=20)
    results = stage.results(task)
    assert results[FIRST + 3] == (2, "SMPP-0x0000000B")
    assert results[FIRST + 14] == (2, "SMPP-0x00000412")
    assert results[FIRST + 5] == (1, "DELIVRD")
    assert len(stage.accepted()) == 80


async def test_failed_reports_keep_their_code(begin: Begin) -> None:
    faults = Faults(
        suffixes={"1": Outcome(state=State.UNDELIVERABLE), "2": Outcome(state=State.EXPIRED)},
    )
    stage = await begin(faults)
    task = stage.add(numbers(30))
    async with stage.sender():
        await stage.finish(successful=24, failed=6)
    results = stage.results(task)
    assert (results[FIRST + 11], results[FIRST + 22]) == ((2, "UNDELIV"), (2, "EXPIRED"))


# -- lost connections and answers ------------------------------------------------------------------------


async def test_a_connection_lost_in_mid_window_leaves_at_most_one_window_uncertain(begin: Begin) -> None:
    stage = await begin(Faults(disconnect_after=900, report_delay=(0.5, 1.0)), window=200)
    task = stage.add(numbers(3_000))
    async with stage.sender():
        await stage.until(lambda: stage.books(task).uncertain > 0, "uncertain messages")
        uncertain = stage.books(task).uncertain
        stage.smsc.faults = Faults()
        await stage.until(lambda: stage.books(task).sending == 0, "an end")
        await stage.until(lambda: stage.books(task).successful == len(stage.accepted()), "all reports")
    assert 0 < uncertain <= 200
    accepted = {entry.destination for entry in stage.accepted()}
    by_result: dict[int, set[int]] = {1: set(), 3: set()}
    for number, (result, _) in stage.results(task).items():
        by_result[result].add(number)
    # What the carrier had taken was settled by its report, through the number; the rest never left.
    assert by_result[1] == accepted
    assert len(by_result[3]) <= 200


async def test_responses_that_come_late_settle_what_was_uncertain(begin: Begin) -> None:
    stage = await begin(Faults(answer_time=0.9, report_delay=(3.0, 3.0)), response_timeout=0.5)
    task = stage.add(numbers(40))
    async with stage.sender():
        await stage.until(lambda: stage.books(task).uncertain > 0, "some uncertain")
        await stage.finish(successful=40)
    assert len(stage.accepted()) == 40
    assert stage.orphans("report") == []


async def test_a_late_refusal_that_is_not_final_proves_that_nothing_was_sent(begin: Begin) -> None:
    """The message waits again, and is sent once; as Uncertain it would need a person."""
    faults = Faults(answer_time=0.7, suffixes={"3": Outcome(refuse=THROTTLED, once=True)})
    stage = await begin(faults, response_timeout=0.4)
    task = stage.add(numbers(20))
    async with stage.sender():
        await stage.until(lambda: stage.books(task).uncertain > 0, "some uncertain")
        await stage.finish(successful=20)
    assert len(stage.accepted()) == 20


async def test_late_refusals_are_refusals(begin: Begin) -> None:
    faults = Faults(answer_time=0.7, suffixes={"3": Outcome(refuse=INVALID_DESTINATION)})
    stage = await begin(faults, response_timeout=0.4)
    task = stage.add(numbers(20))
    async with stage.sender():
        await stage.finish(successful=18, failed=2)
    assert stage.results(task)[FIRST + 13] == (2, "SMPP-0x0000000B")


async def test_responses_that_never_come_are_settled_by_the_report(begin: Begin) -> None:
    stage = await begin(Faults(drop_responses=0.3), response_timeout=0.5)
    task = stage.add(numbers(100))
    async with stage.sender() as sender:
        await stage.wait(lambda: stage.submitted(task) == 100, "everything handed over")
        await stage.finish(successful=100)
        assert sender.binds[0].report_writers.unknown > 0
    assert len(stage.accepted()) == 100
    assert stage.books(task).uncertain == 0
    assert all(matched for _, matched in stage.orphans("report"))


async def test_what_nobody_reports_stays_uncertain_and_is_not_sent_again(begin: Begin) -> None:
    stage = await begin(Faults(drop_responses=1.0, drop_reports=1.0), response_timeout=0.4)
    task = stage.add(numbers(30))
    async with stage.sender():
        await stage.finish(uncertain=30)
    async with stage.sender():
        await asyncio.sleep(1.0)
    assert len(stage.accepted()) == 30
    assert set(stage.results(task).values()) == {(3, "UNCERTAIN")}


async def test_a_carrier_that_does_not_listen_is_waited_for_in_words(begin: Begin) -> None:
    stage = await begin()
    await stage.smsc.go_down()
    task = stage.add(numbers(20))
    async with stage.sender():
        await stage.until(lambda: [row[1] for row in stage.state()] == ["waiting"], "a waiting state")
        [(_, _, sentence)] = stage.state()
        assert "Trying again in" in sentence
        assert stage.books(task).sending == 20
        assert stage.submitted(task) == 0
        await stage.smsc.come_up()
        await stage.finish(successful=20)
        await stage.until(lambda: [row[1] for row in stage.state()] == ["bound"], "a bound state")


async def test_a_refused_password_is_said_in_words(begin: Begin) -> None:
    stage = await begin(password="wrong")
    stage.add(numbers(5))
    async with stage.sender():
        await stage.until(lambda: [row[1] for row in stage.state()] == ["waiting"], "a waiting state")
        assert "password" in stage.state()[0][2]


# -- reports ---------------------------------------------------------------------------------------------

ODD_REPORTS: dict[str, tuple[Faults, dict[str, Any]]] = {
    "before their response": (Faults(report_before_response=True), {}),
    "before a slow response": (Faults(report_before_response=True, response_delay=(0.1, 0.4)), {}),
    "twice": (Faults(duplicate_reports=1.0), {}),
    "on another bind": (Faults(report_on_another_bind=True), {"binds": 2}),
    "out of order": (Faults(reorder_reports=True, report_delay=(0.0, 0.5)), {}),
    "temporary first": (Faults(intermediate_reports=1.0, report_delay=(0.0, 0.2)), {}),
    "few at a time": (Faults(report_window=10), {}),
    "in unusual words": (Faults(odd_receipts=1.0), {}),
    "in odd pieces": (Faults(split_writes=7), {}),
    "id in hex, then decimal": (
        Faults(id_form=IdForm.UPPER_HEX, report_id_form=IdForm.DECIMAL),
        {"id_form": "hex_to_dec"},
    ),
    "id in decimal, then hex": (
        Faults(id_form=IdForm.DECIMAL, report_id_form=IdForm.HEX),
        {"id_form": "dec_to_hex"},
    ),
    "id with zeros": (
        Faults(id_form=IdForm.DECIMAL, report_id_form=IdForm.PADDED),
        {"id_form": "strip_zeros"},
    ),
    "id in other case": (
        Faults(id_form=IdForm.HEX, report_id_form=IdForm.UPPER_HEX),
        {"id_form": "fold_case"},
    ),
    "id as UUID": (Faults(id_form=IdForm.UUID), {}),
}


@pytest.mark.parametrize("how", ODD_REPORTS)
async def test_reports_come_as_they_like(begin: Begin, how: str) -> None:
    faults, settings = ODD_REPORTS[how]
    stage = await begin(faults, **settings)
    stage.add(numbers(400))
    async with stage.sender() as sender:
        await stage.until(lambda: len(sender.binds) == stage.binds, "all binds")
        await stage.finish(successful=400)
        await stage.until(lambda: stage.smsc.pending == 0, "every report acknowledged")
    assert len(stage.accepted()) == 400


async def test_strangers_are_kept_and_change_nothing(begin: Begin) -> None:
    stage = await begin(Faults(stranger_reports=0.2))
    stage.add(numbers(200))
    async with stage.sender():
        await stage.finish(successful=200)
        await stage.until(lambda: stage.smsc.pending == 0, "every report acknowledged")
    strangers = stage.orphans("report")
    assert 10 < len(strangers) < 100
    assert not any(matched for _, matched in strangers)


async def test_a_report_that_cannot_be_read_blocks_nothing_and_is_kept(begin: Begin) -> None:
    stage = await begin(Faults(mangled_receipts=1.0))
    task = stage.add(numbers(60))
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) == 60, "all sent")
        await stage.until(lambda: stage.smsc.statistics.deliveries >= 60, "all reported")
        await stage.until(lambda: stage.smsc.pending == 0, "every report acknowledged")
    books = await stage.finish(submitted=60)
    kept = len(stage.orphans("unreadable")) + len(stage.orphans("report")) + len(stage.orphans("reply"))
    assert kept + books.successful + books.failed == 60
    assert kept > 0


async def test_replies_are_kept(begin: Begin) -> None:
    stage = await begin(Faults(suffixes={"9": Outcome(reply="STOP")}))
    stage.add(numbers(20))
    async with stage.sender():
        await stage.finish(successful=20)
        await stage.until(lambda: stage.smsc.pending == 0, "every reply acknowledged")
    assert [raw for raw, _ in stage.orphans("reply")] == ["STOP", "STOP"]


# -- long messages and alphabets -------------------------------------------------------------------------


async def test_a_long_message_is_delivered_when_all_its_parts_are(begin: Begin) -> None:
    stage = await begin(
        Faults(
            report_delay=(0.0, 0.3), suffixes={"7": Outcome(state=State.UNDELIVERABLE, last_part_only=True)}
        )
    )
    task = stage.add(numbers(200), content=LONG, parts=3)
    async with stage.sender():
        await stage.finish(successful=180, failed=20)
        await stage.until(lambda: stage.smsc.pending == 0, "every report acknowledged")
    entries = stage.accepted()
    assert len(entries) == 600
    assert {(entry.total, entry.number) for entry in entries} == {(3, 1), (3, 2), (3, 3)}
    assert len({entry.reference for entry in entries if entry.destination == FIRST}) == 1
    assert len({entry.reference for entry in entries}) > 100
    parts = stage.rows.execute(
        "SELECT part, result, code FROM part WHERE task_id = %s AND seq = 7 ORDER BY part", (task,)
    ).fetchall()
    assert parts == [(1, 1, "DELIVRD"), (2, 1, "DELIVRD"), (3, 2, "UNDELIV")]


async def test_a_long_message_that_is_throttled_half_way_is_completed(begin: Begin) -> None:
    stage = await begin(Faults(throttle_rate=400.0))
    stage.add(numbers(200), content=LONG, parts=3)
    async with stage.sender():
        await stage.finish(successful=200)
    assert len(stage.accepted()) == 600


async def test_a_long_message_with_parameters_instead_of_a_header(begin: Begin) -> None:
    stage = await begin(long_messages="sar")
    stage.add(numbers(20), content=LONG, parts=3)
    async with stage.sender():
        await stage.finish(successful=20)
    assert {(entry.total, entry.number) for entry in stage.accepted()} == {(3, 1), (3, 2), (3, 3)}


async def test_a_long_message_that_the_carrier_cuts_is_one_to_it(begin: Begin) -> None:
    stage = await begin(Faults(suffixes={"7": Outcome(state=State.UNDELIVERABLE)}), long_messages="payload")
    task = stage.add(numbers(20), content=LONG, parts=3)
    async with stage.sender():
        await stage.finish(successful=18, failed=2)
    entries = stage.accepted()
    assert len(entries) == 20
    assert {entry.total for entry in entries} == {1}
    assert {entry.digest for entry in entries} == {digest(encode_gsm7(LONG))}
    assert stage.rows.execute("SELECT count(*) FROM part WHERE task_id = %s", (task,)).fetchone() == (0,)


async def test_chinese_with_a_signature(begin: Begin) -> None:
    stage = await begin()
    stage.add(numbers(50), content=CHINESE, application_type="mainland", signature="磨坊")
    stage.add(numbers(50), content=CHINESE * 6, parts=2, application_type="mainland", signature="磨坊")
    async with stage.sender():
        await stage.until(lambda: [books.successful for books in stage.all_books()] == [50, 50], "an end")
    assert sorted({entry.total for entry in stage.accepted()}) == [1, 2]


# -- tasks and binds -------------------------------------------------------------------------------------


async def test_a_paused_task_stops_soon_and_goes_on_where_it_was(begin: Begin) -> None:
    stage = await begin()
    stage.config = replace(stage.config, rate=400)
    task = stage.add(numbers(1_500))
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) > 100, "a beginning")
        stage.rows.execute("UPDATE task SET paused = true WHERE id = %s", (task,))
        open_windows = "SELECT FROM chunk WHERE task_id = %s AND state = 1"
        await stage.until(lambda: not stage.rows.execute(open_windows, (task,)).fetchall(), "a stop")
        before = stage.submitted(task)
        await asyncio.sleep(1.0)
        assert stage.submitted(task) == before < 1_500
        stage.config = replace(stage.config, rate=0)
        stage.rows.execute("UPDATE task SET paused = false WHERE id = %s", (task,))
        await stage.finish(successful=1_500)
    assert len(stage.accepted()) == 1_500


async def test_an_urgent_task_does_not_wait_for_a_long_one(begin: Begin) -> None:
    stage = await begin()
    stage.config = replace(stage.config, rate=500)
    slow = stage.add(numbers(6_000), priority=3)
    async with stage.sender():
        await stage.until(lambda: stage.submitted(slow) > 0, "a beginning")
        urgent = stage.add(range(FIRST + 50_000, FIRST + 50_100), priority=1)
        await stage.until(lambda: stage.books(urgent).successful == 100, "the urgent task")
        assert stage.submitted(slow) < 4_000


async def test_a_task_that_cannot_be_rendered_does_not_keep_others_from_being_sent(begin: Begin) -> None:
    stage = await begin()
    broken = stage.add(numbers(10), content="Hello ${TXT_5}.", priority=1)
    stage.add(range(FIRST + 100, FIRST + 150), priority=3)
    async with stage.sender():
        await stage.until(lambda: stage.books(stage.tasks[1]).successful == 50, "the other task")
    assert stage.submitted(broken) == 0
    assert stage.rows.execute("SELECT state, owner FROM chunk WHERE task_id = %s", (broken,)).fetchall() == [
        (0, None)
    ]


async def test_what_was_sent_before_a_row_that_cannot_be_rendered_is_recorded(begin: Begin) -> None:
    stage = await begin()
    task = stage.add(numbers(150), content="Hello ${TXT_5}.")
    stage.rows.execute("UPDATE message SET variables = '{you}' WHERE task_id = %s AND seq < 60", (task,))
    async with stage.sender():
        await stage.until(lambda: stage.books(task).successful >= 50, "the first window")
        await asyncio.sleep(1.0)
    sent = [entry.destination for entry in stage.accepted()]
    assert len(sent) == len(set(sent)) == stage.submitted(task) == stage.books(task).successful
    assert stage.books(task).uncertain == 0


async def test_a_sender_that_is_asked_to_end_leaves_nothing_uncertain(begin: Begin) -> None:
    stage = await begin(Faults(report_delay=(0.2, 0.6)))
    task = stage.add(numbers(20_000))
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) > 1_000, "a beginning")
    assert stage.books(task).uncertain == 0
    assert len(stage.accepted()) == stage.submitted(task)
    assert not stage.rows.execute(
        "SELECT FROM chunk WHERE task_id = %s AND (state = 1 OR batch_hi IS NOT NULL)", (task,)
    ).fetchall()


async def test_changed_settings_open_the_bind_anew(begin: Begin) -> None:
    stage = await begin()
    stage.add(numbers(3_000))
    async with stage.sender():
        await stage.until(lambda: stage.submitted(stage.tasks[0]) > 0, "a beginning")
        stage.config = replace(stage.config, window=50)
        await stage.finish(successful=3_000)
        await stage.until(lambda: stage.smsc.statistics.binds == 2, "a second bind")
    assert len(stage.accepted()) == 3_000
