"""Commands about money: `sendmill balance …` and `sendmill price …`. They are the operator's."""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.acting import ACCOUNT, choose_account, ready
from sendmill.cli.errors import CommandError, RefusedError

if TYPE_CHECKING:
    from sendmill.accounts.models import Account

balance = typer.Typer(help="What an account owns, and every movement of it.", no_args_is_help=True)
price = typer.Typer(help="The price list of an account.", no_args_is_help=True)

Amount = Annotated[str, typer.Argument(help="An amount such as 250 or 12.50.")]
Note = Annotated[str, typer.Option(help="What it is for; kept in the ledger.")]


@balance.command()
def show(account: ACCOUNT = None) -> None:
    """Print what the account owns, what is held for tasks, its packages and budgets."""
    owner = _account(account)
    from sendmill.accounts import ledger
    from sendmill.domain.pricing import plain

    standing = ledger.standing(owner)
    currency = standing.currency
    typer.echo(f"{owner.name}: {plain(standing.available)} {currency} available")
    typer.echo(
        f"  {plain(standing.amount)} {currency} owned, {plain(standing.held)} {currency} held for tasks"
    )
    for package in owner.packages.filter(remaining__gt=0).order_by("id"):
        until = f" until {package.expires_at:%Y-%m-%d %H:%M} UTC" if package.expires_at else ""
        typer.echo(f"  package {package}: {package.remaining} parts left, {package.held} held{until}")
    for budget in owner.budgets.order_by("id"):
        limits = [f"{name} {plain(value)}" for name in ("alarm", "stop") if (value := getattr(budget, name))]
        typer.echo(f"  budget per {budget.scope}: {', '.join(limits)} {currency}")


@balance.command("top-up")
def top_up(amount: Amount, account: ACCOUNT = None, note: Note = "") -> None:
    """Add money to the balance."""
    _move("top_up", amount, account, note)


@balance.command()
def withdraw(amount: Amount, account: ACCOUNT = None, note: Note = "") -> None:
    """Take money out of the balance that is not held."""
    _move("withdraw", amount, account, note)


@balance.command()
def package(
    parts: Annotated[int, typer.Argument(help="How many prepaid parts.")],
    account: ACCOUNT = None,
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    type: Annotated[str, typer.Option(help="verification, notification, promotion, or * for any.")] = "*",
    region: Annotated[str, typer.Option(help="A two-letter country, or * for any.")] = "*",
    expires: Annotated[
        datetime | None, typer.Option(help="When it expires, in the account's time zone.")
    ] = None,
) -> None:
    """Give the account prepaid parts, which are used before its money."""
    owner = _account(account)
    from zoneinfo import ZoneInfo

    from sendmill.accounts import packages

    until = expires.replace(tzinfo=ZoneInfo(owner.time_zone)) if expires else None
    given = packages.grant(owner, parts, name=name, type=type, region=region, expires_at=until)
    typer.echo(f"{owner.name} has the package {given} of {given.remaining} parts.")


@balance.command()
def budget(
    scope: Annotated[str, typer.Argument(help="task, day or month.")],
    alarm: Annotated[str, typer.Option(help="From this amount on there is an alarm.")] = "",
    stop: Annotated[str, typer.Option(help="What goes beyond this amount is refused.")] = "",
    account: ACCOUNT = None,
) -> None:
    """Cap what one task, or the tasks of a day or month, may cost; without amounts the cap is taken away."""
    owner = _account(account)
    from sendmill.accounts import budgets

    set_now = budgets.set_budget(
        owner, scope, alarm=_decimal(alarm) if alarm else None, stop=_decimal(stop) if stop else None
    )
    typer.echo(f"The budget per {scope} of {owner.name} is {'set' if set_now else 'taken away'}.")


@balance.command()
def entries(
    account: ACCOUNT = None,
    task: Annotated[int | None, typer.Option(help="Only those of this task.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 30,
) -> None:
    """Print the latest entries of the ledger, newest first."""
    owner = _account(account)
    from sendmill.accounts import ledger
    from sendmill.domain.pricing import plain

    for entry in ledger.entries(owner, task_id=task)[:limit]:
        of_task = f"  task {entry.task_id}" if entry.task_id else ""
        moved = (
            f"{entry.parts or entry.parts_held:+} parts of {entry.package}"
            if entry.package_id
            else f"{plain(entry.amount or entry.held)} {owner.currency}"
        )
        typer.echo(
            f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.kind:<11}  {moved}{of_task}  "
            f"owned {plain(entry.amount_after)}, held {plain(entry.held_after)}  {entry.note}".rstrip()
        )


@balance.command()
def check() -> None:
    """Add the ledger of every account up; exit status 1 when something does not add up."""
    ready()
    from sendmill.accounts import ledger

    found = ledger.discrepancies()
    if found:
        raise CommandError("\n".join(str(discrepancy) for discrepancy in found))
    typer.echo("The ledger adds up.")


@price.command("import")
def import_prices(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file, as export writes it.")
    ],
    account: ACCOUNT = None,
) -> None:
    """Take the prices of a CSV file with the columns type, region, price, valid_from (and currency)."""
    owner = _account(account)
    from sendmill.catalog import price_file

    try:
        changed = price_file.import_csv(owner, file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RefusedError(f"{file.name} is not UTF-8 text. Save it as CSV UTF-8.") from error
    typer.echo(f"{changed} prices of {owner.name} changed.")


@price.command("export")
def export_prices(
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="Where to; without it, printed.")
    ] = None,
    account: ACCOUNT = None,
) -> None:
    """Write the price list of an account as CSV."""
    owner = _account(account)
    from sendmill.catalog import price_file

    text = price_file.export_csv(owner)
    if file is None:
        sys.stdout.write(text)
        return
    file.write_text(text, encoding="utf-8")
    typer.echo(f"{text.count(chr(10)) - 1} prices written to {file}.")


def _account(name: str | None) -> Account:
    ready()
    return choose_account(name)


def _move(what: str, amount: str, account: str | None, note: str) -> None:
    owner = _account(account)
    from sendmill.accounts import ledger
    from sendmill.domain.pricing import plain

    move = ledger.top_up if what == "top_up" else ledger.withdraw
    move(owner, _decimal(amount), note=note[:255])
    standing = ledger.standing(owner)
    typer.echo(f"{owner.name}: {plain(standing.available)} {standing.currency} available.")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise RefusedError(f"{text!r} is not an amount such as 12.50.") from error
