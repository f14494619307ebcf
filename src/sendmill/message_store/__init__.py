"""PostgreSQL: the embedded server, the message store and its hot SQL."""
