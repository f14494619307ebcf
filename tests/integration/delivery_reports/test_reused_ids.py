"""Ids that come again, and reports that come again: a report settles its own message only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.rig.handed_over import Sender
from tests.rig.reused import Carrier, Told

from sendmill.message_store.engine.orphans import retry_orphans
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool

FIRST, OTHER = 8613812000000, 8613912000000
IDS = [f"{serial:08d}" for serial in range(50)]
COUNT = len(IDS)
HOURS = timedelta(hours=5)


@pytest.fixture
def carrier(sender: Sender, pool: Pool, faults: FaultLog) -> Carrier:
    return Carrier(sender, pool, faults)


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "looked up"])
@pytest.mark.parametrize("stat", ["DELIVRD", "UNDELIV"])
async def test_repeated_reports_settle_nothing_of_another_task_with_their_ids(
    carrier: Carrier, remembered: bool, stat: str
) -> None:
    ours = await carrier.submit(range(FIRST, FIRST + COUNT), IDS)
    await carrier.bring(ours.reports(stat))
    settled = ours.results()
    assert settled == [1 if stat == "DELIVRD" else 2] * COUNT
    # The carrier restarts, counts its ids anew, and repeats what it is not sure to have reported.
    theirs = await carrier.submit(range(OTHER, OTHER + COUNT), IDS, remembered=remembered)
    await carrier.bring(ours.reports(stat))
    assert theirs.results() == [0] * COUNT
    await carrier.bring(theirs.reports("UNDELIV" if stat == "DELIVRD" else "DELIVRD"))
    assert (ours.results(), theirs.results()) == (settled, [3 - settled[0]] * COUNT)
    assert carrier.orphans() == 0


@pytest.mark.parametrize("stat", ["DELIVRD", "UNDELIV"])
async def test_reports_of_ids_that_began_anew_find_their_own_task(
    sender: Sender, carrier: Carrier, stat: str
) -> None:
    waiting = await carrier.submit(range(FIRST, FIRST + COUNT), IDS, remembered=False)
    waiting.age(HOURS)
    # The reports of the new task overtake what is written of its responses.
    new = await carrier.open(range(OTHER, OTHER + COUNT), IDS)
    await carrier.bring(new.reports(stat))
    assert (waiting.results(), new.results()) == ([0] * COUNT, [0] * COUNT)
    await carrier.answer(new)
    sender.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")
    assert (await retry_orphans(sender.conn, sender.carrier, list)).found == COUNT
    assert (waiting.results(), new.results()) == ([0] * COUNT, [1 if stat == "DELIVRD" else 2] * COUNT)
    await carrier.bring(waiting.reports())
    assert waiting.results() == [1] * COUNT


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "looked up"])
@pytest.mark.parametrize("zone", [0, 8, -5], ids=["UTC", "east", "west"])
async def test_of_equal_numbers_the_submit_date_decides(
    carrier: Carrier, remembered: bool, zone: int
) -> None:
    def written(at: datetime) -> datetime:
        return at.astimezone(timezone(timedelta(hours=zone)))

    known = await carrier.submit(range(OTHER, OTHER + 30), [f"known {at}" for at in range(30)])
    await carrier.bring(known.reports(submitted=written(datetime.now(UTC))))
    old = await carrier.submit(range(FIRST, FIRST + COUNT), IDS)
    then = old.age(timedelta(hours=abs(zone) or 3))
    await carrier.bring(old.reports(submitted=written(then)))
    assert old.results() == [1] * COUNT
    new = await carrier.submit(range(FIRST, FIRST + COUNT), IDS, remembered=remembered)
    now = datetime.now(UTC)
    await carrier.bring(old.reports(submitted=written(then)))
    assert new.results() == [0] * COUNT, "settled by a repeated report"
    await carrier.bring(new.reports("UNDELIV", submitted=written(now)))
    assert (old.results(), new.results()) == ([1] * COUNT, [2] * COUNT)
    assert carrier.orphans() == 0


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "looked up"])
async def test_of_equal_numbers_without_a_date_the_newest_is_meant(
    carrier: Carrier, remembered: bool
) -> None:
    old = await carrier.submit([FIRST], ["7"], remembered=False)
    old.age(HOURS)
    new = await carrier.submit([FIRST], ["7"], remembered=remembered)
    await carrier.bring(new.reports())
    assert (old.results(), new.results()) == ([0], [1])
    await carrier.bring(new.reports("UNDELIV"))
    assert (old.results(), new.results()) == ([0], [1]), "an id that settled a message settles no earlier one"


async def test_of_several_the_newest_whose_number_agrees(carrier: Carrier) -> None:
    oldest = await carrier.submit([FIRST], ["7"], remembered=False)
    oldest.age(timedelta(hours=50))
    middle = await carrier.submit([OTHER], ["7"], remembered=False)
    middle.age(HOURS)
    newest = await carrier.submit([FIRST + 1], ["7"])
    await carrier.bring([Told("7", FIRST, "UNDELIV"), Told("7", OTHER), Told("7", FIRST + 1)])
    assert (oldest.results(), middle.results(), newest.results()) == ([2], [1], [1])


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "looked up"])
@pytest.mark.parametrize(
    ("number", "told"),
    [
        (8613812345678, 13812345678),  # national, or with 0 in front of it
        (8613812345678, 8613812345678),  # with +, 00 or without
        (79123456789, 89123456789),  # the trunk prefix 8
        (36301234567, 6301234567),  # the trunk prefix 06
        (5491123456789, 541123456789),  # without the 9 of mobile numbers
        (298212345, 212345),  # a small country
        (8613812345678, 10690),  # the carrier's own short code names nobody
    ],
)
async def test_ways_of_writing_a_number_agree(
    carrier: Carrier, number: int, told: int, remembered: bool
) -> None:
    sent = await carrier.submit([number], ["7"], remembered=remembered)
    await carrier.bring([Told("7", told)])
    assert (sent.results(), carrier.orphans()) == ([1], 0)


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "looked up"])
@pytest.mark.parametrize("told", [8613812345679, 13812345679, 12346], ids=str)
async def test_another_number_matches_nothing_and_is_kept(
    carrier: Carrier, told: int, remembered: bool
) -> None:
    number = 29012345 if told == 12346 else 8613812345678  # Saint Helena has five digits
    sent = await carrier.submit([number], ["7"], remembered=remembered)
    await carrier.bring([Told("7", told, "UNDELIV")])
    assert (sent.results(), carrier.orphans()) == ([0], 1)
    await carrier.bring([Told("7", number)])
    assert sent.results() == [1]


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "looked up"])
async def test_a_report_that_names_no_number_goes_by_its_id(carrier: Carrier, remembered: bool) -> None:
    old = await carrier.submit([FIRST], ["7"], remembered=False)
    old.age(HOURS)
    new = await carrier.submit([OTHER], ["7"], remembered=remembered)
    await carrier.bring([Told("7", None, "UNDELIV")])
    assert (old.results(), new.results()) == ([0], [2])


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "looked up"])
async def test_a_carrier_that_does_not_exchange_the_addresses(carrier: Carrier, remembered: bool) -> None:
    sent = await carrier.submit([FIRST], ["7"], remembered=remembered)
    await carrier.bring([Told("7", 12025550123, destination=str(FIRST))])
    assert (sent.results(), carrier.orphans()) == ([1], 0)


async def test_a_strangers_report_beside_the_right_one_does_not_win(sender: Sender, carrier: Carrier) -> None:
    sent = await carrier.submit([FIRST], ["7"], remembered=False)
    # One batch; a delivery would win over a failure, and the one without a number is about either.
    await carrier.bring([Told("7", OTHER), Told("7", FIRST, "UNDELIV"), Told("7", OTHER, "EXPIRED")])
    assert (sent.results(), carrier.orphans()) == ([2], 2)
    kept = sender.rows.execute("SELECT code FROM report WHERE task_id = %s", (sent.task,)).fetchall()
    assert kept == [("UNDELIV",)]


@pytest.mark.parametrize("stat", ["DELIVRD", "UNDELIV"])
async def test_a_report_waits_for_the_response_of_a_message_with_the_same_number(
    sender: Sender, carrier: Carrier, stat: str
) -> None:
    old = await carrier.submit([FIRST], ["7"])
    old.age(HOURS)
    await carrier.bring(old.reports("UNDELIV"))
    new = await carrier.open([FIRST], ["7"])
    await carrier.bring(new.reports(stat))
    assert (old.results(), new.results()) == ([2], [0])
    await carrier.answer(new)
    sender.rows.execute("UPDATE orphan SET retry_at = now() WHERE retry_at IS NOT NULL")
    assert (await retry_orphans(sender.conn, sender.carrier, list)).found == 1
    assert (old.results(), new.results()) == ([2], [1 if stat == "DELIVRD" else 2])


async def test_a_late_delivery_still_mends_a_failure(carrier: Carrier) -> None:
    sent = await carrier.submit([FIRST], ["7"])
    await carrier.bring(sent.reports("UNDELIV"))
    await carrier.bring(sent.reports())
    assert (sent.results(), carrier.orphans()) == ([1], 0)


async def test_a_date_that_means_nothing_hinders_no_report(carrier: Carrier) -> None:
    sent = await carrier.submit(range(FIRST, FIRST + COUNT), IDS)
    await carrier.bring(sent.reports(submitted=datetime(2026, 1, 1, 12, 0, tzinfo=UTC)))
    assert (sent.results(), carrier.orphans()) == ([1] * COUNT, 0)
