"""`sendmill route`: which carriers take which numbers, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sendmill.cli.carrier_schemas import RouteAnswer, TakerAnswer, of_route
from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.lookup import find_application, find_carrier
from sendmill.cli.output import AS_JSON, YES, answers, make_sure, note, show_json, show_table
from sendmill.cli.schemas import DeletedAnswer

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
@answers(RouteAnswer, many=True)
def list_routes(account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """List routes by prefix in their order, then fail-over carriers by application."""
    member = act(account, as_)
    from sendmill.accounts.permissions import visible
    from sendmill.catalog.models import Route

    order = ("application__name", "prefix", "position", "pk")
    rows = Route.objects.select_related("carrier", "application").order_by(*order)
    found = [of_route(row) for row in visible(rows, member)]
    found.sort(key=lambda row: row["application"] or "")
    if not found:
        note("There is no route yet: sendmill route add CARRIER --prefix +44")
    if as_json:
        show_json(found)
    elif found:
        show_table(
            ["id", "prefix", "type", "application", "position", "carrier"],
            [
                [row["id"], f"+{row['prefix']}" if row["prefix"] else "any", row["type"] or "any",
                 row["application"], row["position"], row["carrier"]]
                for row in found
            ],
        )  # fmt: skip


@app.command()
@answers(RouteAnswer)
def add(
    carrier: Annotated[str, typer.Argument(help="Name of the carrier, or its id.", show_default=False)],
    prefix: Annotated[
        str, typer.Option(help="Country code, perhaps with more digits; without it for every other number.")
    ] = "",
    type_: Annotated[
        Literal["international", "mainland"] | None,
        typer.Option("--type", help="Only for applications of this type."),
    ] = None,
    application: OF = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Add a carrier as the last choice of a prefix, or of an application that names its carrier."""
    member = act(account, as_)
    from sendmill.catalog import routes

    owner = find_application(member, application) if application is not None else None
    made = routes.add(
        member, find_carrier(member, carrier), prefix=prefix, type=type_ or "", application=owner
    )
    if as_json:
        show_json(of_route(made))
    else:
        typer.echo(f"Route {made.pk} was added: {made}.")


@app.command()
@answers(RouteAnswer)
def up(key: KEY, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Let a route change places with the one before it."""
    _move(key, "up", account, as_, as_json)


@app.command()
@answers(RouteAnswer)
def down(key: KEY, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Let a route change places with the one behind it."""
    _move(key, "down", account, as_, as_json)


@app.command()
@answers(DeletedAnswer)
def remove(
    key: KEY, yes: YES = False, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Remove a route; tasks that were confirmed with it keep it."""
    member = act(account, as_)
    from sendmill.catalog import routes

    found = _find(member, key)
    answer: DeletedAnswer = {"deleted": found.pk, "name": str(found)}
    make_sure(f"Remove route {found.pk} ({found})?", yes)
    routes.remove(member, found)
    if as_json:
        show_json(answer)
    else:
        typer.echo(f"Route {answer['deleted']} ({answer['name']}) was removed.")


@app.command("test")
@answers(TakerAnswer, many=True)
def try_number(
    number: Annotated[str, typer.Argument(help="A number, or its first digits.", show_default=False)],
    application: Annotated[
        str,
        typer.Option("--application", help="The application that sends, by name or id.", show_default=False),
    ],
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Tell which carriers would take a number, the first choice first. Status 1 when none would."""
    member = act(account, as_)
    from sendmill.catalog import routes

    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    if not digits:
        raise RefusedError(f"“{number}” has no digits.")
    found = routes.takers(find_application(member, application), int(digits))
    answer: list[TakerAnswer] = [{"id": row.pk, "name": row.name, "standing": row.standing} for row in found]
    if as_json:
        show_json(answer)
    elif found:
        show_table(["choice", "carrier", "standing"], [
            [place, row["name"], row["standing"]] for place, row in enumerate(answer, 1)
        ])  # fmt: skip
    if not found:
        note(f"No carrier takes +{digits}: messages to it would fail as NOROUTE, and not be charged.")
        raise typer.Exit(1)


def _move(
    key: int, direction: Literal["up", "down"], account: str | None, as_: str | None, as_json: bool
) -> None:
    member = act(account, as_)
    from sendmill.catalog import routes

    found = _find(member, key)
    routes.move(member, found, direction)
    found.refresh_from_db()
    if as_json:
        show_json(of_route(found))
    else:
        typer.echo(f"Route {found.pk} ({found}) is number {found.position} now.")


def _find(member: Member, key: int) -> Route:
    from sendmill.accounts.permissions import visible
    from sendmill.catalog.models import Route

    found = visible(Route.objects.select_related("carrier", "application"), member).filter(pk=key).first()
    if found is None:
        raise RefusedError(f"There is no route {key}: sendmill route list shows them.")
    return found
