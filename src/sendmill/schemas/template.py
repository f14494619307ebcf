"""The schema of templates."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from sendmill.catalog.models import Template


class TemplateSchema(BaseModel):
    """A template with its state of review."""

    id: int
    name: str
    type: str
    application: str
    signature: str | None
    universal: bool
    state: str
    active: bool
    reason: str
    content: str
    attributes: dict[str, str]
    created_at: datetime

    @classmethod
    def of(cls, row: Template) -> Self:
        """Return the schema of a template."""
        return cls(
            id=row.pk,
            name=row.name,
            type=row.type,
            application=row.application.name,
            signature=row.signature.name if row.signature is not None else None,
            universal=row.universal,
            state=row.state,
            active=row.active,
            reason=row.reason,
            content=row.content,
            attributes=row.attributes,
            created_at=row.created_at,
        )
