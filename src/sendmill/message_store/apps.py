"""The Django app of the message store."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MessageStoreConfig(AppConfig):
    """The app `message_store`: its migrations make the tables."""

    name = "sendmill.message_store"
    label = "message_store"

    def ready(self) -> None:
        """Have partitions made after each migration."""
        post_migrate.connect(_make_partitions, sender=self)


def _make_partitions(**_: Any) -> None:
    """Make the first partitions, so that a migrated database can take tasks at once."""
    from sendmill.message_store.partitions import ensure_partitions

    ensure_partitions()
