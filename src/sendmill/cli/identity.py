"""Who gives a command, and in which account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.errors import RefusedError
from sendmill.cli.startup import need_database, prepare

if TYPE_CHECKING:
    from sendmill.accounts.models import Account, Member

ACCOUNT = Annotated[
    str | None,
    typer.Option("--account", envvar="SENDMILL_ACCOUNT", help="Account, when there are several."),
]
AS = Annotated[
    str | None,
    typer.Option(
        "--as", envvar="SENDMILL_AS", help="Member to act as; the account's first administrator otherwise."
    ),
]


def act(account: str | None, username: str | None) -> Member:
    """The member who acts, with everything ready for it. Raises RefusedError or NotRunningError."""
    ready()
    if account is None and username is not None:
        return _at_home(choose_anywhere(username))
    return _at_home(choose_member(choose_account(account), username))


def ready() -> None:
    """Settings, Django and the database. Raises NotRunningError."""
    prepare("cli", quiet=True)
    need_database()


def _at_home(member: Member) -> Member:
    """From here on times are shown in the time zone of the member's account."""
    from django.utils import timezone

    timezone.activate(member.account.time_zone)
    return member


def choose_account(name: str | None) -> Account:
    """The account of that name, or the only one there is. Raises RefusedError naming the choices."""
    from sendmill.accounts.models import Account

    accounts = list(Account.objects.order_by("name"))
    if not accounts:
        raise RefusedError("There is no account yet: run `sendmill createadmin`.")
    names = ", ".join(account.name for account in accounts)
    if name is not None:
        accounts = [account for account in accounts if account.name == name]
        if not accounts:
            raise RefusedError(f"There is no account “{name}”. There are: {names}.")
    if len(accounts) > 1:
        raise RefusedError(f"There are several accounts; choose one with --account: {names}.")
    return accounts[0]


def choose_member(account: Account, username: str | None) -> Member:
    """Who acts: the member of that name, else the account's first active administrator."""
    from sendmill.accounts.models import Member, Role

    members = Member.objects.select_related("account").filter(account=account, is_active=True).order_by("pk")
    if username is not None:
        found = members.filter(username=username).first()
        if found is None:
            raise RefusedError(f"The account “{account.name}” has no active member “{username}”.")
        return found
    found = members.filter(role=Role.ADMIN).first()
    if found is None:
        raise RefusedError(f"The account “{account.name}” has no administrator: run `sendmill createadmin`.")
    return found


def choose_anywhere(username: str) -> Member:
    """The active member of that name, whose account need not be named: user names are unique."""
    from sendmill.accounts.models import Member

    members = Member.objects.select_related("account")
    found = members.filter(username=username, is_active=True).first()
    if found is None:
        raise RefusedError(f"There is no active member “{username}”.")
    return found
