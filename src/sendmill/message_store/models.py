"""No models: the tables are SQL (schema/). Django sends `post_migrate` only to apps that have this module."""
