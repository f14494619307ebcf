"""Settings that each of our database sessions sets for itself, whatever the server has as default.

The promise that nothing is sent twice rests on them: with ``synchronous_commit = off`` on a server of one's own,
eight kills of server and sender sent 1,950 of 40,000 numbers twice, because the intents that had been "committed"
were gone.
"""

from __future__ import annotations

# PostgreSQL's default for each; a server, database or role may say otherwise (ALTER ROLE … SET …).
RELIED_ON = {
    # A commit returns when it is on disk (and on the synchronous standby, if there is one).
    "synchronous_commit": "on",
    # Fences are conditional UPDATEs that see what others committed while they waited: READ COMMITTED only.
    "default_transaction_isolation": "read\\ committed",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
    # A limit that ends our statements at random ends an import of a million rows, too.
    "statement_timeout": "0",
    "lock_timeout": "0",
    "transaction_timeout": "0",
    "idle_session_timeout": "0",
    "timezone": "UTC",
    "DateStyle": "ISO,YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
}


def options(own: str = "", **more: str) -> str:
    """Return the ``options`` of a connection: those of its address (`own`) first, then ours, so that ours win."""
    ours = " ".join(f"-c {name}={value}" for name, value in (RELIED_ON | more).items())
    return f"{own} {ours}".strip()
