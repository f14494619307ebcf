"""The end of a task on its page and in the list: when it is offered, what it asks, and what is said afterwards."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.rig.scenes import Scene

from sendmill.accounts.models import Role
from sendmill.message_store.queries.unsent_messages import end_unsent
from sendmill.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.SENDER])
    return client


def page_of(client: Client, task: Task, query: str = "") -> str:
    return client.get(reverse("console:task", kwargs={"pk": task.pk}) + query).content.decode()


def count(page: str, name: str) -> str | None:
    found = re.search(rf'id="count-{name}">([0-9,]+)', page)
    return found[1] if found else None


def test_the_end_is_offered_only_while_a_task_stands_still_and_something_waits(
    sender: Client, scene: Scene
) -> None:
    offered = {name: 'id="end"' in page_of(sender, task) for name, task in scene.tasks.items()}
    assert {name for name, there in offered.items() if there} == {"paused"}


def test_a_task_is_ended_after_a_question_with_the_count(sender: Client, scene: Scene) -> None:
    task = scene.tasks["paused"]
    page = page_of(sender, task)
    assert count(page, "waiting") == "3,944"
    assert "3,944 messages that wait are not sent, for good, and not charged" in page
    sender.post(reverse("console:task-end", kwargs={"pk": task.pk}))
    end_unsent(task.pk)
    page = page_of(sender, task)
    assert "nothing more of it is sent" in page
    assert (count(page, "waiting"), count(page, "not_sent"), count(page, "sending")) == ("0", "3,944", "40")
    assert "Ending" in page
    assert 'id="resume"' not in page
    assert 'id="end"' not in page
    listed = sender.get(reverse("console:tasks")).content.decode()
    assert "3,944" in listed


def test_a_task_that_is_being_sent_refuses(sender: Client, scene: Scene) -> None:
    task = scene.tasks["executing"]
    response = sender.post(reverse("console:task-end", kwargs={"pk": task.pk}), follow=True)
    assert "Pause it first, then end it." in response.content.decode()
    task.refresh_from_db()
    assert not task.ending


def test_uncertain_messages_of_an_ended_task_are_not_sent_again(sender: Client, scene: Scene) -> None:
    page = page_of(sender, scene.tasks["ended"], "?result=uncertain")
    assert 'value="failed"' in page
    assert 'value="resend"' not in page


@pytest.mark.parametrize(
    ("name", "waiting", "not_sent"),
    [("pending", "860", None), ("canceled", None, "320"), ("ended", "0", "1,667"), ("completed", None, None)],
)
def test_counters_say_what_waits_and_what_is_not_sent(
    sender: Client, scene: Scene, name: str, waiting: str | None, not_sent: str | None
) -> None:
    page = page_of(sender, scene.tasks[name])
    assert (count(page, "waiting"), count(page, "not_sent")) == (waiting, not_sent)
    assert count(page, "sending") == ("20" if name == "ended" else "0")


def test_every_result_has_its_word(sender: Client, scene: Scene) -> None:
    canceled = page_of(sender, scene.tasks["canceled"], "?result=not_sent")
    assert canceled.count('<span class="verdict verdict-idle">Not sent</span>') == 50
    pending = page_of(sender, scene.tasks["pending"], "?result=waiting")
    assert pending.count('<span class="verdict verdict-queue">Waiting</span>') == 50


def test_the_way_of_a_message_of_a_canceled_task_ends_with_that(sender: Client, scene: Scene) -> None:
    way = reverse("console:task-message", kwargs={"pk": scene.tasks["canceled"].pk, "ordinal": 5})
    page = sender.get(way).content.decode()
    assert "It is not sent: its task was canceled." in page
    assert "verdict-idle" in page


def test_it_is_said_in_chinese(client: Client, scene: Scene) -> None:
    client.force_login(scene.members[Role.SENDER])
    client.cookies["django_language"] = "zh-hans"
    page = page_of(client, scene.tasks["paused"])
    assert "等待发送" in page
    assert "终止" in page
    assert "未发送" in page_of(client, scene.tasks["canceled"])
