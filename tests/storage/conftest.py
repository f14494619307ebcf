"""Tests that commit end with Django's TRUNCATE of every table, which the audit log and the ledger refuse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

APPEND_ONLY = ("audit_entry", "ledger_entry")


@pytest.fixture(autouse=True, scope="session")
def _empty_past_the_audit_logs_trigger() -> Iterator[None]:
    from django.db.backends.postgresql.operations import DatabaseOperations

    empty = DatabaseOperations.execute_sql_flush

    def execute(operations: Any, statements: Iterable[str]) -> None:
        empty(
            operations,
            [
                *(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only" for table in APPEND_ONLY),
                *statements,
                *(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only" for table in APPEND_ONLY),
            ],
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute)
        yield
