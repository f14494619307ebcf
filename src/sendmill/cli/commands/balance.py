"""`sendmill balance`: what an account owns, and every movement of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.errors import CommandError, RefusedError
from sendmill.cli.identity import ready
from sendmill.cli.output import note, show_json
from sendmill.schemas.balance import (
    BalanceSchema,
    BudgetSchema,
    LedgerCheckSchema,
    LedgerEntrySchema,
    PackageSchema,
    StandingSchema,
)

if TYPE_CHECKING:
    from sendmill.billing.budgets import BudgetState
    from sendmill.billing.models import Package

app = typer.Typer(help="What an account owns, and every movement of it.", no_args_is_help=True)

Amount = Annotated[str, typer.Argument(help="An amount such as 250 or 12.50.")]
Note = Annotated[str, typer.Option(help="What it is for; kept in the ledger.")]


class Scope(StrEnum):
    """What a budget is for."""

    TASK = "task"
    DAY = "day"
    MONTH = "month"


class Kind(StrEnum):
    """What a ledger entry stands for."""

    TOP_UP = "top_up"
    WITHDRAWAL = "withdrawal"
    PACKAGE = "package"
    EXPIRY = "expiry"
    RESERVATION = "reservation"
    CHARGE = "charge"
    RELEASE = "release"
    CORRECTION = "correction"


@app.command()
@tells(StandingSchema)
def show(caller: Caller) -> None:
    """Print what the account owns, what is held for tasks, its packages and budgets."""
    member = caller.member
    from django.utils import timezone

    from sendmill.accounts.permissions import Action, require
    from sendmill.billing import budgets, ledger, packages

    require(member, Action.VIEW)
    now = timezone.now()
    owner = member.account
    standing = BalanceSchema.of(owner, ledger.standing(owner))
    alive = list(packages.alive(owner, now))
    limits = budgets.states(owner, now)
    currency = standing.currency
    caller.tell(
        StandingSchema.with_all(standing, alive, limits),
        lambda: {
            "account": owner.name,
            "available": f"{standing.available} {currency}",
            "owned": f"{standing.owned} {currency}",
            "held for tasks": f"{standing.held} {currency}",
            **{f"package {row.name}": _package(row) for row in alive},
            **{
                f"budget per {state.scope}": _budget(state, currency)
                for state in limits
                if state.alarm is not None or state.stop is not None
            },
        },
    )


@app.command("top-up")
@tells(BalanceSchema)
def top_up(caller: Caller, amount: Amount, note: Note = "") -> None:
    """Add money to the balance."""
    _move(caller, "top_up", amount, note)


@app.command()
@tells(BalanceSchema)
def withdraw(caller: Caller, amount: Amount, note: Note = "") -> None:
    """Take money out of the balance that is not held."""
    _move(caller, "withdraw", amount, note)


@app.command()
@tells(PackageSchema)
def package(
    caller: Caller,
    parts: Annotated[int, typer.Argument(help="How many prepaid parts.")],
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    type: Annotated[str, typer.Option(help="verification, notification, promotion, or * for any.")] = "*",
    region: Annotated[str, typer.Option(help="A two-letter country, or * for any.")] = "*",
    expires: Annotated[
        datetime | None, typer.Option(help="When it expires, in the account's time zone.")
    ] = None,
    note: Note = "",
) -> None:
    """Give the account prepaid parts, which are used before its money."""
    member = caller.member
    from zoneinfo import ZoneInfo

    from sendmill.billing import packages

    owner = member.account
    until = expires.replace(tzinfo=ZoneInfo(owner.time_zone)) if expires else None
    given = packages.grant(
        owner, parts, name=name, type=type, region=region, expires_at=until, member=member, note=note
    )
    caller.tell(
        PackageSchema.of(given), f"{owner.name} has the package {given} of {given.remaining:,} parts."
    )


@app.command()
@tells(BudgetSchema)
def budget(
    caller: Caller,
    scope: Annotated[Scope, typer.Argument(help="What it is for.", show_default=False)],
    alarm: Annotated[str, typer.Option(help="From this amount on there is an alarm.")] = "",
    stop: Annotated[str, typer.Option(help="What goes beyond this amount is refused.")] = "",
) -> None:
    """Cap what one task, or the tasks of a day or month, may cost; without amounts the cap is removed."""
    member = caller.member
    from django.utils import timezone

    from sendmill.billing import budgets, money_alarms

    owner = member.account
    set_now = budgets.set_budget(
        owner,
        scope.value,
        alarm=_decimal(alarm) if alarm else None,
        stop=_decimal(stop) if stop else None,
        member=member,
    )
    money_alarms.watch_budgets(owner)
    states = {state.scope: state for state in budgets.states(owner, timezone.now())}
    caller.tell(
        BudgetSchema.of(states[scope.value]),
        f"The budget per {scope.value} of {owner.name} is {'set' if set_now else 'taken away'}.",
    )


@app.command()
@tells(LedgerEntrySchema, many=True)
def entries(
    caller: Caller,
    task: Annotated[int | None, typer.Option(help="Only those of this task.")] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only of this kind; may be repeated.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From this day or time on.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this day or time.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 30,
    below: Annotated[int | None, typer.Option(help="Only older ones than this entry: the next page.")] = None,
) -> None:
    """Print the latest entries of the ledger, newest first."""
    member = caller.member
    from django.utils import timezone

    from sendmill.accounts.permissions import Action, require
    from sendmill.billing import ledger
    from sendmill.catalog.listing import page

    require(member, Action.VIEW)
    rows = ledger.entries(
        member.account,
        task_id=task,
        kinds=[one.value for one in kind or ()],
        since=timezone.make_aware(since) if since else None,
        until=timezone.make_aware(until) if until else None,
    )
    shown, following = page(rows, below, limit)
    caller.tell_rows(
        [LedgerEntrySchema.of(row) for row in shown],
        {
            "id": "id",
            "time": lambda row: f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}",
            "kind": "kind",
            "amount": lambda row: f"{row.parts:+} parts" if row.parts else row.amount,
            "held": lambda row: f"{row.parts_held:+} parts" if row.parts_held else row.held,
            "owned after": "owned_after",
            "held after": "held_after",
            "task": "task",
            "member": "member",
            "note": lambda row: row.note or row.package,
        },
        none="No entry fits.",
    )
    if following is not None:
        note(f"There are more: add --below {following}")


@app.command()
@tells(LedgerCheckSchema, acting=False)
def check(caller: Caller) -> None:
    """Add the ledger of every account up; exit status 1 when something does not add up."""
    ready()
    from sendmill.billing import ledger

    found = ledger.discrepancies()
    if caller.as_json:
        show_json(LedgerCheckSchema.of(found))
    if found:
        raise CommandError("\n".join(str(discrepancy) for discrepancy in found))
    if not caller.as_json:
        typer.echo("The ledger adds up.")


def _move(caller: Caller, what: str, amount: str, note: str) -> None:
    member = caller.member
    from sendmill.billing import ledger

    owner = member.account
    move = ledger.top_up if what == "top_up" else ledger.withdraw
    move(owner, _decimal(amount), member=member, note=note[:255])
    standing = BalanceSchema.of(owner, ledger.standing(owner))
    caller.tell(standing, f"{owner.name}: {standing.available} {standing.currency} available.")


def _package(row: Package) -> str:
    from django.utils import timezone

    until = f" until {timezone.localtime(row.expires_at):%Y-%m-%d %H:%M}" if row.expires_at else ""
    return f"{row.remaining:,} parts left, {row.held:,} held{until}"


def _budget(state: BudgetState, currency: str) -> str:
    shown = BudgetSchema.of(state)
    given = {"alarm": shown.alarm, "stop": shown.stop}
    limits = [f"{name} {amount}" for name, amount in given.items() if amount]
    spent = "" if state.scope == Scope.TASK else f", spent {shown.spent}"
    return f"{', '.join(limits)} {currency}{spent}"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise RefusedError(f"{text!r} is not an amount such as 12.50.") from error
