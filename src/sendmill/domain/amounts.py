"""How amounts of money are written."""

from __future__ import annotations

from decimal import Decimal


def plain(amount: Decimal) -> str:
    """Return an amount as people and programs read it: no exponent, no needless zeros."""
    return format(amount.normalize(), "f")
