"""SQL on Django's connection: pages, exports, statistics, the life of tasks."""
