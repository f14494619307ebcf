"""What is wrong with money, or near its limit, is an alarm that administrators see until it is well again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.integration.billing.purse import open_purse
from tests.integration.billing.sendings import make_task

from sendmill.accounts.models import Account, Member, Role
from sendmill.alarms.models import Alarm
from sendmill.alarms.open_alarms import alarms_of
from sendmill.billing import budgets, charges, ledger, ledger_check, money_alarms
from sendmill.billing.models import Charge
from sendmill.catalog.demo.account import create_demo
from sendmill.domain.task_life import TaskStatus
from sendmill.tasks import charging
from sendmill.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(tmp_path: Any) -> Account:
    return create_demo(data_dir=tmp_path).account


def standing(account: Account) -> list[str]:
    return [alarm.code for alarm in alarms_of(account)]


def tamper(task: Task, amount: int) -> None:
    """Let a charge hold what no entry of the ledger tells of."""
    Charge.objects.filter(pk=task.pk).update(held=F("held") + amount)


def page_of(account: Account, role: Role, language: str = "en") -> str:
    member = Member.objects.get(account=account, role=role)
    Member.objects.filter(pk=member.pk).update(language=language)
    client = Client()
    client.force_login(member)
    return client.get(reverse("console:tasks")).content.decode()


def test_a_ledger_that_does_not_add_up_is_an_alarm_of_its_account(account: Account) -> None:
    other = open_purse("5").account
    task = make_task(account, "mainland", [1])
    charging.reserve(task)
    assert ledger_check.check_ledger() == []
    tamper(task, 1)
    assert len(ledger_check.check_ledger()) == 1
    assert len(ledger_check.check_ledger()) == 1
    assert standing(account) == [money_alarms.LEDGER]
    assert standing(other) == []
    page = page_of(account, Role.ADMIN)
    assert "The ledger does not add up in 1 place(s)" in page
    assert reverse("console:ledger") in page
    assert "账本有 1 处不平" in page_of(account, Role.ADMIN, "zh-hans")
    assert "does not add up" not in page_of(account, Role.SENDER)
    tamper(task, -1)
    assert ledger_check.check_ledger() == []
    assert standing(account) == []


@pytest.mark.parametrize(("alarm", "raised"), [("0.030001", False), ("0.03", True), ("0", True)])
def test_a_budget_that_reaches_its_alarm(account: Account, alarm: str, raised: bool) -> None:
    budgets.set_budget(account, "day", alarm=Decimal(alarm), stop=Decimal(5))
    charging.reserve(make_task(account, "mainland", [1]))
    assert standing(account) == (["budget_day"] if raised else [])
    if raised:
        page = page_of(account, Role.ADMIN)
        assert f"has reached its alarm of {alarm}: 0.03 is spent" in page
        assert reverse("console:budgets") in page


def test_the_alarm_of_a_day_ends_with_the_day_and_that_of_a_month_with_the_month(account: Account) -> None:
    for scope in ("day", "month"):
        budgets.set_budget(account, scope, alarm=Decimal("0.01"), stop=None)
    charging.reserve(make_task(account, "mainland", [1]))
    assert set(standing(account)) == {"budget_day", "budget_month"}
    charging.settle_due(timezone.now())
    assert set(standing(account)) == {"budget_day", "budget_month"}
    charging.settle_due(timezone.now() + timedelta(days=32))
    assert standing(account) == []
    assert Alarm.objects.count() == 2


def test_a_changed_budget_clears_its_alarm(account: Account) -> None:
    budgets.set_budget(account, "month", alarm=Decimal("0.01"), stop=None)
    charging.reserve(make_task(account, "mainland", [1]))
    client = Client()
    client.force_login(Member.objects.get(account=account, role=Role.ADMIN))
    client.post(reverse("console:budget-edit", kwargs={"scope": "month"}), {"alarm": "1", "stop": ""})
    assert standing(account) == []


def test_a_dear_task_is_named_until_it_is_over(account: Account) -> None:
    budgets.set_budget(account, "task", alarm=Decimal("0.06"), stop=None)
    cheap, dear = make_task(account, "mainland", [1]), make_task(account, "mainland", [1, 1])
    charging.reserve(cheap)
    charging.reserve(dear)
    [alarm] = alarms_of(account)
    assert (alarm.task, alarm.code) == (dear, money_alarms.DEAR_TASK)
    assert "costs up to 0.06" in page_of(account, Role.ADMIN)
    Task.objects.filter(pk=dear.pk).update(status=TaskStatus.COMPLETED)
    charging.settle(dear.pk)
    assert standing(account) == []


def test_a_refused_task_raises_nothing(account: Account) -> None:
    budgets.set_budget(account, "task", alarm=Decimal("0.01"), stop=Decimal("0.02"))
    task = make_task(account, "mainland", [1])
    with pytest.raises(charging.Refused):
        charging.reserve(task)
    assert standing(account) == []
    assert charges.lock(task.pk) is None
    assert ledger.standing(account).held == 0


def test_a_task_that_cannot_be_settled_is_named_and_keeps_no_other_from_it(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = make_task(account, "mainland", [1]), make_task(account, "mainland", [1])
    for task in (broken, sound):
        charging.reserve(task)
    Task.objects.update(status=TaskStatus.COMPLETED)
    settle = charging.settle

    def fail(task_id: int) -> bool:
        if task_id == broken.pk:
            raise ValueError("more parts than the task has")
        return settle(task_id)

    with monkeypatch.context() as patch:
        patch.setattr(charging, "settle", fail)
        charging.settle_due()
        charging.settle_due()
    [alarm] = alarms_of(account)
    assert (alarm.task, alarm.code) == (broken, money_alarms.UNSETTLED)
    assert Charge.objects.get(pk=sound.pk).closed_at is not None
    charging.settle_due()
    assert standing(account) == []
    assert Charge.objects.get(pk=broken.pk).closed_at is not None


def test_a_deleted_task_that_cannot_be_settled_keeps_no_other_from_it(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, sound = make_task(account, "mainland", [1]), make_task(account, "mainland", [1])
    for task in (gone, sound):
        charging.reserve(task)
    Task.objects.update(status=TaskStatus.COMPLETED)
    key, settle = gone.pk, charging.settle
    gone.delete()

    def fail(task_id: int) -> bool:
        if task_id == key:
            raise ValueError("more parts than the task has")
        return settle(task_id)

    monkeypatch.setattr(charging, "settle", fail)
    charging.settle_due()
    connection.check_constraints()
    assert standing(account) == []
    assert Charge.objects.get(pk=sound.pk).closed_at is not None
