"""Schemas of members."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from sendmill.accounts.models import Member


class MemberSchema(BaseModel):
    """A member of an account."""

    id: int
    username: str
    email: str
    role: str
    active: bool
    invited: bool
    last_login: datetime | None

    @classmethod
    def of(cls, row: Member) -> Self:
        """Return the schema of a member."""
        return cls(
            id=row.pk,
            username=row.username,
            email=row.email,
            role=row.role,
            active=row.is_active,
            invited=not row.has_usable_password(),
            last_login=row.last_login,
        )


class InvitationSchema(BaseModel):
    """A member and the link by which the member sets a password."""

    id: int
    username: str
    role: str
    link: str
