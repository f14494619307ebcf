"""What a draft's page says about its cost is what OK asks for."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.rig.scenes import Scene

from sendmill.accounts.models import Role
from sendmill.billing import budgets, ledger, packages
from sendmill.billing.models import Price
from sendmill.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.SENDER])
    return client


def leave(scene: Scene, amount: str) -> None:
    """Take out all but this much."""
    ledger.withdraw(scene.account, ledger.standing(scene.account).available - Decimal(amount))


def page_of(client: Client, scene: Scene, name: str = "mixed") -> str:
    address = reverse("console:draft", kwargs={"key": scene.drafts[name].key})
    return client.get(address).content.decode()


def figure(page: str, name: str) -> str:
    found = re.search(rf'id="{name}">([^<]+)<', page)
    assert found is not None
    return found[1]


def press_ok(client: Client, scene: Scene, name: str = "mixed") -> int:
    address = reverse("console:draft-confirm", kwargs={"key": scene.drafts[name].key})
    return client.post(address).status_code


def test_the_cost_by_country_and_what_is_left(sender: Client, scene: Scene) -> None:
    # 42 messages to the US, one of them in UCS-2 with two parts, and one to the UK that a package pays.
    leave(scene, "2")
    page = page_of(sender, scene)
    cost = page[page.index('id="cost"') :]
    us, uk = cost.index("<code>US</code>"), cost.index("<code>GB</code>")
    assert us < uk
    parts = [int(found) for found in re.findall(r"<td class=\"num\">(\d+)</td>", cost[us:uk])]
    assert "Paid by the package “Notifications 2031”" in cost
    due = Decimal("0.0079") * parts[1]
    assert Decimal(figure(page, "due")) == due
    assert Decimal(figure(page, "left")) == 2 - due
    assert press_ok(sender, scene) == 302
    task = Task.objects.latest("pk")
    assert ledger.entries(scene.account, task_id=task.pk).filter(held=due).exists()
    assert ledger.standing(scene.account).available == 2 - due


def test_too_little_money_is_said_before_ok_with_the_way_to_mend_it(sender: Client, scene: Scene) -> None:
    leave(scene, "0.1")
    page = page_of(sender, scene)
    refusal = page[page.index('id="cost-refusal"') :]
    assert "The balance is too low" in refusal
    assert f'href="{reverse("console:billing")}"' in refusal
    assert reverse("console:draft-confirm", kwargs={"key": scene.drafts["mixed"].key}) not in page
    count = Task.objects.count()
    assert press_ok(sender, scene) == 422
    assert Task.objects.count() == count
    ledger.top_up(scene.account, Decimal(5))
    assert "cost-refusal" not in page_of(sender, scene)


def test_a_country_without_a_price_is_named(sender: Client, scene: Scene) -> None:
    Price.objects.filter(account=scene.account, region__in=("GB", "*")).delete()
    page = page_of(sender, scene)
    assert "There is no price for: GB." in page
    assert "no price</span>" in page
    assert f'href="{reverse("console:prices")}"' in page


def test_a_budget_that_does_not_suffice_leads_to_the_budgets(sender: Client, scene: Scene) -> None:
    budgets.set_budget(scene.account, "task", alarm=None, stop=Decimal("0.01"))
    page = page_of(sender, scene)
    assert "more than the budget of one task" in page
    assert f'href="{reverse("console:budgets")}"' in page


def test_packages_alone_cost_nothing(sender: Client, scene: Scene) -> None:
    packages.grant(scene.account, 1000)
    leave(scene, "0.000001")
    page = page_of(sender, scene)
    assert figure(page, "due") == "0.00"
    assert "cost-refusal" not in page


def test_the_refusal_speaks_chinese(sender: Client, scene: Scene) -> None:
    member = scene.members[Role.SENDER]
    type(member).objects.filter(pk=member.pk).update(language="zh-hans")
    leave(scene, "0.1")
    assert "余额不足" in page_of(sender, scene)
