"""Whether the tables of a database are those that this Sendmill works with."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Parts that Sendmill once had, whose changes are still recorded in older databases.
GONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SchemaVersion:
    """What was recorded in the database, compared with what this release knows.

    ``unknown`` names the changes that a newer release has made, ``missing`` counts those not made yet.
    ``empty`` is a database in which nothing was ever made.
    """

    unknown: tuple[str, ...]
    missing: int
    empty: bool = False

    @property
    def newer(self) -> str | None:
        """The sentence that refuses tables of a newer Sendmill; None for tables that are not."""
        if not self.unknown:
            return None
        return (
            f"The database belongs to a newer Sendmill: it has {len(self.unknown)} changes that this one does not "
            f"know, such as {self.unknown[-1]}. Install the newer release here, or use another database."
        )

    @property
    def older(self) -> str | None:
        """The sentence about tables of an older Sendmill, or about none at all; None when nothing is missing."""
        if not self.missing:
            return None
        if self.empty:
            return "The database has no tables yet. Run `sendmill migrate`."
        return f"The tables are those of an older Sendmill: {self.missing} changes are missing. Run `sendmill migrate`."


def schema_version() -> SchemaVersion:
    """The version of the tables in Django's database; everything is missing where there are none."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations or {}
        if (app, name) not in loader.disk_migrations and app not in GONE
    )
    missing = len(executor.migration_plan(loader.graph.leaf_nodes()))
    return SchemaVersion(tuple(unknown), missing, empty=not loader.applied_migrations)
