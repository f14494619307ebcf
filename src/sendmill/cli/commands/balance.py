"""`sendmill balance`: what an account owns, and every movement of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.errors import CommandError, RefusedError
from sendmill.cli.identity import ACCOUNT, AS, act, ready
from sendmill.cli.money_schemas import (
    BalanceAnswer,
    BudgetAnswer,
    EntryAnswer,
    LedgerCheckAnswer,
    PackageAnswer,
    StandingAnswer,
    of_budget,
    of_check,
    of_entry,
    of_package,
    of_standing,
)
from sendmill.cli.output import AS_JSON, answers, note, show_fields, show_json, show_table

if TYPE_CHECKING:
    from sendmill.billing.budgets import BudgetState
    from sendmill.billing.models import Package

balance = typer.Typer(help="What an account owns, and every movement of it.", no_args_is_help=True)

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


@balance.command()
@answers(StandingAnswer)
def show(account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Print what the account owns, what is held for tasks, its packages and budgets."""
    member = act(account, as_)
    from django.utils import timezone

    from sendmill.accounts.permissions import Action, require
    from sendmill.billing import budgets, ledger, packages

    require(member, Action.VIEW)
    now = timezone.now()
    owner = member.account
    standing = of_standing(owner, ledger.standing(owner))
    alive = list(packages.alive(owner, now))
    limits = budgets.states(owner, now)
    if as_json:
        show_json(
            {**standing, "packages": list(map(of_package, alive)), "budgets": list(map(of_budget, limits))}
        )
        return
    currency = standing["currency"]
    show_fields(
        {
            "account": owner.name,
            "available": f"{standing['available']} {currency}",
            "owned": f"{standing['owned']} {currency}",
            "held for tasks": f"{standing['held']} {currency}",
            **{f"package {row.name}": _package(row) for row in alive},
            **{
                f"budget per {state.scope}": _budget(state, currency)
                for state in limits
                if state.alarm is not None or state.stop is not None
            },
        }
    )


@balance.command("top-up")
@answers(BalanceAnswer)
def top_up(
    amount: Amount, note: Note = "", account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Add money to the balance."""
    _move("top_up", amount, note, account, as_, as_json)


@balance.command()
@answers(BalanceAnswer)
def withdraw(
    amount: Amount, note: Note = "", account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Take money out of the balance that is not held."""
    _move("withdraw", amount, note, account, as_, as_json)


@balance.command()
@answers(PackageAnswer)
def package(
    parts: Annotated[int, typer.Argument(help="How many prepaid parts.")],
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    type: Annotated[str, typer.Option(help="verification, notification, promotion, or * for any.")] = "*",
    region: Annotated[str, typer.Option(help="A two-letter country, or * for any.")] = "*",
    expires: Annotated[
        datetime | None, typer.Option(help="When it expires, in the account's time zone.")
    ] = None,
    note: Note = "",
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Give the account prepaid parts, which are used before its money."""
    member = act(account, as_)
    from zoneinfo import ZoneInfo

    from sendmill.billing import packages

    owner = member.account
    until = expires.replace(tzinfo=ZoneInfo(owner.time_zone)) if expires else None
    given = packages.grant(
        owner, parts, name=name, type=type, region=region, expires_at=until, member=member, note=note
    )
    if as_json:
        show_json(of_package(given))
    else:
        typer.echo(f"{owner.name} has the package {given} of {given.remaining:,} parts.")


@balance.command()
@answers(BudgetAnswer)
def budget(
    scope: Annotated[Scope, typer.Argument(help="What it is for.", show_default=False)],
    alarm: Annotated[str, typer.Option(help="From this amount on there is an alarm.")] = "",
    stop: Annotated[str, typer.Option(help="What goes beyond this amount is refused.")] = "",
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Cap what one task, or the tasks of a day or month, may cost; without amounts the cap is taken away."""
    member = act(account, as_)
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
    if as_json:
        found = budgets.states(owner, timezone.now())
        show_json(next(of_budget(state) for state in found if state.scope == scope))
    else:
        typer.echo(f"The budget per {scope.value} of {owner.name} is {'set' if set_now else 'taken away'}.")


@balance.command()
@answers(EntryAnswer, many=True)
def entries(
    task: Annotated[int | None, typer.Option(help="Only those of this task.")] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only of this kind; may be repeated.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From this day or time on.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this day or time.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 30,
    below: Annotated[int | None, typer.Option(help="Only older ones than this entry: the next page.")] = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Print the latest entries of the ledger, newest first."""
    member = act(account, as_)
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
    found = [of_entry(row) for row in shown]
    if not found:
        note("No entry fits.")
    if as_json:
        show_json(found)
    elif found:
        show_table(
            ["id", "time", "kind", "amount", "held", "owned after", "held after", "task", "member", "note"],
            [
                [row["id"], f"{timezone.localtime(row['at']):%Y-%m-%d %H:%M:%S}", row["kind"],
                 f"{row['parts']:+} parts" if row["parts"] else row["amount"],
                 f"{row['parts_held']:+} parts" if row["parts_held"] else row["held"],
                 row["owned_after"], row["held_after"], row["task"], row["member"],
                 row["note"] or row["package"]]
                for row in found
            ],
        )  # fmt: skip
    if following is not None:
        note(f"There are more: add --below {following}")


@balance.command()
@answers(LedgerCheckAnswer)
def check(as_json: AS_JSON = False) -> None:
    """Add the ledger of every account up; exit status 1 when something does not add up."""
    ready()
    from sendmill.billing import ledger

    found = ledger.discrepancies()
    if as_json:
        show_json(of_check(found))
    if found:
        raise CommandError("\n".join(str(discrepancy) for discrepancy in found))
    if not as_json:
        typer.echo("The ledger adds up.")


def _move(what: str, amount: str, note: str, account: str | None, as_: str | None, as_json: bool) -> None:
    member = act(account, as_)
    from sendmill.billing import ledger

    owner = member.account
    move = ledger.top_up if what == "top_up" else ledger.withdraw
    move(owner, _decimal(amount), member=member, note=note[:255])
    standing = of_standing(owner, ledger.standing(owner))
    if as_json:
        show_json(standing)
    else:
        typer.echo(f"{owner.name}: {standing['available']} {standing['currency']} available.")


def _package(row: Package) -> str:
    from django.utils import timezone

    until = f" until {timezone.localtime(row.expires_at):%Y-%m-%d %H:%M}" if row.expires_at else ""
    return f"{row.remaining:,} parts left, {row.held:,} held{until}"


def _budget(state: BudgetState, currency: str) -> str:
    shown = of_budget(state)
    limits = [f"{name} {shown[name]}" for name in ("alarm", "stop") if shown[name]]
    spent = "" if state.scope == Scope.TASK else f", spent {shown['spent']}"
    return f"{', '.join(limits)} {currency}{spent}"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise RefusedError(f"{text!r} is not an amount such as 12.50.") from error
