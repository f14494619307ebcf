"""The Django app of the pages."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "sendmill.console"
    label = "console"
