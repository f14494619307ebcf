"""What commands print: aligned columns and sentences for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

AS_JSON = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
YES = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether you are sure.")]
UNBOUNDED = 10_000  # columns, when nobody looks and lines must not be folded


@dataclass(frozen=True)
class Answer:
    """What a command prints with `--json`.

    An object of the schema, an array of such objects (`many`), or an object of them by name (`named`).
    """

    schema: type
    many: bool = False
    named: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of one object, in their order."""
        fields: dict[str, Any] = getattr(self.schema, "model_fields", self.schema.__annotations__)
        return tuple(fields)


def show_json(answer: Any) -> None:
    """One line of JSON on standard output."""
    typer.echo(json.dumps(answer, default=_encode))


def show_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Aligned columns; lines are folded only where a person looks."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=not sys.stdout.isatty())
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    screen().print(table)


def show_fields(fields: Mapping[str, Any]) -> None:
    """Names and values under each other."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 3, 0, 0))
    for name, value in fields.items():
        table.add_row(Text(name, style="dim"), Text(plain(value, lines=True)))
    screen().print(table)


def screen() -> Console:
    """Standard output, as wide as it is."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else UNBOUNDED, highlight=False, markup=False)


def note(sentence: object) -> None:
    """A remark beside the answer, on standard error."""
    typer.secho(plain(sentence), err=True, dim=True)


@contextmanager
def working(sentence: str) -> Iterator[None]:
    """Say what takes a while, for as long as the block runs, where a person looks."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(escape(plain(sentence))):
        yield


def make_sure(question: str, yes: bool) -> None:
    """Ask before something is lost; a program that cannot answer says --yes."""
    if not yes and not typer.confirm(question, err=True):
        raise typer.Abort


def plain(value: Any, *, lines: bool = False) -> str:
    """Text without anything that would steer a terminal; line breaks only where they are wanted."""
    if isinstance(value, datetime):
        value = _moment(value)
    text = "" if value is None else str(value)
    if isinstance(value, bool):
        text = "yes" if value else "no"
    kept = "\n" if lines else ""
    return "".join(sign if sign.isprintable() or sign in kept else "·" for sign in text)


def _moment(at: datetime) -> str:
    from django.utils import timezone

    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _encode(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump()
    return value.isoformat() if isinstance(value, datetime) else str(value)
