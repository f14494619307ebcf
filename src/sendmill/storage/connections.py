"""Connections of the asyncio processes: autocommit, alive or quickly known to be dead."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.errors import IdleInTransactionSessionTimeout, ReadOnlySqlTransaction

# A server that vanished without a word is noticed within about ten seconds, on both ends. Plans are kept for
# long, and one that was made while a partition was empty would read it whole when it is full.
OPTIONS = (
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 "
    "-c idle_in_transaction_session_timeout=30000 -c timezone=UTC -c jit=off "
    "-c enable_seqscan=off -c plan_cache_mode=force_generic_plan"
)

# What says that the database, not the statement, is at fault: gone, restarting, turned into a standby, or it
# ended a session that was silent for too long. Deadlocks and refused serializations are among them too. The
# remedy is one: a new connection, and the same step again.
DATABASE_LOST = (OperationalError, IdleInTransactionSessionTimeout, ReadOnlySqlTransaction)


async def connect(dsn: str, purpose: str) -> AsyncConnection[tuple[Any, ...]]:
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
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
    )
