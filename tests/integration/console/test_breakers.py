"""What pages and commands say and offer while a carrier takes nothing of a task."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.rig.refusing import refuse
from tests.rig.scenes import Scene

from sendmill.accounts.models import AuditEntry, Role
from sendmill.catalog.carrier_fields import CARRIER_FIELDS
from sendmill.catalog.models import Carrier
from sendmill.message_store.queries import breakers
from sendmill.tasks.models import Task
from sendmill.worker import breaker_alarms

pytestmark = pytest.mark.django_db


def page_of(client: Client, name: str, pk: int | None = None, query: str = "") -> str:
    address = reverse(f"console:{name}", kwargs={"pk": pk} if pk else None)
    return client.get(address + query).content.decode()


@pytest.fixture
def task(scene: Scene) -> Task:
    return scene.tasks["executing"]


def enter(client: Client, scene: Scene, role: Role) -> Client:
    client.force_login(scene.members[role])
    return client


def test_a_sender_can_release_and_end_it_and_a_viewer_cannot(
    client: Client, scene: Scene, task: Task
) -> None:
    sender = enter(client, scene, Role.SENDER)
    assert 'id="release"' not in page_of(sender, "task", task.pk)
    refuse(task)
    page = page_of(sender, "task", task.pk)
    assert 'id="release"' in page
    assert 'id="end"' in page
    viewer = enter(client, scene, Role.VIEWER)
    assert 'id="release"' not in page_of(viewer, "task", task.pk)


def test_release_says_that_it_goes_on_and_twice_is_once(client: Client, scene: Scene, task: Task) -> None:
    sender = enter(client, scene, Role.SENDER)
    refuse(task)
    address = reverse("console:task-release", kwargs={"pk": task.pk})
    assert "the carrier is tried again" in sender.post(address, follow=True).content.decode()
    assert sender.post(address, follow=True).status_code == 200
    assert breakers.of_tasks([task.pk]) == []
    assert AuditEntry.objects.filter(action="release_breaker").count() == 1
    assert 'id="release"' not in page_of(sender, "task", task.pk)


def test_a_page_says_it_once_though_it_is_an_alarm_too(client: Client, scene: Scene, task: Task) -> None:
    admin = enter(client, scene, Role.ADMIN)
    refuse(task, words="wallet empty")
    breaker_alarms.watch()
    assert page_of(admin, "tasks").count('role="alert"') == 1
    for name, pk in (("task", task.pk), ("carrier", task.carrier_id)):
        page = page_of(admin, name, pk)
        assert 'role="alert"' not in page, name
        assert page.count("wallet empty") == 1, name


def test_list_and_carrier_page_say_so(client: Client, scene: Scene, task: Task) -> None:
    admin = enter(client, scene, Role.ADMIN)
    refuse(task, words="wallet empty")
    page = page_of(admin, "carrier", task.carrier_id)
    assert "It takes nothing of these tasks" in page
    assert task.name in page
    assert "wallet empty" in page


def test_a_status_code_is_shown_in_the_carriers_words(client: Client, scene: Scene) -> None:
    task = scene.tasks["completed"]
    viewer = enter(client, scene, Role.SENDER)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message SET code = 'SMPP-0x00000412' WHERE task_id = %s AND result = 2", [task.pk]
        )
    assert "a code of its own" in page_of(viewer, "task", task.pk, "?result=failed")
    Carrier.objects.filter(pk=task.carrier_id).update(status_map="0x412=final number not in use")
    assert "number not in use" in page_of(viewer, "task", task.pk, "?result=failed")


def test_a_status_map_that_cannot_be_read_is_refused_at_its_field(
    client: Client, scene: Scene, task: Task
) -> None:
    admin = enter(client, scene, Role.ADMIN)
    carrier = task.carrier
    assert carrier is not None
    defaults = {one.name: one.default for one in CARRIER_FIELDS if not isinstance(one.default, bool)}
    form = {name: "" if value is None else str(value) for name, value in defaults.items()}
    form |= {"name": carrier.name, "host": carrier.host, "system_id": "a", "status_map": "45=retry"}
    response = admin.post(reverse("console:carrier-edit", kwargs={"pk": carrier.pk}), form)
    assert response.status_code == 422
    assert "may be decimal or hexadecimal" in response.content.decode()
    response = admin.post(
        reverse("console:carrier-edit", kwargs={"pk": carrier.pk}), form | {"status_map": "0x45=retry"}
    )
    assert response.status_code == 302
    carrier.refresh_from_db()
    assert carrier.status_map == "0x45=retry"
