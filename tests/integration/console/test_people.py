"""Carriers, members, invitations, passwords, settings and the audit log, as pages answer them."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.rig.scenes import PASSWORD, Scene

from sendmill.accounts import members
from sendmill.accounts.models import AuditEntry, Member, Role
from sendmill.catalog.models import Carrier
from sendmill.message_store.sender_locks import SENDER_LOCK, as_int4
from sendmill.simulator.server import Smsc

pytestmark = pytest.mark.django_db
NEW = "a-long-walk-by-the-river"


def url(name: str, pk: int | None = None) -> str:
    return reverse(f"console:{name}", kwargs={"pk": pk} if pk else None)


@pytest.fixture
def admin(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.ADMIN])
    return client


@pytest.fixture
def carrier(scene: Scene) -> Carrier:
    return Carrier.objects.get(account=scene.account)


@contextmanager
def simulator() -> Iterator[int]:
    """A carrier on loopback in a thread of its own; gives its port."""
    loop = asyncio.new_event_loop()
    smsc = Smsc(accounts={"demo": "demo"})
    loop.run_until_complete(smsc.start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield smsc.port
    asyncio.run_coroutine_threadsafe(smsc.stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


FORM = {
    "name": "Second line",
    "host": "127.0.0.1",
    "port": "2775",
    "system_id": "mill",
    "password": "hush",
    "bind": "transceiver",
    "binds": "1",
    "window": "100",
    "rate": "50",
    "default_alphabet": "gsm7",
    "long_messages": "udh",
    "id_form": "as_is",
    "registered_delivery": "final",
    "reports": "by_id",
    "number_minutes": "60",
    "long_reports": "each",
    "validity_minutes": "0",
    "enquire_seconds": "20",
    "silence_seconds": "0",
    "response_seconds": "30",
    "connect_seconds": "10",
    "dest_ton": "1",
    "dest_npi": "1",
}


def test_a_carrier_is_added_and_its_password_never_shown(admin: Client, scene: Scene) -> None:
    assert admin.post(url("carrier-new"), FORM).status_code == 302
    made = Carrier.objects.get(account=scene.account, name="Second line")
    assert (made.password, made.rate, made.source_ton, made.tls) == ("hush", 50, None, False)
    for name in ("carrier", "carrier-edit"):
        assert "hush" not in admin.get(url(name, made.pk)).content.decode()
    assert "hush" not in admin.get(url("audit")).content.decode()


def test_an_empty_password_leaves_the_old_one(admin: Client, carrier: Carrier) -> None:
    admin.post(url("carrier-edit", carrier.pk), {**FORM, "password": ""})
    carrier.refresh_from_db()
    assert (carrier.name, carrier.password) == ("Second line", "demo")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("port", "http", "Enter a whole number."),
        ("port", "70000", "port lies between 1 and 65535."),
        ("host", "", "host is required."),
        ("bind", "both", "bind is one of"),
        ("validity_minutes", "", "Enter a whole number."),
        ("silence_seconds", "20", "is 0 or longer than the enquire interval"),
        ("validity_minutes", "43201", "validity in minutes lies between 0 and 43200."),
        ("service_type", "短信", "service_type takes ASCII characters only."),
        ("default_source", "!", "A sender ID is 3–20 digits"),
        ("name", "Simulator", "already has a carrier named"),
    ],
)
def test_a_wrong_setting_of_a_carrier_is_named_and_nothing_saved(
    admin: Client, scene: Scene, field: str, value: str, sentence: str
) -> None:
    answer = admin.post(url("carrier-new"), {**FORM, field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    errors = re.search(rf'id="{field}-errors".*?</div>', text)
    assert errors is not None
    assert sentence in errors[0]
    assert "hush" not in text
    assert Carrier.objects.filter(account=scene.account).count() == 1


def test_a_test_bind_answers_in_words(admin: Client, carrier: Carrier) -> None:
    with simulator() as port:
        Carrier.objects.filter(pk=carrier.pk).update(port=port)
        right = admin.post(url("carrier-test", carrier.pk), headers={"HX-Request": "true"})
        Carrier.objects.filter(pk=carrier.pk).update(password="wrong")
        wrong = admin.post(url("carrier-test", carrier.pk), headers={"HX-Request": "true"})
    nobody = admin.post(url("carrier-test", carrier.pk), headers={"HX-Request": "true"})
    assert f"Bound to 127.0.0.1:{port}" in right.content.decode()
    assert "notice-error" in wrong.content.decode()
    assert "notice-error" in nobody.content.decode()
    assert "wrong" not in wrong.content.decode()


def test_the_state_of_binds_is_shown_in_words_and_kept_up_to_date(admin: Client, carrier: Carrier) -> None:
    assert "no sender holds it" in admin.get(url("carriers")).content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bind_state (carrier_id, slot, owner, state, sentence) VALUES (%s, 0, 1, 'waiting', %s)",
            [carrier.pk, "Nobody answers. Trying again in 4 seconds."],
        )
        dead = admin.get(url("carriers-live"), {"shown": str(carrier.pk)}).content.decode()
        assert "no sender holds it" in dead, "what a killed sender said, or one before a restore"
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, 1)", [as_int4(SENDER_LOCK)])
    live = admin.get(url("carriers-live"), {"shown": str(carrier.pk)}).content.decode()
    assert "waiting to connect again" in live
    assert "Trying again in 4 seconds." in live


def test_a_carrier_is_switched_off_and_on(admin: Client, carrier: Carrier) -> None:
    admin.post(url("carrier-switch", carrier.pk), {"to": "off"})
    assert not Carrier.objects.get(pk=carrier.pk).enabled
    assert "switched off" in admin.get(url("carriers")).content.decode()
    admin.post(url("carrier-switch", carrier.pk), {"to": "on"})
    assert Carrier.objects.get(pk=carrier.pk).enabled


def test_an_invitation_by_link_and_mail_works_once(admin: Client, scene: Scene) -> None:
    form = {"username": "mei", "email": "mei@example.com", "role": "sender"}
    text = admin.post(url("member-invite"), form).content.decode()
    link = re.search(r'id="link" value="http://testserver([^"]+)"', text)
    assert link is not None
    assert link[1] in str(mail.outbox[0].body)
    guest = Client()
    weak = guest.post(link[1], {"new": "short", "again": "short"})
    other = guest.post(link[1], {"new": NEW, "again": NEW + "!"})
    done = guest.post(link[1], {"new": NEW, "again": NEW})
    assert weak.status_code == other.status_code == 422
    assert "too short" in weak.content.decode()
    assert "not the same" in other.content.decode()
    assert done.url == reverse("console:home")
    assert guest.get(url("tasks")).status_code == 200
    assert Client().get(link[1]).status_code == 410
    assert Member.objects.get(username="mei").account == scene.account


def test_a_new_invitation_ends_the_old_one(admin: Client, scene: Scene) -> None:
    invited, old = members.invite(scene.members[Role.ADMIN], username="li")
    text = admin.post(url("member-invite-again", invited.pk)).content.decode()
    assert 'id="link"' in text
    assert Client().get(reverse("console:invitation", kwargs={"link": old})).status_code == 410


def test_a_taken_user_name_is_told_beside_its_field(admin: Client) -> None:
    answer = admin.post(url("member-invite"), {"username": "demo", "email": "", "role": "viewer"})
    assert answer.status_code == 422
    assert "This user name is taken." in answer.content.decode()


def test_the_role_of_a_member_changes_but_never_of_the_last_administrator(
    admin: Client, scene: Scene
) -> None:
    viewer, boss = scene.members[Role.VIEWER], scene.members[Role.ADMIN]
    admin.post(url("member-role", viewer.pk), {"role": "reviewer"})
    answer = admin.post(url("member-role", boss.pk), {"role": "viewer"}, follow=True)
    assert Member.objects.get(pk=viewer.pk).role == Role.REVIEWER
    assert Member.objects.get(pk=boss.pk).role == Role.ADMIN
    assert "needs an active administrator" in answer.content.decode()


def test_a_deactivated_member_is_out_at_once(admin: Client, scene: Scene) -> None:
    sender = scene.members[Role.SENDER]
    theirs = Client()
    theirs.force_login(sender)
    admin.post(url("member-deactivate", sender.pk))
    assert theirs.get(url("tasks")).status_code == 302
    admin.post(url("member-reactivate", sender.pk))
    assert Member.objects.get(pk=sender.pk).is_active


def test_a_forgotten_password_is_reset_by_mail_and_nobody_learns_who_exists(
    client: Client, scene: Scene
) -> None:
    cache.clear()
    Member.objects.filter(pk=scene.members[Role.SENDER].pk).update(email="sender@example.com")
    known = client.post(url("password-forgotten"), {"name": "SENDER@example.com"}).content
    again = client.post(url("password-forgotten"), {"name": "demo-sender"}).content
    unknown = client.post(url("password-forgotten"), {"name": "nobody"}).content
    plain = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"')
    assert plain.sub(b"", known) == plain.sub(b"", again) == plain.sub(b"", unknown)
    assert len(mail.outbox) == 1
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link is not None
    assert client.post(link[1], {"new": NEW, "again": NEW}).status_code == 302
    assert Member.objects.get(pk=scene.members[Role.SENDER].pk).check_password(NEW)
    assert client.get(link[1]).status_code == 410


def test_mail_speaks_the_language_of_its_reader(admin: Client, scene: Scene) -> None:
    sender = scene.members[Role.SENDER]
    Member.objects.filter(pk=sender.pk).update(email="sender@example.com", language="zh-hans")
    admin.post(url("member-password", sender.pk))
    assert mail.outbox[0].subject == "重设您的 Sendmill 密码"


def test_changing_the_password_needs_the_old_one_and_keeps_this_session(client: Client, scene: Scene) -> None:
    sender = scene.members[Role.SENDER]
    client.force_login(sender)
    elsewhere = Client()
    elsewhere.force_login(sender)
    wrong = client.post(url("password"), {"old": "no", "new": NEW, "again": NEW})
    right = client.post(url("password"), {"old": PASSWORD, "new": NEW, "again": NEW})
    assert "The old password is wrong." in wrong.content.decode()
    assert right.url == url("profile")
    assert client.get(url("tasks")).status_code == 200
    assert elsewhere.get(url("tasks")).status_code == 302


def test_the_settings_of_the_account_are_checked_and_saved(admin: Client, scene: Scene) -> None:
    form = {"name": "Demo", "time_zone": "Mars/Olympus", "currency": "USD"}
    wrong = admin.post(url("settings"), form)
    used = admin.post(url("settings"), {**form, "time_zone": "Europe/Berlin", "currency": "EUR"})
    admin.post(url("settings"), {**form, "time_zone": "Europe/Berlin", "four_eyes": "1"})
    account = type(scene.account).objects.get(pk=scene.account.pk)
    assert wrong.status_code == used.status_code == 422
    assert "This is not a time zone." in wrong.content.decode()
    assert "moved money keeps its currency" in used.content.decode()
    assert (account.time_zone, account.currency, account.four_eyes) == ("Europe/Berlin", "USD", True)


def test_the_audit_log_is_searched_by_member_action_kind_and_day(admin: Client, scene: Scene) -> None:
    sender = scene.members[Role.SENDER]
    entry = AuditEntry.objects.filter(member=sender, action="submit").latest("pk")

    def found(**query: object) -> str:
        return admin.get(url("audit"), query).content.decode()

    row = f'<span class="under">{"Template" if entry.object_type == "template" else "Signature"}</span>'
    assert row in found(member=sender.pk, action="submit")
    assert "Nothing matches" in found(member=sender.pk, action="sign_out")
    assert "Nothing matches" in found(to="2001-01-01")
    assert "Nothing matches" not in found(**{"from": "2001-01-01", "to": "not a day"})
    assert "Pending review" in found(q="submit", object=entry.object_type)


def test_the_audit_log_reads_keys_as_names(admin: Client, scene: Scene) -> None:
    text = admin.get(url("audit"), {"object": "signature", "action": "submit"}).content.decode()
    assert "<ins>demo-sender</ins>" in text
    assert re.search(r"<del>Draft</del>.*?<ins>Pending review</ins>", text)


def test_the_audit_log_is_paged_by_key(admin: Client, scene: Scene) -> None:
    first = admin.get(url("audit")).content.decode()
    older = re.search(r'id="older" href="\?([^"]+)"', first)
    assert older is not None
    assert 'id="newer"' in admin.get(f"{url('audit')}?{older[1]}").content.decode()
