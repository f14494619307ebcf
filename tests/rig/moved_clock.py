"""A clock of the database that a test moves, and the sender's own statements on the test's connection.

Within one transaction the functions now(), clock_timestamp() and statement_timestamp() of the schema that is
searched first answer the time that was set. Everything that asks the database for the time follows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db import connection, transaction

from sendmill.postgres.connections import Connection

Answer = TypeVar("Answer")


def take_over_clock() -> None:
    """From here to the end of the transaction the time is what `set_clock` says."""
    with connection.cursor() as cursor:
        for name in ("now", "clock_timestamp", "statement_timestamp"):
            cursor.execute(
                f"CREATE FUNCTION public.{name}() RETURNS timestamptz LANGUAGE sql STABLE "
                "AS $$ SELECT current_setting('sendmill.clock')::timestamptz $$"
            )
        cursor.execute("SET LOCAL search_path = public, pg_catalog")


def set_clock(moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sendmill.clock', %s, true)", [moment.isoformat()])


class _Cursor:
    """What the sender's statements need of a cursor, on Django's connection."""

    def __init__(self) -> None:
        self._cursor = connection.cursor()

    async def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> _Cursor:
        self._cursor.execute(sql, params)
        return self

    async def fetchone(self) -> tuple[Any, ...] | None:
        return cast(tuple[Any, ...] | None, self._cursor.fetchone())

    async def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._cursor.fetchall())

    @property
    def rowcount(self) -> int:
        return int(self._cursor.rowcount)


class _Bridge:
    """Django's connection, as the sender's statements see theirs."""

    def cursor(self, **_: Any) -> _Cursor:
        return _Cursor()

    async def execute(self, sql: str, params: Any = None) -> _Cursor:
        return await _Cursor().execute(sql, params)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        with transaction.atomic():
            yield


BRIDGE = cast(Connection, _Bridge())


def run(step: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer of a coroutine that waits for nothing but the bridge."""
    try:
        step.send(None)
    except StopIteration as done:
        return cast(Answer, done.value)
    raise AssertionError("waited for something else")
