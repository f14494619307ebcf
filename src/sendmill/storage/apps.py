"""The Django app of the message store."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "sendmill.storage"
    label = "storage"
