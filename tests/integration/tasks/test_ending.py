"""The end of a task by a person: when it is allowed, what becomes of its messages, its counters and its money."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.integration.tasks.test_downloads import save
from tests.integration.tasks.test_uncertain import assert_in_step
from tests.rig.desk import FIRST, Desk, fetch, finish_chunks, numbers, report
from tests.rig.moved_clock import BRIDGE, run

from sendmill.accounts.models import AuditEntry
from sendmill.accounts.permissions import NotAllowed
from sendmill.billing import ledger
from sendmill.billing.models import Charge
from sendmill.catalog.models import Carrier
from sendmill.domain.results import Result
from sendmill.domain.violations import Refused
from sendmill.message_store.engine import batches, chunks, report_matching
from sendmill.message_store.queries import results as store
from sendmill.spreadsheets.reader import read_table
from sendmill.tasks import (
    charging,
    drafts,
    lifecycle,
    message_import,
    recipient_timeline,
    result_files,
    results,
    uncertain,
)
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task
from sendmill.tasks.standstill import standstill
from sendmill.worker import jobs, reconciliation

PRICE = Decimal("0.01")


def hand_over(task: Task, count: int) -> None:
    """Send the first messages of a task and record it, as a lane does; ids are `<task>-<seq>`."""
    [(owner,)] = fetch("INSERT INTO sender (host, pid) VALUES ('mill', 1) RETURNING id")
    chunk = run(chunks.claim(BRIDGE, owner, task.pk))
    assert chunk is not None
    assert run(batches.intend(BRIDGE, chunk, owner, count))
    seqs = list(range(count))
    ids = [f"{task.pk}-{seq}" for seq in seqs]
    written = batches.BatchRecord(count, seqs, [0] * count, ids, None, [], [])
    assert run(batches.record(BRIDGE, chunk, owner, Carrier.objects.get().pk, written))
    run(chunks.release(BRIDGE, chunk, owner))


def told(task: Task, seq: int, state: tuple[int, str]) -> None:
    receipt = report_matching.ReportToMatch(f"{task.pk}-{seq}", *state)
    assert run(report_matching.match(BRIDGE, Carrier.objects.get().pk, [receipt])) == {0}


def work(task: Task) -> None:
    """The job that the end of a task defers."""
    jobs.end_unsent.func(task_id=task.pk)


def counted(task: Task) -> results.Counters:
    task.refresh_from_db()
    found = results.counters([task])[task.pk]
    assert found.accepted == sum(found[1:7])
    return found


def ended(desk: Desk, task: Task) -> None:
    lifecycle.pause(task, desk.sender)
    lifecycle.end(task, desk.sender)
    work(task)


def test_what_was_not_handed_over_is_not_sent_and_the_task_completes_when_the_rest_is_known(
    desk: Desk,
) -> None:
    task = desk.task(1_500)
    hand_over(task, 3)
    told(task, 0, (1, "DELIVRD"))
    ended(desk, task)
    assert (task.ending, task.paused, task.status) == (True, True, "executing")
    assert counted(task)[1:7] == (1, 0, 2, 0, 0, 1_497)
    assert_in_step(task)
    assert lifecycle.tick().completed == ()
    told(task, 1, (2, "UNDELIV"))
    told(task, 2, (1, "DELIVRD"))
    assert lifecycle.tick().completed == (task.pk,)
    assert counted(task)[1:7] == (2, 1, 0, 0, 0, 1_497)
    assert (task.not_sent, task.ending, task.paused) == (1_497, False, False)
    assert reconciliation.check(task) == []
    entry = AuditEntry.objects.get(action="end_task")
    assert (entry.member, entry.object_id, entry.after) == (desk.sender, task.pk, {"reason": "paused"})


def test_frozen_counters_tell_the_same(desk: Desk) -> None:
    task = desk.task(5)
    hand_over(task, 1)
    ended(desk, task)
    told(task, 0, (1, "DELIVRD"))
    lifecycle.tick()
    before = counted(task)
    for table in ("tally", "chunk", "message"):
        fetch(f"DELETE FROM {table} WHERE task_id = %s RETURNING 1", task.pk)
    assert counted(task) == before


def test_nothing_is_charged_for_what_is_not_sent_and_the_money_comes_back(desk: Desk) -> None:
    before = ledger.standing(desk.account).available
    task = desk.task(10)
    hand_over(task, 3)
    ended(desk, task)
    charging.settle(task.pk)
    charge = Charge.objects.get(pk=task.pk)
    assert (charge.charged, charge.held) == (3 * PRICE, 0), "at once, not when its last report is there"
    for seq in range(3):
        told(task, seq, (1, "DELIVRD"))
    assert lifecycle.tick().completed == (task.pk,)
    charging.settle(task.pk)
    charge.refresh_from_db()
    assert (charge.charged, charge.held) == (3 * PRICE, 0)
    assert ledger.standing(desk.account).available == before - 3 * PRICE
    assert not charging.settle(task.pk)
    assert ledger.discrepancies() == []


@pytest.mark.parametrize("state", [(1, "DELIVRD"), (2, "UNDELIV")])
def test_a_late_proof_that_one_was_sent_is_counted_and_charged(desk: Desk, state: tuple[int, str]) -> None:
    task = desk.task(2)
    hand_over(task, 2)
    report(task, Result.UNCERTAIN, [1])
    assert uncertain.settle(task, [1], "resend", desk.sender) == 1
    ended(desk, task)
    told(task, 0, (1, "DELIVRD"))
    assert lifecycle.tick().completed == (task.pk,)
    charging.settle(task.pk)
    assert Charge.objects.get(pk=task.pk).charged == PRICE
    told(task, 1, state)
    assert counted(task)[1:7] == (2, 0, 0, 0, 0, 0) if state[0] == 1 else (1, 1, 0, 0, 0, 0)
    assert charging.settle_late() == 1
    assert charging.settle_late() == 0
    assert Charge.objects.get(pk=task.pk).charged == 2 * PRICE
    assert reconciliation.check(task) == []


@pytest.mark.parametrize(
    ("changes", "still"),
    [
        ({}, None),
        ({"paused": True}, "paused"),
        ({"opens_at": timedelta(hours=-1), "closes_at": timedelta(hours=1)}, None),
        ({"opens_at": timedelta(hours=1), "closes_at": timedelta(hours=9)}, "hours"),
        ({"opens_at": timedelta(hours=-9), "closes_at": timedelta(hours=-1)}, "hours"),
        ({"reasons": [{"code": "cannot_render", "message": "", "parameters": {}}]}, "cannot_render"),
    ],
)
def test_only_a_task_that_stands_still_can_be_ended(
    desk: Desk, changes: dict[str, object], still: str | None
) -> None:
    task, now = desk.task(3), database_now()
    at = {name: now + value if isinstance(value, timedelta) else value for name, value in changes.items()}
    Task.objects.filter(pk=task.pk).update(**at)
    task.refresh_from_db()
    assert standstill(task, now, None) == still
    if still is None:
        with pytest.raises(Refused) as refused:
            lifecycle.end(task, desk.sender)
        assert refused.value.violation.code == "still_sending"
        assert counted(task).waiting == 3
        return
    lifecycle.end(task, desk.sender)
    work(task)
    assert counted(task).not_sent == 3
    assert lifecycle.tick().completed == (task.pk,)


def test_who_may_end_and_when(desk: Desk) -> None:
    task = desk.task(1)
    lifecycle.pause(task, desk.sender)
    with pytest.raises(NotAllowed):
        lifecycle.end(task, desk.viewer)
    later = desk.scheduled_task(timezone.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="being executed"):
        lifecycle.end(later, desk.sender)
    assert standstill(later, timezone.now(), None) is None


def test_ended_twice_is_ended_and_it_stays_so(desk: Desk) -> None:
    task = desk.task(3)
    hand_over(task, 1)
    report(task, Result.UNCERTAIN, [0])
    ended(desk, task)
    lifecycle.end(task, desk.sender)
    assert AuditEntry.objects.filter(action="end_task").count() == 1
    with pytest.raises(Refused, match="ended"):
        lifecycle.resume(task, desk.sender)
    with pytest.raises(Refused, match="ended"):
        uncertain.settle(task, None, "resend", desk.sender)
    assert uncertain.settle(task, None, "failed", desk.sender) == 1
    assert lifecycle.tick().completed == (task.pk,)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(ending=True, paused=False)


def test_what_a_sender_gives_back_later_is_ended_by_the_clock(desk: Desk) -> None:
    task = desk.task(5)
    [(owner,)] = fetch("INSERT INTO sender (host, pid) VALUES ('mill', 1) RETURNING id")
    chunk = run(chunks.claim(BRIDGE, owner, task.pk))
    assert chunk is not None
    assert run(batches.intend(BRIDGE, chunk, owner, 2))
    ended(desk, task)
    ProcrastinateJob.objects.filter(task_name="end_unsent").delete()  # done
    lifecycle.tick()
    assert not ProcrastinateJob.objects.filter(task_name="end_unsent").exists()
    assert counted(task).waiting == 5
    run(chunks.recover(BRIDGE, {chunk.lease}))
    for _ in range(2):
        lifecycle.tick()
    assert ProcrastinateJob.objects.filter(task_name="end_unsent").count() == 1
    work(task)
    assert counted(task)[1:7] == (0, 0, 0, 2, 0, 3)
    assert_in_step(task)


def test_a_task_that_is_ended_while_it_is_imported_sends_nothing(desk: Desk) -> None:
    task = drafts.confirm(desk.check(numbers(3)), desk.sender)
    assert counted(task).waiting == 3
    ended(desk, task)
    assert counted(task).waiting == 3
    message_import.import_task(task.pk)
    lifecycle.tick()
    work(task)
    assert counted(task).not_sent == 3
    assert lifecycle.tick().completed == (task.pk,)


def test_pages_files_and_ways_say_waiting_and_not_sent(desk: Desk, tmp_path: Path) -> None:
    task = desk.task(4)
    hand_over(task, 1)

    def words() -> list[str]:
        task.refresh_from_db()
        table = read_table(
            save(result_files.download("results", task, desk.sender, "csv"), tmp_path), columns=8
        )
        return list(table.frame.get_column("c5"))

    shown = [row.result for row in results.messages(task).rows]
    assert shown == [Result.SENDING, *[Result.WAITING] * 3]
    assert words() == ["Sending", "Waiting", "Waiting", "Waiting"]
    ended(desk, task)
    assert [row.result for row in results.messages(task).rows] == [Result.SENDING, *[Result.NOT_SENT] * 3]
    assert words() == ["Sending", "Not sent", "Not sent", "Not sent"]
    way = recipient_timeline.timeline(task, 1, desk.viewer)
    assert way is not None
    assert way.result is Result.NOT_SENT
    assert way.steps[-1].message == recipient_timeline.NOT_SENT
    found = results.messages(task, result=Result.NOT_SENT, number=f"+{FIRST + 2}").rows
    assert [row.number for row in found] == [FIRST + 2]
    assert results.messages(task, result=Result.WAITING).rows == []


def test_of_a_canceled_task_nothing_was_sent_and_no_row_is_written_for_it(desk: Desk, tmp_path: Path) -> None:
    task = desk.scheduled_task(timezone.now() + timedelta(hours=1))
    assert counted(task)[1:7] == (0, 0, 0, 0, 3, 0)
    lifecycle.cancel(task, desk.sender)
    assert counted(task)[1:7] == (0, 0, 0, 0, 0, 3)
    assert fetch("SELECT DISTINCT result FROM message WHERE task_id = %s", task.pk) == [(0,)]
    assert {row.result for row in results.messages(task).rows} == {Result.NOT_SENT}
    assert len(results.messages(task, result=Result.NOT_SENT).rows) == 3
    assert len(results.messages(task, result=Result.NOT_SENT, number="0002").rows) == 1
    for result in (Result.SENDING, Result.WAITING):
        assert results.messages(task, result=result).rows == []
    table = read_table(save(result_files.download("results", task, desk.sender, "csv"), tmp_path), columns=8)
    assert set(table.frame.get_column("c5")) == {"Not sent"}
    way = recipient_timeline.timeline(task, 1, desk.viewer)
    assert way is not None
    assert (way.result, way.steps[-1].message) == (Result.NOT_SENT, recipient_timeline.NOT_SENT_CANCELED)


def test_beyond_many_reopened_chunks_counters_still_add_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = desk.task(1_200)
    hand_over(task, 1_000)
    report(task, Result.UNCERTAIN, list(range(990, 1_000)))
    assert uncertain.settle(task, [990], "resend", desk.sender) == 1
    assert counted(task)[1:7] == (0, 0, 990, 9, 201, 0)
    monkeypatch.setattr(store, "ASKED", 0)
    assert counted(task)[1:7] == (0, 0, 981, 9, 210, 0)  # no more wait than is left of the chunk
    report(task, Result.SUCCESSFUL, list(range(990)), "DELIVRD")
    assert counted(task)[1:7] == (990, 0, 0, 9, 201, 0)  # … nor than has no result


def test_a_reopened_chunk_counts_as_waiting_only_what_waits(desk: Desk) -> None:
    task = desk.task(1_200)
    hand_over(task, 1_000)
    report(task, Result.UNCERTAIN, [3, 900])
    assert uncertain.settle(task, [3], "resend", desk.sender) == 1
    assert counted(task)[1:7] == (0, 0, 998, 1, 201, 0)
    finish_chunks(task)
    assert counted(task)[1:7] == (0, 0, 1_199, 1, 0, 0)
