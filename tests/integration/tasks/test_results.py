"""Counters, and pages of what became of each recipient."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import connection
from tests.rig.desk import FIRST, Desk, fetch, report

from sendmill.domain.results import Result
from sendmill.domain.sms_ids import sms_id
from sendmill.message_store.queries import results as store
from sendmill.tasks import results
from sendmill.tasks.models import Task


def walk(task: Task, **filters: object) -> list[int]:
    """The places of all messages by `next`, after making sure that `previous` leads back the same way."""
    pages, key = [], None
    while True:
        page = results.messages(task, after=key, **filters)  # type: ignore[arg-type]
        pages.append(page)
        if page.next is None:
            break
        key = page.next
    shown = [page for page in pages if page.rows]
    for before, after in pairwise(shown):
        back = results.messages(task, after=after.previous, **filters)  # type: ignore[arg-type]
        assert back.rows == before.rows
    return [row.number - FIRST for page in pages for row in page.rows]


@pytest.fixture
def mixed(desk: Desk) -> Task:
    """2,500 messages: some of the first and last chunk settled, none of the middle one.

    The first chunk and half of the last one were handed over.
    """
    task = desk.task(2_500)
    report(task, Result.SENDING, [*range(1000), *range(2_000, 2_250)])
    report(task, Result.SUCCESSFUL, list(range(0, 1000, 3)), "DELIVRD")
    report(task, Result.FAILED, [1, 4, 999 - 1], "UNDELIV")
    report(task, Result.UNCERTAIN, [2, 2_001])
    report(task, Result.FAILED, [2_400, 2_499], "LIMIT")
    fetch(
        "UPDATE chunk SET next_seq = CASE n WHEN 0 THEN hi ELSE 2250 END, state = CASE n WHEN 0 THEN 2 ELSE 0 END, "
        "attempt = 1 WHERE task_id = %s AND n IN (0, 2) RETURNING 1",
        task.pk,
    )
    return task


def test_counters_add_up(mixed: Task) -> None:
    counted = results.counters([mixed])[mixed.pk]
    assert counted == (2_500, 334, 5, 911, 2, 1_248, 0, 1_250)
    assert counted.accepted == sum(counted[1:7])
    assert results.counters([mixed.pk]) == {mixed.pk: counted}
    assert results.counters([]) == {}


def test_pages_hold_every_message_once_in_the_order_of_the_file(mixed: Task) -> None:
    assert walk(mixed) == list(range(2_500))
    first = results.messages(mixed)
    assert (len(first.rows), first.previous, first.searched) == (50, None, None)


@pytest.mark.parametrize("result", list(Result))
def test_pages_of_one_result_hold_all_of_it_and_nothing_else(mixed: Task, result: Result) -> None:
    expected = [
        seq
        for (seq,) in fetch(
            "SELECT seq FROM message WHERE task_id = %s AND %s = "
            "CASE WHEN result = 0 AND submitted_at IS NULL THEN -1 ELSE result END ORDER BY seq",
            mixed.pk,
            int(result),
        )
    ]
    assert walk(mixed, result=result, limit=7 if len(expected) < 500 else 400) == expected


def test_a_result_far_behind_is_found_without_reading_what_lies_between(mixed: Task) -> None:
    page = results.messages(mixed, result=Result.UNCERTAIN, limit=1)
    assert [row.number - FIRST for row in page.rows] == [2]
    behind = results.messages(mixed, result=Result.UNCERTAIN, limit=1, after=page.next)
    assert [row.number - FIRST for row in behind.rows] == [2_001]
    assert behind.next is None


@pytest.mark.parametrize("text", [f"+{FIRST + 7}", f"{FIRST + 7}", " +49 1510 0000-007 "])
def test_a_whole_number_is_found(mixed: Task, text: str) -> None:
    page = results.messages(mixed, number=text)
    assert [row.sms_id for row in page.rows] == [f"{mixed.pk}-0000008"]
    assert (page.next, page.previous) == (None, None)


def test_a_whole_number_is_found_by_its_index_in_a_task_younger_than_the_statistics(desk: Desk) -> None:
    desk.task(2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE message")
    task = desk.task(6_000)
    asked = {"task": task.pk, "range": task.pk - task.pk % 1000, "numbers": [FIRST + 5]}
    asked |= {"result": None, "handed_over": None}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {store._NUMBER}", asked)
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "number_task_id_idx" in plan, plan
    assert [row.number for row in results.messages(task, number=f"+{FIRST + 5}").rows] == [FIRST + 5]


def test_digits_of_a_number_find_it_wherever_they_stand(mixed: Task) -> None:
    expected = [place for place in range(2_500) if "99" in str(FIRST + place)]
    assert walk(mixed, number="99", limit=7) == expected
    assert walk(mixed, number="+49151", limit=2_500) == list(range(2_500))
    assert walk(mixed, number="+151") == []
    assert walk(mixed, number="98", result=Result.FAILED) == [998]


def test_a_search_stops_after_a_stretch_and_can_go_on(mixed: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SEARCHED", 1_000)
    page = results.messages(mixed, number="2499")
    assert (page.rows, page.searched, page.onward) == ([], 1_000, page.next)
    back = results.messages(mixed, number="0", after="<2400", limit=5)
    assert (len(back.rows), back.searched) == (5, None)
    back = results.messages(mixed, number="2499", after="<2400")
    assert (back.rows, back.searched, back.onward) == ([], 1_400, back.previous)
    assert walk(mixed, number="2499") == [2_499]


@pytest.mark.parametrize("few", [5, 5_000], ids=["searched", "indexed"])
def test_first_digits_find_the_same_by_the_index_and_without(
    desk: Desk, mixed: Task, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    desk.task(30)  # the same numbers in the same partition
    monkeypatch.setattr(store, "FEW", few)
    digits = str(FIRST)[:-2]
    expected = [place for place in range(2_500) if str(FIRST + place).startswith(digits)]
    assert 0 < len(expected) < 2_500
    assert walk(mixed, number=f"+{digits}", limit=7) == expected
    assert walk(mixed, number=f"+{digits}", result=Result.FAILED, limit=7) == [
        place for place in walk(mixed, result=Result.FAILED) if place in expected
    ]
    assert walk(mixed, number=f"+{digits}9999999") == []
    assert walk(mixed, number="+0") == walk(mixed, number="+" + "1" * 16) == []


def test_what_is_no_number_finds_nothing_and_a_broken_key_starts_at_the_beginning(mixed: Task) -> None:
    assert results.messages(mixed, number="abc").rows == []
    assert results.messages(mixed, after="';--").rows == results.messages(mixed).rows


def test_a_mainland_number_is_found_without_its_prefix(desk: Desk) -> None:
    task = desk.task(text="号码,1\n13112345678,A\n13112345679,B\n", template=desk.templates["china"])
    assert [row.number for row in results.messages(task, number="13112345678").rows] == [8613112345678]


def test_a_long_message_is_several_records_with_the_same_sms_id(desk: Desk) -> None:
    rows = f"number,text,time\n+{FIRST},{'李' * 10},10:30\n"
    desk.templates["values"].content = "x" * 60 + "${TXT_20}, ${TIME}"
    desk.templates["values"].save()
    task = desk.task(text=rows, template=desk.templates["values"])
    page = results.messages(task)
    assert [(row.part, row.parts, row.result, row.sms_id) for row in page.rows] == [
        (1, 2, Result.WAITING, f"{task.pk}-0000001"),
        (2, 2, Result.WAITING, f"{task.pk}-0000001"),
    ]
    fetch(
        "INSERT INTO part (task_id, seq, part, result, code, submitted_at) VALUES "
        "(%s, 0, 1, 1, 'DELIVRD', now()), (%s, 0, 2, 2, 'UNDELIV', now()) RETURNING 1",
        task.pk,
        task.pk,
    )
    report(task, Result.FAILED, [0], "UNDELIV")
    page = results.messages(task, result=Result.FAILED)
    assert [(row.result, row.code, row.message_result) for row in page.rows] == [
        (Result.SUCCESSFUL, "DELIVRD", Result.FAILED),
        (Result.FAILED, "UNDELIV", Result.FAILED),
    ]


def test_an_sms_id_names_the_task_and_counts_from_one() -> None:
    assert sms_id(12, 0) == "12-0000001"
    assert sms_id(12, 999_999) == "12-1000000"
