"""`sendmill signature`: the 【name】 in front of mainland messages, from draft to channel number."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.commands.review_steps import review
from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.lookup import find_application, find_signature
from sendmill.cli.output import AS_JSON, YES, answers, make_sure, note, show_json, show_table
from sendmill.cli.schemas import DeletedAnswer, SignatureAnswer, of_deleted, of_signature
from sendmill.domain.review import ReviewState
from sendmill.domain.types import ServiceType

if TYPE_CHECKING:
    from sendmill.accounts.models import Member
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


@app.command("list")
@answers(SignatureAnswer, many=True)
def list_signatures(
    application: Annotated[str | None, typer.Option(help="Only of this application.")] = None,
    state: Annotated[ReviewState | None, typer.Option(help="Only in this state.")] = None,
    type_: Annotated[ServiceType | None, typer.Option("--type", help="Only of this type.")] = None,
    search: Annotated[str, typer.Option(help="Part of the name or channel number.")] = "",
    usable: Annotated[
        bool,
        typer.Option("--usable", help="Only those a task can be made with; says why when there is none."),
    ] = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """List signatures, newest first."""
    member = act(account, as_)
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
    found = [of_signature(row) for row in rows]
    if not found:
        note(reason or "No signature fits.")
    if as_json:
        show_json(found)
    elif found:
        show_table(
            ["id", "name", "type", "application", "state", "channel number", "reason"],
            [
                [row["id"], row["name"], row["type"], row["application"], row["state"], row["channel_number"],
                 row["reason"]]
                for row in found
            ],
        )  # fmt: skip


@app.command()
@answers(SignatureAnswer)
def create(
    name: Annotated[str, typer.Argument(help="2–32 characters, without brackets.", show_default=False)],
    application: Annotated[str, typer.Option(help="Mainland application it belongs to.", show_default=False)],
    type_: Annotated[ServiceType, typer.Option("--type", help="What it is for.", show_default=False)],
    submit: Annotated[bool, typer.Option("--submit", help="Submit it for review at once.")] = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Create a signature as a draft."""
    member = act(account, as_)
    from django.db import transaction

    from sendmill.catalog import signatures

    with transaction.atomic():
        home = find_application(member, application)
        made = signatures.create(member, home, name=name, type=type_.value)
        made = review("submit")(member, made) if submit else made
    _tell(made, as_json, "waits for review" if submit else "was created as a draft")


@app.command()
@answers(SignatureAnswer)
def edit(
    name: NAME,
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    new_type: Annotated[ServiceType | None, typer.Option(help="New type.")] = None,
    type_: TYPE = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Change a rejected signature, which submits it for review again."""
    member = act(account, as_)
    from sendmill.catalog import signatures

    named = {"name": rename, "type": new_type.value if new_type is not None else None}
    changes = {field: value for field, value in named.items() if value is not None}
    if not changes:
        raise RefusedError("Nothing to change was named: give --rename or --new-type.")
    changed = signatures.edit(member, find_signature(member, name, type_), **changes)
    _tell(changed, as_json, "was changed and waits for review")


@app.command()
@answers(SignatureAnswer)
def submit(
    name: NAME, type_: TYPE = None, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Submit a draft for review."""
    _move(name, type_, account, as_, as_json, review("submit"), "waits for review")


@app.command()
@answers(SignatureAnswer)
def withdraw(
    name: NAME, type_: TYPE = None, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Take back what waits for review; it is a draft again."""
    _move(name, type_, account, as_, as_json, review("withdraw"), "is a draft again")


@app.command()
@answers(SignatureAnswer)
def approve(
    name: NAME,
    channel_number: CHANNEL = "",
    type_: TYPE = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Approve what waits for review; it is usable once it has a channel number."""
    approving = review("approve", channel_number=channel_number)
    made = _move(name, type_, account, as_, as_json, approving, "was approved")
    if not made.channel_number:
        note(f"It has no channel number yet: sendmill signature set-channel {made.pk} NUMBER")


@app.command()
@answers(SignatureAnswer)
def reject(
    name: NAME,
    reason: Annotated[str, typer.Option(help="Why; its author reads it.", show_default=False)],
    type_: TYPE = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Reject what waits for review, with the reason."""
    _move(name, type_, account, as_, as_json, review("reject", reason=reason), "was rejected")


@app.command("set-channel")
@answers(SignatureAnswer)
def set_channel(
    name: NAME,
    channel_number: Annotated[str, typer.Argument(help="3–20 digits.", show_default=False)],
    type_: TYPE = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Set or change the channel number of an approved signature."""
    setting = review("set_channel_number", channel_number=channel_number)
    _move(name, type_, account, as_, as_json, setting, f"sends from {channel_number}")


@app.command()
@answers(DeletedAnswer)
def delete(
    name: NAME,
    type_: TYPE = None,
    yes: YES = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Delete a draft or rejected signature that no template or task refers to."""
    member = act(account, as_)
    from sendmill.catalog import signatures

    found = find_signature(member, name, type_)
    make_sure(f"Delete the signature “{found.name}”?", yes)
    signatures.delete(member, found)
    if as_json:
        show_json(of_deleted(found.pk, found))
    else:
        typer.echo(f"Signature “{found.name}” was deleted.")


def _move(
    name: str,
    type_: ServiceType | None,
    account: str | None,
    as_: str | None,
    as_json: bool,
    step: Callable[[Member, Signature], Signature],
    became: str,
) -> Signature:
    member = act(account, as_)
    moved = step(member, find_signature(member, name, type_))
    _tell(moved, as_json, became)
    return moved


def _tell(signature: Signature, as_json: bool, became: str) -> None:
    if as_json:
        show_json(of_signature(signature))
    else:
        typer.echo(f"Signature “{signature.name}” (id {signature.pk}) {became}.")
