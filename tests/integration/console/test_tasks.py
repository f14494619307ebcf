"""The task list, the form, the draft and the details, as the test client sees them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.rig.scenes import GOOD, Scene

from sendmill.catalog.models import Application, Signature, Template
from sendmill.domain.review import ReviewState
from sendmill.domain.task_life import TaskStatus
from sendmill.tasks.models import Draft, Task

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sender(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members["sender"])
    return client


def text_of(client: Client, name: str, query: dict[str, object] | None = None, **parts: object) -> str:
    return client.get(reverse(f"console:{name}", kwargs=parts), query or {}).content.decode()


def form(scene: Scene, **changes: object) -> dict[str, object]:
    task = scene.tasks["executing"]
    values = {
        "name": "Notification_09",
        "application": task.application_id,
        "template": task.template_id,
        "file_name": "Guests48.csv",
        "file": SimpleUploadedFile("Guests48.csv", GOOD.encode()),
    }
    return values | changes


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


def test_a_universal_template_is_offered_to_every_signature_of_its_type(sender: Client, scene: Scene) -> None:
    mainland = Application.objects.get(account=scene.account, name="Mainland Demo")
    Template.objects.filter(name="维护通知").update(universal=True, signature=None)
    other = Signature.objects.create(
        account=scene.account,
        application=mainland,
        name="第二",
        type="notification",
        state=ReviewState.APPROVED,
        channel_number="1069000009",
    )
    page = text_of(sender, "task-choices", {"application": mainland.pk, "signature": other.pk})
    assert "维护通知" in page
    assert "发货通知" not in page


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("Guests48.xlsx", 100, ""),
        ("Guests 48 (final).xlsx", 100, 'data-clean-name="Guests48final.xlsx"'),
        ("客户.xlsx", 100, "only letters and digits"),
        ("Guests.xls", 100, "old Excel file"),
        ("Guests.pdf", 100, "Only .xlsx and .csv"),
        ("Guests.xlsx", 12 * 1024 * 1024 + 1, "larger than 12 MB"),
    ],
)
def test_a_file_is_judged_before_its_upload(sender: Client, name: str, size: int, said: str) -> None:
    page = text_of(sender, "task-file-check", {"file_name": name, "file_size": size})
    assert said in page
    assert bool(said) == ("field-error" in page)


@pytest.mark.parametrize(("days", "said"), [(-1, "must be in the future"), (33, "within 31 days"), (1, "")])
def test_a_time_is_judged_before_the_form_is_sent(sender: Client, days: int, said: str) -> None:
    at = timezone.localtime(timezone.now() + timedelta(days=days)).replace(hour=12)
    page = text_of(sender, "task-schedule", {"scheduled_at": at.strftime("%Y-%m-%dT%H:%M")})
    assert said in page
    assert bool(said) == ("field-error" in page)


def test_a_time_at_night_is_advised_against(sender: Client) -> None:
    at = timezone.localtime(timezone.now() + timedelta(days=3)).replace(hour=23, minute=30)
    page = text_of(sender, "task-schedule", {"scheduled_at": at.strftime("%Y-%m-%dT%H:%M")})
    assert "That is 23:30 in your time zone." in page
    assert "Enter a date and a time." in text_of(sender, "task-schedule", {"scheduled_at": "soon"})


def test_the_form_becomes_a_draft(sender: Client, scene: Scene) -> None:
    response = sender.post(reverse("console:task-new"), form(scene), headers=HTMX)
    draft = Draft.objects.latest("pk")
    assert response.headers["HX-Redirect"] == reverse("console:draft", kwargs={"key": draft.key})
    assert draft.name == "Notification_09"
    plain = sender.post(reverse("console:task-new"), form(scene))
    assert plain.url.startswith("/drafts/")


def test_a_refused_form_keeps_what_was_typed_and_creates_nothing(sender: Client, scene: Scene) -> None:
    before = Draft.objects.count()
    values = form(scene, name="", file_name="Guests 48.csv", scheduled_at="2020-01-01T10:00")
    assert sender.post(reverse("console:task-new"), values).status_code == 422
    values |= {"file": form(scene)["file"]}
    response = sender.post(reverse("console:task-new"), values, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Enter a name for the task." in page
    assert 'data-clean-name="Guests48.csv"' in page
    assert "must be in the future" in page
    assert 'value="2020-01-01T10:00"' in page
    assert f'<option value="{scene.tasks["executing"].template_id}" selected>' in page
    assert Draft.objects.count() == before


def test_nothing_at_all_names_every_field(sender: Client) -> None:
    page = sender.post(reverse("console:task-new"), {}, headers=HTMX).content.decode()
    for said in ("Enter a name", "Choose an SMS application", "Choose a template", "Choose the file"):
        assert said in page


def test_another_accounts_resources_cannot_be_chosen(client: Client, scene: Scene, stranger: object) -> None:
    client.force_login(stranger)
    page = client.post(reverse("console:task-new"), form(scene), headers=HTMX).content.decode()
    assert "Choose an SMS application." in page


def test_an_upload_beyond_the_limit_is_not_kept(
    sender: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendmill.console.uploads.limit", lambda: 0)
    huge = SimpleUploadedFile("Guests48.csv", b"1" * (3 * 1024 * 1024))
    response = sender.post(reverse("console:task-new"), form(scene, file=huge), headers=HTMX)
    assert "Choose the file with the recipient numbers." in response.content.decode()


def test_the_number_file_of_a_template(sender: Client, scene: Scene) -> None:
    response = sender.get(
        reverse("console:template-file"), {"template": scene.tasks["executing"].template_id}
    )
    assert b"".join(response.streaming_content).startswith(b"PK")
    assert re.search(r'filename="[0-9A-Za-z]+\.xlsx"', response.headers["Content-Disposition"])
    assert sender.get(reverse("console:template-file"), {"template": "x"}).status_code == 404


def test_a_draft_tells_what_was_found(sender: Client, scene: Scene) -> None:
    page = text_of(sender, "draft", key=scene.drafts["mixed"].key)
    assert (
        "43 phone number(s) imported. Redundant and invalid numbers have been deleted. "
        "You will not be charged for the 5 message(s) deleted."
    ) in page
    assert "OK, send 43 messages" in page
    assert "The number needs + and country code." in page
    assert "“ë” (U+00EB), first in row 46" in page
    assert page.count('class="sms"') == 10


def test_a_draft_without_a_valid_number_cannot_go_on(sender: Client, scene: Scene) -> None:
    page = text_of(sender, "draft", key=scene.drafts["wrong"].key)
    assert "Submission request failed. The recipient number file includes invalid phone numbers." in page
    assert "OK, send" not in page
    assert "Deleted rows" in page


def test_a_file_that_cannot_be_read_says_why(sender: Client, scene: Scene) -> None:
    page = text_of(sender, "draft", key=scene.drafts["empty"].key)
    assert "There are no rows below the header." in page


def test_a_draft_being_checked_looks_again(sender: Client, scene: Scene) -> None:
    page = text_of(sender, "draft-state", key=scene.drafts["checking"].key)
    assert 'hx-trigger="every 1s"' in page
    done = text_of(sender, "draft-state", key=scene.drafts["clean"].key)
    assert "every 1s" not in done


def test_ok_makes_one_task_however_often_it_is_pressed(sender: Client, scene: Scene) -> None:
    address = reverse("console:draft-confirm", kwargs={"key": scene.drafts["clean"].key})
    first, second = sender.post(address), sender.post(address)
    assert first.url == second.url == reverse("console:task", kwargs={"pk": Task.objects.latest("pk").pk})
    assert sender.get(reverse("console:draft", kwargs={"key": scene.drafts["clean"].key})).url == first.url


def test_ok_on_an_unchecked_draft_is_refused(sender: Client, scene: Scene) -> None:
    address = reverse("console:draft-confirm", kwargs={"key": scene.drafts["checking"].key})
    response = sender.post(address)
    assert response.status_code == 422
    assert "still being checked" in response.content.decode()


def test_back_from_a_draft_keeps_the_form(sender: Client, scene: Scene) -> None:
    draft = scene.drafts["mixed"]
    page = text_of(sender, "task-new", {"draft": str(draft.key)})
    assert f'value="{draft.name}"' in page
    assert f'<option value="{draft.template_id}" selected>' in page
    assert sender.get(reverse("console:task-new"), {"draft": "nonsense"}).status_code == 200


def test_a_copy_has_the_configuration_without_file_and_past_time(sender: Client, scene: Scene) -> None:
    task = scene.tasks["pending"]
    assert 'T10:00"' in text_of(sender, "task-copy", pk=task.pk)
    Task.objects.filter(pk=task.pk).update(scheduled_at=timezone.now() - timedelta(days=1))
    page = text_of(sender, "task-copy", pk=task.pk)
    assert f'value="{task.name}"' in page
    assert re.search(r'name="scheduled_at"[^>]* value=""', page)


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


def test_deleted_rows_of_a_draft(sender: Client, scene: Scene) -> None:
    address = reverse("console:draft-deleted-file", kwargs={"key": scene.drafts["mixed"].key})
    content = b"".join(sender.get(address, {"format": "csv"}).streaming_content).decode()
    assert "13112345678" in content
    assert "The number needs + and country code." in content


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
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        text_of(sender, "tasks")
    with django_assert_max_num_queries(21):  # type: ignore[operator]
        text_of(sender, "task", pk=scene.tasks["executing"].pk)
