"""The jobs that other apps ask the worker for, by name; `worker.jobs` holds what they do."""
