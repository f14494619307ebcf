"""All commands in one place, and what becomes of errors."""

from __future__ import annotations

import os
from typing import Any

import typer
from typer.core import TyperGroup

from sendmill import __version__
from sendmill.cli.commands import (
    account,
    application,
    apply,
    backup,
    balance,
    carrier,
    check,
    createadmin,
    demo,
    doctor,
    held,
    member,
    price,
    route,
    send,
    serve,
    signature,
    task,
    template,
)
from sendmill.cli.errors import FAILED, explain

# Whoever runs these reads a log, and a log wants the traceback of what nobody expected.
PROCESSES = frozenset({"up", "demo", "web", "worker", "sender", "simulator"})


class Commands(TyperGroup):
    """The root of all commands: here, and only here, an error becomes a sentence and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command; expected errors end it with typer.Exit."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            known = explain(error)
            if known is not None:
                typer.secho(known.sentence, err=True, fg="red")
                raise typer.Exit(known.status) from error
            if hasattr(error, "exit_code") or isinstance(error, OSError):
                raise  # wrong usage, which typer explains, and a closed pipe
            if ctx.invoked_subcommand in PROCESSES or _debugging():
                raise
            typer.secho(
                f"This is a fault of Sendmill ({type(error).__name__}). "
                "Run the command again with SENDMILL_DEBUG=true, and report what it prints.",
                err=True,
                fg="red",
            )
            raise typer.Exit(FAILED) from error


app = typer.Typer(
    name="sendmill",
    cls=Commands,
    help="A self-hosted console for group SMS. Start with: sendmill demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

RUN, WORK, SETUP, CARE = "Run Sendmill", "Send and look", "Set up", "Look after it"
app.command(rich_help_panel=RUN)(serve.up)
app.command(rich_help_panel=RUN)(demo.demo)
app.command(rich_help_panel=RUN)(serve.web)
app.command(rich_help_panel=RUN)(serve.worker)
app.command(rich_help_panel=RUN)(serve.sender)
app.command(rich_help_panel=RUN)(serve.simulator)
app.command(rich_help_panel=WORK)(check.check)
app.command(rich_help_panel=WORK)(send.send)
app.command(rich_help_panel=WORK)(send.results)
app.add_typer(task.app, name="task", rich_help_panel=WORK)
app.command(rich_help_panel=SETUP)(apply.apply)
app.add_typer(application.app, name="application", rich_help_panel=SETUP)
app.add_typer(signature.app, name="signature", rich_help_panel=SETUP)
app.add_typer(template.app, name="template", rich_help_panel=SETUP)
app.add_typer(carrier.app, name="carrier", rich_help_panel=SETUP)
app.add_typer(route.app, name="route", rich_help_panel=SETUP)
app.add_typer(member.app, name="member", rich_help_panel=SETUP)
app.add_typer(account.app, name="account", rich_help_panel=SETUP)
app.command(rich_help_panel=CARE)(serve.migrate)
app.command(rich_help_panel=CARE)(createadmin.createadmin)
app.command(rich_help_panel=CARE)(doctor.doctor)
app.add_typer(held.app, name="held", rich_help_panel=CARE)
app.add_typer(backup.app, name="backup", rich_help_panel=CARE)
app.command(rich_help_panel=CARE)(backup.restore)
app.add_typer(balance.balance, name="balance", rich_help_panel=CARE)
app.add_typer(price.price, name="price", rich_help_panel=CARE)


def _debugging() -> bool:
    return os.environ.get("SENDMILL_DEBUG", "").lower() in ("1", "true", "yes", "on")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=_show_version
    ),
) -> None:
    """A self-hosted console for group SMS. Start with: sendmill demo"""


def main() -> None:
    """Run the command line; ends the process."""
    app()
