"""Messages without a report: too old, or uncertain and decided about by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.rig.desk import FIRST, Desk, fetch, finish_chunks, report

from sendmill.accounts.models import AuditEntry
from sendmill.accounts.permissions import NotAllowed
from sendmill.domain.results import Result
from sendmill.domain.violations import Refused
from sendmill.tasks import results, uncertain
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task


def send(task: Task, hours: float, seqs: list[int]) -> None:
    """Let messages have been sent hours ago."""
    fetch(
        "UPDATE message SET submitted_at = now() - make_interval(mins => %s) "
        "WHERE task_id = %s AND seq = ANY(%s) RETURNING 1",
        round(hours * 60),
        task.pk,
        seqs,
    )
    Task.objects.filter(pk=task.pk).update(started_at=database_now() - timedelta(days=10))


def assert_in_step(task: Task) -> None:
    """Tallies and failures say what the messages say."""
    assert fetch(
        "SELECT n, messages, successful, failed, uncertain, not_sent FROM tally WHERE task_id = %s ORDER BY n",
        task.pk,
    ) == fetch(
        "SELECT seq / 1000, count(*), count(*) FILTER (WHERE result = 1), count(*) FILTER (WHERE result = 2), "
        "count(*) FILTER (WHERE result = 3), count(*) FILTER (WHERE result = 4) "
        "FROM message WHERE task_id = %s GROUP BY 1 ORDER BY 1",
        task.pk,
    )
    assert fetch("SELECT seq FROM failure WHERE task_id = %s ORDER BY seq", task.pk) == fetch(
        "SELECT seq FROM message WHERE task_id = %s AND result = 2 ORDER BY seq", task.pk
    )


def test_a_message_without_a_report_for_72_hours_is_expired(desk: Desk) -> None:
    task = desk.task(2_100)
    send(task, 72.1, [0, 1, 1_500])
    send(task, 71.9, [2])
    report(task, Result.SUCCESSFUL, [1], "DELIVRD")
    report(task, Result.UNCERTAIN, [1_500])
    assert uncertain.expire() == 1
    assert fetch("SELECT seq, code, reported_at FROM message WHERE task_id = %s AND result = 2", task.pk) == [
        (0, "EXPIRED", None)
    ]
    assert_in_step(task)
    assert uncertain.expire() == 0


def test_the_parts_of_an_expired_message_expire_unless_they_are_final(desk: Desk) -> None:
    task = desk.task(1)
    fetch(
        "INSERT INTO part (task_id, seq, part, result, code) VALUES "
        "(%s, 0, 1, 1, 'DELIVRD'), (%s, 0, 2, 0, NULL) RETURNING 1",
        task.pk,
        task.pk,
    )
    send(task, 73, [0])
    assert uncertain.expire() == 1
    assert fetch("SELECT part, result, code FROM part WHERE task_id = %s ORDER BY part", task.pk) == [
        (1, 1, "DELIVRD"),
        (2, 2, "EXPIRED"),
    ]


def test_uncertain_messages_can_be_let_fail(desk: Desk) -> None:
    task = desk.task(1_200)
    report(task, Result.UNCERTAIN, [3, 5, 1_100])
    assert uncertain.settle(task, [3, 4], "failed", desk.sender) == 1
    assert_in_step(task)
    assert uncertain.settle(task, None, "failed", desk.sender) == 2
    assert_in_step(task)
    assert {row.code for row in results.messages(task, result=Result.FAILED).rows} == {"SETTLED"}
    assert AuditEntry.objects.filter(action="settle_task").count() == 2


def test_uncertain_messages_can_be_sent_again(desk: Desk) -> None:
    task = desk.task(1_200)
    finish_chunks(task)
    report(task, Result.SUCCESSFUL, [0], "DELIVRD")
    report(task, Result.UNCERTAIN, [3, 5, 1_100])
    assert uncertain.settle(task, [5, 1_100], "resend", desk.sender) == 2
    assert_in_step(task)
    # The sender goes on at the first of them, and takes what has neither been sent nor has a result.
    assert fetch("SELECT n, state, next_seq FROM chunk WHERE task_id = %s ORDER BY n", task.pk) == [
        (0, 0, 5),
        (1, 0, 1_100),
    ]
    assert fetch(
        "SELECT seq FROM message WHERE task_id = %s AND seq IN (0, 3, 5, 1100) AND submitted_at IS NULL "
        "AND result = 0 ORDER BY seq",
        task.pk,
    ) == [(5,), (1_100,)]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (f"+{FIRST + 3}", [3]),
        (f"{FIRST + 1_100}"[-5:], [1_100]),
        (f"+{FIRST}"[:5], [3, 5, 1_100]),
        (f"{FIRST + 5}"[1:], [5]),
        (f"+{FIRST + 5}"[2:], [5]),
        ("%", []),
        ("+", []),
        ("x_", []),
    ],
)
@pytest.mark.parametrize("choice", ["failed", "resend"])
def test_uncertain_messages_are_settled_by_the_digits_of_their_number(
    desk: Desk, number: str, expected: list[int], choice: uncertain.Choice
) -> None:
    task = desk.task(1_200)
    finish_chunks(task)
    report(task, Result.UNCERTAIN, [3, 5, 1_100])
    found = [row.ordinal - 1 for row in results.messages(task, result=Result.UNCERTAIN, number=number).rows]
    assert found == expected
    assert uncertain.settle(task, None, choice, desk.sender, number=number) == len(expected)
    left = [row.ordinal - 1 for row in results.messages(task, result=Result.UNCERTAIN).rows]
    assert left == [seq for seq in (3, 5, 1_100) if seq not in expected]
    assert_in_step(task)


def test_a_whole_number_settles_itself_and_no_longer_one_that_holds_it(desk: Desk) -> None:
    task = desk.task(2)
    report(task, Result.UNCERTAIN, [0, 1])
    longer = FIRST * 10 + 7
    fetch("UPDATE message SET number = %s WHERE task_id = %s AND seq = 1 RETURNING 1", longer, task.pk)
    assert uncertain.settle(task, None, "failed", desk.sender, number=str(FIRST)) == 1
    assert [row.number for row in results.messages(task, result=Result.UNCERTAIN).rows] == [longer]
    assert_in_step(task)


@pytest.mark.parametrize("choice", ["failed", "resend"])
def test_the_parts_of_an_uncertain_message_go_with_it(desk: Desk, choice: uncertain.Choice) -> None:
    task = desk.task(1)
    finish_chunks(task)
    report(task, Result.UNCERTAIN, [0])
    fetch("UPDATE message SET parts = 4 WHERE task_id = %s RETURNING 1", task.pk)
    fetch(
        "INSERT INTO part (task_id, seq, part, result, code) VALUES (%s, 0, 1, 1, 'DELIVRD'), "
        "(%s, 0, 2, 3, 'UNCERTAIN'), (%s, 0, 3, 0, NULL) RETURNING 1",
        *[task.pk] * 3,
    )
    assert uncertain.settle(task, None, choice, desk.sender) == 1
    assert_in_step(task)
    records = [(row.part, row.result, row.code) for row in results.messages(task).rows]
    if choice == "failed":
        # What the carrier reported stays; of the part that it had accepted only the report is missing.
        assert records == [
            (1, Result.SUCCESSFUL, "DELIVRD"),
            (2, Result.FAILED, "SETTLED"),
            (3, Result.FAILED, "EXPIRED"),
            (4, Result.FAILED, "SETTLED"),
        ]
    else:
        assert records == [(part, Result.WAITING, None) for part in (1, 2, 3, 4)]
    assert {row.message_result for row in results.messages(task).rows} == {
        Result.FAILED if choice == "failed" else Result.WAITING
    }


def test_messages_next_to_a_sender_at_work_are_left_alone(desk: Desk) -> None:
    task = desk.task(1_200)
    report(task, Result.UNCERTAIN, [3, 1_100])
    fetch("UPDATE chunk SET state = 1, next_seq = 500 WHERE task_id = %s AND n = 0 RETURNING 1", task.pk)
    assert uncertain.settle(task, None, "resend", desk.sender) == 1
    assert fetch("SELECT state, next_seq FROM chunk WHERE task_id = %s AND n = 0", task.pk) == [(1, 500)]
    assert fetch("SELECT seq FROM message WHERE task_id = %s AND result = 3", task.pk) == [(3,)]
    assert_in_step(task)


def test_who_may_settle_and_when(desk: Desk) -> None:
    task = desk.task(1)
    report(task, Result.UNCERTAIN, [0])
    with pytest.raises(NotAllowed):
        uncertain.settle(task, None, "failed", desk.viewer)
    Task.objects.filter(pk=task.pk).update(status="completed")
    with pytest.raises(Refused):
        uncertain.settle(task, None, "failed", desk.sender)
    assert fetch("SELECT result, number FROM message WHERE task_id = %s", task.pk) == [(3, FIRST)]
