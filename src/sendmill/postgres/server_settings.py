"""Checks settings of the database server, and its standbys, that could lose committed rows.

`read_server` asks the server, `find_shortcomings` judges. Both work with any role; what an unprivileged role cannot
see is said as unknown, never as fine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from sendmill.postgres.errors import PostgresError

# max_locks_per_transaction: a statement about all tasks locks all of their partitions.
LEAST_LOCKS = 256

# current_setting(…, true) is null for what this version of the server does not know.
SETTINGS = """
SELECT current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',
       current_setting('synchronous_commit'), current_setting('max_locks_per_transaction')::int,
       current_setting('session_replication_role') = 'origin', current_setting('synchronous_standby_names') <> ''
"""

# Physical standbys that could be promoted: no base backup, no archiver, no logical subscriber. A role without
# pg_monitor sees nulls, so a row without a state cannot be judged.
STANDBYS = """
SELECT coalesce(nullif(r.application_name, ''), 'a standby'), r.sync_state
FROM pg_stat_replication r
WHERE (r.state IS NULL OR r.state <> 'backup') AND r.application_name IS DISTINCT FROM 'pg_receivewal'
  AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
ORDER BY 1
"""


class UnsafeServerError(PostgresError):
    """The server may lose what it has reported as committed."""


@dataclass(frozen=True)
class Standby:
    """A physical standby that is connected; `sync_state` is None where our role may not see it."""

    name: str
    sync_state: str | None


@dataclass(frozen=True)
class Server:
    """The settings and standbys of the server, as a session of ours sees them."""

    fsync: bool
    full_page_writes: bool
    synchronous_commit: str
    locks: int
    triggers: bool
    names_standbys: bool
    standbys: tuple[Standby, ...] = ()


@dataclass(frozen=True)
class Shortcoming:
    """One thing that endangers the promise; `code` is a key of RULES.

    With `refuse`, nothing may start on such a server without an override.
    """

    code: str
    message: str
    parameters: dict[str, str]
    refuse: bool

    def __str__(self) -> str:
        return self.message % self.parameters


class Cursor(Protocol):
    """A cursor of psycopg or of Django."""

    def execute(self, query: Any, /) -> Any:
        """Execute a statement."""

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""

    def fetchall(self) -> Any:
        """Return the rows that are left."""


def read_server(cursor: Cursor) -> Server:
    """Read the settings and standbys of the server behind a cursor."""
    cursor.execute(SETTINGS)
    fsync, full_page_writes, synchronous_commit, locks, triggers, names_standbys = cursor.fetchone()
    cursor.execute(STANDBYS)
    standbys = tuple(Standby(*standby) for standby in cursor.fetchall())
    return Server(fsync, full_page_writes, synchronous_commit, locks, triggers, names_standbys, standbys)


RULES: dict[str, str] = {
    "fsync": "fsync is off: a power cut or a crash of the machine can lose what was committed, and then numbers are "
    "sent to twice. Set fsync = on and restart the server.",
    "full_page_writes": "full_page_writes is off: a power cut can leave torn pages, and what was committed on them is "
    "lost. Set full_page_writes = on.",
    "synchronous_commit": "Sessions run with synchronous_commit = %(value)s although Sendmill asks for on: something "
    "between (a connection pooler?) drops the settings of our sessions. Connect to the server directly.",
    "session_replication_role": "session_replication_role is not origin: the triggers that keep the ledger do not run. "
    "Reset it for the role that Sendmill connects as.",
    "standby_unknown": "Whether the standby is synchronous is unknown: grant the role that Sendmill connects as "
    "pg_monitor.",
    "asynchronous_standby": "The standby %(names)s is asynchronous: if it takes over, the last moments can be missing; "
    "Sendmill then holds until a person decides, and reports that were acknowledged in them are lost. Name it in "
    "synchronous_standby_names.",
    "standby_missing": "synchronous_standby_names names a standby and none is connected: every commit waits for one. "
    "Start the standby, or clear synchronous_standby_names and reload the server.",
    "max_locks_per_transaction": "max_locks_per_transaction is %(locks)s: statements about many tasks can run out of "
    "locks. Set it to %(least)s and restart the server.",
}


def find_shortcomings(server: Server) -> list[Shortcoming]:
    """Return what endangers the promise on this server, the reasons to refuse it first; empty when there is nothing."""
    found = [*_refused(server), *_of_standbys(server)]
    if server.locks < LEAST_LOCKS:
        found.append(_lack("max_locks_per_transaction", locks=str(server.locks), least=str(LEAST_LOCKS)))
    return found


def _lack(code: str, *, refuse: bool = False, **parameters: str) -> Shortcoming:
    return Shortcoming(code, RULES[code], parameters, refuse)


def _refused(server: Server) -> Iterable[Shortcoming]:
    if not server.fsync:
        yield _lack("fsync", refuse=True)
    if not server.full_page_writes:
        yield _lack("full_page_writes", refuse=True)
    if server.synchronous_commit not in ("on", "remote_apply"):
        yield _lack("synchronous_commit", refuse=True, value=server.synchronous_commit)
    if not server.triggers:
        yield _lack("session_replication_role", refuse=True)


def _of_standbys(server: Server) -> Iterable[Shortcoming]:
    if any(standby.sync_state is None for standby in server.standbys):
        yield _lack("standby_unknown")
    elif server.standbys and not any(one.sync_state in ("sync", "quorum") for one in server.standbys):
        yield _lack("asynchronous_standby", names=", ".join(one.name for one in server.standbys))
    elif server.names_standbys and not server.standbys:
        yield _lack("standby_missing")


def refuse_unsafe(server: Server) -> None:
    """Raise `UnsafeServerError` with every reason why nothing may be sent from this server's store."""
    reasons = [str(one) for one in find_shortcomings(server) if one.refuse]
    if reasons:
        raise UnsafeServerError(
            " ".join(reasons)
            + " SENDMILL_ALLOW_UNSAFE_SERVER=true goes on without: after a power cut numbers may "
            "then be sent to twice and reports be lost."
        )
