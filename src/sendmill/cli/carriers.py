"""`sendmill carrier`: the connections that take messages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sendmill.cli.acting import ACCOUNT, AS, act
from sendmill.cli.answers import BoundAnswer, CarrierAnswer, DeletedAnswer, of_carrier
from sendmill.cli.errors import RefusedError
from sendmill.cli.finding import find_carrier
from sendmill.cli.showing import AS_JSON, YES, answers, make_sure, note, show_json, show_table

if TYPE_CHECKING:
    from sendmill.catalog.models import Carrier

app = typer.Typer(help="Carriers are the SMPP connections that take messages.", no_args_is_help=True)
AUTOMATIC = -1

NAME = Annotated[str, typer.Argument(help="Name of the carrier, or its id.", show_default=False)]
PORT = Annotated[int | None, typer.Option(help="Port; 2775 unless told.", min=1, max=65535)]
PASSWORD = Annotated[
    str | None,
    typer.Option(
        envvar="SENDMILL_CARRIER_PASSWORD",
        help="Password; better given by the environment, where others cannot read it.",
    ),
]
SYSTEM_TYPE = Annotated[str | None, typer.Option(help="system_type, where the carrier asks for one.")]
TLS = Annotated[bool | None, typer.Option("--tls/--no-tls", help="Speak TLS.")]
TLS_VERIFY = Annotated[
    bool | None, typer.Option("--tls-verify/--no-tls-verify", help="Verify the certificate; on unless told.")
]
BIND = Annotated[
    Literal["transceiver", "transmitter", "receiver"] | None,
    typer.Option(help="Kind of bind; transceiver unless told."),
]
BINDS = Annotated[int | None, typer.Option(help="How many binds are held at a time; 1 unless told.")]
WINDOW = Annotated[int | None, typer.Option(help="Parts under way at a time; 500 unless told.")]
RATE = Annotated[int | None, typer.Option(help="Parts a second; 0 as fast as it takes them.")]
ALPHABET = Annotated[
    Literal["gsm7", "latin1"] | None,
    typer.Option("--default-alphabet", help="What data_coding 0 means to it; gsm7 unless told."),
]
LONG_MESSAGES = Annotated[
    Literal["udh", "sar", "payload"] | None,
    typer.Option(help="How parts of a long message are told apart; udh unless told."),
]
SOURCE_TON = Annotated[
    int | None, typer.Option(help="TON of the sender; -1 chooses it by the sender.", min=-1)
]
SOURCE_NPI = Annotated[
    int | None, typer.Option(help="NPI of the sender; -1 chooses it by the sender.", min=-1)
]
DEST_TON = Annotated[int | None, typer.Option(help="TON of numbers; 1 unless told.")]
DEST_NPI = Annotated[int | None, typer.Option(help="NPI of numbers; 1 unless told.")]
ID_FORM = Annotated[
    Literal["as_is", "hex_to_dec", "dec_to_hex", "strip_zeros", "fold_case"] | None,
    typer.Option(help="How ids in reports differ from those in responses; as_is unless told."),
]
SOURCE = Annotated[
    str | None, typer.Option("--default-source", help="Sender of messages whose application names none.")
]


@app.command("list")
@answers(CarrierAnswer, many=True)
def list_carriers(account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """List carriers by name. Whether they are bound tells `sendmill doctor`."""
    member = act(account, as_)
    from sendmill.accounts.permissions import visible
    from sendmill.catalog.models import Carrier

    found = [of_carrier(row) for row in visible(Carrier.objects.order_by("name"), member)]
    if not found:
        note("There is no carrier yet: sendmill carrier create NAME --host … --system-id …")
    if as_json:
        show_json(found)
    elif found:
        show_table(
            ["id", "name", "enabled", "address", "system id", "bind", "parts/s", "sender"],
            [
                [row["id"], row["name"], row["enabled"], f"{row['host']}:{row['port']}", row["system_id"],
                 f"{row['binds']} {row['bind']}", row["rate"] or "any", row["default_source"]]
                for row in found
            ],
        )  # fmt: skip


@app.command()
@answers(CarrierAnswer)
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name, at most 64 characters.", show_default=False)],
    host: Annotated[str, typer.Option(help="Host name or address.", show_default=False)],
    system_id: Annotated[str, typer.Option(help="system_id it knows you by.", show_default=False)],
    port: PORT = None,
    password: PASSWORD = None,
    system_type: SYSTEM_TYPE = None,
    tls: TLS = None,
    tls_verify: TLS_VERIFY = None,
    bind: BIND = None,
    binds: BINDS = None,
    window: WINDOW = None,
    rate: RATE = None,
    default_alphabet: ALPHABET = None,
    long_messages: LONG_MESSAGES = None,
    source_ton: SOURCE_TON = None,
    source_npi: SOURCE_NPI = None,
    dest_ton: DEST_TON = None,
    dest_npi: DEST_NPI = None,
    id_form: ID_FORM = None,
    default_source: SOURCE = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Create a carrier; the sender binds to it at once. Look first with `carrier test`."""
    member = act(account, as_)
    from sendmill.catalog import carriers

    made = carriers.create(member, **_settings(context.params))
    _tell(made, as_json, "was created")


