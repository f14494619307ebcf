"""`sendmill carrier`: the connections that take messages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.carrier_options import settings_as_options
from sendmill.cli.catalog_rows import delete_row
from sendmill.cli.commands.carrier_received import received
from sendmill.cli.errors import RefusedError
from sendmill.cli.lookup import find_carrier
from sendmill.cli.output import YES, make_sure
from sendmill.schemas.carrier import BoundSchema, CarrierLiveSchema, CarrierSchema, IdFormSchema
from sendmill.schemas.deleted import DeletedSchema

if TYPE_CHECKING:
    from sendmill.catalog.models import Carrier

app = typer.Typer(help="Carriers are the SMPP connections that take messages.", no_args_is_help=True)

NAME = Annotated[str, typer.Argument(help="Name of the carrier, or its id.", show_default=False)]


@app.command("list")
@tells(CarrierSchema, many=True)
def list_carriers(caller: Caller) -> None:
    """List carriers by name. Whether they are bound tells `sendmill doctor`."""
    member = caller.member
    from sendmill.accounts.permissions import visible
    from sendmill.catalog.models import Carrier

    caller.tell_rows(
        [CarrierSchema.of(row) for row in visible(Carrier.objects.order_by("name"), member)],
        {
            "id": "id",
            "name": "name",
            "standing": _standing,
            "address": lambda row: f"{row.host}:{row.port}",
            "system id": "system_id",
            "bind": lambda row: f"{row.binds} {row.bind}",
            "parts/s": lambda row: row.rate or "any",
            "sender": "default_source",
        },
        none="There is no carrier yet: sendmill carrier create NAME --host … --system-id …",
    )


@app.command()
@settings_as_options(new=True)
@tells(CarrierSchema)
def create(caller: Caller, settings: dict[str, Any]) -> None:
    """Create a carrier; the sender binds to it at once. Look first with `carrier test`."""
    member = caller.member
    from sendmill.catalog import carriers

    _tell(caller, carriers.create(member, **settings), "was created")


@app.command()
@settings_as_options(new=False)
@tells(CarrierSchema)
def edit(
    caller: Caller,
    name: NAME,
    settings: dict[str, Any],
) -> None:
    """Change settings of a carrier; what is not named stays."""
    member = caller.member
    from sendmill.catalog import carriers

    if not settings:
        raise RefusedError("Nothing to change was named: give one of the options, such as --host.")
    _tell(caller, carriers.edit(member, find_carrier(member, name), **settings), "was changed")


@app.command()
@tells(CarrierSchema)
def enable(caller: Caller, name: NAME) -> None:
    """Switch a carrier on."""
    member = caller.member
    from sendmill.catalog import carriers

    _tell(caller, carriers.switch(member, find_carrier(member, name), "on"), "is switched on")


@app.command()
@tells(CarrierSchema)
def drain(caller: Caller, name: NAME) -> None:
    """Let a carrier drain: nothing new goes over it, what is under way is finished, and reports still come."""
    member = caller.member
    from sendmill.catalog import carriers
    from sendmill.message_store.queries.carrier_backlog import backlog_of

    found = carriers.switch(member, find_carrier(member, name), "draining")
    _tell(caller, found, f"is being drained; {backlog_of(found.pk).reports:,} messages wait for a report")


@app.command()
@tells(CarrierSchema)
def disable(caller: Caller, name: NAME, yes: YES = False) -> None:
    """Switch a carrier off: nothing is sent over it, no report comes, and no task can be made with it."""
    member = caller.member
    from sendmill.accounts.permissions import Action, require
    from sendmill.catalog import carriers
    from sendmill.message_store.queries.carrier_backlog import backlog_of

    found = find_carrier(member, name)
    require(member, Action.MANAGE_CARRIERS, found)
    waiting = backlog_of(found.pk).reports if found.enabled else 0
    if waiting:
        make_sure(
            f"{waiting:,} messages wait for their reports, which cannot come while “{found.name}” is off; "
            "`carrier drain` lets them come. Switch it off?",
            yes,
        )
    _tell(caller, carriers.switch(member, found, "off"), "is switched off")


@app.command()
@tells(CarrierLiveSchema)
def show(caller: Caller, name: NAME) -> None:
    """Show what a carrier does now, in the last five minutes, and what it still has to do.

    Binds that were lost again and again, and throttling that does not end, come with the setting that mends them.
    """
    member = caller.member
    from sendmill.catalog.carrier_warnings import warnings_of
    from sendmill.catalog.report_health import find_report_trouble
    from sendmill.catalog.report_meanings import unknown_words
    from sendmill.message_store.queries import bind_samples, breakers, carrier_states
    from sendmill.message_store.queries.carrier_backlog import backlog_of

    found = find_carrier(member, name)
    trouble = find_report_trouble(found)
    answer = CarrierLiveSchema.of(
        found,
        bind_samples.now(found.pk),
        bind_samples.lately(found.pk),
        backlog_of(found.pk),
        carrier_states.held_states([found.pk]).get(found.pk, ()),
        warnings_of(found),
        len(breakers.of_carrier(found.pk)),
        unknown_words(found),
        trouble,
    )
    words = ", ".join(f"{word} {count:,}" for word, count in answer.unknown_words.items())
    shown = {
        **dict(answer),
        "binds": " ".join(answer.binds),
        "warnings": " ".join(answer.warnings),
        "unknown_words": words or "none",
        "report_findings": len(trouble) or "none",
    }
    caller.tell(answer, shown, remark=" ".join(map(str, trouble)))


@app.command("ids")
@tells(IdFormSchema)
def propose_ids(
    caller: Caller,
    name: NAME,
    adopt: Annotated[bool, typer.Option("--adopt", help="Take the proposal and match the reports.")] = False,
) -> None:
    """Propose how ids in reports differ from those in responses, from reports that matched nothing."""
    member = caller.member
    from sendmill.catalog import carriers, message_id_form

    found = find_carrier(member, name)
    proposal = message_id_form.proposal(found)
    if adopt and proposal is not None:
        found = carriers.edit(member, found, id_form=proposal.form)
    words = "No other form of ids would match more reports."
    if proposal is not None:
        done = "was taken; the worker matches the reports" if adopt else "take it with --adopt"
        words = (
            f"{proposal.matching} of the {proposal.sampled} newest unmatched reports would match with "
            f"{proposal.form}: {done}."
        )
    caller.tell(IdFormSchema.of(found, proposal), words)


app.command("received")(received)


@app.command("test")
@tells(BoundSchema)
def try_bind(
    caller: Caller,
    name: NAME,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also beside a living bind, which the carrier may close for it.")
    ] = False,
) -> None:
    """Bind to a carrier once, for real, and say what it answered. Nothing is sent.

    Where a sender holds a bind already, that is the answer, and no second one is opened.
    """
    member = caller.member
    from sendmill.accounts.permissions import Action, require
    from sendmill.carriers.smpp.reconnecting_bind import test_binds
    from sendmill.catalog.bind_settings import to_test
    from sendmill.console.bound_since import holding

    found = find_carrier(member, name)
    require(member, Action.MANAGE_CARRIERS, found)
    held = "" if anyway else holding(found)
    sentence = held or asyncio.run(test_binds(to_test(found)))
    caller.tell(
        BoundSchema(id=found.pk, name=found.name, tested=not held, sentence=sentence),
        sentence,
        remark="To open one nevertheless: --anyway" if held else "",
    )


@app.command()
@tells(DeletedSchema)
def delete(caller: Caller, name: NAME, yes: YES = False) -> None:
    """Delete a carrier that no application or task refers to."""
    member = caller.member
    from sendmill.catalog import carriers

    found = find_carrier(member, name)
    delete_row(caller, "carrier", found, carriers.delete, yes)


def _standing(row: Any) -> str:
    return "off" if not row.enabled else "draining" if row.draining else "on"


def _tell(caller: Caller, carrier: Carrier, became: str) -> None:
    caller.tell(CarrierSchema.of(carrier), f"Carrier “{carrier.name}” (id {carrier.pk}) {became}.")
