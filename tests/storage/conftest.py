"""Tests that commit end with Django's TRUNCATE of every table, which the audit log refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True, scope="session")
def _empty_past_the_audit_logs_trigger() -> Iterator[None]:
    from django.db.backends.postgresql.operations import DatabaseOperations

    empty = DatabaseOperations.execute_sql_flush

    def execute(operations: Any, statements: Iterable[str]) -> None:
        empty(
            operations,
            [
                "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only",
                *statements,
                "ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only",
            ],
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute)
        yield
