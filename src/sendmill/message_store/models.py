"""No models: the message store is SQL. Django sends post_migrate only to apps that have this module."""
