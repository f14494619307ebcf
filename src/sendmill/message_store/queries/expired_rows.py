"""Deletes what is old enough and no longer needed: orphans, dead senders, states of binds, recent sends."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from sendmill.message_store import batched_deletion
from sendmill.message_store.sender_locks import SENDER_LOCK

SENDER_DAYS = 30

# Those of the oldest ids that are old enough: the table has no index of its times, and ids rise with them. What
# is still tried again stays.
_ORPHANS = """
WITH oldest AS (SELECT id, received_at, retry_at FROM orphan ORDER BY id LIMIT %(batch)s)
DELETE FROM orphan o USING oldest
WHERE o.id = oldest.id AND oldest.received_at < now() - make_interval(days => %(days)s) AND oldest.retry_at IS NULL
"""

_LIVING = """
SELECT objid::integer FROM pg_locks WHERE locktype = 'advisory' AND classid = %(lock)s::bigint::oid
AND objsubid = 2 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

# The timeline of a message names the sender's machine: its row stays as long as a chunk that it sent.
_SENDERS = f"""
DELETE FROM sender s
WHERE s.started_at < now() - make_interval(days => %(days)s) AND s.id NOT IN ({_LIVING})
  AND NOT EXISTS (SELECT FROM bind_state b WHERE b.owner = s.id)
  AND s.id NOT IN (SELECT DISTINCT owner FROM chunk WHERE owner IS NOT NULL)
"""

# Who takes a bind writes over what was said of it. This is about those that nobody will take. A carrier with a
# transmitter and a receiver has two slots a bind.
_BINDS = f"""
DELETE FROM bind_state b
WHERE b.owner NOT IN ({_LIVING})
  AND NOT EXISTS (SELECT FROM carrier c WHERE c.id = b.carrier_id AND c.enabled AND b.slot < c.binds * 2)
"""

_SENDS = """
DELETE FROM recent_send WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM recent_send WHERE at < %(now)s - interval '24 hours' ORDER BY at LIMIT %(batch)s))
"""


def delete_received(days: int) -> int:
    """Delete what carriers sent more than `days` days ago that belongs to no message, or found it then."""
    return batched_deletion.repeat(_ORPHANS, {"days": days, "batch": batched_deletion.BATCH})


def delete_senders() -> int:
    """Delete dead senders that nothing stored was sent by, and what was said of binds that nobody will hold."""
    with connection.cursor() as cursor:
        cursor.execute(_BINDS, {"lock": SENDER_LOCK})
        deleted = int(cursor.rowcount)
        cursor.execute(_SENDERS, {"lock": SENDER_LOCK, "days": SENDER_DAYS})
        return deleted + int(cursor.rowcount)


def delete_recent_sends(now: datetime) -> int:
    """Delete what no frequency cap counts any more; return how many rows."""
    return batched_deletion.repeat(_SENDS, {"now": now, "batch": batched_deletion.BATCH})
