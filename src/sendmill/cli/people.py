"""Commands about the people who sign in."""

from __future__ import annotations

from typing import Annotated

import typer

from sendmill.cli.environment import need_database, prepare
from sendmill.cli.errors import RefusedError


def createadmin(
    username: Annotated[str, typer.Option(prompt="User name", help="Name to sign in with.")],
    password: Annotated[
        str,
        typer.Option(
            prompt="Password",
            confirmation_prompt=True,
            hide_input=True,
            envvar="SENDMILL_ADMIN_PASSWORD",
            help="At least 10 characters; asked for when not given.",
        ),
    ],
    account: Annotated[str, typer.Option(help="Account to create or to join.")] = "Main",
    time_zone: Annotated[str, typer.Option(help="Time zone of a new account.")] = "UTC",
) -> None:
    """Create an administrator, and the account if there is none of that name."""
    prepare("cli", quiet=True)
    need_database()
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from sendmill.accounts.audit import record
    from sendmill.accounts.models import Account, Member, Role

    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RefusedError(f"There is no time zone {time_zone!r}; try one such as Europe/Berlin.") from error
    if Member.objects.filter(username=username).exists():
        raise RefusedError(f"There is a user {username!r} already; choose another name.")
    with transaction.atomic():
        home, _ = Account.objects.get_or_create(name=account, defaults={"time_zone": time_zone})
        member = Member(username=username, account=home, role=Role.ADMIN)
        try:
            member.full_clean(exclude=["password"])
            validate_password(password, member)
        except ValidationError as error:
            raise RefusedError(" ".join(error.messages)) from error
        member.set_password(password)
        member.save()
        record(member=None, account=home, action="create", subject=member, after={"role": member.role})
    typer.echo(f"{username} may sign in as administrator of the account {home.name}.")
