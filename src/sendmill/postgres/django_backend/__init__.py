"""Django's PostgreSQL backend on connections that do not take a canceled standby wait for a commit."""
