"""`sendmill createadmin`: the first person who signs in."""

from __future__ import annotations

from typing import Annotated

import typer

from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import ready


def createadmin(
    username: Annotated[
        str | None, typer.Option(help="Name to sign in with; asked for when not given.")
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="SENDMILL_ADMIN_PASSWORD",
            help="At least 10 characters; asked for when not given, and better not given here.",
        ),
    ] = None,
    account: Annotated[str, typer.Option(help="Account to create or to join.")] = "Main",
    time_zone: Annotated[str, typer.Option(help="Time zone of a new account.")] = "UTC",
) -> None:
    """Create an administrator, and the account if there is none of that name."""
    ready()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from sendmill.accounts.accounts import create_account
    from sendmill.accounts.audit import record
    from sendmill.accounts.members import new_member
    from sendmill.accounts.models import Account, Role

    username = username or typer.prompt("User name", err=True)
    password = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    with transaction.atomic():
        home = Account.objects.filter(name=account.strip()).first()
        if home is None:
            home, member = create_account(account, username=username, password=password, time_zone=time_zone)
        else:
            member = new_member(home, username=username, role=Role.ADMIN)
            member.set_password(password)
            member.save(force_insert=True)
        try:
            validate_password(password, member)
        except ValidationError as error:
            raise RefusedError(" ".join(error.messages)) from error
        record(member=None, account=home, action="create", subject=member, after={"role": member.role})
    typer.echo(f"{member.username} may sign in as administrator of the account “{home.name}”.")
