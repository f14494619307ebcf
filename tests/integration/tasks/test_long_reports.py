"""Long messages of which the carrier reports one part only: after the hours, when it is learnt, and what is charged."""

from __future__ import annotations

import pytest
from tests.integration.tasks.test_uncertain import assert_in_step, send
from tests.rig.desk import Desk, fetch, finish_chunks

from sendmill.accounts.models import Member, Role
from sendmill.catalog import carriers, long_reports
from sendmill.catalog.models import Carrier
from sendmill.domain.status_codes import meaning
from sendmill.message_store.queries import charged_parts
from sendmill.tasks import result_files, uncertain
from sendmill.tasks.models import Task

pytestmark = pytest.mark.django_db


def long_task(desk: Desk, delivered: list[int], minutes: int = 73 * 60) -> Task:
    """Messages of three parts, sent a while ago; of each so many parts were reported delivered."""
    task = desk.task(len(delivered))
    Task.objects.filter(pk=task.pk).update(parts=3 * len(delivered))
    finish_chunks(task)
    send(task, minutes / 60, list(range(len(delivered))))
    fetch("UPDATE task SET started_at = now() - interval '4 days' WHERE id = %s RETURNING 1", task.pk)
    for seq, count in enumerate(delivered):
        fetch("UPDATE message SET parts = 3, delivered = %s WHERE task_id = %s AND seq = %s RETURNING 1",
              count, task.pk, seq)  # fmt: skip
        fetch(
            "INSERT INTO part (task_id, seq, part, result, code, submitted_at, reported_at) "
            "SELECT %s, %s, p, (p <= %s)::int, CASE WHEN p <= %s THEN 'DELIVRD' END, now(), "
            "       CASE WHEN p <= %s THEN now() - interval '1 h' END FROM generate_series(1, 3) p RETURNING 1",
            task.pk, seq, count, count, count,
        )  # fmt: skip
    task.refresh_from_db()
    return task


def results(task: Task) -> list[tuple[object, ...]]:
    return fetch("SELECT result, code, delivered FROM message WHERE task_id = %s ORDER BY seq", task.pk)


def test_one_with_a_delivered_part_is_successful_after_the_hours_and_says_so(desk: Desk) -> None:
    task = long_task(desk, [1, 0, 2])
    assert uncertain.expire() == 3
    assert results(task) == [(1, "PARTLY-1/3", 1), (2, "EXPIRED", 0), (1, "PARTLY-2/3", 2)]
    assert_in_step(task)
    said = meaning("PARTLY-1/3")
    assert (said.meaning % said.parameters).startswith("1 of 3 parts reported")
    assert result_files.count("failed", task) == 1, "only what was never reported at all is offered again"


@pytest.mark.parametrize(("mainland", "left"), [(True, 2 + 3 + 1), (False, 0)])
def test_parts_that_nobody_reported_are_charged_where_the_carrier_took_them(
    desk: Desk, mainland: bool, left: int
) -> None:
    task = long_task(desk, [1, 0, 2])
    uncertain.expire()
    rows = charged_parts.uncharged(task.pk, mainland=mainland, platform=())
    assert rows.get_column("parts").sum() == left
    assert rows.get_column("lost").sum() == left


def test_a_late_report_of_another_part_counts_on(desk: Desk) -> None:
    from sendmill.message_store.partition_names import across
    from sendmill.message_store.result_changes import PARTS_REPORTED

    task = long_task(desk, [1, 2])
    uncertain.expire()
    for seq, part in ((0, 2), (1, 3)):
        fetch(
            across(
                "WITH hit AS (SELECT %(task)s::bigint AS task_id, %(seq)s AS seq, %(part)s AS part, 1 AS result, "
                f"'DELIVRD' AS code, true AS sure), {PARTS_REPORTED} SELECT count(*) FROM changed"
            )
            .replace("%(task)s", str(task.pk))
            .replace("%(seq)s", str(seq))
            .replace("%(part)s", str(part))
        )
    assert results(task) == [(1, "PARTLY-2/3", 2), (1, "DELIVRD", 3)]
    assert_in_step(task)


def test_one_report_is_learnt_proposed_and_taken(desk: Desk) -> None:
    task = long_task(desk, [1, 1, 1, 1, 0], minutes=30)
    carrier = Carrier.objects.get(pk=task.carrier_id)
    assert long_reports.proposal(carrier) == long_reports.OneReport(4, 4)
    admin = Member.objects.create(account=desk.account, username="boss", role=Role.ADMIN)
    carriers.edit(admin, carrier, long_reports="one")
    assert long_reports.run(carrier.pk) == 4
    assert results(task) == [(1, "DELIVRD", 3)] * 4 + [(0, None, 0)]
    assert_in_step(task)
    assert long_reports.proposal(Carrier.objects.get(pk=carrier.pk)) is None


def test_a_carrier_that_reports_each_part_is_not_taken_for_one_that_does_not(desk: Desk) -> None:
    task = long_task(desk, [3, 3, 1, 1, 1, 1], minutes=30)
    assert long_reports.proposal(Carrier.objects.get(pk=task.carrier_id)) is None
