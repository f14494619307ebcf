"""The schema of signatures."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from sendmill.catalog.models import Signature


class SignatureSchema(BaseModel):
    """A signature with its state of review."""

    id: int
    name: str
    type: str
    application: str
    state: str
    reason: str
    channel_number: str
    created_at: datetime

    @classmethod
    def of(cls, row: Signature) -> Self:
        """Return the schema of a signature."""
        return cls(
            id=row.pk,
            name=row.name,
            type=row.type,
            application=row.application.name,
            state=row.state,
            reason=row.reason,
            channel_number=row.channel_number,
            created_at=row.created_at,
        )
