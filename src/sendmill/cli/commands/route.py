"""`sendmill route`: which carriers take which numbers, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.errors import RefusedError
from sendmill.cli.lookup import find_application, find_carrier
from sendmill.cli.output import YES, make_sure, note, show_json, show_table
from sendmill.schemas.deleted import DeletedSchema
from sendmill.schemas.route import RouteSchema, TakerSchema

if TYPE_CHECKING:
    from sendmill.accounts.models import Member
    from sendmill.catalog.models import Route

app = typer.Typer(
    help="Routes choose the carriers of applications that name none, and fail-over carriers of those that do.",
    no_args_is_help=True,
)

KEY = Annotated[int, typer.Argument(help="Id of the route.", show_default=False)]
OF = Annotated[
    str | None,
    typer.Option("--application", help="The application whose fail-over carrier it is, by name or id."),
]


@app.command("list")
@tells(RouteSchema, many=True)
def list_routes(caller: Caller) -> None:
    """List routes by prefix in their order, then fail-over carriers by application."""
    member = caller.member
    from sendmill.accounts.permissions import visible
    from sendmill.catalog.models import Route

    order = ("application__name", "prefix", "position", "pk")
    rows = Route.objects.select_related("carrier", "application").order_by(*order)
    found = sorted(
        (RouteSchema.of(row) for row in visible(rows, member)), key=lambda row: row.application or ""
    )
    caller.tell_rows(
        found,
        {
            "id": "id",
            "prefix": lambda row: f"+{row.prefix}" if row.prefix else "any",
            "type": lambda row: row.type or "any",
            "application": "application",
            "position": "position",
            "carrier": "carrier",
        },
        none="There is no route yet: sendmill route add CARRIER --prefix +44",
    )


@app.command()
@tells(RouteSchema)
def add(
    caller: Caller,
    carrier: Annotated[str, typer.Argument(help="Name of the carrier, or its id.", show_default=False)],
    prefix: Annotated[
        str, typer.Option(help="Country code, perhaps with more digits; without it for every other number.")
    ] = "",
    type_: Annotated[
        Literal["international", "mainland"] | None,
        typer.Option("--type", help="Only for applications of this type."),
    ] = None,
    application: OF = None,
) -> None:
    """Add a carrier as the last choice of a prefix, or of an application that names its carrier."""
    member = caller.member
    from sendmill.catalog import routes

    owner = find_application(member, application) if application is not None else None
    made = routes.add(
        member, find_carrier(member, carrier), prefix=prefix, type=type_ or "", application=owner
    )
    caller.tell(RouteSchema.of(made), f"Route {made.pk} was added: {made}.")


@app.command()
@tells(RouteSchema)
def up(caller: Caller, key: KEY) -> None:
    """Let a route change places with the one before it."""
    _move(caller, key, "up")


@app.command()
@tells(RouteSchema)
def down(caller: Caller, key: KEY) -> None:
    """Let a route change places with the one behind it."""
    _move(caller, key, "down")


@app.command()
@tells(DeletedSchema)
def remove(caller: Caller, key: KEY, yes: YES = False) -> None:
    """Remove a route; tasks that were confirmed with it keep it."""
    member = caller.member
    from sendmill.catalog import routes

    found = _find(member, key)
    answer = DeletedSchema.of(found)
    make_sure(f"Remove route {found.pk} ({found})?", yes)
    routes.remove(member, found)
    caller.tell(answer, f"Route {answer.deleted} ({answer.name}) was removed.")


@app.command("test")
@tells(TakerSchema, many=True)
def try_number(
    caller: Caller,
    number: Annotated[str, typer.Argument(help="A number, or its first digits.", show_default=False)],
    application: Annotated[
        str,
        typer.Option("--application", help="The application that sends, by name or id.", show_default=False),
    ],
) -> None:
    """Tell which carriers would take a number, the first choice first. Status 1 when none would."""
    member = caller.member
    from sendmill.catalog import routes

    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    if not digits:
        raise RefusedError(f"“{number}” has no digits.")
    found = routes.takers(find_application(member, application), int(digits))
    answer = [TakerSchema.of(row) for row in found]
    if caller.as_json:
        show_json(answer)
    elif found:
        show_table(
            ["choice", "carrier", "standing"],
            [[place, row.name, row.standing] for place, row in enumerate(answer, 1)],
        )
    if not found:
        note(f"No carrier takes +{digits}: messages to it would fail as NOROUTE, and not be charged.")
        raise typer.Exit(1)


def _move(caller: Caller, key: int, direction: Literal["up", "down"]) -> None:
    member = caller.member
    from sendmill.catalog import routes

    found = _find(member, key)
    routes.move(member, found, direction)
    found.refresh_from_db()
    caller.tell(RouteSchema.of(found), f"Route {found.pk} ({found}) is number {found.position} now.")


def _find(member: Member, key: int) -> Route:
    from sendmill.accounts.permissions import visible
    from sendmill.catalog.models import Route

    found = visible(Route.objects.select_related("carrier", "application"), member).filter(pk=key).first()
    if found is None:
        raise RefusedError(f"There is no route {key}: sendmill route list shows them.")
    return found
