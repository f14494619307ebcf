"""The task list and the details of a task, as the test client sees them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.rig.scenes import Scene

from sendmill.catalog.models import Application, Signature
from sendmill.domain.task_life import TaskStatus
from sendmill.tasks.models import Task

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sender(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members["sender"])
    return client


def text_of(client: Client, name: str, query: dict[str, object] | None = None, **parts: object) -> str:
    return client.get(reverse(f"console:{name}", kwargs=parts), query or {}).content.decode()


def names(page: str) -> list[str]:
    return re.findall(r'<td class="lead name"><a [^>]*>([^<]+)<', page)


def test_tasks_are_listed_newest_first(sender: Client, scene: Scene) -> None:
    listed = names(text_of(sender, "tasks"))
    assert listed == [task.name for task in sorted(scene.tasks.values(), key=lambda task: -task.pk)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "week48"}, {"paused"}),
        ({"status": "completed"}, {"completed"}),
        ({"q": "SMS", "status": "pending"}, {"pending"}),
        ({"q": "100%"}, set()),
    ],
)
def test_tasks_are_filtered(sender: Client, scene: Scene, query: dict[str, object], found: set[str]) -> None:
    assert set(names(text_of(sender, "tasks", query))) == {scene.tasks[name].name for name in found}


def test_the_list_is_paged_by_key_and_never_counts(
    sender: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendmill.console.listing.row_page.__defaults__", (2,))
    first = text_of(sender, "tasks")
    seen = names(first)
    older = re.search(r'id="older" href="([^"]+)"', first)
    while older:
        page = sender.get(reverse("console:tasks") + older[1]).content.decode()
        seen += names(page)
        older = re.search(r'id="older" href="([^"]+)"', page)
    assert seen == names(text_of(sender, "tasks")) + seen[2:]
    assert len(seen) == len(scene.tasks) == len(set(seen))
    newer = re.search(r'id="newer" href="([^"]+)"', page)
    assert newer
    assert names(sender.get(reverse("console:tasks") + newer[1]).content.decode()) == seen[4:6]


def test_live_rows_tell_progress_and_a_status_that_moved(sender: Client, scene: Scene) -> None:
    task = scene.tasks["executing"]
    same = text_of(sender, "tasks-live", {"shown": f"{task.pk}:executing"})
    assert f'id="progress-{task.pk}"' in same
    assert f'id="status-{task.pk}"' not in same
    assert 'hx-trigger="every 2s"' in same
    Task.objects.filter(pk=task.pk).update(status=TaskStatus.COMPLETED)
    moved = text_of(sender, "tasks-live", {"shown": f"{task.pk}:executing"})
    assert "Completed" in moved
    assert "every 2s" not in moved


@pytest.mark.parametrize("shown", ["", "x", "9999999999999999999999:a", "1", ",,,", "-1:pending"])
def test_live_rows_bear_any_query(sender: Client, shown: str) -> None:
    assert sender.get(reverse("console:tasks-live"), {"shown": shown}).status_code == 200


def test_lists_follow_each_other(sender: Client, scene: Scene) -> None:
    mainland = Application.objects.get(account=scene.account, name="Mainland Demo")
    page = text_of(sender, "task-choices", {"application": mainland.pk})
    assert "Choose a signature" in page
    assert "Messages of application “Mainland Demo” need a signature. Choose one first." in page
    signature = Signature.objects.get(application=mainland, type="notification")
    page = text_of(sender, "task-choices", {"application": mainland.pk, "signature": signature.pk})
    assert "维护通知" in page
    assert "春季特惠" not in page


def test_an_empty_list_says_why_and_links_to_the_mend(sender: Client, scene: Scene) -> None:
    waiting = Application.objects.get(account=scene.account, name="Mainland Alerts")
    page = text_of(sender, "task-choices", {"application": waiting.pk})
    assert "is approved: 0 draft, 1 waiting for review, 1 rejected." in page
    assert f'href="{reverse("console:signatures")}?application={waiting.pk}"' in page


@pytest.mark.parametrize("name", ["executing", "completed", "long", "paused", "pending", "canceled"])
def test_counters_add_up(sender: Client, scene: Scene, name: str) -> None:
    page = text_of(sender, "task", pk=scene.tasks[name].pk)
    counts = dict(re.findall(r'id="count-(\w+)">([\d,]+)', page))
    numbers = {key: int(value.replace(",", "")) for key, value in counts.items()}
    assert numbers.pop("accepted") == scene.tasks[name].accepted == sum(numbers.values())


def test_a_long_message_is_several_records_of_one_id(sender: Client, scene: Scene) -> None:
    task = scene.tasks["long"]
    page = text_of(sender, "task", {"number": "+12025550100"}, pk=task.pk)
    assert page.count(f"{task.pk}-0000001") == 2
    assert "1/2" in page
    assert "2/2" in page


@pytest.mark.parametrize(
    ("result", "rows"), [("failed", 4), ("uncertain", 6), ("waiting", 4), ("nonsense", 48)]
)
def test_recipients_are_filtered_by_result(sender: Client, scene: Scene, result: str, rows: int) -> None:
    page = text_of(sender, "task", {"result": result}, pk=scene.tasks["long"].pk)
    assert len(re.findall(r'class="lead tab name"', page)) == rows


def test_recipients_are_paged_by_key(sender: Client, scene: Scene) -> None:
    task = scene.tasks["executing"]
    first = text_of(sender, "task", pk=task.pk)
    after = re.search(r'id="next" href="\?after=([^"#]+)', first)
    assert after
    second = sender.get(f"/tasks/{task.pk}/?after={after[1]}").content.decode()
    assert f"{task.pk}-0000051" in second
    assert 'id="previous"' in second


def test_status_codes_are_shown_with_their_meaning(sender: Client, scene: Scene) -> None:
    page = text_of(sender, "task", {"result": "failed"}, pk=scene.tasks["completed"].pk)
    assert "UNDELIV" in page
    assert "The message cannot be delivered." in page


def test_a_task_that_waits_says_why(sender: Client, scene: Scene) -> None:
    assert "No sender is running, so nothing is sent." in text_of(
        sender, "task", pk=scene.tasks["executing"].pk
    )
    assert "Still to be sent: " in text_of(sender, "task", pk=scene.tasks["paused"].pk)
    listed = text_of(sender, "tasks")
    assert '<span class="wait unsure">no sender is running</span>' in listed
    live = text_of(sender, "tasks-live", {"shown": f"{scene.tasks['executing'].pk}:executing"})
    assert "no sender is running" in live


def test_the_live_part_of_a_task(sender: Client, scene: Scene) -> None:
    task = scene.tasks["executing"]
    same = text_of(sender, "task-live", {"state": "executing"}, pk=task.pk)
    assert 'id="counters" hx-swap-oob="true"' in same
    assert 'id="actions"' not in same
    assert 'id="actions"' in text_of(sender, "task-live", {"state": "pending"}, pk=task.pk)
    assert 'id="live"' not in text_of(sender, "task-live", {"state": "x"}, pk=scene.tasks["completed"].pk)


def test_operations_follow_the_status(sender: Client, scene: Scene) -> None:
    offered = {
        name: set(
            re.findall(r'id="(pause|resume|end|cancel|copy|delete)"', text_of(sender, "task", pk=task.pk))
        )
        for name, task in scene.tasks.items()
    }
    assert offered == {
        "pending": {"cancel", "copy"},
        "executing": {"pause", "copy"},
        "paused": {"resume", "end", "copy"},
        "ended": {"copy"},
        "long": {"pause", "copy"},
        "completed": {"copy"},
        "canceled": {"delete", "copy"},
        "way": {"pause", "copy"},
    }


def test_cancel_pause_resume_and_delete(sender: Client, scene: Scene) -> None:
    def press(name: str, task: Task) -> str:
        address = reverse(f"console:{name}", kwargs={"pk": task.pk})
        return sender.post(address, follow=True).content.decode()

    pending, executing = scene.tasks["pending"], scene.tasks["executing"]
    assert "was canceled" in press("task-cancel", pending)
    assert "Only a pending task can be canceled." in press("task-cancel", executing)
    assert "Only a canceled task can be deleted." in press("task-delete", executing)
    assert "is paused" in press("task-pause", executing)
    assert "goes on" in press("task-resume", executing)
    assert "was deleted" in press("task-delete", pending)
    assert not Task.objects.filter(pk=pending.pk).exists()


def test_uncertain_messages_are_settled_by_a_person(sender: Client, scene: Scene) -> None:
    task = scene.tasks["long"]
    address = reverse("console:task-settle", kwargs={"pk": task.pk})
    page = sender.post(address, {"as": "failed"}, follow=True).content.decode()
    assert "3 messages count as failed." in page
    assert 'id="count-uncertain">0' in page
    assert (
        "Only a"
        in sender.post(
            reverse("console:task-pause", kwargs={"pk": scene.tasks["completed"].pk}), follow=True
        ).content.decode()
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("name", ["task-failed-file", "task-results-file"])
def test_files_of_a_task(sender: Client, scene: Scene, name: str, kind: str) -> None:
    address = reverse(f"console:{name}", kwargs={"pk": scene.tasks["completed"].pk})
    response = sender.get(address, {"format": kind})
    content = b"".join(response.streaming_content)
    assert content.startswith(b"PK" if kind == "xlsx" else b"\xef\xbb\xbf")
    assert response.headers["Content-Disposition"].endswith(f'.{kind}"')


def test_a_file_that_is_gone_is_a_sentence(sender: Client, scene: Scene) -> None:
    address = reverse("console:task-deleted-file", kwargs={"pk": scene.tasks["completed"].pk})
    assert "no longer there" in sender.get(address, follow=True).content.decode()
    address = reverse("console:draft-deleted-file", kwargs={"key": scene.drafts["empty"].key})
    assert sender.get(address).url == reverse("console:draft", kwargs={"key": scene.drafts["empty"].key})


def test_failed_numbers_are_there_for_three_days(sender: Client, scene: Scene) -> None:
    task = scene.tasks["completed"]
    Task.objects.filter(pk=task.pk).update(ended_at=timezone.now() - timedelta(days=4))
    said = "Failed numbers can be downloaded for tasks executed in the latest 3 days."
    assert said in text_of(sender, "task", pk=task.pk)
    address = reverse("console:task-failed-file", kwargs={"pk": task.pk})
    assert said in sender.get(address, follow=True).content.decode()


@pytest.mark.parametrize(
    "name", ["tasks", "applications", "signatures", "templates", "carriers", "members", "audit"]
)
@pytest.mark.parametrize(
    "query", [{"q": "%_\\'\""}, {"before": "x", "after": "-1"}, {"after": "0"}, {"before": "9" * 30}]
)
def test_lists_bear_any_query(client: Client, scene: Scene, name: str, query: dict[str, str]) -> None:
    client.force_login(scene.members["admin"])
    assert client.get(reverse(f"console:{name}"), query).status_code == 200


def test_a_page_asks_the_database_little(
    sender: Client, scene: Scene, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        text_of(sender, "tasks")
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        text_of(sender, "task", pk=scene.tasks["executing"].pk)
