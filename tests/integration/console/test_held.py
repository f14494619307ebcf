"""The page of a held store: for who decides, for who looks on, and after a decision."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.rig import stopped
from tests.rig.scenes import Scene

from sendmill.accounts.models import Role
from sendmill.message_store.marks.judgement import HoldKind

pytestmark = pytest.mark.django_db


def page_of(client: Client, scene: Scene, role: Role, name: str = "held") -> str:
    client.force_login(scene.members[role])
    return " ".join(client.get(stopped.stops(scene)[name]).content.decode().split())


def test_a_store_that_is_not_held_says_so(client: Client, scene: Scene) -> None:
    page = page_of(client, scene, Role.VIEWER)
    assert "not held: everything is sent as usual" in page
    assert "notice-error" not in page


def test_who_looks_on_sees_why_and_what_and_since_when(client: Client, scene: Scene) -> None:
    stopped.hold()
    page = page_of(client, scene, Role.VIEWER)
    assert "marks of the senders are missing (3)" in page
    assert f"{scene.account.time_zone}. The whole store is released" in page
    assert "3,033 messages of which nothing is recorded" in page
    assert 'name="as"' not in page


@pytest.mark.parametrize("name", ["held", "held-tasks", "held-task"])
def test_every_page_says_that_nothing_is_sent(client: Client, scene: Scene, name: str) -> None:
    stopped.hold()
    assert "The store is held, nothing is sent" in page_of(client, scene, Role.VIEWER, name)


def test_at_another_place_no_carrier_is_connected(client: Client, scene: Scene) -> None:
    stopped.hold(HoldKind.ELSEWHERE)
    assert "sendmill held here" in page_of(client, scene, Role.ADMIN)


def test_an_administrator_decides_about_one_task(client: Client, scene: Scene) -> None:
    stopped.hold()
    task = scene.tasks["executing"]
    assert 'value="uncertain"' in page_of(client, scene, Role.ADMIN)
    done = client.post(reverse("console:held-release", kwargs={"pk": task.pk}), {"as": "end"}, follow=True)
    page = done.content.decode()
    assert "3,033 messages were decided about" in page
    assert reverse("console:held-release", kwargs={"pk": task.pk}) not in page
