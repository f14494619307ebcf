"""The steps of review as commands, for signatures and templates: each line of a table becomes a command."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.output import note

if TYPE_CHECKING:
    from sendmill.accounts.models import Member

REASON = Annotated[str, typer.Option(help="Why; its author reads it.", show_default=False)]


def parameter(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    """A parameter of a command, as `name: kind = default` declares it."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


@dataclass(frozen=True)
class Step:
    """A function of `catalog.review` as a command.

    `became` says what the subject is afterwards; it may name what `takes` was given. `remark` adds a sentence about
    the subject, or nothing.
    """

    function: str
    help: str
    became: str
    takes: inspect.Parameter | None = None
    command: str | None = None
    remark: Callable[[Any], str] | None = None


SUBMIT = Step("submit", "Submit a draft for review.", "waits for review")
WITHDRAW = Step("withdraw", "Take back what waits for review; it is a draft again.", "is a draft again")
REJECT = Step(
    "reject",
    "Reject what waits for review, with the reason.",
    "was rejected",
    takes=parameter("reason", REASON),
)


@dataclass(frozen=True)
class Subject:
    """What is reviewed: how it is called, named, found, and shown to programs.

    `find` takes the member, the name, and what was given for `narrowing`, which tells those of one name apart.
    """

    noun: str
    name: Any
    narrowing: inspect.Parameter
    find: Callable[[Member, str, Any], Any]
    schema: Any

    def tell(self, caller: Caller, row: Any, became: str) -> None:
        """Print the row for a program, and for a person what it is now."""
        caller.tell(self.schema.of(row), f"{self.noun} “{row.name}” (id {row.pk}) {became}.")


def add_steps(app: typer.Typer, subject: Subject, steps: Iterable[Step]) -> None:
    """Make each step a command of the group, in this order."""
    for step in steps:
        app.command(step.command or step.function, help=step.help)(_command(subject, step))


def _command(subject: Subject, step: Step) -> Callable[..., None]:
    def take(caller: Caller, /, name: str, **given: Any) -> None:
        member = caller.member
        from sendmill.catalog import review

        found = subject.find(member, name, given.pop(subject.narrowing.name))
        moved = getattr(review, step.function)(member, found, **given)
        subject.tell(caller, moved, step.became.format(**given))
        if step.remark is not None and (remark := step.remark(moved)):
            note(remark)

    own = [step.takes] if step.takes is not None else []
    take.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter("caller", Caller), parameter("name", subject.name), *own, subject.narrowing]
    )
    return tells(subject.schema)(take)
