"""`sendmill account`: tenants, for whoever operates this Sendmill."""

from __future__ import annotations

from typing import Annotated

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.catalog_rows import named_changes
from sendmill.cli.identity import AS, choose_account, choose_member, ready
from sendmill.cli.startup import invitation_address
from sendmill.schemas.account import AccountSchema, NewAccountSchema

app = typer.Typer(
    help="Accounts are separate worlds: their members never see each other's data.", no_args_is_help=True
)
FOUR_EYES = Annotated[
    bool | None,
    typer.Option("--four-eyes/--no-four-eyes", help="Nobody approves what they submitted themselves."),
]


@app.command("list")
@tells(AccountSchema, many=True, acting=False)
def list_accounts(caller: Caller) -> None:
    """List all accounts by name."""
    ready()
    from sendmill.accounts.models import Account

    caller.tell_rows(
        [AccountSchema.of(row) for row in Account.objects.order_by("name")],
        {
            "id": "id",
            "name": "name",
            "time zone": "time_zone",
            "currency": "currency",
            "four eyes": "four_eyes",
            "members": "members",
        },
        none="There is no account yet: run `sendmill createadmin`.",
    )


@app.command()
@tells(NewAccountSchema, acting=False)
def create(
    caller: Caller,
    name: Annotated[str, typer.Argument(help="Name, at most 64 characters.", show_default=False)],
    admin: Annotated[str, typer.Option(help="User name of its first administrator.", show_default=False)],
    email: Annotated[str, typer.Option(help="E-mail address of the administrator.")] = "",
    time_zone: Annotated[str, typer.Option(help="Time zone, such as Asia/Shanghai.")] = "UTC",
    currency: Annotated[str, typer.Option(help="Currency of its prices, such as CNY.")] = "USD",
    four_eyes: FOUR_EYES = None,
) -> None:
    """Create an account and print the link by which its administrator sets a password; it works once."""
    ready()
    from sendmill.accounts import accounts, members

    made, first = accounts.create_account(
        name,
        username=admin,
        email=email,
        time_zone=time_zone,
        currency=currency,
        four_eyes=bool(four_eyes),
    )
    link = invitation_address(members.invite_again(first, first))
    caller.tell(
        NewAccountSchema(id=made.pk, name=made.name, username=first.username, link=link),
        link,
        remark=f"Account “{made.name}” was created. Give this link to {first.username}; it works once.",
    )


@app.command()
@tells(AccountSchema, acting=False)
def edit(
    caller: Caller,
    name: Annotated[str, typer.Argument(help="Name of the account.", show_default=False)],
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Time zone, such as Asia/Shanghai.")] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of its prices, such as CNY.")] = None,
    four_eyes: FOUR_EYES = None,
    as_: AS = None,
) -> None:
    """Change the settings of an account; what is not named stays."""
    ready()
    from sendmill.accounts import accounts

    named: dict[str, str | bool | None] = {
        "name": rename,
        "time_zone": time_zone,
        "currency": currency,
        "four_eyes": four_eyes,
    }
    settings = named_changes(named, "one of the options, such as --time-zone")
    changed = accounts.edit_account(choose_member(choose_account(name), as_), **settings)
    caller.tell(AccountSchema.of(changed), f"Account “{changed.name}” was changed.")
