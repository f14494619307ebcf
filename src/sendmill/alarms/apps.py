"""The Django app of alarms."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "sendmill.alarms"
    label = "alarms"
