"""The form of a task and its draft, as the test client sees them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.integration.console.test_tasks import HTMX, sender, text_of
from tests.rig.scenes import GOOD, Scene

from sendmill.catalog.models import Application, Signature, Template
from sendmill.domain.review import ReviewState
from sendmill.tasks.models import Draft, Task

__all__ = ["sender"]

pytestmark = pytest.mark.django_db


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


def test_deleted_rows_of_a_draft(sender: Client, scene: Scene) -> None:
    address = reverse("console:draft-deleted-file", kwargs={"key": scene.drafts["mixed"].key})
    content = b"".join(sender.get(address, {"format": "csv"}).streaming_content).decode()
    assert "13112345678" in content
    assert "The number needs + and country code." in content
