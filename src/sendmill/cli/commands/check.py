"""`sendmill check`: what an upload of a number file would find, and what sending it would cost."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.errors import RefusedError
from sendmill.cli.output import show_fields, show_json, show_table, working
from sendmill.cli.startup import read_environment
from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.schemas.number_file import CheckedFileSchema
from sendmill.schemas.quote import QuoteSchema
from sendmill.spreadsheets.file_names import check_name
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import start_reading

if TYPE_CHECKING:
    from sendmill.accounts.models import Member
    from sendmill.billing.charges import Quote
    from sendmill.domain.row_check import CheckedFile

FILE = Annotated[Path, typer.Argument(help="An .xlsx or .csv file: first row header, column A numbers.")]
SHOWN = 10  # deleted rows shown


@tells(CheckedFileSchema)
def check(
    caller: Caller,
    file: FILE,
    type_: Annotated[
        ApplicationType, typer.Option("--type", help="Number rules to check by, without --application.")
    ] = ApplicationType.INTERNATIONAL,
    variables: Annotated[
        int,
        typer.Option(
            min=0, max=20, help="How many columns after the number need a value, without --application."
        ),
    ] = 0,
    application: Annotated[
        str | None, typer.Option(help="Check for this application, and tell what sending would cost.")
    ] = None,
    template: Annotated[
        str | None, typer.Option(help="With --application: the template to send with.")
    ] = None,
    signature: Annotated[
        str | None, typer.Option(help="With --application: the signature to send with (mainland).")
    ] = None,
) -> None:
    """Check a number file as an upload would; needs neither database nor server.

    With --application and --template it also tells how many parts sending takes and what they cost; that needs
    the database.
    """
    if application is None and template is None:
        # Nothing is signed here; so the check works for somebody who may not write the data folder.
        os.environ.setdefault("SENDMILL_SECRET_KEY", secrets.token_urlsafe())
        _tell_check(caller, *_check(file, _any_values(variables), variables, type_), None)
        return
    if application is None or template is None:
        raise RefusedError("Name both, --application and --template.")
    member = caller.member
    from sendmill.tasks.number_file import template_of

    basis = basis_of(member, application, signature, template)
    checked, outcome = _check(file, basis, len(template_of(basis).variables))
    quote = _quote(member, basis, outcome) if outcome["accepted"] else None
    _tell_check(caller, checked, outcome, quote)


def _any_values(variables: int) -> dict[str, Any]:
    """A snapshot whose variables take any text: which values fit is decided by the template a file is sent with."""
    names = [f"column{chr(ord('B') + at)}" for at in range(variables)]
    return {
        "application_type": ApplicationType.MAINLAND,
        "service_type": ServiceType.NOTIFICATION,
        "content": "text " + " and ".join(f"${{{name}}}" for name in names),
        "attributes": dict.fromkeys(names, "TEXT"),
        "signature": None,
    }


def basis_of(member: Member, application: str, signature: str | None, template: str) -> dict[str, Any]:
    """What a task of these would send with. Raises SelectionError."""
    from sendmill.accounts.permissions import Action, require
    from sendmill.catalog.association_by_name import select
    from sendmill.catalog.task_snapshot import snapshot

    require(member, Action.VIEW)
    chosen = select(member.account, application=application, signature=signature, template=template)
    return snapshot(chosen.application, chosen.signature, chosen.template)


def _check(
    file: Path, basis: dict[str, Any], variables: int, type_: ApplicationType | None = None
) -> tuple[CheckedFile, dict[str, Any]]:
    """Read the file and check it for a snapshot; with a type by the number rules of that."""
    refused_name = check_name(file.name)
    if refused_name is not None:
        raise refused_name
    limits = Limits.of(read_environment())
    try:
        with working(checking(file)), start_reading(file, columns=1 + variables, limits=limits) as table:
            # While the file is read: polars takes as long to import as a small file to read.
            from sendmill.domain.phone_numbers import NumberRules
            from sendmill.tasks.number_file import check_recipients, rules_of, template_of

            rules = NumberRules.of(type_) if type_ is not None else rules_of(basis)
            return check_recipients(table().frame, rules, template_of(basis), basis["signature"])
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error


def _quote(member: Member, basis: dict[str, Any], outcome: dict[str, Any]) -> Quote:
    from sendmill.tasks.charging import quote

    return quote(member.account, basis, outcome["regions"])


def _tell_check(caller: Caller, checked: CheckedFile, outcome: dict[str, Any], quote: Quote | None) -> None:
    """Print what was found. Raises RefusedError when no number is valid, or the account cannot pay for it."""
    if caller.as_json:
        show_json(CheckedFileSchema.of(outcome, quote))
    else:
        _show_check(checked, outcome)
        if quote is not None:
            typer.echo(f"\n{quote.parts:,} parts. {cost_in_words(quote)}")
    if outcome["accepted"] == 0:
        from sendmill.domain.row_check import announce

        raise RefusedError(str(announce(checked.counts)))
    if quote is not None and quote.refusal is not None:
        raise RefusedError(str(quote.refusal))


def cost_in_words(quote: Quote) -> str:
    """What it costs at most, how it is paid, and what is left: one sentence."""
    told = QuoteSchema.of(quote)
    used = ", ".join(f"{parts:,} parts by the package “{name}”" for name, parts in quote.used)
    paid = f"{used} and " if used else ""
    return (
        f"It costs at most {paid}{told.due} {told.currency} of the balance; {told.left} "
        f"{told.currency} of {told.available} stay."
    )


def checking(file: Path) -> str:
    """What is said while a file is checked."""
    return f"Checking {file.name} …"


def _show_check(checked: CheckedFile, outcome: dict[str, Any]) -> None:
    from sendmill.domain.row_check import announce, explain

    notes = {"unusual": "  (accepted, in a range not known)", "repaired": "  (accepted, after repair)"}
    names = ("rows", "accepted", "invalid", "duplicate", "unfit", "unusual", "repaired")
    show_fields({name: f"{outcome[name]:,}{notes.get(name, '')}" for name in names})
    deleted = checked.deleted.head(SHOWN)
    if deleted.is_empty():
        return
    typer.echo(f"\n{announce(checked.counts)}\n")
    show_table(
        ["row", "text", "reason"],
        [
            [row["row"], row["text"], explain(row["reason"], row["detail"] or "")]
            for row in deleted.iter_rows(named=True)
        ],
    )
    if checked.deleted.height > SHOWN:
        typer.echo(f"… and {checked.deleted.height - SHOWN:,} more")
