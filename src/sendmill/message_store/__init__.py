"""The message store: the tables that the engine writes, their SQL, and the check for an older copy (`marks`)."""
