"""`sendmill price`: what a part costs by service type and country, one by one and as a file."""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.errors import RefusedError
from sendmill.cli.output import show_table
from sendmill.domain.types import PriceStanding, ServiceType
from sendmill.schemas.price import ChangedPricesSchema, PriceFileSchema, PriceSchema

app = typer.Typer(help="The price list of an account.", no_args_is_help=True)


@app.command("list")
@tells(PriceSchema, many=True)
def list_prices(
    caller: Caller,
    region: Annotated[str, typer.Option(help="Only this country, or *.")] = "",
    type_: Annotated[ServiceType | None, typer.Option("--type", help="Only this service type.")] = None,
    standing: Annotated[
        PriceStanding | None,
        typer.Option(
            help="Only those in force (holding), of a later day (coming), or no longer in force (replaced)."
        ),
    ] = PriceStanding.HOLDING,
    all_: Annotated[bool, typer.Option("--all", help="All of them, whatever their standing.")] = False,
) -> None:
    """List prices by type, country and day; only those in force today, unless --standing or --all is given."""
    member = caller.member
    from sendmill.accounts.permissions import Action, require
    from sendmill.billing import price_list

    require(member, Action.VIEW)
    owner = member.account
    rows = price_list.prices(
        owner,
        price_list.today(owner),
        region=region,
        type=type_.value if type_ else "",
        standing="" if all_ or standing is None else standing.value,
    )
    columns = ("type", "region", "price", "currency", "valid_from", "standing")
    caller.tell_rows(
        [PriceSchema.of(row, owner.currency) for row in rows.order_by("type", "region", "valid_from")],
        {name.replace("_", " "): name for name in columns},
        none="No price fits.",
    )


@app.command("set")
@tells(PriceSchema)
def set_price(
    caller: Caller,
    type_: Annotated[
        ServiceType, typer.Argument(metavar="TYPE", help="Service type of the messages.", show_default=False)
    ],
    region: Annotated[str, typer.Argument(help="A two-letter country, or * for any other.")],
    amount: Annotated[str, typer.Argument(metavar="PRICE", help="Of one part, such as 0.035.")],
    valid_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="From this day on; today otherwise."),
    ] = None,
) -> None:
    """Set the price of a part from a day on; setting the same type, country and day again replaces it."""
    member = caller.member
    from sendmill.billing import price_list

    owner = member.account
    try:
        value = Decimal(amount)
    except InvalidOperation as error:
        raise RefusedError(f"{amount!r} is not a price such as 0.035.") from error
    day: date = valid_from.date() if valid_from else price_list.today(owner)
    made = price_list.set_price(member, service_type=type_.value, region=region, price=value, valid_from=day)
    row = price_list.prices(owner, price_list.today(owner)).get(pk=made.pk)
    caller.tell(
        PriceSchema.of(row, owner.currency),
        f"{made.type} to {made.region} costs {amount} {owner.currency} from {day} on.",
    )


@app.command("import")
@tells(ChangedPricesSchema)
def import_prices(
    caller: Caller,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file, as export writes it.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
) -> None:
    """Take the prices of a CSV file with the columns type, region, price, valid_from (and currency)."""
    member = caller.member
    from sendmill.accounts.permissions import Action, require
    from sendmill.billing import price_file

    require(member, Action.MANAGE_PRICES)
    owner = member.account
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{file.name} is not UTF-8 text. Save it as CSV UTF-8.") from error
    if dry_run:
        changes = price_file.preview_csv(owner, text)
        changed = len(changes)
        if changes and not caller.as_json:
            show_table(
                ["type", "region", "valid from", "before", "price"],
                [[one.type, one.region, one.valid_from, one.before, one.price] for one in changes],
            )
    else:
        changed = price_file.import_csv(owner, text, member=member)
    caller.tell(
        ChangedPricesSchema(changed=changed, dry_run=dry_run),
        f"{changed} prices of {owner.name} {'would change' if dry_run else 'changed'}.",
    )


@app.command("export")
@tells(PriceFileSchema)
def export_prices(
    caller: Caller,
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="Where to; without it, printed.")
    ] = None,
) -> None:
    """Write the price list of an account as CSV."""
    if caller.as_json and file is None:
        raise RefusedError("Name a file to write to; with --json only what was done is printed.")
    member = caller.member
    from sendmill.accounts import audit
    from sendmill.accounts.permissions import Action, require
    from sendmill.billing import price_file

    require(member, Action.DOWNLOAD)
    owner = member.account
    text = price_file.export_csv(owner)
    audit.record(member=member, action="download", subject=owner, after={"what": "prices", "kind": "csv"})
    if file is None:
        sys.stdout.write(text)
        return
    file.write_text(text, encoding="utf-8")
    count = text.count("\n") - 1
    caller.tell(PriceFileSchema(prices=count, file=str(file)), f"{count} prices written to {file}.")
