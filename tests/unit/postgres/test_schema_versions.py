"""What is said of tables that this release did not make as they are."""

from __future__ import annotations

from sendmill.postgres.schema_versions import SchemaVersion


def test_a_database_without_tables_is_not_called_older() -> None:
    said = SchemaVersion((), 96, empty=True).older or ""
    assert "no tables yet. Run `sendmill migrate`" in said
    assert "96 changes are missing" in (SchemaVersion((), 96).older or "")
    assert SchemaVersion((), 0).older is None
