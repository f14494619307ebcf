"""Applications, signatures, templates and their review, as pages answer them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.rig.scenes import Scene

from sendmill.accounts.models import Account, AuditEntry, Role
from sendmill.catalog import applications, review, signatures, templates
from sendmill.catalog.models import Application, Carrier, Signature, Template

pytestmark = pytest.mark.django_db


def url(name: str, pk: int | None = None) -> str:
    return reverse(f"console:{name}", kwargs={"pk": pk} if pk else None)


@pytest.fixture
def sender(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.SENDER])
    return client


@pytest.fixture
def reviewer(scene: Scene) -> Client:
    other = Client()
    other.force_login(scene.members[Role.REVIEWER])
    return other


@pytest.fixture
def mainland(scene: Scene) -> Application:
    return Application.objects.get(account=scene.account, name="Mainland Demo")


def submitted(scene: Scene, mainland: Application, name: str = "新签名") -> Signature:
    member = scene.members[Role.SENDER]
    return review.submit(member, signatures.create(member, mainland, name=name, type="notification"))


def test_the_secret_of_an_application_is_shown_once(sender: Client, scene: Scene) -> None:
    form = {"name": "Shop", "type": "international", "carrier": "", "sender_id": "SHOP"}
    text = sender.post(url("application-new"), form).content.decode()
    shown = re.search(r'id="app-secret" value="([^"]+)"', text)
    made = Application.objects.get(account=scene.account, name="Shop")
    assert shown is not None
    assert applications.authenticate(made.app_key, shown[1]) == made
    assert shown[1] not in sender.get(url("application", made.pk)).content.decode()
    assert shown[1] not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_a_rotated_secret_replaces_the_old_one(client: Client, scene: Scene, mainland: Application) -> None:
    client.force_login(scene.members[Role.ADMIN])
    found = [
        re.search(
            r'id="app-secret" value="([^"]+)"',
            client.post(url("application-secret", mainland.pk)).content.decode(),
        )
        for _ in range(2)
    ]
    first, second = (match[1] for match in found if match)
    assert applications.authenticate(mainland.app_key, first) is None
    assert applications.authenticate(mainland.app_key, second) == mainland


def test_a_refused_application_keeps_what_was_typed(sender: Client) -> None:
    form = {"name": "Mainland Demo", "type": "mainland", "carrier": "", "allow_landlines": "1"}
    answer = sender.post(url("application-new"), form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "already has an application named “Mainland Demo”" in text
    assert re.search(r'name="allow_landlines" value="1" checked', text)
    assert not re.search(r'name="add_86" value="1" checked', text)


def test_an_application_cannot_take_the_carrier_of_another_account(sender: Client, scene: Scene) -> None:
    other = Carrier.objects.create(
        account=Account.objects.create(name="Other"), name="Theirs", host="h", system_id="s"
    )
    sender.post(url("application-new"), {"name": "Mine", "type": "international", "carrier": other.pk})
    assert Application.objects.get(account=scene.account, name="Mine").carrier is None


def test_an_application_in_use_is_not_deleted(sender: Client, mainland: Application) -> None:
    text = sender.post(url("application-delete", mainland.pk), follow=True).content.decode()
    assert "has signatures, templates or tasks" in text
    assert Application.objects.filter(pk=mainland.pk).exists()


def test_an_application_tells_what_is_missing_for_a_task(sender: Client, scene: Scene) -> None:
    empty = Application.objects.get(account=scene.account, name="Mainland Alerts")
    text = sender.get(url("application", empty.pk)).content.decode()
    assert "has no carrier" in text
    assert "No signature of application" in text
    assert f"{url('signatures')}?application={empty.pk}" in text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("1", "A signature has 2 to 32 characters"),
        ("123", "must not consist of digits alone"),
        ("纸【", "consists of Chinese characters, letters and digits"),
        ("示例", "already has a signature “示例”"),
        ("好名字", ""),
    ],
)
def test_a_signature_is_checked_while_typing_and_when_saved(
    sender: Client, mainland: Application, name: str, sentence: str
) -> None:
    form = {"application": mainland.pk, "type": "notification", "name": name}
    checked = sender.post(url("signature-check"), form).content.decode()
    saved = sender.post(url("signature-new"), form)
    assert sentence in checked
    assert saved.status_code == (422 if sentence else 302)
    assert sentence in saved.content.decode()
    assert ("field-error" in checked) == bool(sentence)


def test_a_draft_signature_cannot_be_edited_but_a_rejected_one_is_submitted_again(
    sender: Client, scene: Scene, mainland: Application
) -> None:
    row = submitted(scene, mainland)
    assert sender.get(url("signature-edit", row.pk)).status_code == 302
    review.reject(scene.members[Role.REVIEWER], row, "Not yours.")
    assert "Not yours." in sender.get(url("signature", row.pk)).content.decode()
    sender.post(url("signature-edit", row.pk), {"name": "新名字", "type": "notification"})
    row.refresh_from_db()
    assert (row.name, row.state, row.reason) == ("新名字", "pending", "")


def test_a_reviewer_approves_with_a_channel_number(
    reviewer: Client, scene: Scene, mainland: Application
) -> None:
    row = submitted(scene, mainland)
    text = reviewer.get(url("review")).content.decode()
    seen = re.search(rf'id="signature-{row.pk}".*?name="seen" value="(\w+)"', text, re.DOTALL)
    assert seen is not None
    answer = reviewer.post(
        url("signature-approve", row.pk), {"seen": seen[1], "channel_number": "10690077", "next": "review"}
    )
    row.refresh_from_db()
    assert answer.url == url("review")
    assert (row.state, row.channel_number) == ("approved", "10690077")


def test_nothing_unseen_is_approved(reviewer: Client, scene: Scene, mainland: Application) -> None:
    row = submitted(scene, mainland)
    answer = reviewer.post(url("signature-approve", row.pk), {"seen": "another"}, follow=True)
    row.refresh_from_db()
    assert row.state == "pending"
    assert "changed after you opened it" in answer.content.decode()


def test_a_rejection_needs_a_reason(reviewer: Client, scene: Scene, mainland: Application) -> None:
    row = submitted(scene, mainland)
    answer = reviewer.post(url("signature-reject", row.pk), {"reason": " "}, follow=True)
    row.refresh_from_db()
    assert row.state == "pending"
    assert "A rejection needs a reason." in answer.content.decode()


def test_with_four_eyes_the_submitter_sees_no_button_and_is_refused(
    client: Client, scene: Scene, mainland: Application
) -> None:
    Account.objects.filter(pk=scene.account.pk).update(four_eyes=True)
    admin = scene.members[Role.ADMIN]
    row = review.submit(admin, signatures.create(admin, mainland, name="自己", type="promotion"))
    client.force_login(type(admin).objects.get(pk=admin.pk))
    assert url("signature-approve", row.pk) not in client.get(url("signature", row.pk)).content.decode()
    answer = client.post(url("signature-approve", row.pk), follow=True)
    row.refresh_from_db()
    assert row.state == "pending"
    assert "asks for four eyes" in answer.content.decode()


def test_a_move_that_came_too_late_is_told(reviewer: Client, scene: Scene, mainland: Application) -> None:
    row = submitted(scene, mainland)
    review.withdraw(scene.members[Role.SENDER], row)
    answer = reviewer.post(url("signature-approve", row.pk), follow=True)
    assert "not possible any more" in answer.content.decode()


EDITED = {
    "plain": ("notification", "We are closed on Monday.", "GSM-7", ""),
    "forcing": ("notification", "We are closed – sorry.", "U+2013", ""),
    "adjacent": ("notification", "On ${DATE}${TIME} then.", "2030/01/31", "stand side by side"),
    "brackets": ("notification", "[No] brackets.", "", "must not contain"),
    "unknown": ("notification", "Dear ${NAME},", "", "is not a variable"),
    "verification": ("verification", "Your code is not here.", "", "exactly one variable"),
    "promotion": ("promotion", "Buy now!", "", "must say how to opt out"),
    "long": ("notification", "x" * 501, "", "at most 500 are allowed"),
}


@pytest.mark.parametrize("case", EDITED)
def test_a_template_is_checked_while_typing_and_when_saved(sender: Client, scene: Scene, case: str) -> None:
    kind, content, shown, sentence = EDITED[case]
    home = Application.objects.get(account=scene.account, name="International Demo")
    form = {"application": home.pk, "type": kind, "name": f"Case {case}", "content": content}
    checked = sender.post(url("template-check"), form).content.decode()
    saved = sender.post(url("template-new"), form)
    assert shown in checked
    assert sentence in checked
    assert ("field-error" in checked) == bool(sentence)
    assert saved.status_code == (422 if sentence else 302)
    assert sentence in saved.content.decode()


def test_a_mainland_template_gets_attributes_and_belongs_to_a_signature(
    sender: Client, scene: Scene, mainland: Application
) -> None:
    signature = Signature.objects.get(account=scene.account, name="示例", type="notification")
    form = {
        "application": mainland.pk,
        "type": "notification",
        "name": "提醒一",
        "belongs": signature.pk,
        "content": "尊敬的${1}，订单${2}已发出。\r\n谢谢",
        "attribute-1": "TEXT",
    }
    checked = sender.post(url("template-check"), form).content.decode()
    assert "The variable ${2} has no attribute." in checked
    assert "【示例】" in checked
    form |= {"attribute-2": "CHARDIGIT", "attribute-9": "TEXT", "submit": "1"}
    assert sender.post(url("template-new"), form).status_code == 302
    made = Template.objects.get(application=mainland, name="提醒一")
    assert made.signature == signature
    assert made.attributes == {"1": "TEXT", "2": "CHARDIGIT"}
    assert made.content == "尊敬的${1}，订单${2}已发出。\n谢谢"
    assert made.state == "pending"


def test_a_template_goes_through_its_life(
    sender: Client, reviewer: Client, scene: Scene, mainland: Application
) -> None:
    member = scene.members[Role.SENDER]
    row = templates.create(
        member, mainland, name="通用", type="notification", content="今日停水。", universal=True
    )
    states = []
    for who, step in (
        (sender, "submit"),
        (sender, "withdraw"),
        (sender, "submit"),
        (reviewer, "approve"),
        (reviewer, "deactivate"),
        (reviewer, "activate"),
        (reviewer, "deactivate"),
    ):
        assert who.post(url(f"template-{step}", row.pk)).status_code == 302
        row.refresh_from_db()
        states.append((row.state, row.active))
    assert states == [
        ("pending", False),
        ("draft", False),
        ("pending", False),
        ("approved", True),
        ("approved", False),
        ("approved", True),
        ("approved", False),
    ]
    assert sender.post(url("template-delete", row.pk)).url == url("templates")
    assert not Template.objects.filter(pk=row.pk).exists()


def test_a_rejected_template_is_edited_in_the_editor(sender: Client, scene: Scene) -> None:
    row = Template.objects.get(account=scene.account, name="Outage")
    review.reject(scene.members[Role.REVIEWER], row, "Say where.")
    text = sender.get(url("template-edit", row.pk)).content.decode()
    assert "Power is out in your area" in text
    form = {"name": row.name, "type": row.type, "content": "Power is out in ${TXT_20}.", "besides": row.pk}
    assert "Sample text" in sender.post(url("template-check"), form).content.decode()
    sender.post(url("template-edit", row.pk), {**form, "submit": "1"})
    row.refresh_from_db()
    assert (row.state, row.content) == ("pending", "Power is out in ${TXT_20}.")


@pytest.mark.parametrize("kind", ["applications", "signatures", "templates", "carriers"])
def test_an_empty_list_says_why_and_what_to_do(
    client: Client, scene: Scene, stranger: object, kind: str
) -> None:
    client.force_login(stranger)  # type: ignore[arg-type]
    text = client.get(url(kind)).content.decode()
    assert "empty-title" in text
    assert re.search(r'class="empty-state">.*?<a class="btn btn-primary"', text, re.DOTALL)


def test_a_list_is_filtered_and_paged_by_key(sender: Client, scene: Scene, mainland: Application) -> None:
    member = scene.members[Role.SENDER]
    for number in range(55):
        signatures.create(member, mainland, name=f"Paged{number:02d}", type="promotion")
    first = sender.get(url("signatures"), {"q": "Paged", "state": "draft"}).content.decode()
    older = re.search(r'id="older" href="\?([^"]+)"', first)
    assert "Paged54" in first
    assert "Paged04" not in first
    assert older is not None
    second = sender.get(f"{url('signatures')}?{older[1].replace('&amp;', '&')}").content.decode()
    assert "Paged04" in second
    assert "Paged05" not in second
