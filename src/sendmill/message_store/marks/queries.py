"""Queries of marks, places and the runs of senders."""

from __future__ import annotations

# The store, this life of the server, its identity, and whether anything was ever sent from here, or might have been
# from a copy: there are tasks.
STORE = """
SELECT s.id, pg_postmaster_start_time(), (SELECT system_identifier FROM pg_control_system())::text,
       current_database()::text, EXISTS (SELECT FROM stamp WHERE count > 0),
       EXISTS (SELECT FROM task)
FROM store s
"""

# The marks of some runs.
COUNTS = "SELECT run, lane, count FROM stamp WHERE run = ANY(%s)"

# Marks that holds have named: the newest of each.
EXCUSED = """
SELECT (m ->> 0)::uuid, (m ->> 1)::int, max((m ->> 2)::bigint)
FROM hold, jsonb_array_elements(missing) AS m GROUP BY 1, 2
"""

# The server behind a connection, and the marks of one run in its store.
BEHIND = """
SELECT pg_postmaster_start_time(), (SELECT json_object_agg(lane, count) FROM stamp WHERE run = %s)
"""

PLACES = "SELECT machine, folder, server, database, ran FROM place"

# Senders that hold their lock now, and whether each has found its marks on this life of the server.
RUNS = """
SELECT s.id, s.run, s.place, s.verified_at IS NOT NULL AND s.postmaster = pg_postmaster_start_time()
FROM sender s
WHERE s.run IS NOT NULL AND s.id IN (
    SELECT objid::integer FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %(lock)s::bigint::oid AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""

# Runs that were not seen to end: killed, or on their way back after the server was lost.
UNENDED = "SELECT id, run FROM sender WHERE run IS NOT NULL AND ended_at IS NULL AND run <> ALL(%s)"

NOTE_PLACE = """
INSERT INTO place (key, machine, folder, server, database, host, noted_by)
VALUES (%(key)s, %(machine)s, %(folder)s, %(server)s, %(database)s, %(host)s, %(noted_by)s)
ON CONFLICT (key) DO NOTHING
"""

# The open hold of a store whose place was confirmed: binds are opened now, and its tasks wait on.
MOVED = """
UPDATE hold SET kind = %s, message = %s, parameters = '{}' WHERE released_at IS NULL AND kind = %s
"""

RAN = "UPDATE place SET ran = true WHERE key = %s AND NOT ran"

# A run has found its marks here.
VERIFIED = """
UPDATE sender SET run = %(run)s, place = %(place)s, verified_at = clock_timestamp(),
    postmaster = pg_postmaster_start_time(), ended_at = NULL
WHERE id = %(owner)s AND run = %(run)s
"""

# Where a run is that may not be at home there.
AT = "UPDATE sender SET place = %(place)s WHERE id = %(owner)s AND run = %(run)s AND place IS DISTINCT FROM %(place)s"

# A run's own lanes, the first time that it sends over each; lane 0 is the run itself.
ADD_LANE = "INSERT INTO stamp (run, lane, count) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"

ENDED = "UPDATE sender SET ended_at = clock_timestamp() WHERE id = ANY(%s) AND ended_at IS NULL"

ENDED_RUNS = "UPDATE sender SET ended_at = clock_timestamp() WHERE run = ANY(%s) AND ended_at IS NULL"
