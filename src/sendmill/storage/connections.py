"""Connections of the asyncio processes: autocommit, alive or quickly known to be dead."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.errors import IdleInTransactionSessionTimeout, ReadOnlySqlTransaction

Connection = AsyncConnection[tuple[Any, ...]]

# Who vanished without a word (power, network) is noticed within eight seconds, on both ends: a silent connection
# by keepalives; one on which something was written, where the kernel sends none, by the limit on that.
KEEPALIVES = {"idle": 4, "interval": 1, "count": 4}  # seconds, seconds, probes
UNACKNOWLEDGED = 8_000  # milliseconds

# Plans are kept for long, and one that was made while a partition was empty would read it whole when it is full.
# Everything here finds a few rows by their keys, so the right plan is a nested loop at any size; merge and hash
# joins read all counters of all tasks there are, and are chosen by estimates that are off by a hundred times.
OPTIONS = (
    " ".join(f"-c tcp_keepalives_{name}={value}" for name, value in KEEPALIVES.items())
    + f" -c tcp_user_timeout={UNACKNOWLEDGED} "
    "-c idle_in_transaction_session_timeout=30000 -c timezone=UTC -c jit=off "
    "-c enable_seqscan=off -c enable_mergejoin=off -c enable_hashjoin=off "
    "-c plan_cache_mode=force_generic_plan"
)

# What says that the database, not the statement, is at fault: gone, restarting, turned into a standby, or it
# ended a session that was silent for too long. Deadlocks and refused serializations are among them too. The
# remedy is one: a new connection, and the same step again.
DATABASE_LOST = (OperationalError, IdleInTransactionSessionTimeout, ReadOnlySqlTransaction)


async def connect(dsn: str, purpose: str) -> Connection:
    """A connection of one lane, writer or watcher; `purpose` is what pg_stat_activity shows.

    Statements of the hot path are prepared at their second use. Raises psycopg.OperationalError.
    """
    return await AsyncConnection.connect(
        dsn,
        autocommit=True,
        prepare_threshold=1,
        application_name=f"sendmill {purpose}",
        options=OPTIONS,
        connect_timeout=10,
        keepalives_idle=KEEPALIVES["idle"],
        keepalives_interval=KEEPALIVES["interval"],
        keepalives_count=KEEPALIVES["count"],
        tcp_user_timeout=UNACKNOWLEDGED,
    )
