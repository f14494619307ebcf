"""The audit log against PostgreSQL: what goes in, what stays out, and that nothing is ever changed."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import authenticate, login, logout
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from pytest_django import Settings

from sendmill.accounts import audit
from sendmill.accounts.accounts import create_account, edit_account
from sendmill.accounts.models import Account, AuditEntry, Member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def admin() -> Member:
    return create_account("Paper Mill", username="mill", password="a long enough phrase")[1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'nothing'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_entry SET action = 'nothing' WHERE false",
    ],
)
def test_the_database_refuses_to_change_an_entry(admin: Member, statement: str) -> None:
    entry = audit.record(member=admin, action="look", subject=admin)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert AuditEntry.objects.get(pk=entry.pk).action == "look"


def test_the_models_own_ways_are_refused_too(admin: Member) -> None:
    entry = audit.record(member=admin, action="look", subject=admin)
    entry.action = "nothing"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


def test_an_entry_tells_who_what_and_from_where(admin: Member) -> None:
    with audit.coming_from("192.0.2.7"):
        entry = audit.record(
            member=admin,
            action="edit",
            subject=admin,
            before={"price": Decimal("0.10"), "from": date(2030, 1, 31)},
            after={"price": Decimal("0.20"), "from": date(2030, 2, 1)},
        )
    entry.refresh_from_db()
    assert (entry.account, entry.member, entry.address) == (admin.account, admin, "192.0.2.7")
    assert (entry.object_type, entry.object_id, entry.object_name) == ("member", admin.pk, "mill")
    assert entry.before == {"price": "0.10", "from": "2030-01-31"}
    assert audit.record(member=admin, action="look", subject=None).address is None


def test_secrets_stay_out_whatever_is_passed(admin: Member) -> None:
    fields = {"name": "x", "Password": "hunter2", "carrier": {"app_secret_hash": "hunter2", "port": 1}}
    entry = audit.record(member=admin, action="edit", subject=admin, after=fields)
    entry.refresh_from_db()
    assert entry.after == {
        "name": "x",
        "Password": "(hidden)",
        "carrier": {"app_secret_hash": "(hidden)", "port": 1},
    }


def test_an_entry_vanishes_with_the_change_that_failed(admin: Member) -> None:
    count = AuditEntry.objects.count()

    def fail() -> None:
        with transaction.atomic():
            audit.record(member=admin, action="edit", subject=admin)
            raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        fail()
    assert AuditEntry.objects.count() == count


def test_search_finds_only_the_own_accounts_entries_newest_first(admin: Member) -> None:
    other = create_account("Other", username="other", password="a long enough phrase")[1]
    first = audit.record(member=admin, action="edit", subject=admin)
    second = audit.record(member=admin, action="look", subject=admin)
    audit.record(member=other, action="look", subject=other)
    assert list(audit.search(admin.account))[:2] == [second, first]
    assert list(audit.search(admin.account, action="look")) == [second]
    assert list(audit.search(admin.account, text="LOOK")) == [second]
    assert list(audit.search(admin.account, object_type="member", below=second.pk)) == [first]
    assert list(audit.search(admin.account, since=second.at)) == [second]
    assert second not in audit.search(admin.account, until=second.at)
    assert list(audit.search(admin.account, member=other)) == []
    assert next(iter(audit.history(other))).account == other.account


def test_settings_of_an_account_are_recorded_with_before_and_after(admin: Member) -> None:
    edit_account(admin, four_eyes=True, currency="USD")
    entry = audit.history(admin.account)[0]
    assert (entry.before, entry.after) == ({"four_eyes": False}, {"four_eyes": True})
    edit_account(admin, four_eyes=True)
    assert audit.history(admin.account)[0] == entry
    assert Account.objects.get().four_eyes


def test_sign_ins_and_refusals_are_recorded_with_the_address(admin: Member) -> None:
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.9")
    request.session = SessionStore()
    assert authenticate(request, username="mill", password="wrong") is None
    assert authenticate(request, username="a password typed here", password="wrong") is None
    member = authenticate(request, username="mill", password="a long enough phrase")
    assert member == admin
    login(request, member)
    request.user = member
    logout(request)
    entries = AuditEntry.objects.filter(action__startswith="sign").order_by("id")
    assert [entry.action for entry in entries] == ["sign_in_refused", "sign_in", "sign_out"]
    assert {entry.address for entry in entries} == {"192.0.2.9"}
