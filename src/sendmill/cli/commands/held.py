"""`sendmill held`: whether the store may be older than what was sent from it, and what becomes of its tasks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sendmill.cli.caller import Caller, tells
from sendmill.cli.errors import CommandError
from sendmill.cli.identity import ACCOUNT, ready
from sendmill.cli.lookup import find_task
from sendmill.cli.output import YES, make_sure, note, show_json, show_table
from sendmill.schemas.held import HeldSchema, ReleasedSchema

if TYPE_CHECKING:
    from sendmill.message_store.engine.store_holds import HeldTask, Hold


class _Held(TyperGroup):
    """`sendmill held` is short for `sendmill held show`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] != "--help"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Held,
    help="Whether the store may be older than what was sent from it, and what becomes of its tasks.",
)


class As(StrEnum):
    """What becomes of messages of which nothing is recorded."""

    SEND = "send"
    UNCERTAIN = "uncertain"
    END = "end"


CHOICE = Annotated[
    As,
    typer.Option(
        "--as",
        help="send: send what is not recorded, perhaps a second time; uncertain: count it as handed over, a report or "
        "a person settles it; end: do not send it.",
        show_default=False,
    ),
]


@app.command("show")
@tells(HeldSchema, acting=False)
def show(caller: Caller) -> None:
    """Tell whether the store is held and why, and how many messages of each task could be sent twice.

    `show` may be left out.
    """
    ready()
    from sendmill.tasks.hold_release import held_tasks, open_hold

    hold = open_hold()
    answer = _answer(hold, held_tasks() if hold is not None else [])
    if caller.as_json:
        show_json(answer)
        return
    if hold is None:
        typer.echo("The store is not held.")
        return
    typer.secho(f"Held since {hold.began_at:%Y-%m-%d %H:%M:%S %Z}. {hold}", fg="red")
    if answer.tasks:
        show_table(
            ["task", "account", "name", "status", "could go twice"],
            [[row.id, row.account, row.name, row.status, f"{row.unsent:,}"] for row in answer.tasks],
        )
    else:
        typer.echo("No task could go twice: release the store, whatever you choose.")
    note(_how(hold))


@app.command("release")
@tells(ReleasedSchema, acting=False)
def release(
    caller: Caller,
    ctx: typer.Context,
    as_: CHOICE,
    task: Annotated[int | None, typer.Option(help="One task only, as a member of its account.")] = None,
    only_one: Annotated[
        bool,
        typer.Option("--only-one", help="Confirm that no other Sendmill runs with a copy of this store."),
    ] = False,
    account: ACCOUNT = None,
    member: Annotated[
        str | None,
        typer.Option(
            "--member",
            envvar="SENDMILL_AS",
            help="Member to act as, with --task; the account's first administrator otherwise.",
            show_default=False,
        ),
    ] = None,
    yes: YES = False,
) -> None:
    """Decide what becomes of all messages that are held, and let the store send again; or of those of one task."""
    if task is not None and only_one:
        raise typer.BadParameter(
            "--only-one is about the whole store: first `sendmill held here`, then --task."
        )
    if task is None and _was_typed(ctx, "account", "member"):
        raise typer.BadParameter("--account and --member need --task: the whole store is of all accounts.")
    ready()
    from sendmill.tasks.hold_release import Choice, release_store, release_task

    choice = Choice(str(as_))
    if task is not None:
        found, acting = find_task(Caller(account, member), task)
        decided = {found.pk: release_task(found, choice, acting)}
    else:
        hold = _need_hold()
        if hold.kind == "elsewhere" and not only_one:
            raise CommandError(f"{hold} If the original does not live any more, say so with --only-one.")
        make_sure(f"{hold} Decide “{as_}” about everything that is held?", yes)
        if only_one:
            _confirm_place()
        decided = release_store(choice, hold.id)
    if caller.as_json:
        show_json(ReleasedSchema(choice=str(as_), tasks={str(key): n for key, n in decided.items()}))
        return
    for key, count in decided.items():
        typer.echo(f"Task {key}: {count:,} message(s), {as_}.")
    typer.echo("Released." if task is None else "This task is released; the store is held on.")


@app.command("here")
def here(yes: YES = False) -> None:
    """Confirm that no other Sendmill runs with a copy of this store: carriers are connected and reports taken.

    What is held stays held until it is released.
    """
    ready()
    hold = _need_hold()
    make_sure(f"{hold} Is this the only one that lives?", yes)
    _confirm_place()
    typer.echo("Carriers are connected within seconds. What is held is released by `sendmill held release`.")


def _was_typed(ctx: typer.Context, *names: str) -> bool:
    """Whether one of these options stands in the command; an environment is set for other commands too."""
    return any(getattr(ctx.get_parameter_source(name), "name", "") == "COMMANDLINE" for name in names)


def _need_hold() -> Hold:
    from sendmill.tasks.hold_release import open_hold

    hold = open_hold()
    if hold is None:
        raise CommandError("The store is not held.")
    return hold


def _confirm_place() -> None:
    """Make this place one of the store's, and tell the audit log."""
    import asyncio

    from sendmill.cli.startup import read_environment
    from sendmill.cli.surroundings import surroundings_of
    from sendmill.message_store.marks.examination import confirm_place
    from sendmill.postgres.embedded.server import database_dsn
    from sendmill.tasks.hold_release import confirmed_here

    environment = read_environment()
    asyncio.run(confirm_place(database_dsn(environment), surroundings_of(environment)))
    confirmed_here()


def _answer(hold: Hold | None, held: list[HeldTask]) -> HeldSchema:
    from sendmill.accounts.models import Account

    names = dict(Account.objects.values_list("pk", "name")) if held else {}
    return HeldSchema.of(hold, held, names)


def _how(hold: Hold) -> str:
    only = " --only-one" if hold.kind == "elsewhere" else ""
    one = "first `sendmill held here`, then " if only else ""
    return (
        f"Release everything: sendmill held release{only} --as send|uncertain|end · one task: {one}"
        "sendmill held release --task NUMBER --as … · docs/DATABASE.md says what to choose."
    )
