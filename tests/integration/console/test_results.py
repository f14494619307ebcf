"""One recipient, the status codes, large files, alarms: what the pages say and to whom."""

from __future__ import annotations

import re
import uuid
from urllib.parse import quote

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from tests.rig.scenes import Scene

from sendmill.accounts.models import Role
from sendmill.alarms.models import Alarm
from sendmill.domain.status_codes import REFUSALS, TABLE, refusal
from sendmill.message_store.queries import exports
from sendmill.runtime.settings import ENV
from sendmill.tasks import disk_errors
from sendmill.tasks.models import Export

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.SENDER])
    return client


def shown(client: Client, name: str, query: str = "", **parts: object) -> str:
    response = client.get(reverse(f"console:{name}", kwargs=parts) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_every_code_is_on_the_page_with_its_meaning(sender: Client) -> None:
    page = shown(sender, "codes")
    known = [*TABLE.values(), *(refusal(status) for status in REFUSALS)]
    for row in known:
        assert f'id="{row.code}"' in page
        assert escape(row.meaning % row.parameters) in page
        assert escape(row.advice) in page


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("UNDELIV", "The message cannot be delivered."),
        ("SMPP-0x00000411", "a code of its own: 0x00000411"),
        ("0123", "The carrier&#x27;s own code: 0123."),
        ("<b>&%s", "&lt;b&gt;&amp;%s"),
    ],
)
def test_one_code_is_explained_known_or_not(sender: Client, code: str, said: str) -> None:
    page = shown(sender, "codes", f"?code={quote(code)}")
    assert said in page[page.index('id="chosen"') : page.index("</section>")]


@pytest.mark.parametrize("kind", ["failed", "uncertain", "successful"])
def test_every_row_leads_to_its_way_and_its_code(sender: Client, scene: Scene, kind: str) -> None:
    task = scene.tasks["way"]
    page = shown(sender, "task", f"?result={kind}", pk=task.pk)
    ordinal = {"failed": 1, "successful": 2, "uncertain": 3}[kind]
    assert reverse("console:task-message", kwargs={"pk": task.pk, "ordinal": ordinal}) in page
    code = {"failed": "UNDELIV", "successful": "DELIVRD", "uncertain": "UNCERTAIN"}[kind]
    assert f"{reverse('console:codes')}?code={code}" in page
    assert ('name="ordinal"' in page) == (kind == "uncertain")


def test_a_way_speaks_chinese(client: Client, scene: Scene) -> None:
    member = scene.members[Role.VIEWER]
    type(member).objects.filter(pk=member.pk).update(language="zh-hans")
    client.force_login(member)
    page = shown(client, "task-message", pk=scene.tasks["way"].pk, ordinal=1)
    assert "去掉了空格和符号：+12025550140。" in page
    steps = re.findall(r"<p>(.*?)</p>", page[page.index('class="way"') : page.index("</ol>")])
    assert steps
    assert all(re.search("[\u4e00-\u9fff]", step) for step in steps)


@pytest.mark.parametrize("ordinal", [0, 5, 2**31, 10**20])
def test_a_recipient_that_is_not_there(sender: Client, scene: Scene, ordinal: int) -> None:
    address = reverse("console:task-message", kwargs={"pk": scene.tasks["way"].pk, "ordinal": ordinal})
    assert sender.get(address).status_code == 404


def test_one_uncertain_message_is_settled_on_its_page(sender: Client, scene: Scene) -> None:
    task = scene.tasks["way"]
    assert 'name="chosen"' in shown(sender, "task-message", pk=task.pk, ordinal=3)
    assert 'name="chosen"' not in shown(sender, "task-message", pk=task.pk, ordinal=1)
    address = reverse("console:task-settle", kwargs={"pk": task.pk})
    response = sender.post(address, {"chosen": "1", "ordinal": ["3", "x", "99999999999"], "as": "failed"})
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "1 message counts as failed."
    ]
    assert "demo-sender closed it as failed." in shown(sender, "task-message", pk=task.pk, ordinal=3)


