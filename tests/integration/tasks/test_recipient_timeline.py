"""What became of one recipient, from the row of the file to the result."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.rig.desk import FIRST, Desk, fetch, numbers, report

from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import NotYours
from sendmill.domain.results import Result
from sendmill.tasks import recipient_timeline, stored_files, uncertain
from sendmill.tasks.models import Draft, Task


def told(task: Task, desk: Desk, seq: int = 0) -> recipient_timeline.Timeline:
    found = recipient_timeline.timeline(task, seq, desk.viewer)
    assert found is not None
    return found


def sentences(found: recipient_timeline.Timeline) -> list[str]:
    return [step.message % step.parameters for step in found.steps]


def hand_over(task: Task, seq: int = 0, parts: tuple[int, ...] = (0,)) -> None:
    """A window of one message, recorded as the sender records it: one time for all."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO sender (host, pid) VALUES ('mill', 7) RETURNING id")
        owner = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE chunk SET owner = %s, attempt = 1, state = 2, next_seq = hi WHERE task_id = %s",
            [owner, task.pk],
        )
        cursor.execute(
            "UPDATE message SET submitted_at = now() WHERE task_id = %s AND seq = %s", [task.pk, seq]
        )
        for part in parts:
            cursor.execute(
                "INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id) "
                "VALUES (1, %s, %s, %s, %s, %s)",
                [task.pk, seq, part, task.carrier_id, f"id-{part}"],
            )


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("+8613112345678", "The number was taken as it was written."),
        ("13112345678", "+86 was put in front: +8613112345678."),
        ("8613112345678", "A plus sign was put in front: +8613112345678."),
        ("+86 131-1234-5678", "Spaces and signs were taken out: +8613112345678."),
        ("＋８６１３１１２３４５６７８", "Spaces and signs were taken out: +8613112345678."),
        ("131 1234 5678", "Spaces and signs were taken out and the prefix was put in front: +8613112345678."),
    ],
)
def test_how_a_number_became_what_it_is(desk: Desk, written: str, sentence: str) -> None:
    task = desk.task(text=f"number,1\n{written},A1\n", template=desk.templates["china"])
    found = told(task, desk)
    said = sentences(found)
    assert said[0] == f"Row 2 of the file Numbers.csv: “{written}”."
    assert said[1] == sentence
    assert "1 value(s) that fit" in said[2]
    assert (found.number, found.text) == (8613112345678, "【云帆】您的订单A1已发货。")
    assert said[-1] == "It was not handed over yet."


def test_from_the_claim_to_the_report(desk: Desk) -> None:
    task = desk.task(2)
    hand_over(task)
    awaited = sentences(told(task, desk))
    assert awaited[-1] == "The report is awaited. Without one for 72 hours it counts as failed."
    fetch(
        "UPDATE message SET result = 1, code = 'DELIVRD', reported_at = now() WHERE task_id = %s AND seq = 0 "
        "RETURNING 1",
        task.pk,
    )
    found = told(task, desk)
    said = sentences(found)
    assert said[3] == "The task was confirmed by sender."
    assert said[4].startswith("Messages 1 to 2 of the task were claimed by sender ")
    assert said[4].endswith("on mill.")
    assert said[5:] == [
        "The carrier Carrier took it and gave it the ID id-0.",
        "The carrier reported DELIVRD.",
        "Successful.",
    ]
    assert [step.level for step in found.steps[-2:]] == ["good", "good"]
    assert (found.sms_id, found.result) == (f"{task.pk}-0000001", Result.SUCCESSFUL)


def test_a_late_report_keeps_the_history(desk: Desk) -> None:
    task = desk.task(1)
    fetch(
        "UPDATE message SET result = 1, code = 'DELIVRD', submitted_at = now() - interval '73 h', "
        "reported_at = now() WHERE task_id = %s RETURNING 1",
        task.pk,
    )
    fetch(
        "INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, result, raw) "
        "VALUES (%s, 0, 0, 1, 1, 'x', 'DELIVRD', 1, 'id:x stat:DELIVRD') RETURNING 1",
        task.pk,
    )
    *_, late, last = told(task, desk).steps
    assert late.message.startswith("A late report came")
    assert late.raw == "id:x stat:DELIVRD"
    assert last.message == "Successful."


