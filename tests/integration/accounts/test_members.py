"""Members against PostgreSQL: invitations, passwords, roles, and the last administrator."""

import pytest
from django.test import override_settings
from pytest_django import Settings

from sendmill.accounts import audit, members
from sendmill.accounts.accounts import create_account, edit_account
from sendmill.accounts.models import Member, Role
from sendmill.accounts.permissions import NotAllowed, NotYours
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet lanterns"


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def admin() -> Member:
    return create_account("Paper Mill", username="mill", password=PASSWORD)[1]


@pytest.fixture
def stranger() -> Member:
    return create_account("Other", username="other", password=PASSWORD)[1]


def test_an_invitation_works_once(admin: Member) -> None:
    invited, link = members.invite(admin, username="writer", email="Writer@EXAMPLE.org", role=Role.SENDER)
    assert (invited.account, invited.role, invited.email) == (admin.account, "sender", "Writer@example.org")
    assert not invited.has_usable_password()
    assert members.invited(link) == invited
    accepted = members.accept(link, PASSWORD)
    assert accepted.check_password(PASSWORD)
    assert members.invited(link) is None
    with pytest.raises(Refused) as refused:
        members.accept(link, "another quiet lantern")
    assert refused.value.violation.code == "link"
    assert [entry.action for entry in audit.history(invited)] == ["accept_invitation", "invite"]
    assert PASSWORD not in str([(entry.before, entry.after) for entry in audit.history(invited)])


def test_a_new_invitation_ends_the_earlier_one(admin: Member) -> None:
    invited, first = members.invite(admin, username="writer")
    second = members.invite_again(admin, invited)
    assert members.invited(first) is None
    assert members.invited(second) == invited
    members.accept(second, PASSWORD)
    with pytest.raises(Refused) as refused:
        members.invite_again(admin, invited)
    assert refused.value.violation.code == "not_invited"


@pytest.mark.parametrize(
    "link", ["", ".", "MQ", "MQ.x-y", "!!.x-y", "4pyT.x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5.a-b"]
)
def test_a_forged_link_is_nobodys(admin: Member, link: str) -> None:
    assert members.invited(link) is None
    assert members.resettable(link) is None


def test_an_invitation_grows_too_old(admin: Member) -> None:
    _, link = members.invite(admin, username="writer")
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert members.invited(link) is None


def test_an_invitation_is_no_reset_and_a_reset_no_invitation(admin: Member) -> None:
    _, link = members.invite(admin, username="writer")
    assert members.resettable(link) is None
    assert members.invited(members.reset_link(admin)) is None


def test_a_deactivated_member_cannot_accept_or_reset(admin: Member) -> None:
    invited, link = members.invite(admin, username="writer")
    reset = members.reset_link(invited)
    members.deactivate(admin, invited)
    assert members.invited(link) is None
    assert members.resettable(reset) is None


def test_a_reset_works_once_and_refuses_a_weak_password(admin: Member) -> None:
    link = members.reset_link(admin)
    with pytest.raises(Refused) as refused:
        members.reset_password(link, "12345")
    assert refused.value.violation.code == "weak_password"
    members.reset_password(link, "eight quiet lanterns")
    admin.refresh_from_db()
    assert admin.check_password("eight quiet lanterns")
    assert members.resettable(link) is None


def test_changing_the_password_asks_for_the_old_one(admin: Member) -> None:
    with pytest.raises(Refused) as refused:
        members.change_password(admin, "wrong", "eight quiet lanterns")
    assert refused.value.violation.code == "wrong_password"
    members.change_password(admin, PASSWORD, "eight quiet lanterns")
    admin.refresh_from_db()
    assert admin.check_password("eight quiet lanterns")


def test_an_account_keeps_an_administrator(admin: Member) -> None:
    for change in (
        lambda: members.deactivate(admin, admin),
        lambda: members.change_role(admin, admin, Role.VIEWER),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.violation.code == "last_administrator"
    second, _ = members.invite(admin, username="second", role=Role.ADMIN)
    members.change_role(second, admin, Role.VIEWER)
    admin.refresh_from_db()
    assert admin.role == Role.VIEWER


def test_roles_and_access_change_with_an_entry_each(admin: Member) -> None:
    other, _ = members.invite(admin, username="writer")
    members.change_role(admin, other, Role.REVIEWER)
    members.change_role(admin, other, Role.REVIEWER)
    members.deactivate(admin, other)
    members.reactivate(admin, other)
    actions = [entry.action for entry in audit.history(other)]
    assert actions == ["reactivate", "deactivate", "change_role", "invite"]
    change = audit.history(other)[2]
    assert (change.before, change.after) == ({"role": "viewer"}, {"role": "reviewer"})


def test_another_accounts_members_do_not_exist(admin: Member, stranger: Member) -> None:
    for change in (
        lambda: members.deactivate(admin, stranger),
        lambda: members.change_role(admin, stranger, Role.VIEWER),
        lambda: members.reactivate(admin, stranger),
        lambda: members.invite_again(admin, stranger),
    ):
        with pytest.raises(NotYours):
            change()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SENDER, Role.REVIEWER])
def test_only_administrators_manage_members(admin: Member, role: Role) -> None:
    member, _ = members.invite(admin, username="writer", role=role)
    with pytest.raises(NotAllowed):
        members.invite(member, username="friend")
    with pytest.raises(NotAllowed):
        members.change_role(member, member, Role.ADMIN)
    with pytest.raises(NotAllowed):
        edit_account(member, four_eyes=False)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"username": ""}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"username": "mill"}, "username_taken"),
        ({"username": "new", "email": "nowhere"}, "email"),
        ({"username": "new", "role": "owner"}, "role"),
    ],
)
def test_a_wrong_invitation_is_refused(admin: Member, fields: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        members.invite(admin, **fields)
    assert refused.value.violation.code == code
    assert Member.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"currency": "usd"}, "currency"),
        ({"name": "Other"}, "name_taken"),
    ],
)
def test_wrong_settings_are_refused(
    admin: Member, stranger: Member, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        edit_account(admin, **changes)
    assert refused.value.violation.code == code
