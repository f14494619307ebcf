"""`sendmill application`: what a task starts from, and the key and secret of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.catalog_rows import delete_row, named_changes
from sendmill.cli.lookup import find_application, find_carrier
from sendmill.cli.output import YES, make_sure, note
from sendmill.domain.types import ApplicationType
from sendmill.schemas.application import ApplicationSchema, CredentialsSchema
from sendmill.schemas.deleted import DeletedSchema

if TYPE_CHECKING:
    from sendmill.catalog.applications import Credentials
    from sendmill.catalog.models import Application

app = typer.Typer(
    help="Applications decide the number rules, the carrier, and which signatures and templates fit.",
    no_args_is_help=True,
)
NAME = Annotated[str, typer.Argument(help="Name of the application, or its id.", show_default=False)]
CARRIER = Annotated[str | None, typer.Option(help="Carrier that takes its messages.")]
SENDER_ID = Annotated[str | None, typer.Option(help="Sender that recipients see (international).")]
ADD_86 = Annotated[
    bool | None,
    typer.Option("--add-86/--no-add-86", help="Prefix +86 where it is missing; on for mainland by default."),
]
DELETE_UNUSUAL = Annotated[
    bool | None,
    typer.Option("--delete-unusual/--keep-unusual", help="Delete numbers in ranges that are not known."),
]
LANDLINES = Annotated[
    bool | None, typer.Option("--landlines/--no-landlines", help="Let mainland landlines pass.")
]


@app.command("list")
@tells(ApplicationSchema, many=True)
def list_applications(
    caller: Caller,
    search: Annotated[str, typer.Option(help="Part of the name, or a whole app key.")] = "",
    type_: Annotated[ApplicationType | None, typer.Option("--type", help="Only this type.")] = None,
) -> None:
    """List applications, newest first."""
    member = caller.member
    from sendmill.catalog import association, listing

    rows = listing.applications(member.account, text=search, type=type_ or "")
    caller.tell_rows(
        [ApplicationSchema.of(row) for row in rows],
        {
            "id": "id",
            "name": "name",
            "type": "type",
            "carrier": "carrier",
            "sender": "sender_id",
            "app key": "app_key",
        },
        none="" if rows else association.applications(member.account).reason or "No application fits.",
    )


@app.command()
@tells(CredentialsSchema)
def create(
    caller: Caller,
    name: Annotated[str, typer.Argument(help="Name, at most 64 characters.", show_default=False)],
    type_: Annotated[ApplicationType, typer.Option("--type", help="Where it sends to.", show_default=False)],
    carrier: CARRIER = None,
    sender_id: SENDER_ID = None,
    add_86: ADD_86 = None,
    delete_unusual: DELETE_UNUSUAL = None,
    landlines: LANDLINES = None,
) -> None:
    """Create an application and print its app key and secret; the secret is not shown again."""
    member = caller.member
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
    _tell_credentials(caller, made, credentials)
    if made.carrier is None:
        note(f"It has no carrier yet: sendmill application edit {made.pk} --carrier NAME")


@app.command()
@tells(ApplicationSchema)
def edit(
    caller: Caller,
    name: NAME,
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    carrier: CARRIER = None,
    sender_id: SENDER_ID = None,
    add_86: ADD_86 = None,
    delete_unusual: DELETE_UNUSUAL = None,
    landlines: LANDLINES = None,
) -> None:
    """Change an application; what is not named stays. Tasks that were confirmed keep what they were made with."""
    member = caller.member
    from sendmill.catalog import applications

    named: dict[str, Any] = {
        "name": rename,
        "carrier": find_carrier(member, carrier) if carrier is not None else None,
        "sender_id": sender_id,
        "add_86": add_86,
        "delete_unusual": delete_unusual,
        "allow_landlines": landlines,
    }
    changes = named_changes(named, "one of the options, such as --carrier")
    changed = applications.edit(member, find_application(member, name), **changes)
    caller.tell(ApplicationSchema.of(changed), f"Application “{changed.name}” was changed.")


@app.command("rotate-secret")
@tells(CredentialsSchema)
def rotate_secret(caller: Caller, name: NAME, yes: YES = False) -> None:
    """Replace the secret and print the new one, which is not shown again; the old one stops working at once."""
    member = caller.member
    from sendmill.catalog import applications

    found = find_application(member, name)
    make_sure(f"Programs that use the secret of “{found.name}” will be refused. Replace it?", yes)
    _tell_credentials(caller, found, applications.rotate_secret(member, found))


@app.command()
@tells(DeletedSchema)
def delete(caller: Caller, name: NAME, yes: YES = False) -> None:
    """Delete an application that has no signatures, templates or tasks."""
    member = caller.member
    from sendmill.catalog import applications

    delete_row(caller, "application", find_application(member, name), applications.delete, yes)


def _tell_credentials(caller: Caller, row: Application, credentials: Credentials) -> None:
    key, secret = credentials.app_key, credentials.app_secret
    caller.tell(
        CredentialsSchema(id=row.pk, name=row.name, app_key=key, app_secret=secret),
        f"Application “{row.name}” (id {row.pk})\napp key     {key}\napp secret  {secret}",
        remark="Keep the secret now: it is not shown again.",
    )
