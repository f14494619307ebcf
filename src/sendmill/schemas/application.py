"""Schemas of applications."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from sendmill.catalog.models import Application


class ApplicationSchema(BaseModel):
    """An application; its secret is never among what is told again."""

    id: int
    name: str
    type: str
    carrier: str | None
    add_86: bool
    delete_unusual: bool
    allow_landlines: bool
    sender_id: str
    app_key: str
    created_at: datetime

    @classmethod
    def of(cls, row: Application) -> Self:
        """Return the schema of an application."""
        return cls(
            id=row.pk,
            name=row.name,
            type=row.type,
            carrier=row.carrier.name if row.carrier is not None else None,
            add_86=row.add_86,
            delete_unusual=row.delete_unusual,
            allow_landlines=row.allow_landlines,
            sender_id=row.sender_id,
            app_key=row.app_key,
            created_at=row.created_at,
        )


class CredentialsSchema(BaseModel):
    """What a program signs in with; `id` and `name` are the application's."""

    id: int
    name: str
    app_key: str
    app_secret: str
