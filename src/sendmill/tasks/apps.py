"""The Django app of drafts and tasks."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "sendmill.tasks"
    label = "tasks"
