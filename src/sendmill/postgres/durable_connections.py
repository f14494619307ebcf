"""Connections on which a COMMIT fails when it did not reach the synchronous standby.

PostgreSQL ends the wait for a synchronous standby when it is told to cancel it (by an administrator, by
``pg_cancel_backend``, by a fast shutdown): the statement then *succeeds*, with a WARNING that the transaction "might
not have been replicated to the standby" (source: SyncRepWaitForLSN). After a promotion that transaction would be gone,
so here it counts as not committed: the connection is closed and the statement raises `UnreplicatedCommitError`.
"""

from __future__ import annotations

from datetime import datetime
from types import ModuleType
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import Diagnostic

RV = TypeVar("RV")
WAIT_FOR_STANDBY = "SyncRepWaitForLSN"  # the same in every language of the server


class UnreplicatedCommitError(psycopg.OperationalError):
    """The server canceled its wait for the synchronous standby: it is not known whether the commit will last."""

    def __init__(self) -> None:
        super().__init__("the wait for the synchronous standby was canceled: the commit may not last")


class _StandbyWait:
    """Notes the server's warning; both kinds of connection check it after each exchange."""

    canceled = False

    def note(self, diagnostic: Diagnostic) -> None:
        if diagnostic.source_function == WAIT_FOR_STANDBY:
            self.canceled = True


class DurableConnection(psycopg.Connection[Any]):
    """A blocking connection, for Django and commands."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._standby_wait = _StandbyWait()
        self.add_notice_handler(self._standby_wait.note)

    def wait(self, gen: PQGen[RV], *arguments: Any, **named: Any) -> RV:
        """Wait as psycopg does; raises `UnreplicatedCommitError` and closes the connection after such a warning."""
        answer = super().wait(gen, *arguments, **named)
        if self._standby_wait.canceled:
            self.close()
            raise UnreplicatedCommitError
        return answer


class DurableAsyncConnection(psycopg.AsyncConnection[Any]):
    """A connection of the asyncio processes.

    `postmaster` is the start time of the server, once it was asked for.
    """

    postmaster: datetime | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._standby_wait = _StandbyWait()
        self.add_notice_handler(self._standby_wait.note)

    async def wait(self, gen: PQGen[RV], *arguments: Any, **named: Any) -> RV:
        """Wait as psycopg does; raises `UnreplicatedCommitError` and closes the connection after such a warning."""
        answer = await super().wait(gen, *arguments, **named)
        if self._standby_wait.canceled:
            await self.close()
            raise UnreplicatedCommitError
        return answer


# psycopg as Django's backend uses it, with our kind of connection.
DRIVER = ModuleType("psycopg")
DRIVER.__dict__.update(vars(psycopg) | {"connect": DurableConnection.connect})
