"""`sendmill carrier`: the connections that take messages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sendmill.cli.carrier_schemas import (
    BoundAnswer,
    CarrierAnswer,
    CarrierLiveAnswer,
    IdFormAnswer,
    of_carrier,
)
from sendmill.cli.commands.carrier_received import received
from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.lookup import find_carrier
from sendmill.cli.output import AS_JSON, YES, answers, make_sure, note, show_fields, show_json, show_table
from sendmill.cli.schemas import DeletedAnswer

if TYPE_CHECKING:
    from sendmill.catalog.models import Carrier

app = typer.Typer(help="Carriers are the SMPP connections that take messages.", no_args_is_help=True)
AUTOMATIC = -1
LATELY = 300.0  # seconds that `show` is about

NAME = Annotated[str, typer.Argument(help="Name of the carrier, or its id.", show_default=False)]
PORT = Annotated[int | None, typer.Option(help="Port; 2775 unless told.", min=1, max=65535)]
NEW_PASSWORD = Annotated[
    str | None,
    typer.Option(
        envvar="SENDMILL_CARRIER_PASSWORD",
        help="Password; better given by the environment, where others cannot read it.",
    ),
]
# Never from the environment: exported for one carrier it would overwrite the password of another.
PASSWORD = Annotated[
    str | None,
    typer.Option(help="New password; `sendmill apply` takes it from where others cannot read it (!env)."),
]
SYSTEM_TYPE = Annotated[str | None, typer.Option(help="system_type, where the carrier asks for one.")]
TLS = Annotated[bool | None, typer.Option("--tls/--no-tls", help="Speak TLS.")]
TLS_VERIFY = Annotated[
    bool | None, typer.Option("--tls-verify/--no-tls-verify", help="Verify the certificate; on unless told.")
]
BIND = Annotated[
    Literal["transceiver", "pair", "transmitter"] | None,
    typer.Option(help="Kind of bind; transceiver unless told. A pair is a transmitter and a receiver."),
]
BINDS = Annotated[int | None, typer.Option(help="How many binds are held at a time; 1 unless told.")]
WINDOW = Annotated[int | None, typer.Option(help="Parts under way at a time on each bind; 500 unless told.")]
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
    Literal["as_is", "fold_case", "strip_zeros", "hex_to_dec", "dec_to_hex"] | None,
    typer.Option(help="How ids in reports differ from those in responses; as_is unless told."),
]
QUERIES = Annotated[
    bool | None,
    typer.Option("--queries/--no-queries", help="Whether it answers queries (query_sm); off unless told."),
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
            ["id", "name", "standing", "address", "system id", "bind", "parts/s", "sender"],
            [
                [row["id"], row["name"], _standing(row), f"{row['host']}:{row['port']}", row["system_id"],
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
    password: NEW_PASSWORD = None,
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
    queries: QUERIES = None,
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
    queries: QUERIES = None,
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

    _tell(carriers.switch(member, find_carrier(member, name), "on"), as_json, "is switched on")


@app.command()
@answers(CarrierAnswer)
def drain(name: NAME, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Let a carrier drain: nothing new goes over it, what is under way is finished, and reports still come."""
    member = act(account, as_)
    from sendmill.catalog import carriers
    from sendmill.message_store.queries.carrier_backlog import outstanding

    found = carriers.switch(member, find_carrier(member, name), "draining")
    _tell(found, as_json, f"is being drained; {outstanding(found.pk).reports:,} messages wait for a report")


@app.command()
@answers(CarrierAnswer)
def disable(
    name: NAME, yes: YES = False, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Switch a carrier off: nothing is sent over it, no report comes, and no task can be made with it."""
    member = act(account, as_)
    from sendmill.accounts.permissions import Action, require
    from sendmill.catalog import carriers
    from sendmill.message_store.queries.carrier_backlog import outstanding

    found = find_carrier(member, name)
    require(member, Action.MANAGE_CARRIERS, found)
    waiting = outstanding(found.pk).reports if found.enabled else 0
    if waiting:
        make_sure(
            f"{waiting:,} messages wait for their reports, which cannot come while “{found.name}” is off; "
            "`carrier drain` lets them come. Switch it off?",
            yes,
        )
    _tell(carriers.switch(member, found, "off"), as_json, "is switched off")


@app.command()
@answers(CarrierLiveAnswer)
def show(name: NAME, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Show what a carrier does now, in the last five minutes, and what it still has to do."""
    member = act(account, as_)
    from sendmill.message_store.queries import bind_samples
    from sendmill.message_store.queries.carrier_backlog import outstanding

    found = find_carrier(member, name)
    now, lately, owes = (
        bind_samples.now(found.pk),
        bind_samples.lately(found.pk, LATELY),
        outstanding(found.pk),
    )
    answer: CarrierLiveAnswer = {
        "id": found.pk,
        "name": found.name,
        "standing": found.standing,
        "binds_bound": now.bound,
        "parts_per_second": round(now.rate, 1),
        "in_flight": now.in_flight,
        "unsent": owes.unsent,
        "reports_outstanding": owes.reports,
        "refused": lately.refused,
        "failed": lately.failed,
        "throttled": lately.throttled,
        "failure_rate": lately.failure_rate,
        "seconds_median": lately.median,
        "seconds_95": lately.late,
    }
    if as_json:
        show_json(answer)
    else:
        show_fields(answer)


@app.command("ids")
@answers(IdFormAnswer)
def propose_ids(
    name: NAME,
    adopt: Annotated[bool, typer.Option("--adopt", help="Take the proposal and match the reports.")] = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Propose how ids in reports differ from those in responses, from reports that matched nothing."""
    member = act(account, as_)
    from sendmill.catalog import carriers, rematching

    found = find_carrier(member, name)
    proposal = rematching.proposal(found)
    if adopt and proposal is not None:
        found = carriers.edit(member, found, id_form=proposal.form)
    answer: IdFormAnswer = {
        "id": found.pk,
        "name": found.name,
        "id_form": found.id_form,
        "proposed": proposal.form if proposal else None,
        "matching": proposal.matching if proposal else 0,
        "sampled": proposal.sampled if proposal else 0,
    }
    if as_json:
        show_json(answer)
    elif proposal is None:
        typer.echo("No other form of ids would match more reports.")
    else:
        done = "was taken; the worker matches the reports" if adopt else "take it with --adopt"
        typer.echo(
            f"{proposal.matching} of the {proposal.sampled} newest unmatched reports would match with "
            f"{proposal.form}: {done}."
        )


app.command("received")(received)


@app.command("test")
@answers(BoundAnswer)
def try_bind(
    name: NAME,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also beside a living bind, which the carrier may close for it.")
    ] = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Bind to a carrier once, for real, and say what it answered. Nothing is sent.

    Where a sender holds a bind already, that is the answer, and no second one is opened.
    """
    member = act(account, as_)
    from sendmill.accounts.permissions import Action, require
    from sendmill.carriers.smpp.reconnecting_bind import test_binds
    from sendmill.catalog.bind_settings import to_test
    from sendmill.console.bind_holders import holding

    found = find_carrier(member, name)
    require(member, Action.MANAGE_CARRIERS, found)
    held = "" if anyway else holding(found)
    sentence = held or asyncio.run(test_binds(to_test(found)))
    answer: BoundAnswer = {"id": found.pk, "name": found.name, "tested": not held, "sentence": sentence}
    if as_json:
        show_json(answer)
        return
    typer.echo(sentence)
    if held:
        note("To open one nevertheless: --anyway")


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


def _standing(row: CarrierAnswer) -> str:
    return "off" if not row["enabled"] else "draining" if row["draining"] else "on"


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
