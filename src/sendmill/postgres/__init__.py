"""PostgreSQL: the embedded server, connections, locks, and the checks of a server."""
