"""Schemas of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from sendmill.accounts.models import Account


class AccountSchema(BaseModel):
    """An account and its settings."""

    id: int
    name: str
    time_zone: str
    currency: str
    four_eyes: bool
    members: int

    @classmethod
    def of(cls, row: Account) -> Self:
        """Return the schema of an account; counts its members."""
        return cls(
            id=row.pk,
            name=row.name,
            time_zone=row.time_zone,
            currency=row.currency,
            four_eyes=row.four_eyes,
            members=row.members.count(),
        )


class NewAccountSchema(BaseModel):
    """A new account and the link by which its administrator sets a password."""

    id: int
    name: str
    username: str
    link: str
