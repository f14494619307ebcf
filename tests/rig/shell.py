"""Giving commands as a person or a script does."""

from __future__ import annotations

import functools
import json
import typing
from enum import StrEnum
from typing import Any

import typer.main
import typer.testing
from typer.testing import CliRunner, Result

from sendmill.cli.app import app

# Typer's runner would make all commands anew each time, which takes five times as long as to run one.
typer.testing._get_command = functools.cache(typer.main.get_command)
ROOT = typer.testing._get_command(app)


class Shell:
    """Runs commands; what they answer with --json is held to the schema they declare."""

    def run(self, *words: object, typed: str | None = None) -> Result:
        """The outcome of a command, whatever it is; an exception that got out fails the test."""
        done = CliRunner().invoke(app, [str(word) for word in words], input=typed)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def say(self, *words: object, typed: str | None = None) -> str:
        """What a command that must succeed prints for a person."""
        done = self.run(*words, typed=typed)
        assert done.exit_code == 0, done.output
        return done.stdout

    def answer(self, *words: object) -> Any:
        """What a command that must succeed answers to a program."""
        told = json.loads(self.say(*words, "--json"))
        answer = command_of(words).callback.answer
        rows = told if answer.many else told.values() if answer.named else [told]
        assert isinstance(told, list if answer.many else dict)
        for row in rows:
            assert tuple(row) == answer.keys
        return told

    def refuse(self, *words: object, status: int = 3) -> str:
        """The sentence of a command that must be refused."""
        done = self.run(*words)
        assert done.exit_code == status, done.output
        assert "Traceback" not in done.output
        assert not done.stdout, "an answer before the refusal"
        return done.stderr


def command_of(words: tuple[object, ...]) -> Any:
    """The command that these words name."""
    found: Any = ROOT
    for word in words:
        if not hasattr(found, "commands"):
            break
        found = found.commands[str(word)]
    return found


def choices_of(parameter: Any) -> tuple[str, ...]:
    """The words that a parameter can be, when they are counted."""
    annotation = parameter.type_descriptor.annotation
    for kind in (annotation, *typing.get_args(annotation)):
        if typing.get_origin(kind) is typing.Literal:
            return typing.get_args(kind)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return tuple(kind)
    return ()


def leaves(group: Any = ROOT, path: str = "sendmill") -> dict[str, Any]:
    """Every command by its full name."""
    found = {}
    for name, command in group.commands.items():
        below = f"{path} {name}"
        found |= leaves(command, below) if hasattr(command, "commands") else {below: command}
    return found
