"""All commands in one place, and what becomes of errors. A command is imported when it is given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from sendmill import __version__
from sendmill.cli.errors import FAILED, explain

RUN, WORK, SETUP, CARE = "Run Sendmill", "Send and look", "Set up", "Look after it"

# Where `--help` shows a command or group of commands, and where it stands: module of `commands`, and name in it.
COMMANDS = {
    "up": (RUN, "serve", "up"),
    "demo": (RUN, "demo", "demo"),
    "web": (RUN, "serve", "web"),
    "worker": (RUN, "serve", "worker"),
    "sender": (RUN, "serve", "sender"),
    "simulator": (RUN, "serve", "simulator"),
    "check": (WORK, "check", "check"),
    "send": (WORK, "send", "send"),
    "results": (WORK, "send", "results"),
    "apply": (SETUP, "apply", "apply"),
    "migrate": (CARE, "serve", "migrate"),
    "createadmin": (CARE, "createadmin", "createadmin"),
    "doctor": (CARE, "doctor", "doctor"),
    "restore": (CARE, "backup", "restore"),
    "task": (WORK, "task", "app"),
    "application": (SETUP, "application", "app"),
    "signature": (SETUP, "signature", "app"),
    "template": (SETUP, "template", "app"),
    "carrier": (SETUP, "carrier", "app"),
    "route": (SETUP, "route", "app"),
    "member": (SETUP, "member", "app"),
    "account": (SETUP, "account", "app"),
    "held": (CARE, "held", "app"),
    "backup": (CARE, "backup", "app"),
    "balance": (CARE, "balance", "app"),
    "price": (CARE, "price", "app"),
}

# Whoever runs these reads a log, and a log wants the traceback of what nobody expected.
PROCESSES = frozenset({"up", "demo", "web", "worker", "sender", "simulator"})


class LazyCommands(Mapping[str, Any]):
    """The commands by name, each imported when it is asked for."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            self._found[name] = self._load(name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def _load(self, name: str) -> Any:
        panel, module, attribute = COMMANDS[name]
        found = getattr(import_module(f"sendmill.cli.commands.{module}"), attribute)
        alone = typer.Typer(pretty_exceptions_enable=False)
        if isinstance(found, typer.Typer):
            alone.add_typer(found, name=name, rich_help_panel=panel)
        else:
            alone.command(name, rich_help_panel=panel)(found)
        return typer.main.get_group(alone).commands[name]


class Commands(TyperGroup):
    """The root of all commands: here, and only here, an error becomes a sentence and an exit status."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = LazyCommands()  # type: ignore[assignment]

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
    help="A self-hosted console for group SMS. Start with: sendmill demo.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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
    """A self-hosted console for group SMS. Start with: sendmill demo."""


def main() -> None:
    """Run the command line; ends the process."""
    app()
