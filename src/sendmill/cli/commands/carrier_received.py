"""`sendmill carrier received`: what came from a carrier and belongs to no message."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.lookup import find_carrier
from sendmill.schemas.carrier import ReceivedSchema

SHORT = 60  # characters of a text in a table
WHOLE = 1_000_000  # more than a PDU can hold


@tells(ReceivedSchema, many=True)
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
    if not found:
        caller.tell([], "Nothing came that belongs to no message.")
        return
    caller.tell_rows(
        [ReceivedSchema.of(row) for row in found],
        {
            "received": "received_at",
            "kind": "kind",
            "number": "number",
            "carrier's id": "message_id",
            "code": "code",
            "text": lambda row: _short(row.text),
        },
    )


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
