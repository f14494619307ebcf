"""The Django app of the message store."""

from django.apps import AppConfig


class MessageStoreConfig(AppConfig):
    name = "sendmill.message_store"
    label = "storage"
