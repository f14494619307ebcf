"""The second factor switched off, renewed or removed: who may, and what is audited."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.integration.console.test_second_factor import (
    CODES,
    actions,
    app_code,
    codes,
    give_code,
    give_password,
    member,
    url,
    wait,
    wrong_code,
)
from tests.rig.scenes import PASSWORD, Scene

from sendmill.accounts import second_factor
from sendmill.accounts.models import AuditEntry, Member, Role

__all__ = ["codes", "member"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", ["password", "app", "recovery"])
def test_switching_off_needs_the_password_or_a_code(
    client: Client, scene: Scene, member: Member, codes: list[str], by: str
) -> None:
    other = scene.members[Role.REVIEWER]
    second_factor.offer(other)
    second_factor.switch_on(other, app_code(other))
    client.force_login(member)
    assert client.get(url("second-factor-off")).status_code == 200
    assert client.post(url("second-factor-off"), {"proof": "not-the-password"}).status_code == 422
    assert second_factor.is_on(member)
    assert "Wait" in client.post(url("second-factor-off"), {"proof": PASSWORD}).content.decode()
    wait(member)
    proof = {"password": PASSWORD, "app": app_code(member), "recovery": codes[3]}[by]
    assert client.post(url("second-factor-off"), {"proof": proof}).url == url("profile")
    assert not second_factor.is_on(member)
    assert second_factor.codes_left(member) == 0
    assert (second_factor.is_on(other), second_factor.codes_left(other)) == (True, 10)
    assert actions(member)[-1] == "second_factor_off"
    client.post(url("sign-out"))
    assert give_password(client, member).url == url("tasks")


def test_new_recovery_codes_replace_the_old(client: Client, member: Member, codes: list[str]) -> None:
    client.force_login(member)
    assert client.post(url("recovery-codes"), {"proof": "not-the-password"}).status_code == 422
    wait(member)
    new = CODES.findall(client.post(url("recovery-codes"), {"proof": PASSWORD}).content.decode())
    assert len(new) == 10
    assert not set(new) & set(codes)
    other = Client()
    give_password(other, member)
    assert give_code(other, codes[0]).status_code == 422
    wait(member)
    assert give_code(other, new[0]).status_code == 302


def test_an_administrator_removes_it_for_who_lost_the_phone(
    client: Client, scene: Scene, member: Member, codes: list[str]
) -> None:
    client.force_login(scene.members[Role.ADMIN])
    assert "remove-second-factor" in client.get(url("member", pk=member.pk)).content.decode()
    client.post(url("member-second-factor", pk=member.pk))
    assert not second_factor.is_on(member)
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.member, entry.object_id) == (
        "second_factor_removed",
        scene.members[Role.ADMIN],
        member.pk,
    )
    assert "remove-second-factor" not in client.get(url("member", pk=member.pk)).content.decode()
    again = client.post(url("member-second-factor", pk=member.pk), follow=True).content.decode()
    assert "The second factor is off." in again


def test_administrators_prove_themselves_before_their_own_goes(client: Client, scene: Scene) -> None:
    admin = scene.members[Role.ADMIN]
    second_factor.offer(admin)
    second_factor.switch_on(admin, app_code(admin))
    client.force_login(admin)
    assert client.post(url("member-second-factor", pk=admin.pk)).url == url("second-factor-off")
    assert second_factor.is_on(admin)


def test_no_secret_is_in_the_audit_log_or_the_lock_of_sign_ins(
    client: Client, member: Member, codes: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    from axes.models import AccessAttempt

    give_password(client, member)
    wrong = wrong_code(member)
    give_code(client, wrong)
    kept = [attempt.post_data for attempt in AccessAttempt.objects.all()]
    give_code(client, codes[0])
    second_factor.switch_off(member, PASSWORD)
    told = [
        str((entry.before, entry.after))
        for entry in AuditEntry.objects.filter(object_type="member", object_id=member.pk)
    ]
    assert kept
    for secret in (wrong, *codes, PASSWORD):
        assert [text for text in (*told, *kept, caplog.text) if secret in text] == []
    assert actions(member)[-1] == "second_factor_off"
    assert "second_factor_on" in actions(member)


def test_every_entry_is_told_in_words(client: Client, scene: Scene, member: Member, codes: list[str]) -> None:
    give_password(client, member)
    give_code(client, wrong_code(member))
    give_code(client, codes[0])
    second_factor.renew_codes(member, PASSWORD)
    second_factor.remove(scene.members[Role.ADMIN], member)
    client.force_login(scene.members[Role.ADMIN])
    page = client.get(url("audit")).content.decode()
    for words in (
        "second factor switched on",
        "password right, code asked for",
        "sign-in code refused",
        "recovery code used",
        "recovery codes left",
        "new recovery codes",
        "second factor removed",
    ):
        assert words in page, words


def test_both_languages(client: Client, member: Member, codes: list[str]) -> None:
    give_password(client, member)
    assert "验证码" in client.get(url("sign-in-code"), headers={"Accept-Language": "zh-CN"}).content.decode()
    Member.objects.filter(pk=member.pk).update(language="zh-hans")
    client.force_login(member)
    assert "两步验证" in client.get(url("profile")).content.decode()
