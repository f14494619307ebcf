"""OK and the start of a task ask for money first: too little is a clear refusal, and nothing is sent."""

from __future__ import annotations

import io
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone
from tests.integration.billing.sendings import make_task

from sendmill.accounts.models import Account, Member, Role
from sendmill.billing import budgets, ledger
from sendmill.billing.models import Charge
from sendmill.catalog.demo.account import create_demo
from sendmill.catalog.models import Template
from sendmill.domain.task_life import TaskStatus
from sendmill.domain.violations import FormError, Refused
from sendmill.tasks import charging, drafts, file_check, lifecycle
from sendmill.tasks.models import Draft, Task

FILE = b"number\n+12025550100\n+12025550101\n"  # 2 x 0.0079


@pytest.fixture
def account(db: None, settings: Any, tmp_path: Any) -> Account:
    settings.MEDIA_ROOT = tmp_path / "files"
    account = create_demo(data_dir=tmp_path).account
    leave(account, "0.0158")
    return account


def leave(account: Account, amount: str) -> None:
    """Take out all but this much."""
    rest = ledger.standing(account).available - Decimal(amount)
    if rest > 0:
        ledger.withdraw(account, rest)


def checked(account: Account, scheduled_at: datetime | None = None) -> Draft:
    member = Member.objects.get(account=account, role=Role.ADMIN)
    template = Template.objects.get(account=account, name="Maintenance")
    draft = drafts.create_draft(
        member,
        name="Task",
        application=template.application,
        signature=None,
        template=template,
        scheduled_at=scheduled_at,
        file_name="Numbers.csv",
        content=io.BytesIO(FILE),
    )
    file_check.check_draft(draft.pk)
    draft.refresh_from_db()
    return draft


def confirm(draft: Draft) -> Task:
    return drafts.confirm(draft, Member.objects.get(account=draft.account, role=Role.ADMIN))


def test_ok_holds_the_price_and_pressed_twice_holds_it_once(account: Account) -> None:
    draft = checked(account)
    task = confirm(draft)
    assert confirm(draft) == task
    assert Charge.objects.get().held == Decimal("0.0158")
    assert ledger.standing(account).available == 0


@pytest.mark.parametrize("ahead", [None, timedelta(days=1)])
def test_too_little_money_is_refused_at_ok(account: Account, ahead: timedelta | None) -> None:
    leave(account, "0.015799")
    draft = checked(account, timezone.now() + ahead if ahead else None)
    with pytest.raises(FormError, match=r"up to 0\.0158 and 0\.015799 is left") as caught:
        confirm(draft)
    assert [error.code for error in caught.value.errors] == ["no_balance"]
    assert not Task.objects.exists()
    assert not Charge.objects.exists()
    draft.refresh_from_db()
    assert draft.state == "checked"
    ledger.top_up(account, Decimal("0.000001"))
    confirm(draft)


def test_a_budget_is_refused_at_ok(account: Account) -> None:
    budgets.set_budget(account, "day", alarm=None, stop=Decimal("0.01"))
    with pytest.raises(FormError, match="budget of a day"):
        confirm(checked(account))


def test_a_scheduled_task_is_paid_when_it_starts(account: Account) -> None:
    task = confirm(checked(account, timezone.now() + timedelta(hours=1)))
    assert not Charge.objects.exists()
    assert lifecycle.tick(timezone.now() + timedelta(hours=2)).started == (task.pk,)
    assert Charge.objects.get(pk=task.pk).held == Decimal("0.0158")


def test_a_scheduled_task_waits_for_money_and_is_canceled_after_a_day(account: Account) -> None:
    at = datetime.now(UTC) + timedelta(hours=1)
    first = confirm(checked(account, at))
    second = confirm(checked(account, at))
    due = at + timedelta(minutes=1)
    started = lifecycle.tick(due).started
    assert len(started) == 1
    poor = second if started == (first.pk,) else first
    poor.refresh_from_db()
    assert (poor.status, poor.reason[:22]) == (TaskStatus.PENDING, "The balance is too low")
    assert not Charge.objects.filter(pk=poor.pk).exists()
    for second_of_ten in range(10):
        lifecycle.tick(at + timedelta(hours=24, seconds=second_of_ten - 10))
    poor.refresh_from_db()
    assert poor.status == TaskStatus.PENDING
    for second_of_ten in range(10):
        lifecycle.tick(at + timedelta(hours=24, seconds=second_of_ten + 1))
    poor.refresh_from_db()
    assert poor.status == TaskStatus.CANCELED
    assert "24 hours" in poor.reason
    assert "balance is too low" in poor.reason


def test_a_waiting_task_starts_once_there_is_money(account: Account) -> None:
    at = datetime.now(UTC) + timedelta(hours=1)
    task = confirm(checked(account, at))
    leave(account, "0")
    lifecycle.tick(at)
    ledger.top_up(account, Decimal(1))
    started = [lifecycle.tick(at + timedelta(seconds=second)).started for second in range(1, 11)]
    assert started.count((task.pk,)) == 1
    task.refresh_from_db()
    assert (task.status, task.reason) == (TaskStatus.EXECUTING, "")


@pytest.mark.django_db(transaction=True)
def test_two_tasks_cannot_have_the_last_money(tmp_path: Any) -> None:
    account = create_demo(data_dir=tmp_path).account
    for _ in range(5):
        leave(account, "0")
        ledger.top_up(account, Decimal("0.03"))
        tasks = [make_task(account, "mainland", [1]), make_task(account, "mainland", [1])]
        ready = threading.Barrier(2)
        outcomes: list[str] = []

        def reserve(task: Task, ready: threading.Barrier = ready, outcomes: list[str] = outcomes) -> None:
            try:
                with transaction.atomic():
                    ready.wait(timeout=10)
                    charging.reserve(task)
                outcomes.append("held")
            except Refused as refused:
                outcomes.append(refused.violation.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=reserve, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["held", "no_balance"]
    assert ledger.discrepancies() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_settling_one_task_charge_it_once(tmp_path: Any) -> None:
    account = create_demo(data_dir=tmp_path).account
    task = make_task(account, "international", [1] * 50)
    charging.reserve(task)
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE message SET submitted_at = now() WHERE task_id = %s", [task.pk])

    def settle() -> None:
        try:
            for _ in range(5):
                charging.settle(task.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=settle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Charge.objects.get(pk=task.pk).charged == Decimal("2.00")
    assert [row.kind for row in ledger.entries(account, task_id=task.pk)] == ["charge", "reservation"]
    assert ledger.discrepancies() == []
