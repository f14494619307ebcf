"""The Django app of drafts and tasks."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Drafts and tasks, with the label that their migrations use."""

    name = "sendmill.tasks"
    label = "tasks"
