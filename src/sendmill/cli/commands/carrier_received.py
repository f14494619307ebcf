"""`sendmill carrier received`: what came from a carrier and belongs to no message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.carrier_schemas import ReceivedAnswer
from sendmill.cli.lookup import find_carrier
from sendmill.cli.output import show_json, show_table

if TYPE_CHECKING:
    from sendmill.message_store.queries.orphans import Received

SHORT = 60  # characters of a text in a table
WHOLE = 1_000_000  # more than a PDU can hold


@tells(ReceivedAnswer, many=True)
def received(
    caller: Caller,
    name: Annotated[str, typer.Argument(help="Name of the carrier, or its id.", show_default=False)],
    kind: Annotated[
        Literal["report", "reply", "unreadable"] | None, typer.Option(help="This kind alone.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=1000)] = 50,
) -> None:
    """List the newest reports that matched no message, replies, and what could not be read.

    A report that finds its message later leaves the list. --json has each text whole.
    """
    member = caller.member
    from sendmill.message_store.queries import orphans

    kinds = orphans.KINDS if kind is None else (kind,)
    found = orphans.received(find_carrier(member, name).pk, kinds, limit=limit, longest=WHOLE)
    if caller.as_json:
        show_json([_answer(row) for row in found])
    elif found:
        show_table(
            ["received", "kind", "number", "carrier's id", "code", "text"],
            [
                [
                    row["received_at"],
                    row["kind"],
                    row["number"],
                    row["message_id"],
                    row["code"],
                    _short(row["text"]),
                ]
                for row in map(_answer, found)
            ],
        )
    else:
        typer.echo("Nothing came that belongs to no message.")


def _answer(row: Received) -> ReceivedAnswer:
    return {
        "id": row.id,
        "received_at": row.received_at,
        "kind": row.kind,
        "number": None if row.number is None else f"+{row.number}",
        "message_id": row.message_id,
        "code": row.code,
        "text": row.raw,
    }


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
