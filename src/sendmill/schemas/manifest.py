"""Schemas of what was done for a file of resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from sendmill.catalog.apply_manifest import Applied


class StepSchema(BaseModel):
    """What was done for one thing: `done` is created, changed or empty."""

    kind: str
    name: str
    done: str
    note: str


class KeySchema(BaseModel):
    """The key and secret of a new application."""

    app_key: str
    app_secret: str


class AppliedSchema(BaseModel):
    """The steps in order, and the keys of new applications by name; a dry run makes no keys."""

    dry_run: bool
    steps: list[StepSchema]
    credentials: dict[str, KeySchema]

    @classmethod
    def of(cls, applied: Applied, dry_run: bool) -> Self:
        """Return the schema of what was done, or tried in a dry run."""
        made = {} if dry_run else applied.credentials
        return cls(
            dry_run=dry_run,
            steps=[
                StepSchema(kind=step.kind, name=step.name, done=step.done, note=step.note)
                for step in applied.steps
            ],
            credentials={
                name: KeySchema(app_key=keys.app_key, app_secret=keys.app_secret)
                for name, keys in made.items()
            },
        )
