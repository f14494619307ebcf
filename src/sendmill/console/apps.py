"""The Django app of the pages."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The app has templates and translations, but no models."""

    name = "sendmill.console"
    label = "console"
