"""The schema of a number file that was checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel

from sendmill.schemas.quote import QuoteSchema

if TYPE_CHECKING:
    from sendmill.billing.charges import Quote


class CheckedFileSchema(BaseModel):
    """What is in a number file: rows = accepted + invalid + duplicate + unfit.

    `parts` and `cost` are null unless an application and a template were named.
    """

    rows: int
    accepted: int
    invalid: int
    duplicate: int
    unfit: int
    unusual: int
    repaired: int
    reasons: dict[str, int]
    parts: int | None
    cost: QuoteSchema | None

    @classmethod
    def of(cls, outcome: Mapping[str, Any], quote: Quote | None) -> Self:
        """Return the schema of the outcome of a check, and of what sending the file would cost."""
        cost = QuoteSchema.of(quote) if quote is not None else None
        return cls(**{**outcome, "parts": quote.parts if quote is not None else None, "cost": cost})
