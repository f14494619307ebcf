"""The embedded PostgreSQL: system user, binaries, folders, settings, process."""
