"""Why a task waits, was canceled or cannot be sent is kept as a code, and said in the reader's language."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.rig.desk import Desk, finish_chunks, report
from tests.rig.moved_clock import BRIDGE, run

from sendmill.accounts.models import Member
from sendmill.billing import ledger
from sendmill.catalog.models import Carrier, Template
from sendmill.dispatch.compiled_task import UnsendableError, compile_task, tell_unsendable
from sendmill.domain.results import Result
from sendmill.tasks import lifecycle, message_import, stored_files
from sendmill.tasks.models import Task

pytestmark = pytest.mark.django_db

CHINESE = re.compile("[\u4e00-\u9fff]")


def notices(desk: Desk, task: Task, language: str) -> str:
    """What the page of a task says above its counters."""
    Member.objects.filter(pk=desk.viewer.pk).update(language=language)
    client = Client()
    client.force_login(desk.viewer)
    page = client.get(reverse("console:task", kwargs={"pk": task.pk})).content.decode()
    waiting = page[page.index('id="waiting"') :]
    return " ".join(re.findall(r"</svg><div>(.*?)</div>", waiting[: waiting.index("<section")], re.DOTALL))


def tick_through(at: datetime) -> None:
    """Ten seconds of ticks: what has waited already has its turn in one of them."""
    for second in range(10):
        lifecycle.tick(at + timedelta(seconds=second))


def assert_said(desk: Desk, task: Task, code: str, english: str) -> None:
    task.refresh_from_db()
    assert code in [one["code"] for one in task.reasons]
    assert english in notices(desk, task, "en")
    chinese = notices(desk, task, "zh-hans")
    assert CHINESE.search(chinese)
    assert not re.search("[a-z]{3,} [a-z]{3,} [a-z]{3,}", chinese), chinese


def waiting_task(desk: Desk, at: datetime) -> Task:
    """A scheduled task whose time is `at` and for which nothing is held yet."""
    task = desk.import_draft(desk.check("number\n+4915100000001\n", scheduled_at=at + timedelta(hours=1)))
    Task.objects.filter(pk=task.pk).update(scheduled_at=at)
    return task


def test_too_little_money(desk: Desk) -> None:
    at = datetime.now(UTC)
    task = waiting_task(desk, at)
    ledger.withdraw(desk.account, ledger.standing(desk.account).available)
    tick_through(at)
    assert_said(desk, task, "no_balance", "The balance is too low")


def test_a_carrier_that_is_switched_off(desk: Desk) -> None:
    at = datetime.now(UTC)
    task = waiting_task(desk, at)
    Carrier.objects.update(enabled=False)
    tick_through(at)
    assert_said(desk, task, "carrier_disabled", "switched off")


def test_a_template_that_was_withdrawn(desk: Desk) -> None:
    at = datetime.now(UTC)
    task = waiting_task(desk, at)
    Template.objects.filter(pk=task.template_id).update(active=False)
    tick_through(at)
    assert_said(desk, task, "template_deactivated", "Template “plain” is deactivated.")


def test_an_overdue_task_tells_what_it_waited_for(desk: Desk) -> None:
    at = datetime.now(UTC)
    task = waiting_task(desk, at)
    ledger.withdraw(desk.account, ledger.standing(desk.account).available)
    tick_through(at)
    tick_through(at + timedelta(hours=24, seconds=1))
    assert_said(desk, task, "overdue", "not executed within 24 hours")
    assert_said(desk, task, "no_balance", "The balance is too low")


def test_a_person_who_canceled(desk: Desk) -> None:
    task = waiting_task(desk, datetime.now(UTC) + timedelta(hours=2))
    lifecycle.cancel(task, desk.sender)
    assert_said(desk, task, "canceled_by_member", "Canceled by a member.")


def test_a_file_that_was_lost(desk: Desk) -> None:
    draft = desk.check("number\n+4915100000001\n")
    task = desk.import_draft(draft)
    Task.objects.filter(pk=task.pk).update(import_state="waiting")
    stored_files.remove(draft.accepted_file)
    message_import.import_task(task.pk)
    assert_said(desk, task, "file_lost", "lost before they were imported")


def test_a_task_that_cannot_be_rendered_says_so_until_it_is_over(desk: Desk) -> None:
    task = desk.task(1)
    with pytest.raises(UnsendableError):
        compile_task(task.pk, 2, task.snapshot | {"content": "${nothing"})
    for _ in range(2):
        run(tell_unsendable(BRIDGE, task.pk))
    assert_said(desk, task, "cannot_render", "The messages of this task cannot be made")
    assert len(task.reasons) == 1
    assert len(task.reason) <= 255
    finish_chunks(task)
    report(task, Result.FAILED, [0], "SETTLED")
    lifecycle.tick()
    task.refresh_from_db()
    assert (task.status, task.reason, task.reasons) == ("completed", "", [])


def test_a_reason_that_was_kept_as_a_sentence_is_still_shown(desk: Desk) -> None:
    task = desk.task(1)
    Task.objects.filter(pk=task.pk).update(status="canceled", reason="An older sentence.", reasons=[])
    assert "An older sentence." in notices(desk, task, "zh-hans")
