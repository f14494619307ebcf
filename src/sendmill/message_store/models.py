"""No models: the message store is SQL. Django sends post_migrate, which makes partitions, only to apps with this module."""
