"""Deletes rows in short transactions, never more than `BATCH` of them at a time."""

from __future__ import annotations

from typing import Any

from django.db import connection

BATCH = 5_000


def delete(table: str, condition: str, **parameters: Any) -> int:
    """Delete the rows of a table that fit a condition (both fixed in the code); return how many."""
    return repeat(
        f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("
        f"SELECT ctid FROM {table} WHERE {condition} LIMIT {BATCH}))",
        parameters,
    )


def repeat(statement: str, parameters: dict[str, Any]) -> int:
    """Execute a statement that deletes a batch, each time committed, until it deletes nothing; return how many."""
    deleted = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(statement, parameters)
            deleted += int(cursor.rowcount)
            if not cursor.rowcount:
                return deleted
