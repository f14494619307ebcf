"""Connections of the asyncio processes: autocommit, with keepalives that notice a dead server in seconds."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sendmill.postgres.address import primary_only
from sendmill.postgres.durable_connections import DurableAsyncConnection
from sendmill.postgres.session_settings import options

Connection = AsyncConnection[tuple[Any, ...]]

# A peer that vanished (power, network) is noticed within eight seconds, on both ends: by keepalives on an idle
# connection, and by tcp_user_timeout on one with unacknowledged data, where the kernel sends no keepalives.
KEEPALIVES = {"idle": 4, "interval": 1, "count": 4}  # seconds, seconds, probes
UNACKNOWLEDGED = 8_000  # milliseconds

# Plans are kept for long, and one that was made while a partition was empty would read it whole when it is full.
# All statements here find a few rows by their keys, so the right plan is a nested loop at any size; merge and hash
# joins would read all counters of all tasks, and are chosen because of estimates that are wrong by a factor of 100.
SESSION = {f"tcp_keepalives_{name}": str(value) for name, value in KEEPALIVES.items()} | {
    "tcp_user_timeout": str(UNACKNOWLEDGED),
    "idle_in_transaction_session_timeout": "30000",
    "jit": "off",
    "enable_seqscan": "off",
    "enable_mergejoin": "off",
    "enable_hashjoin": "off",
    "plan_cache_mode": "force_generic_plan",
}


async def connect(dsn: str, purpose: str) -> Connection:
    """Return a connection of one batch sender, writer or watcher; pg_stat_activity shows its `purpose`.

    Statements of the hot path are prepared at their second use. Raises psycopg.OperationalError.
    """
    return await DurableAsyncConnection.connect(
        make_conninfo(dsn, **primary_only(dsn)),
        autocommit=True,
        prepare_threshold=1,
        application_name=f"sendmill {purpose}",
        options=options(str(conninfo_to_dict(dsn).get("options") or ""), **SESSION),
        connect_timeout=10,
        keepalives_idle=KEEPALIVES["idle"],
        keepalives_interval=KEEPALIVES["interval"],
        keepalives_count=KEEPALIVES["count"],
        tcp_user_timeout=UNACKNOWLEDGED,
    )
