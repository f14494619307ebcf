"""The SQL around a dump that is restored: what comes before it, and the checks before it is committed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from sendmill.backup.database_snapshot import Connection

# Raises for the first table with another number of rows than it had; a missing table raises by itself.
_CHECK = """
DO $check$
DECLARE
    wanted record;
    found bigint;
BEGIN
    FOR wanted IN SELECT key, value::bigint AS count FROM json_each_text({counts}) LOOP
        EXECUTE format('SELECT count(*) FROM %I.%I', {schema}, wanted.key) INTO found;
        IF found <> wanted.count THEN
            RAISE EXCEPTION 'the table % has % rows instead of %', wanted.key, found, wanted.count;
        END IF;
    END LOOP;
END
$check$;
"""


def script_head(schema: str, *, at_once: bool, set_aside: str | None) -> str:
    """Return the SQL before the dump: the begin of the transaction, if it is one, and setting the schema aside."""
    lines = ["BEGIN;"] if at_once else []
    if set_aside is not None:
        old, new = sql.Identifier(schema).as_string(), sql.Identifier(set_aside).as_string()
        lines += [f"ALTER SCHEMA {old} RENAME TO {new};", f"CREATE SCHEMA {old};"]
    return "\n".join([*lines, ""])


class Script:
    """Statements that are collected to be run later. It looks like a cursor to the code that executes them."""

    def __init__(self, connection: Connection) -> None:
        self._writing = psycopg.ClientCursor(connection)
        self._lines: list[str] = []

    def execute(self, query: Any, params: Any = None, /) -> None:
        """Add a statement, with its parameters filled in."""
        self._lines.append(self._writing.mogrify(query, params).strip() + ";")

    def fetchone(self) -> tuple[None]:
        """Return a row of None: nothing is known before the script is run."""
        return (None,)

    def check_counts(self, schema: str, counts: Mapping[str, int]) -> None:
        """Add a check that every table has the given number of rows, and an ANALYZE for the planner."""
        # The dump's own statements leave the session without a search path.
        self._lines.append(sql.SQL("SET search_path = {};").format(sql.Identifier(schema)).as_string())
        check = sql.SQL(_CHECK).format(counts=sql.Literal(json.dumps(counts)), schema=sql.Literal(schema))
        self._lines.append(check.as_string())
        self._lines.append("ANALYZE;")

    def end(self, *, at_once: bool) -> None:
        """Add the COMMIT, when it is one transaction."""
        if at_once:
            self._lines.append("COMMIT;")

    def __str__(self) -> str:
        return "\n".join([*self._lines, ""])
