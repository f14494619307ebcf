"""The Django app of drafts and tasks."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TasksConfig(AppConfig):
    name = "sendmill.tasks"
    label = "tasks"

    def ready(self) -> None:
        from sendmill.catalog.carriers import ids_read_anew

        post_migrate.connect(_make_partitions, sender=self)
        ids_read_anew.connect(_match_again)


def _make_partitions(**_: Any) -> None:
    """A migrated database can take tasks at once."""
    from sendmill.message_store.partitions import ensure_partitions

    ensure_partitions()


def _match_again(carrier: Any, **_: Any) -> None:
    """A carrier's ids are compared in another form from now on."""
    from sendmill.tasks import rematching

    rematching.begin(carrier)
