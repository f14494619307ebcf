"""Schemas of the price list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

from sendmill.domain.amounts import plain

if TYPE_CHECKING:
    from sendmill.billing.models import Price


class PriceSchema(BaseModel):
    """The price of one part from a day on; `standing` is holding, coming or replaced."""

    id: int
    type: str
    region: str
    price: str
    currency: str
    valid_from: str
    standing: str

    @classmethod
    def of(cls, row: Price, currency: str) -> Self:
        """Return the schema of a row of `billing.price_list.prices`, which knows its standing."""
        return cls(
            id=row.pk,
            type=row.type,
            region=row.region,
            price=plain(row.price),
            currency=currency,
            valid_from=row.valid_from.isoformat(),
            standing=row.standing,  # type: ignore[attr-defined]
        )


class ChangedPricesSchema(BaseModel):
    """How many prices changed, or would."""

    changed: int
    dry_run: bool


class PriceFileSchema(BaseModel):
    """A price list that was written."""

    prices: int
    file: str
