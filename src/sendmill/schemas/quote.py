"""The schema of what a task costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

from sendmill.domain.amounts import plain

if TYPE_CHECKING:
    from sendmill.billing.charges import Quote


class QuoteSchema(BaseModel):
    """What a task costs at most: prepaid parts first, then `due` from the balance, of which `left` stays."""

    parts: int
    total: str
    prepaid: int
    due: str
    available: str
    left: str
    currency: str

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """Return the schema of a quote."""
        return cls(
            parts=quote.parts,
            total=plain(quote.total),
            prepaid=quote.prepaid,
            due=plain(quote.due),
            available=plain(quote.available),
            left=plain(quote.left),
            currency=quote.currency,
        )
