"""`sendmill signature`: the 【name】 in front of mainland messages, from draft to channel number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.catalog_rows import delete_row, named_changes
from sendmill.cli.errors import RefusedError
from sendmill.cli.lookup import find_application, find_signature
from sendmill.cli.output import YES
from sendmill.cli.review_steps import REJECT, SUBMIT, WITHDRAW, Step, Subject, add_steps, parameter
from sendmill.domain.review import ReviewState
from sendmill.domain.types import ServiceType
from sendmill.schemas.deleted import DeletedSchema
from sendmill.schemas.signature import SignatureSchema

if TYPE_CHECKING:
    from sendmill.catalog.models import Signature

app = typer.Typer(
    help="Signatures stand in front of mainland messages; usable once approved and with a channel number.",
    no_args_is_help=True,
)
NAME = Annotated[
    str, typer.Argument(help="Name of the signature without brackets, or its id.", show_default=False)
]
TYPE = Annotated[
    ServiceType | None, typer.Option("--type", help="Its type, when the name alone is not enough.")
]
CHANNEL = Annotated[str, typer.Option(help="Channel number it sends from: 3–20 digits.")]
NEW_CHANNEL = Annotated[str, typer.Argument(help="3–20 digits.", show_default=False)]

SIGNATURE = Subject("Signature", NAME, parameter("type_", TYPE, None), find_signature, SignatureSchema)


@app.command("list")
@tells(SignatureSchema, many=True)
def list_signatures(
    caller: Caller,
    application: Annotated[str | None, typer.Option(help="Only of this application.")] = None,
    state: Annotated[ReviewState | None, typer.Option(help="Only in this state.")] = None,
    type_: Annotated[ServiceType | None, typer.Option("--type", help="Only of this type.")] = None,
    search: Annotated[str, typer.Option(help="Part of the name or channel number.")] = "",
    usable: Annotated[
        bool,
        typer.Option("--usable", help="Only those a task can be made with; says why when there is none."),
    ] = False,
) -> None:
    """List signatures, newest first."""
    member = caller.member
    from sendmill.catalog import association, listing

    home = find_application(member, application) if application is not None else None
    if usable and home is None:
        raise RefusedError("Name the --application too: what is usable depends on it.")
    rows = listing.signatures(
        member.account,
        text=search,
        state=state or "",
        type=type_ or "",
        application=home.pk if home is not None else None,
    )
    reason = None
    if home is not None:
        choices = association.signatures(home)
        reason = choices.reason
        rows = rows.filter(pk__in=[row.pk for row in choices.items]) if usable else rows
    caller.tell_rows(
        [SignatureSchema.of(row) for row in rows],
        {
            "id": "id",
            "name": "name",
            "type": "type",
            "application": "application",
            "state": "state",
            "channel number": "channel_number",
            "reason": "reason",
        },
        none=reason or "No signature fits.",
    )


@app.command()
@tells(SignatureSchema)
def create(
    caller: Caller,
    name: Annotated[str, typer.Argument(help="2–32 characters, without brackets.", show_default=False)],
    application: Annotated[str, typer.Option(help="Mainland application it belongs to.", show_default=False)],
    type_: Annotated[ServiceType, typer.Option("--type", help="What it is for.", show_default=False)],
    submit: Annotated[bool, typer.Option("--submit", help="Submit it for review at once.")] = False,
) -> None:
    """Create a signature as a draft."""
    member = caller.member
    from django.db import transaction

    from sendmill.catalog import review, signatures

    with transaction.atomic():
        home = find_application(member, application)
        made = signatures.create(member, home, name=name, type=type_.value)
        made = review.submit(member, made) if submit else made
    SIGNATURE.tell(caller, made, "waits for review" if submit else "was created as a draft")


@app.command()
@tells(SignatureSchema)
def edit(
    caller: Caller,
    name: NAME,
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    new_type: Annotated[ServiceType | None, typer.Option(help="New type.")] = None,
    type_: TYPE = None,
) -> None:
    """Change a rejected signature, which submits it for review again."""
    member = caller.member
    from sendmill.catalog import signatures

    named = {"name": rename, "type": new_type.value if new_type is not None else None}
    changes = named_changes(named, "--rename or --new-type")
    changed = signatures.edit(member, find_signature(member, name, type_), **changes)
    SIGNATURE.tell(caller, changed, "was changed and waits for review")


def _remark_channel(row: Signature) -> str:
    if row.channel_number:
        return ""
    return f"It has no channel number yet: sendmill signature set-channel {row.pk} NUMBER"


add_steps(
    app,
    SIGNATURE,
    [
        SUBMIT,
        WITHDRAW,
        Step(
            "approve",
            "Approve what waits for review; it is usable once it has a channel number.",
            "was approved",
            takes=parameter("channel_number", CHANNEL, ""),
            remark=_remark_channel,
        ),
        REJECT,
        Step(
            "set_channel_number",
            "Set or change the channel number of an approved signature.",
            "sends from {channel_number}",
            takes=parameter("channel_number", NEW_CHANNEL),
            command="set-channel",
        ),
    ],
)


@app.command()
@tells(DeletedSchema)
def delete(caller: Caller, name: NAME, type_: TYPE = None, yes: YES = False) -> None:
    """Delete a draft or rejected signature that no template or task refers to."""
    member = caller.member
    from sendmill.catalog import signatures

    delete_row(caller, "signature", find_signature(member, name, type_), signatures.delete, yes)
