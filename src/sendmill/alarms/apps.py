"""The Django app of alarms."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """The Django app of alarms."""

    name = "sendmill.alarms"
    label = "alarms"
