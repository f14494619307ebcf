"""The Django app of alarms."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Alarms, with the label that its migrations use."""

    name = "sendmill.alarms"
    label = "alarms"