def test_uncertain_messages_are_settled_by_the_filter(sender: Client, scene: Scene) -> None:
    task = scene.tasks["long"]
    page = shown(sender, "task", "?result=uncertain&number=0117", pk=task.pk)
    assert "all uncertain ones with “0117” in their number" in page
    assert 'name="number" value="0117"' in page
    address = reverse("console:task-settle", kwargs={"pk": task.pk})
    form = {"chosen": "1", "all": "1", "number": "0120", "as": "failed"}
    sender.post(address, form)
    left = re.findall(r"\+1202555\d{4}", shown(sender, "task", "?result=uncertain", pk=task.pk))
    assert set(left) == {"+12025550119", "+12025550121"}


def test_a_large_file_leads_to_its_page(
    sender: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ENV, "direct_download_rows", 3)
    Export.objects.all().delete()
    task = scene.tasks["way"]
    response = sender.get(reverse("console:task-results-file", kwargs={"pk": task.pk}), {"format": "csv"})
    export = Export.objects.get()
    assert response.headers["Location"] == reverse("console:export", kwargs={"key": export.key})
    assert (export.kind, export.what, export.rows) == ("csv", "results", 4)
    assert 'hx-trigger="every 1s"' in shown(sender, "export", key=export.key)
    refused = sender.get(reverse("console:export-file", kwargs={"key": export.key}), follow=True)
    assert "no longer kept" in refused.content.decode()
    draft = scene.drafts["mixed"]
    deleted = sender.get(reverse("console:draft-deleted-file", kwargs={"key": draft.key}))
    assert deleted.status_code == 302
    assert draft.name in shown(sender, "export", key=Export.objects.get(draft=draft).key)


@pytest.mark.parametrize("what", ["failed", "results"])
@pytest.mark.parametrize("rows", [0, 100_000])
def test_a_download_of_dropped_messages_leads_back_and_says_so(
    sender: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch, what: str, rows: int
) -> None:
    monkeypatch.setattr(ENV, "direct_download_rows", rows)
    monkeypatch.setattr(exports, "has_messages", lambda _: False)
    address = reverse(f"console:task-{what}-file", kwargs={"pk": scene.tasks["way"].pk})
    answer = sender.get(address, follow=True)
    assert answer.redirect_chain[0][1] == 302
    assert "The messages of this task are no longer kept" in answer.content.decode()


@pytest.mark.parametrize("name", ["export", "export-file"])
def test_a_file_that_was_removed_is_said_to_be(sender: Client, name: str) -> None:
    answer = sender.get(reverse(f"console:{name}", kwargs={"key": uuid.uuid4()}))
    assert answer.status_code == 404
    assert f"kept for {ENV.download_hours} hours" in answer.content.decode()


def test_a_file_that_was_given_up_says_why(sender: Client, scene: Scene) -> None:
    refusal = {"code": "disk_full", "message": disk_errors.FULL, "parameters": {}}
    export = Export.objects.create(
        account=scene.account, created_by=scene.members["sender"], task=scene.tasks["way"], what="results",
        kind="csv", language="en", state="failed", refusal=refusal,
    )  # fmt: skip
    page = shown(sender, "export", key=export.key)
    assert "The disk of the server is full" in page
    assert 'hx-trigger="every 1s"' not in page


def test_alarms_are_for_administrators(client: Client, scene: Scene) -> None:
    now = timezone.now()
    task = scene.tasks["way"]
    Alarm.objects.create(
        account=scene.account,
        task=task,
        code="messages_missing",
        message="%(accepted)s numbers of a task were accepted, and %(count)s messages are there.",
        parameters={"accepted": 4, "count": 3},
        raised_at=now,
        seen_at=now,
    )
    said = "4 numbers of a task were accepted, and 3 messages are there."
    for role, sees in ((Role.ADMIN, True), (Role.SENDER, False), (Role.VIEWER, False)):
        client.force_login(scene.members[role])
        assert (said in shown(client, "codes")) is sees
    Alarm.objects.update(cleared_at=now)
    client.force_login(scene.members[Role.ADMIN])
    assert said not in shown(client, "codes")


def test_a_time_that_the_clocks_leave_out_is_refused(sender: Client, scene: Scene) -> None:
    type(scene.account).objects.filter(pk=scene.account.pk).update(time_zone="Europe/Berlin")
    address = reverse("console:task-schedule")
    said = sender.get(address, {"scheduled_at": "2030-03-31T02:30"}).content.decode()
    assert "the clocks are set forward" in said
    said = sender.get(address, {"scheduled_at": "2030-03-31T03:30"}).content.decode()
    assert "the clocks are set forward" not in said
