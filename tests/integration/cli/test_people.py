"""Members, accounts and the first administrator by command; who acts, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from tests.rig.shell import Shell

if TYPE_CHECKING:
    from tests.rig.paper_mill import Mill

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


class TestMembers:
    def test_invited_by_a_link_that_works_once(self, shell: Shell, mill: Mill) -> None:
        from sendmill.accounts import members

        made = shell.answer("member", "invite", "new", "--role", "sender", "--email", "new@example.org")
        link = made["link"].rstrip("/").rpartition("/")[2]
        assert made["link"].startswith("http://")
        assert resolve(urlsplit(made["link"]).path).view_name == "console:invitation"
        states = {row["username"]: row["invited"] for row in shell.answer("member", "list")}
        assert states["new"] is True
        again = shell.say("member", "invite", "new", "--again").strip()
        assert members.invited(link) is None
        accepted = members.accept(again.rstrip("/").rpartition("/")[2], PASSWORD)
        assert (accepted.username, accepted.role) == ("new", "sender")
        assert "no open invitation" in shell.refuse("member", "invite", "new", "--again")

    def test_role_deactivated_and_back(self, shell: Shell, mill: Mill) -> None:
        assert shell.answer("member", "role", "mill-viewer", "reviewer")["role"] == "reviewer"
        assert shell.answer("member", "deactivate", "mill-viewer")["active"] is False
        assert "deactivated" in shell.say("member", "list")
        assert "no active member" in shell.refuse("application", "list", "--as", "mill-viewer")
        assert "can sign in again" in shell.say("member", "reactivate", "mill-viewer")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("invite", "mill-viewer"), "This user name is taken."),
            (("invite", "a b"), "A user name is"),
            (("invite", "new", "--email", "nonsense"), "not an e-mail address"),
            (("role", "mill-admin", "viewer"), "needs an active administrator"),
            (("deactivate", "mill-admin"), "needs an active administrator"),
            (("reactivate", "nobody"), "There is no member “nobody”"),
        ],
    )
    def test_refused_with_the_reason(
        self, shell: Shell, mill: Mill, words: tuple[str, ...], sentence: str
    ) -> None:
        assert sentence in shell.refuse("member", *words)


class TestAccounts:
    def test_created_with_the_link_of_its_administrator(self, shell: Shell, mill: Mill) -> None:
        from sendmill.accounts import members

        made = shell.answer("account", "create", "New", "--admin", "boss", "--time-zone", "Asia/Shanghai")
        accepted = members.accept(made["link"].rstrip("/").rpartition("/")[2], PASSWORD)
        assert (accepted.username, accepted.account.name, accepted.role) == ("boss", "New", "admin")
        listed = {row["name"]: row for row in shell.answer("account", "list")}
        assert (listed["New"]["time_zone"], listed["New"]["members"]) == ("Asia/Shanghai", 1)
        assert "mill" in shell.say("account", "list")

    def test_changed_as_named(self, shell: Shell, mill: Mill) -> None:
        changed = shell.answer("account", "edit", "mill", "--rename", "Paper", "--four-eyes")
        assert (changed["name"], changed["four_eyes"], changed["currency"]) == ("Paper", True, "USD")
        assert "was changed" in shell.say("account", "edit", "Paper", "--no-four-eyes")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("create", "mill", "--admin", "boss"), "already an account of this name"),
            (("create", "New", "--admin", "mill-admin"), "This user name is taken."),
            (("create", "New", "--admin", "boss", "--time-zone", "Mars"), "This is not a time zone."),
            (("edit", "mill", "--currency", "euro"), "three capital letters"),
            (("edit", "mill"), "Nothing to change"),
            (("edit", "None", "--rename", "New"), "There is no account “None”. There are: mill."),
        ],
    )
    def test_refused_with_the_reason(
        self, shell: Shell, mill: Mill, words: tuple[str, ...], sentence: str
    ) -> None:
        from sendmill.accounts.models import Account

        assert sentence in shell.refuse("account", *words)
        assert [account.name for account in Account.objects.all()] == ["mill"]


class TestCreateAdmin:
    def test_makes_the_account_or_joins_it(self, shell: Shell, db: None) -> None:
        from sendmill.accounts.models import Member

        assert "createadmin" in shell.refuse("application", "list")
        given = ("createadmin", "--password", PASSWORD)
        assert "account “Main”" in shell.say(*given, "--username", "first", "--time-zone", "Europe/Berlin")
        shell.say(*given, "--username", "second")
        first, second = Member.objects.order_by("pk")
        assert first.account == second.account
        assert (first.account.time_zone, second.role) == ("Europe/Berlin", "admin")
        assert first.check_password(PASSWORD)

    def test_asks_for_what_is_not_given(self, shell: Shell, db: None) -> None:
        from sendmill.accounts.models import Member

        said = shell.say("createadmin", typed=f"boss\n{PASSWORD}\n{PASSWORD}\n")
        assert PASSWORD not in said
        assert Member.objects.get().username == "boss"

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--username", "mill-admin", "--password", PASSWORD), "This user name is taken."),
            (("--username", "new", "--password", "short"), "too short"),
            (("--username", "a b", "--password", PASSWORD), "A user name is"),
            (("--username", "new", "--password", PASSWORD, "--time-zone", "Mars"), "not a time zone"),
        ],
    )
    def test_refused_with_the_reason_and_nothing_is_created(
        self, shell: Shell, mill: Mill, words: tuple[str, ...], sentence: str
    ) -> None:
        from sendmill.accounts.models import Account, Member

        assert sentence in shell.refuse("createadmin", *words, "--account", "New")
        assert Account.objects.count() == 1
        assert Member.objects.count() == 4


class TestActing:
    def test_with_several_accounts_one_is_named(self, shell: Shell, mill: Mill, neighbour: Mill) -> None:
        sentence = shell.refuse("application", "list")
        assert "choose one with --account: mill, neighbour." in sentence
        assert shell.answer("application", "list", "--account", "mill")
        assert "There is no account “None”" in shell.refuse("application", "list", "--account", "None")

    def test_a_member_names_the_account_too(self, shell: Shell, mill: Mill, neighbour: Mill) -> None:
        listed = shell.answer("carrier", "list", "--as", "neighbour-viewer")
        assert [row["id"] for row in listed] == [neighbour.carrier.pk]
        wrong = shell.refuse("carrier", "list", "--as", "neighbour-viewer", "--account", "mill")
        assert "The account “mill” has no active member “neighbour-viewer”." in wrong
        assert "no active member “nobody”" in shell.refuse("carrier", "list", "--as", "nobody")

    def test_the_environment_names_both(
        self, shell: Shell, mill: Mill, neighbour: Mill, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SENDMILL_ACCOUNT", "neighbour")
        monkeypatch.setenv("SENDMILL_AS", "neighbour-viewer")
        assert shell.answer("carrier", "list")[0]["id"] == neighbour.carrier.pk
        assert "role" in shell.refuse("member", "list")

    def test_changes_are_in_the_audit_log_with_who_made_them(self, shell: Shell, mill: Mill) -> None:
        from sendmill.accounts.models import AuditEntry

        shell.say("application", "edit", "Home", "--rename", "House", "--as", "mill-sender")
        entry = AuditEntry.objects.latest("id")
        assert (entry.action, entry.member, entry.after) == ("edit", mill.sender, {"name": "House"})