@app.command()
@answers(CarrierAnswer)
def edit(
    context: typer.Context,
    name: NAME,
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    host: Annotated[str | None, typer.Option(help="Host name or address.")] = None,
    system_id: Annotated[str | None, typer.Option(help="system_id it knows you by.")] = None,
    port: PORT = None,
    password: PASSWORD = None,
    system_type: SYSTEM_TYPE = None,
    tls: TLS = None,
    tls_verify: TLS_VERIFY = None,
    bind: BIND = None,
    binds: BINDS = None,
    window: WINDOW = None,
    rate: RATE = None,
    default_alphabet: ALPHABET = None,
    long_messages: LONG_MESSAGES = None,
    source_ton: SOURCE_TON = None,
    source_npi: SOURCE_NPI = None,
    dest_ton: DEST_TON = None,
    dest_npi: DEST_NPI = None,
    id_form: ID_FORM = None,
    default_source: SOURCE = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Change settings of a carrier; what is not named stays."""
    member = act(account, as_)
    from sendmill.catalog import carriers

    settings = _settings(context.params | {"name": rename})
    if not settings:
        raise RefusedError("Nothing to change was named: give one of the options, such as --host.")
    _tell(carriers.edit(member, find_carrier(member, name), **settings), as_json, "was changed")


@app.command()
@answers(CarrierAnswer)
def enable(name: NAME, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Switch a carrier on."""
    member = act(account, as_)
    from sendmill.catalog import carriers

    _tell(carriers.edit(member, find_carrier(member, name), enabled=True), as_json, "is switched on")


@app.command()
@answers(CarrierAnswer)
def disable(name: NAME, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Switch a carrier off: nothing is sent over it, and no task can be made with it."""
    member = act(account, as_)
    from sendmill.catalog import carriers

    _tell(carriers.edit(member, find_carrier(member, name), enabled=False), as_json, "is switched off")


@app.command("test")
@answers(BoundAnswer)
def try_bind(name: NAME, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Bind to a carrier once, for real, and say what it answered. Nothing is sent."""
    member = act(account, as_)
    from sendmill.accounts.permissions import Action, require
    from sendmill.carriers.link import test_bind
    from sendmill.catalog.carriers import to_config

    found = find_carrier(member, name)
    require(member, Action.MANAGE_CARRIERS, found)
    sentence = asyncio.run(test_bind(to_config(found)))
    answer: BoundAnswer = {"id": found.pk, "name": found.name, "sentence": sentence}
    if as_json:
        show_json(answer)
    else:
        typer.echo(sentence)


@app.command()
@answers(DeletedAnswer)
def delete(
    name: NAME, yes: YES = False, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Delete a carrier that no application or task refers to."""
    member = act(account, as_)
    from sendmill.catalog import carriers

    found = find_carrier(member, name)
    answer: DeletedAnswer = {"deleted": found.pk, "name": found.name}
    make_sure(f"Delete the carrier “{found.name}”?", yes)
    carriers.delete(member, found)
    if as_json:
        show_json(answer)
    else:
        typer.echo(f"Carrier “{found.name}” was deleted.")


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    """What was given of the settings of a carrier."""
    from sendmill.catalog.carriers import EDITABLE

    settings = {name: given[name] for name in EDITABLE if given.get(name) is not None}
    for name in ("source_ton", "source_npi"):
        if settings.get(name) == AUTOMATIC:
            settings[name] = None
    return settings


def _tell(carrier: Carrier, as_json: bool, became: str) -> None:
    if as_json:
        show_json(of_carrier(carrier))
    else:
        typer.echo(f"Carrier “{carrier.name}” (id {carrier.pk}) {became}.")
