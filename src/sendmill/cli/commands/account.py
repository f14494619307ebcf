"""`sendmill account`: tenants, for whoever operates this Sendmill."""

from __future__ import annotations

from typing import Annotated

import typer

from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import AS, choose_account, choose_member, ready
from sendmill.cli.output import AS_JSON, answers, note, show_json, show_table
from sendmill.cli.schemas import AccountAnswer, NewAccountAnswer, of_account
from sendmill.cli.startup import invitation_address

app = typer.Typer(
    help="Accounts are separate worlds: their members never see each other's data.", no_args_is_help=True
)
FOUR_EYES = Annotated[
    bool | None,
    typer.Option("--four-eyes/--no-four-eyes", help="Nobody approves what they submitted themselves."),
]


@app.command("list")
@answers(AccountAnswer, many=True)
def list_accounts(as_json: AS_JSON = False) -> None:
    """List all accounts by name."""
    ready()
    from sendmill.accounts.models import Account

    found = [of_account(row) for row in Account.objects.order_by("name")]
    if not found:
        note("There is no account yet: run `sendmill createadmin`.")
    if as_json:
        show_json(found)
    elif found:
        show_table(
            ["id", "name", "time zone", "currency", "four eyes", "members"],
            [
                [row["id"], row["name"], row["time_zone"], row["currency"], row["four_eyes"], row["members"]]
                for row in found
            ],
        )


@app.command()
@answers(NewAccountAnswer)
def create(
    name: Annotated[str, typer.Argument(help="Name, at most 64 characters.", show_default=False)],
    admin: Annotated[str, typer.Option(help="User name of its first administrator.", show_default=False)],
    email: Annotated[str, typer.Option(help="E-mail address of the administrator.")] = "",
    time_zone: Annotated[str, typer.Option(help="Time zone, such as Asia/Shanghai.")] = "UTC",
    currency: Annotated[str, typer.Option(help="Currency of its prices, such as CNY.")] = "USD",
    four_eyes: FOUR_EYES = None,
    as_json: AS_JSON = False,
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
    answer: NewAccountAnswer = {
        "id": made.pk,
        "name": made.name,
        "username": first.username,
        "link": invitation_address(members.invite_again(first, first)),
    }
    if as_json:
        show_json(answer)
        return
    typer.echo(answer["link"])
    note(f"Account “{made.name}” was created. Give this link to {first.username}; it works once.")


@app.command()
@answers(AccountAnswer)
def edit(
    name: Annotated[str, typer.Argument(help="Name of the account.", show_default=False)],
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Time zone, such as Asia/Shanghai.")] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of its prices, such as CNY.")] = None,
    four_eyes: FOUR_EYES = None,
    as_: AS = None,
    as_json: AS_JSON = False,
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
    settings = {field: value for field, value in named.items() if value is not None}
    if not settings:
        raise RefusedError("Nothing to change was named: give one of the options, such as --time-zone.")
    changed = accounts.edit_account(choose_member(choose_account(name), as_), **settings)
    if as_json:
        show_json(of_account(changed))
    else:
        typer.echo(f"Account “{changed.name}” was changed.")
