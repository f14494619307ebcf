"""`sendmill check`: what an upload of a number file would find, and what sending it would cost."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.money_schemas import of_quote
from sendmill.cli.output import AS_JSON, answers, plain, show_fields, show_json, show_table
from sendmill.cli.schemas import CheckAnswer
from sendmill.cli.startup import prepare
from sendmill.domain.types import ApplicationType

if TYPE_CHECKING:
    from sendmill.accounts.models import Member
    from sendmill.billing.charges import Quote
    from sendmill.domain.phone_numbers import NumberRules
    from sendmill.domain.row_check import CheckedFile

FILE = Annotated[Path, typer.Argument(help="An .xlsx or .csv file: first row header, column A numbers.")]
SHOWN = 10  # deleted rows shown


@answers(CheckAnswer)
def check(
    file: FILE,
    type_: Annotated[
        ApplicationType, typer.Option("--type", help="Whose number rules.")
    ] = ApplicationType.INTERNATIONAL,
    variables: Annotated[
        int, typer.Option(min=0, max=20, help="Columns behind the number that need a value.")
    ] = 0,
    application: Annotated[
        str | None, typer.Option(help="Check for this application and tell what it costs.")
    ] = None,
    template: Annotated[str | None, typer.Option(help="With --application: for this template.")] = None,
    signature: Annotated[str | None, typer.Option(help="With --application: name (mainland).")] = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Check a number file as an upload would; needs neither database nor server.

    With an application and a template it is checked for these, and told how many parts it takes and what
    it costs; that needs the database.
    """
    if application is not None or template is not None:
        if application is None or template is None:
            raise RefusedError("Name both, --application and --template.")
        basis, member = basis_of(application, signature, template, account, as_)
        checked, outcome = _read(file, basis)
        quote = _quote(member, basis, outcome) if outcome["accepted"] else None
        _tell_check(checked, outcome, quote, as_json)
        return
    # Nothing is signed here; so the check works for somebody who may not write the data folder.
    os.environ.setdefault("SENDMILL_SECRET_KEY", secrets.token_urlsafe())
    prepare("cli", quiet=True)
    from sendmill.domain.phone_numbers import NumberRules
    from sendmill.domain.types import ServiceType

    names = [f"column{chr(ord('B') + at)}" for at in range(variables)]
    # Any text will do as a value here: which ones fit is decided by the template when the file is sent.
    basis = {
        "application_type": ApplicationType.MAINLAND,
        "service_type": ServiceType.NOTIFICATION,
        "content": "text " + " and ".join(f"${{{name}}}" for name in names),
        "attributes": dict.fromkeys(names, "TEXT"),
        "signature": None,
    }
    _tell_check(*_read(file, basis, NumberRules.of(type_)), None, as_json)


def basis_of(
    application: str, signature: str | None, template: str, account: str | None, as_: str | None
) -> tuple[dict[str, Any], Member]:
    """What a task of these would send with, and who asks. Raises RefusedError or SelectionError."""
    member = act(account, as_)
    from sendmill.accounts.permissions import Action, require
    from sendmill.catalog.association_by_name import select
    from sendmill.catalog.snapshots import snapshot

    require(member, Action.VIEW)
    chosen = select(member.account, application=application, signature=signature, template=template)
    return snapshot(chosen.application, chosen.signature, chosen.template), member


def _read(
    file: Path, basis: dict[str, Any], rules: NumberRules | None = None
) -> tuple[CheckedFile, dict[str, Any]]:
    from rich.console import Console

    from sendmill.spreadsheets import check_name
    from sendmill.tasks.file_check import check_file, rules_of, template_of, upload_limits

    try:
        refused_name = check_name(file.name)
        if refused_name is not None:
            raise refused_name
        with Console(stderr=True).status(checking(file)):
            return check_file(
                file,
                rules or rules_of(basis),
                template_of(basis),
                basis["signature"],
                limits=upload_limits(),
            )
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error


def _quote(member: Member, basis: dict[str, Any], outcome: dict[str, Any]) -> Quote:
    from sendmill.tasks.charging import quote

    return quote(member.account, basis, outcome["regions"])


def _tell_check(checked: CheckedFile, outcome: dict[str, Any], quote: Quote | None, as_json: bool) -> None:
    """Print what was found. Raises RefusedError when no number is valid, or the account cannot pay for it."""
    kept = ("rows", "accepted", "invalid", "duplicate", "unfit", "unusual", "repaired", "reasons")
    if as_json:
        cost = {"parts": quote.parts if quote else None, "cost": of_quote(quote) if quote else None}
        show_json({name: outcome[name] for name in kept} | cost)
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
    told = of_quote(quote)
    used = ", ".join(f"{parts:,} parts by the package “{name}”" for name, parts in quote.used)
    paid = f"{used} and " if used else ""
    return (
        f"It costs at most {paid}{told['due']} {told['currency']} of the balance; {told['left']} "
        f"{told['currency']} of {told['available']} stay."
    )


def checking(file: Path) -> str:
    """What is said while a file is checked; brackets in its name are no markup."""
    from rich.markup import escape

    return f"Checking {escape(plain(file.name))} …"


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
