"""The price list as a CSV file: what `export_csv` writes, `import_csv` takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import Action, NotYours, require
from sendmill.billing.models import Price
from sendmill.billing.price_list import price_violations
from sendmill.domain.amounts import plain
from sendmill.domain.violations import Violation, refuse_if

COLUMNS = ("type", "region", "price", "currency", "valid_from")
MOST_ROWS = 100_000
MOST_NAMED = 20  # wrong lines that a refusal names

Key = tuple[str, str, date]


def export_csv(account: Account) -> str:
    """All prices of an account, past and coming ones too, with a header line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in Price.objects.filter(account=account).order_by("type", "region", "valid_from"):
        writer.writerow(
            [row.type, row.region, plain(row.price), account.currency, row.valid_from.isoformat()]
        )
    return text.getvalue()


@dataclass(frozen=True)
class PriceChange:
    """A price that a file changes; `before` is null for a new one."""

    type: str
    region: str
    valid_from: date
    before: Decimal | None
    price: Decimal


def preview_csv(account: Account, text: str) -> list[PriceChange]:
    """What `import_csv` would change, in the order of the price list. Raises Refused, naming the lines."""
    return [
        PriceChange(kind, region, day, before, price)
        for (kind, region, day), (before, price) in sorted(_changes(account, text).items())
    ]


def import_csv(account: Account, text: str, *, member: Member | None = None) -> int:
    """Take every price of a file: new ones are added, ones of the same type, region and date replaced.

    The header names the columns, in any order; `currency` may be missing. Returns how many prices changed.
    Without a member it is the operator who does. Raises Refused, naming the lines, NotAllowed or NotYours;
    no price was changed then.
    """
    if member is not None:
        if member.account_id != account.pk:
            raise NotYours
        require(member, Action.MANAGE_PRICES)
    changed = {key: price for key, (_before, price) in _changes(account, text).items()}
    rows = [
        Price(account=account, type=kind, region=region, valid_from=day, price=price)
        for (kind, region, day), price in changed.items()
    ]
    with transaction.atomic():
        Price.objects.bulk_create(
            rows,
            batch_size=1_000,
            update_conflicts=True,
            unique_fields=["account", "type", "region", "valid_from"],
            update_fields=["price"],
        )
        if rows:
            after = {
                "prices": [
                    [*key[:2], key[2].isoformat(), plain(price)] for key, price in list(changed.items())[:500]
                ],
                "count": len(rows),
            }
            audit.record(member=member, account=account, action="import_prices", subject=account, after=after)
    return len(rows)


def _changes(account: Account, text: str) -> dict[Key, tuple[Decimal | None, Decimal]]:
    """The prices of a file that are not what they were, each with what it was."""
    prices = _read(account, text)
    known = {
        (row.type, row.region, row.valid_from): row.price for row in Price.objects.filter(account=account)
    }
    return {key: (known.get(key), price) for key, price in prices.items() if known.get(key) != price}


def _read(account: Account, text: str) -> dict[Key, Decimal]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in header and name != "currency"]
        if missing:
            refuse_if([Violation("columns", COLUMNS_MISSING, {"columns": ", ".join(missing)})])
        lines = [(reader.line_num, row) for row in _some(reader)]
    except csv.Error as error:
        refuse_if([Violation("csv", NOT_CSV, {"line": reader.line_num, "reason": str(error)})])
        raise
    prices: dict[Key, Decimal] = {}
    wrong: list[Violation] = []
    for line, row in lines:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        wrong += [
            Violation(violation.code, ON_LINE, {"line": line, "sentence": str(violation)})
            for violation in _take(account, cells, prices)
        ]
    refuse_if(wrong[:MOST_NAMED])
    return prices


def _some(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows that hold anything, and not without end."""
    for count, row in enumerate(row for row in reader if any(cell.strip() for cell in row)):
        if count >= MOST_ROWS:
            refuse_if([Violation("rows", TOO_MANY, {"most": MOST_ROWS})])
        yield row


def _take(account: Account, cells: dict[str, str], prices: dict[Key, Decimal]) -> list[Violation]:
    """Read one line into `prices`; what is wrong with it."""
    try:
        price = Decimal(cells.get("price", ""))
    except InvalidOperation:
        return [Violation("price", NO_PRICE, {"text": cells.get("price", "")[:20]})]
    try:
        valid_from = date.fromisoformat(cells.get("valid_from", ""))
    except ValueError:
        return [Violation("valid_from", NO_DATE, {"text": cells.get("valid_from", "")[:20]})]
    kind, region = cells.get("type", "").lower(), cells.get("region", "").upper()
    broken = price_violations(kind, region, price)
    currency = cells.get("currency", "").upper() or account.currency
    if currency != account.currency:
        broken.append(Violation("currency", OTHER_CURRENCY, {"currency": account.currency}))
    key = (kind, region, valid_from)
    if key in prices and prices[key] != price:
        broken.append(Violation("twice", TWICE))
    if not broken:
        prices[key] = price
    return broken


COLUMNS_MISSING = _("The first line must name the columns; these are missing: %(columns)s.")
NOT_CSV = _("Line %(line)s cannot be read as CSV: %(reason)s.")
ON_LINE = _("Line %(line)s: %(sentence)s")
TOO_MANY = _("A price list has at most %(most)s lines.")
NO_PRICE = _("“%(text)s” is not a price such as 0.035.")
NO_DATE = _("“%(text)s” is not a date such as 2026-01-31.")
OTHER_CURRENCY = _("The prices of this account are in %(currency)s.")
TWICE = _("There is another price for this type, region and date.")
