"""Tests that commit end with Django's TRUNCATE of every table, which the audit log refuses."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(autouse=True)
def _empty_past_the_audit_logs_trigger(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = DatabaseOperations.execute_sql_flush

    def execute(operations: DatabaseOperations, statements: Iterable[str]) -> None:
        empty(operations, ["SET LOCAL session_replication_role = replica", *statements])

    monkeypatch.setattr(DatabaseOperations, "execute_sql_flush", execute)
