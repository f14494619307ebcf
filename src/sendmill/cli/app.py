"""All commands in one place, and what becomes of errors."""

from __future__ import annotations

import sys

import typer

from sendmill import __version__
from sendmill.cli import demonstration, doctor, money, people, sending, serving
from sendmill.cli.errors import CommandError

app = typer.Typer(
    name="sendmill",
    help="A self-hosted console for group SMS. Start with: sendmill demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

RUN, WORK, CARE = "Run Sendmill", "Send and look", "Look after it"
app.command(rich_help_panel=RUN)(serving.up)
app.command(rich_help_panel=RUN)(demonstration.demo)
app.command(rich_help_panel=RUN)(serving.web)
app.command(rich_help_panel=RUN)(serving.worker)
app.command(rich_help_panel=RUN)(serving.sender)
app.command(rich_help_panel=RUN)(serving.simulator)
app.command(rich_help_panel=WORK)(sending.check)
app.command(rich_help_panel=WORK)(sending.send)
app.command(rich_help_panel=WORK)(sending.results)
app.command(rich_help_panel=CARE)(serving.migrate)
app.command(rich_help_panel=CARE)(people.createadmin)
app.command(rich_help_panel=CARE)(doctor.doctor)
app.add_typer(money.balance, name="balance", rich_help_panel=CARE)
app.add_typer(money.price, name="price", rich_help_panel=CARE)


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
    """A self-hosted console for group SMS."""


def main() -> None:
    """Run the command line; ends the process."""
    from sendmill.storage.postgres import PostgresError

    try:
        app()
    except CommandError as error:
        typer.secho(str(error), err=True, fg="red")
        sys.exit(error.status)
    except PostgresError as error:
        typer.secho(str(error), err=True, fg="red")
        sys.exit(4)
    except BrokenPipeError:
        sys.exit(0)
