"""Compares the migrations of a database with those of this release: newer, older or the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Apps that Sendmill once had, whose migrations are still recorded in older databases.
GONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SchemaVersion:
    """The migrations of a database, compared with those of this release.

    ``unknown`` names the migrations of a newer release, ``missing`` counts those not applied yet. ``empty`` is a
    database without any.
    """

    unknown: tuple[str, ...]
    missing: int
    empty: bool = False

    @property
    def newer(self) -> str | None:
        """The sentence that refuses a schema of a newer Sendmill; None for any other."""
        if not self.unknown:
            return None
        return (
            f"The database belongs to a newer Sendmill: it has {len(self.unknown)} changes that this one does not "
            f"know, such as {self.unknown[-1]}. Install the newer release here, or use another database."
        )

    @property
    def older(self) -> str | None:
        """The sentence about a schema of an older Sendmill, or about none at all; None when nothing is missing."""
        if not self.missing:
            return None
        if self.empty:
            return "The database has no tables yet. Run `sendmill migrate`."
        return f"The tables are those of an older Sendmill: {self.missing} changes are missing. Run `sendmill migrate`."


def schema_version() -> SchemaVersion:
    """Compare the migrations in Django's database with those of this release."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations or {}
        if (app, name) not in loader.disk_migrations and app not in GONE
    )
    missing = len(executor.migration_plan(loader.graph.leaf_nodes()))
    return SchemaVersion(tuple(unknown), missing, empty=not loader.applied_migrations)
