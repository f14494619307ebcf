"""The parts of the embedded PostgreSQL: errors, system user, binaries, folders, settings, process."""
