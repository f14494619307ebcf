"""The schema of what was deleted, whatever it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from django.db.models import Model


class DeletedSchema(BaseModel):
    """What is no longer there; `deleted` is its id."""

    deleted: int
    name: str

    @classmethod
    def of(cls, row: Model) -> Self:
        """Return the schema of a row, before it is deleted: its id goes with it."""
        return cls(deleted=row.pk, name=str(row))
