"""Schemas of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from sendmill.catalog.models import Carrier, Route


class RouteSchema(BaseModel):
    """A route; with an application it is one of its fail-over carriers."""

    id: int
    prefix: str
    type: str
    application: str | None
    position: int
    carrier: str

    @classmethod
    def of(cls, row: Route) -> Self:
        """Return the schema of a route."""
        return cls(
            id=row.pk,
            prefix=row.prefix,
            type=row.type,
            application=row.application.name if row.application else None,
            position=row.position,
            carrier=row.carrier.name,
        )


class TakerSchema(BaseModel):
    """A carrier that would take a number."""

    id: int
    name: str
    standing: str

    @classmethod
    def of(cls, row: Carrier) -> Self:
        """Return the schema of a carrier as one that takes a number."""
        return cls(id=row.pk, name=row.name, standing=row.standing)
