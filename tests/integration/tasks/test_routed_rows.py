"""A task whose numbers go over several carriers: every chunk over one, and nothing counted twice or lost."""

from __future__ import annotations

import polars as pl
import pytest
from tests.rig.desk import Desk, fetch

from sendmill.catalog.models import Application, Carrier, Route
from sendmill.domain.routing import carriers_for, rules_of
from sendmill.message_store.queries.bulk_import import Cut
from sendmill.tasks import result_files, results
from sendmill.tasks.models import Task
from sendmill.tasks.routed_rows import split
from sendmill.worker import reconciliation

GERMAN, BRITISH, NOWHERE = 4915100000000, 447700900000, 12025550000


@pytest.fixture
def second(desk: Desk) -> Carrier:
    return Carrier.objects.create(account=desk.account, name="Second", host="127.0.0.1", system_id="b")


@pytest.fixture
def routed(desk: Desk, second: Carrier) -> Task:
    """2,100 numbers in turn: Germany over the first carrier, Britain over the second, America over none."""
    Application.objects.filter(pk=desk.international.pk).update(carrier=None)
    first = Carrier.objects.get(account=desk.account, name="Carrier")
    common = {"account": desk.account, "position": 1}
    Route.objects.create(**common, prefix="49", carrier=first)
    Route.objects.create(**common, prefix="44", carrier=second)
    Route.objects.create(account=desk.account, position=2, prefix="44", carrier=first)
    desk.templates["plain"].application.refresh_from_db()
    rows = [f"+{(GERMAN, BRITISH, NOWHERE)[at % 3] + at}" for at in range(2_100)]
    return desk.task(text="number\n" + "\n".join(rows) + "\n")


def test_each_chunk_goes_over_one_carrier_in_the_order_of_the_file(routed: Task, second: Carrier) -> None:
    assert routed.routed
    first = Carrier.objects.get(name="Carrier")
    assert fetch(
        "SELECT n, lo, hi, next_seq, state, carrier_id, carriers FROM chunk WHERE task_id = %s ORDER BY n",
        routed.pk,
    ) == [
        (0, 0, 700, 0, 0, first.pk, [first.pk]),
        (1, 1000, 1700, 1000, 0, second.pk, [second.pk, first.pk]),
        (2, 2000, 2700, 2700, 2, None, None),
    ]
    assert fetch("SELECT n, messages, failed FROM tally WHERE task_id = %s ORDER BY n", routed.pk) == [
        (0, 700, 0),
        (1, 700, 0),
        (2, 700, 700),
    ]
    for lo in (0, 1000, 2000):
        [(rows,)] = fetch(
            "SELECT array_agg(file_row ORDER BY seq) FROM message WHERE task_id = %s AND seq >= %s AND seq < %s",
            routed.pk, lo, lo + 1000,
        )  # fmt: skip
        assert rows == sorted(rows)


def test_what_no_carrier_takes_is_said_before_ok(routed: Task) -> None:
    assert routed.draft.outcome["unrouted"] == 700


def test_what_no_carrier_takes_has_failed_and_is_in_the_file(routed: Task) -> None:
    [counters] = results.counters([routed]).values()
    told = (counters.accepted, counters.failed, counters.sending, counters.waiting, counters.submitted)
    assert told == (2_100, 700, 0, 1_400, 700)
    failed = pl.concat(result_files.content("failed", routed).frames)
    assert failed.height == 700
    assert set(failed.get_column("code")) == {"NOROUTE"}
    assert failed.get_column("number").str.starts_with("+1").all()


def test_gaps_between_carriers_hide_nothing(routed: Task) -> None:
    assert results.span(routed) == 2_700
    assert sum(frame.height for frame in result_files.content("results", routed).frames) == 2_100
    assert reconciliation.check(routed) == []
    shown, key = 0, None
    while True:
        page = results.messages(routed, after=key)
        shown += len(page.rows)
        if page.next is None:
            break
        key = page.next
    assert shown == 2_100
    assert len(results.messages(routed, number="+1202").rows) == 50


def test_a_task_over_one_carrier_keeps_its_order_and_has_no_gap(desk: Desk, second: Carrier) -> None:
    Route.objects.create(account=desk.account, application=desk.international, carrier=second, position=1)
    task = desk.task(1_500)
    first = desk.international.carrier_id
    assert fetch(
        "SELECT n, lo, hi, carrier_id, carriers FROM chunk WHERE task_id = %s ORDER BY n", task.pk
    ) == [(0, 0, 1000, first, [first, second.pk]), (1, 1000, 1500, first, [first, second.pk])]


def test_rows_are_split_as_single_numbers_are_routed() -> None:
    routes = [["", [1]], ["44", [2, 3]], ["447", [3]], ["1", [1]]]
    numbers = [int(f"{prefix}{'5' * 7}{at:02d}") for at in range(60) for prefix in ("44", "447", "1", "49")]
    frame = pl.DataFrame({"number": pl.Series(numbers, dtype=pl.Int64)})
    rules = rules_of((prefix, carrier) for prefix, carriers in routes for carrier in carriers)
    ordered, cuts = split(frame, routes)
    assert cuts == [Cut(60, (2, 3)), Cut(60, (3,)), Cut(120, (1,))]
    at = 0
    for cut in cuts:
        for number in ordered.get_column("number")[at : at + cut.rows]:
            assert carriers_for(number, rules) == cut.carriers
        at += cut.rows
    assert sorted(ordered.get_column("number").to_list()) == sorted(numbers)
