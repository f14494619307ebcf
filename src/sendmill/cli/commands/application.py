"""`sendmill application`: what a task starts from, and the key and secret of programs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.lookup import find_application, find_carrier
from sendmill.cli.output import AS_JSON, YES, answers, make_sure, note, show_json, show_table
from sendmill.cli.schemas import (
    ApplicationAnswer,
    CredentialsAnswer,
    DeletedAnswer,
    of_application,
    of_deleted,
)
from sendmill.domain.types import ApplicationType

app = typer.Typer(
    help="Applications decide the number rules, the carrier, and which signatures and templates fit.",
    no_args_is_help=True,
)
NAME = Annotated[str, typer.Argument(help="Name of the application, or its id.", show_default=False)]
CARRIER = Annotated[str | None, typer.Option(help="Carrier that takes its messages.")]
SENDER_ID = Annotated[str | None, typer.Option(help="Sender that recipients see (international).")]
ADD_86 = Annotated[
    bool | None,
    typer.Option("--add-86/--no-add-86", help="Prefix +86 where it is missing; on for mainland unless told."),
]
DELETE_UNUSUAL = Annotated[
    bool | None,
    typer.Option("--delete-unusual/--keep-unusual", help="Delete numbers in ranges that are not known."),
]
LANDLINES = Annotated[
    bool | None, typer.Option("--landlines/--no-landlines", help="Let mainland landlines pass.")
]


@app.command("list")
@answers(ApplicationAnswer, many=True)
def list_applications(
    search: Annotated[str, typer.Option(help="Part of the name, or a whole app key.")] = "",
    type_: Annotated[ApplicationType | None, typer.Option("--type", help="Only this type.")] = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """List applications, newest first."""
    member = act(account, as_)
    from sendmill.catalog import association, listing

    found = [
        of_application(row) for row in listing.applications(member.account, text=search, type=type_ or "")
    ]
    if not found:
        reason = association.applications(member.account).reason
        note(reason or "No application fits.")
    if as_json:
        show_json(found)
    elif found:
        show_table(
            ["id", "name", "type", "carrier", "sender", "app key"],
            [
                [row[key] for key in ("id", "name", "type", "carrier", "sender_id", "app_key")]
                for row in found
            ],
        )


@app.command()
@answers(CredentialsAnswer)
def create(
    name: Annotated[str, typer.Argument(help="Name, at most 64 characters.", show_default=False)],
    type_: Annotated[ApplicationType, typer.Option("--type", help="Where it sends to.", show_default=False)],
    carrier: CARRIER = None,
    sender_id: SENDER_ID = None,
    add_86: ADD_86 = None,
    delete_unusual: DELETE_UNUSUAL = None,
    landlines: LANDLINES = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Create an application and print its app key and secret; the secret is shown this once."""
    member = act(account, as_)
    from sendmill.catalog import applications

    made, credentials = applications.create(
        member,
        name=name,
        type=type_.value,
        carrier=find_carrier(member, carrier) if carrier is not None else None,
        add_86=add_86,
        delete_unusual=bool(delete_unusual),
        allow_landlines=bool(landlines),
        sender_id=sender_id or "",
    )
    _show_credentials(made.pk, made.name, credentials, as_json)
    if made.carrier is None:
        note(f"It has no carrier yet: sendmill application edit {made.pk} --carrier NAME")


@app.command()
@answers(ApplicationAnswer)
def edit(
    name: NAME,
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    carrier: CARRIER = None,
    sender_id: SENDER_ID = None,
    add_86: ADD_86 = None,
    delete_unusual: DELETE_UNUSUAL = None,
    landlines: LANDLINES = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Change an application; what is not named stays. Tasks that were confirmed keep what they were made with."""
    member = act(account, as_)
    from sendmill.catalog import applications

    named: dict[str, Any] = {
        "name": rename,
        "carrier": find_carrier(member, carrier) if carrier is not None else None,
        "sender_id": sender_id,
        "add_86": add_86,
        "delete_unusual": delete_unusual,
        "allow_landlines": landlines,
    }
    changes = {field: value for field, value in named.items() if value is not None}
    if not changes:
        raise RefusedError("Nothing to change was named: give one of the options, such as --carrier.")
    changed = applications.edit(member, find_application(member, name), **changes)
    if as_json:
        show_json(of_application(changed))
    else:
        typer.echo(f"Application “{changed.name}” was changed.")


@app.command("rotate-secret")
@answers(CredentialsAnswer)
def rotate_secret(
    name: NAME, yes: YES = False, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Replace the secret and print the new one, this once; the old one stops working at once."""
    member = act(account, as_)
    from sendmill.catalog import applications

    found = find_application(member, name)
    make_sure(f"Programs that use the secret of “{found.name}” will be refused. Replace it?", yes)
    _show_credentials(found.pk, found.name, applications.rotate_secret(member, found), as_json)


@app.command()
@answers(DeletedAnswer)
def delete(
    name: NAME, yes: YES = False, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Delete an application that has no signatures, templates or tasks."""
    member = act(account, as_)
    from sendmill.catalog import applications

    found = find_application(member, name)
    key = found.pk
    make_sure(f"Delete the application “{found.name}”?", yes)
    applications.delete(member, found)
    if as_json:
        show_json(of_deleted(key, found))
    else:
        typer.echo(f"Application “{found.name}” was deleted.")


def _show_credentials(key: int, name: str, credentials: Any, as_json: bool) -> None:
    answer: CredentialsAnswer = {
        "id": key,
        "name": name,
        "app_key": credentials.app_key,
        "app_secret": credentials.app_secret,
    }
    if as_json:
        show_json(answer)
        return
    typer.echo(f"Application “{name}” (id {key})")
    typer.echo(f"app key     {credentials.app_key}")
    typer.echo(f"app secret  {credentials.app_secret}")
    note("Keep the secret now: it is not shown again.")
