"""From the form to a confirmed task."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from tests.rig.desk import FIRST, Desk, fetch, numbers

from sendmill.accounts.models import Account, AuditEntry, Member, Role
from sendmill.accounts.permissions import NotAllowed, NotYours
from sendmill.catalog.models import Application, Signature, Template
from sendmill.domain.violations import FormError
from sendmill.jobs import deferral
from sendmill.runtime.settings import ENV
from sendmill.tasks import drafts, file_check
from sendmill.tasks.models import Draft, DraftState, Task

ZONE = ZoneInfo("Europe/Berlin")


def codes(error: pytest.ExceptionInfo[FormError]) -> list[tuple[str, str]]:
    return [(found.field, found.code) for found in error.value.errors]


def stored_files() -> list[Path]:
    return [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "  "}, ("name", "name_missing")),
        ({"name": "n" * 65}, ("name", "name_too_long")),
        ({"template": None, "application": None}, ("application", "application_missing")),
        ({"file_name": "my numbers.csv"}, ("file", "name_characters")),
        ({"file_name": "名单.csv"}, ("file", "name_characters")),
        ({"file_name": "Numbers.xls"}, ("file", "old_excel")),
        ({"content": None}, ("file", "file_missing")),
        ({"content": io.BytesIO(b"")}, ("file", "empty_file")),
        ({"content": io.BytesIO(b"%PDF-1.7 \x00")}, ("file", "not_spreadsheet")),
        ({"scheduled_at": timedelta(seconds=-1)}, ("scheduled_at", "schedule_past")),
        ({"scheduled_at": timedelta(days=31, minutes=1)}, ("scheduled_at", "schedule_too_far")),
    ],
)
def test_a_wrong_form_creates_nothing(desk: Desk, changes: dict[str, Any], expected: tuple[str, str]) -> None:
    form = dict(changes)
    if isinstance(form.get("scheduled_at"), timedelta):
        form["scheduled_at"] = timezone.now() + form["scheduled_at"]
    template = form.pop("template", desk.templates["plain"])
    with pytest.raises(FormError) as refused:
        drafts.create_draft(
            desk.sender,
            **{
                "name": "Task 1",
                "application": desk.international,
                "signature": None,
                "template": template,
                "scheduled_at": None,
                "file_name": "Numbers.csv",
                "content": io.BytesIO(numbers(1).encode()),
                **form,
            },
        )
    assert expected in codes(refused)
    assert not Draft.objects.exists()
    assert not stored_files()
    assert fetch("SELECT count(*) FROM procrastinate_jobs") == [(0,)]


def test_everything_wrong_is_named_at_once(desk: Desk) -> None:
    with pytest.raises(FormError) as refused:
        desk.create_draft(name="", file_name="a b.csv", scheduled_at=timezone.now())
    assert [field for field, _ in codes(refused)] == ["name", "scheduled_at", "file"]


def test_the_cleaned_file_name_is_offered(desk: Desk) -> None:
    with pytest.raises(FormError) as refused:
        desk.create_draft(numbers(1), file_name="my numbers-1.csv")
    assert refused.value.errors[0].parameters["cleaned"] == "mynumbers1.csv"


def test_a_file_beyond_the_limit_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ENV, "max_file_mb", 1)
    with pytest.raises(FormError) as refused:
        desk.create_draft("1" * (1024 * 1024 + 1))
    assert codes(refused) == [("file", "too_large")]
    assert not stored_files()


def test_a_signature_is_asked_for_by_mainland_and_refused_by_international(desk: Desk) -> None:
    with pytest.raises(FormError) as refused:
        desk.create_draft(numbers(1), template=desk.templates["china"], signature=None)
    assert codes(refused) == [("signature", "signature_required")]
    with pytest.raises(FormError) as refused:
        desk.create_draft(numbers(1), signature=desk.signature)
    assert codes(refused) == [("signature", "signature_not_allowed")]


def test_a_template_that_cannot_be_used_is_refused(desk: Desk) -> None:
    template = desk.templates["plain"]
    template.active = False
    template.save()
    with pytest.raises(FormError) as refused:
        desk.create_draft(numbers(1))
    assert codes(refused) == [("template", "template_deactivated")]


def test_who_may_create(desk: Desk) -> None:
    stranger = Member.objects.create(
        account=Account.objects.create(name="Other"), username="stranger", role=Role.ADMIN
    )
    desk.sender, sender = desk.viewer, desk.sender
    with pytest.raises(NotAllowed):
        desk.create_draft(numbers(1))
    desk.sender = stranger
    with pytest.raises(NotYours):
        desk.create_draft(numbers(1))
    assert not Draft.objects.exists()
    desk.sender = sender
    draft = desk.check(numbers(1))
    with pytest.raises(NotYours):
        drafts.confirm(draft, stranger)
    with pytest.raises(NotAllowed):
        drafts.confirm(draft, desk.viewer)


def test_a_failure_behind_the_stored_file_removes_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(deferral.CHECK_DRAFT, "defer", fail)
    with pytest.raises(ConnectionError):
        desk.create_draft(numbers(1))
    assert not Draft.objects.exists()
    assert not stored_files()


def test_a_draft_has_its_file_and_its_job(desk: Desk) -> None:
    draft = desk.create_draft(numbers(2), name="  Task 1 ", file_name="C:\\lists\\Numbers.csv")
    assert (draft.name, draft.file_name, draft.state) == ("Task 1", "Numbers.csv", DraftState.CHECKING)
    assert draft.file_size == len(numbers(2))
    assert fetch("SELECT task_name, (args ->> 'draft_id')::int FROM procrastinate_jobs") == [
        ("check_draft", draft.pk)
    ]


def test_confirming_makes_one_task_however_often_it_is_pressed(desk: Desk) -> None:
    draft = desk.check(f"number\n+{FIRST}\n+{FIRST}\n12\n")
    task = drafts.confirm(draft, desk.sender)
    assert drafts.confirm(draft, desk.sender) == task
    assert (task.status, task.accepted, task.invalid, task.duplicate) == ("executing", 1, 1, 1)
    assert task.snapshot["content"] == "The office is closed today."
    assert task.snapshot["source"] == "Sendmill"
    assert AuditEntry.objects.filter(action="create_task", object_id=task.pk).count() == 1
    assert fetch("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'import_task'") == [(1,)]


def test_two_who_press_at_the_same_moment_get_the_same_task(committed_desk: Desk) -> None:
    draft = committed_desk.check(numbers(1))
    ready, made = Barrier(2), []

    def press() -> None:
        ready.wait()
        made.append(drafts.confirm(Draft.objects.get(pk=draft.pk), committed_desk.sender).pk)
        connection.close()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert len(set(made)) == Task.objects.count() == 1


def test_an_unchecked_draft_is_not_confirmed(desk: Desk) -> None:
    draft = desk.create_draft(numbers(1))
    with pytest.raises(FormError) as refused:
        drafts.confirm(draft, desk.sender)
    assert codes(refused) == [("", "checking")]


def test_a_file_without_a_valid_number_is_refused_in_the_words_of_the_rules(desk: Desk) -> None:
    draft = desk.check("number\n12\n")
    assert draft.state == DraftState.REFUSED
    with pytest.raises(FormError) as refused:
        drafts.confirm(draft, desk.sender)
    assert str(refused.value) == (
        "Submission request failed. The recipient number file includes invalid phone numbers."
    )
    assert draft.deleted_file
    assert not Task.objects.exists()


def test_a_schedule_that_has_passed_meanwhile_is_refused(desk: Desk) -> None:
    draft = desk.check(numbers(1), scheduled_at=timezone.now() + timedelta(hours=1))
    Draft.objects.filter(pk=draft.pk).update(scheduled_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(FormError) as refused:
        drafts.confirm(draft, desk.sender)
    assert codes(refused) == [("scheduled_at", "schedule_past")]


def test_a_scheduled_task_is_pending(desk: Desk) -> None:
    at = timezone.now() + timedelta(hours=1)
    task = drafts.confirm(desk.check(numbers(1), scheduled_at=at), desk.sender)
    assert (task.status, task.scheduled_at, task.started_at) == ("pending", at, None)


def test_what_was_changed_after_the_check_is_checked_again(desk: Desk) -> None:
    draft = desk.check("number,text,time\n" + f"+{FIRST},Ann,10:30\n", template=desk.templates["values"])
    Template.objects.filter(pk=draft.template_id).update(content="Dear ${TXT_20}, we meet at ${TIME}!")
    with pytest.raises(FormError) as refused:
        drafts.confirm(draft, desk.sender)
    assert codes(refused) == [("", "changed")]
    draft.refresh_from_db()
    assert draft.state == DraftState.CHECKING
    file_check.check_draft(draft.pk)
    task = drafts.confirm(draft, desk.sender)
    assert task.snapshot["content"].startswith("Dear")


def test_later_edits_do_not_reach_a_confirmed_task(desk: Desk) -> None:
    task = desk.task(1)
    Template.objects.filter(pk=task.template_id).update(content="Something else.")
    Application.objects.filter(pk=task.application_id).update(sender_id="Other")
    task.refresh_from_db()
    assert task.snapshot["content"] == "The office is closed today."
    assert task.snapshot["source"] == "Sendmill"


@pytest.mark.parametrize(("hour", "allowed"), [(7, True), (6, False), (20, True), (21, False)])
def test_promotion_keeps_to_the_hours_of_its_recipients(desk: Desk, hour: int, allowed: bool) -> None:
    # Berlin is at UTC+1 or +2; the number's country decides, not the account's time zone.
    day = timezone.now().astimezone(UTC) + timedelta(days=3)
    summer = day.replace(tzinfo=UTC).astimezone(ZONE).utcoffset() == timedelta(hours=2)
    at = datetime(day.year, day.month, day.day, hour - (1 if summer else 0), 30, tzinfo=UTC)
    draft = desk.check(numbers(1), template=desk.templates["sale"], scheduled_at=at)
    if allowed:
        assert drafts.confirm(draft, desk.sender).priority == 3
        return
    with pytest.raises(FormError) as refused:
        drafts.confirm(draft, desk.sender)
    assert codes(refused) == [("scheduled_at", "promotion_hours")]
    assert refused.value.errors[0].parameters == {"regions": "DE"}


def test_mainland_promotion_out_of_hours_is_refused_with_the_form(desk: Desk) -> None:
    signature = Signature.objects.create(
        account=desk.account, application=desk.mainland, name="云帆", type="promotion", state="approved",
        channel_number="1069",
    )  # fmt: skip
    template = Template.objects.create(
        account=desk.account, application=desk.mainland, name="sale in china", type="promotion",
        content="全场八折。拒收请回复R", state="approved", active=True, universal=True,
    )  # fmt: skip
    night = (timezone.now().astimezone(UTC) + timedelta(days=2)).replace(hour=15)  # 23 o'clock in Shanghai
    with pytest.raises(FormError) as refused:
        desk.create_draft(numbers(1), template=template, signature=signature, scheduled_at=night)
    assert codes(refused) == [("scheduled_at", "promotion_hours")]
