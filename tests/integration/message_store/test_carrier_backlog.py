"""What a carrier still owes, also of chunks that went from one carrier to another."""

from __future__ import annotations

import pytest
from tests.rig.desk import Desk, fetch, finish_chunks, report

from sendmill.catalog.models import Carrier, Route
from sendmill.domain.results import Result
from sendmill.message_store.queries.carrier_backlog import Backlog, backlog_of


@pytest.fixture
def second(desk: Desk) -> Carrier:
    return Carrier.objects.create(account=desk.account, name="Second", host="127.0.0.1", system_id="b")


def test_what_waits_and_what_has_no_report(desk: Desk) -> None:
    task = desk.task(10)
    carrier = task.carrier_id or 0
    assert backlog_of(carrier) == Backlog(reports=0, unsent=10, working=0)
    fetch("UPDATE chunk SET next_seq = 6, state = 1, owner = 1 WHERE task_id = %s RETURNING 1", task.pk)
    report(task, Result.SUCCESSFUL, [0, 1])
    report(task, Result.FAILED, [2])
    report(task, Result.UNCERTAIN, [3])
    assert backlog_of(carrier) == Backlog(reports=2, unsent=4, working=1)
    finish_chunks(task)
    assert backlog_of(carrier) == Backlog(reports=6, unsent=0, working=0)


def test_a_chunk_that_was_moved_is_owed_by_both(desk: Desk, second: Carrier) -> None:
    Route.objects.create(account=desk.account, application=desk.international, carrier=second, position=1)
    task = desk.task(10)
    first = task.carrier_id or 0
    fetch(
        "UPDATE message SET submitted_at = now() - interval '1 h' WHERE task_id = %s AND seq < 4 RETURNING 1",
        task.pk,
    )
    fetch(
        "INSERT INTO moved_chunk VALUES (%s, 0, now() - interval '30 min', %s, %s, true, 'down') RETURNING 1",
        task.pk, first, second.pk,
    )  # fmt: skip
    fetch("UPDATE chunk SET carrier_id = %s, next_seq = 6 WHERE task_id = %s RETURNING 1", second.pk, task.pk)
    fetch("UPDATE message SET submitted_at = now() WHERE task_id = %s AND seq IN (4, 5) RETURNING 1", task.pk)
    report(task, Result.SUCCESSFUL, [0])
    assert backlog_of(first) == Backlog(reports=3, unsent=0, working=0)
    assert backlog_of(second.pk) == Backlog(reports=2, unsent=4, working=0)
