"""The Django app of drafts and tasks."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TasksConfig(AppConfig):
    name = "sendmill.tasks"
    label = "tasks"

    def ready(self) -> None:
        post_migrate.connect(_make_partitions, sender=self)


def _make_partitions(**_: Any) -> None:
    """A migrated database can take tasks at once."""
    from sendmill.storage.partitions import ensure_partitions

    ensure_partitions()
