"""Who gives a command, and what the command tells: the options `--account`, `--as` and `--json`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import typer

from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.output import AS_JSON, Answer, note, show_fields, show_json, show_table

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sendmill.accounts.models import Member

P = ParamSpec("P")

Words = str | Mapping[str, Any]
"""What a person is told: a sentence, or fields that stand under each other."""

Column = str | Callable[[Any], Any]
"""What stands in a column of a table: an attribute of each row by name, or what a function makes of the row."""


@dataclass(frozen=True)
class Caller:
    """Who gives a command, and whether a program reads the answer."""

    account: str | None = None
    username: str | None = None
    as_json: bool = False

    @cached_property
    def member(self) -> Member:
        """The member who acts, with everything ready for it. Raises RefusedError or NotRunningError."""
        return act(self.account, self.username)

    def tell(self, answer: Any, words: Words | Callable[[], Words], *, remark: str = "") -> None:
        """Print an answer: for a program as JSON, for a person in words, perhaps with a remark on standard error.

        Words that cost something are given as a function, which is called only when they are needed.
        """
        if self.as_json:
            show_json(answer)
            return
        words = words() if callable(words) else words
        if isinstance(words, str):
            typer.echo(words)
        else:
            show_fields(words)
        if remark:
            note(remark)

    def tell_rows(self, rows: Sequence[BaseModel], columns: Mapping[str, Column], none: object = "") -> None:
        """Print a list: for a program as JSON, for a person as a table. Without rows `none` is remarked to both."""
        if not rows and none:
            note(none)
        if self.as_json:
            show_json(rows)
        elif rows:
            show_table(
                list(columns),
                [[_cell(row, column) for column in columns.values()] for row in rows],
            )


def _cell(row: BaseModel, column: Column) -> Any:
    return getattr(row, column) if isinstance(column, str) else column(row)


def tells(
    schema: type, *, many: bool = False, named: bool = False, acting: bool = True
) -> Callable[[Callable[Concatenate[Caller, P], None]], Callable[..., None]]:
    """Give a command its Caller as first argument, and behind its own options those that choose the caller.

    A program is answered with `schema`: one object, an array of them (`many`), or an object of them by name
    (`named`). The attribute `answer` says so; the reference of commands is made from it. Without `acting` the only
    option is `--json`, and the command chooses its member itself.
    """
    kinds: dict[str, tuple[Any, Any]] = {"as_json": (AS_JSON, False)}
    if acting:
        kinds = {"account": (ACCOUNT, None), "as_": (AS, None)} | kinds

    def declare(command: Callable[Concatenate[Caller, P], None]) -> Callable[..., None]:
        @wraps(command)
        def run(**given: Any) -> None:
            chosen = [given.pop(name) for name in kinds]
            caller = Caller(*chosen) if acting else Caller(as_json=chosen[0])
            command(caller, **given)  # type: ignore[call-arg]

        signature = inspect.signature(command, eval_str=True)
        parameters = list(signature.parameters.values())[1:]
        parameters += [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (kind, default) in kinds.items()
        ]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.answer = Answer(schema, many, named)  # type: ignore[attr-defined]
        return run

    return declare