def test_what_a_person_decided_is_told(desk: Desk) -> None:
    task = desk.task(2)
    report(task, Result.UNCERTAIN, [0, 1], "UNCERTAIN")
    assert "nobody knows" in sentences(told(task, desk))[-1]
    uncertain.settle(task, [0], "resend", desk.sender)
    uncertain.settle(task, [1], "failed", desk.sender)
    assert "sender let it be sent again." in sentences(told(task, desk, 0))
    found = told(task, desk, 1)
    assert sentences(found)[-2:] == ["sender closed it as failed.", "Failed."]
    assert found.steps[-1].code == "SETTLED"


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("SMPP-0x0000000B", ["The carrier Carrier refused it.", "Failed."]),
        (
            "EXPIRED",
            [
                "It was handed to the carrier Carrier. The carrier's ID is not known or no longer kept.",
                "Failed: no report came within 72 hours.",
            ],
        ),
    ],
)
def test_failures_without_a_report(desk: Desk, code: str, ending: list[str]) -> None:
    task = desk.task(1)
    report(task, Result.FAILED, [0], code)
    assert sentences(told(task, desk))[-2:] == ending


def test_the_parts_of_a_long_message_are_told_apart(desk: Desk) -> None:
    task = desk.task(1)
    fetch(
        "UPDATE message SET parts = 2, result = 2, code = 'UNDELIV' WHERE task_id = %s RETURNING 1", task.pk
    )
    hand_over(task, parts=(1, 2))
    fetch(
        "INSERT INTO part (task_id, seq, part, result, code, reported_at) VALUES "
        "(%s, 0, 1, 1, 'DELIVRD', now()), (%s, 0, 2, 2, 'UNDELIV', now() + interval '1 s') RETURNING 1",
        task.pk,
        task.pk,
    )
    assert sentences(told(task, desk))[-5:] == [
        "The carrier Carrier took part 1 of 2 and gave it the ID id-1.",
        "The carrier Carrier took part 2 of 2 and gave it the ID id-2.",
        "The carrier reported DELIVRD for part 1 of 2.",
        "The carrier reported UNDELIV for part 2 of 2.",
        "Failed.",
    ]


def test_an_id_that_came_late_is_found(desk: Desk) -> None:
    task = desk.task(1)
    hand_over(task)
    fetch(
        "UPDATE message SET submitted_at = submitted_at - interval '30 s' WHERE task_id = %s RETURNING 1",
        task.pk,
    )
    assert "The carrier Carrier took it and gave it the ID id-0." in sentences(told(task, desk))


def test_what_is_no_longer_kept_is_said(desk: Desk) -> None:
    task = desk.task(1)
    draft = Draft.objects.get(task=task)
    stored_files.remove(draft.written_file)
    assert sentences(told(task, desk))[0] == (
        "Row 2 of the file Numbers.csv. How the number was written there is no longer kept."
    )
    Draft.objects.filter(pk=draft.pk).update(written_file="")
    assert sentences(told(task, desk))[1] == f"The number became +{FIRST}."
    assert recipient_timeline.timeline(task, 7, desk.viewer) is None


def test_a_stranger_sees_nothing(desk: Desk) -> None:
    task = desk.task(1)
    account = Account.objects.create(name="Elsewhere")
    stranger = Member.objects.create(account=account, username="stranger", role="admin")
    with pytest.raises(NotYours):
        recipient_timeline.timeline(task, 0, stranger)


def test_only_what_was_changed_is_kept_of_the_file(desk: Desk) -> None:
    text = numbers(3) + f"+{FIRST + 7}.\n"
    draft = desk.check(text)
    rows: Any = stored_files.load_frame(draft.written_file).rows()
    assert rows == [(5, f"+{FIRST + 7}.")]
    assert "written" not in stored_files.load_frame(draft.accepted_file).columns
