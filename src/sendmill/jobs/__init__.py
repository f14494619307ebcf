"""Jobs that others defer by name and the worker runs."""
