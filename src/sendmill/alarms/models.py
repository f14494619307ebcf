"""Alarms of accounts."""

from django.db import models

from sendmill.accounts.models import Account


class Alarm(models.Model):
    """A problem that the administrators of an account should know of; cleared when it is over.

    It is about a task, or, without one, about the account.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey("tasks.Task", on_delete=models.CASCADE, null=True, related_name="+")
    code = models.CharField(max_length=32)
    message = models.TextField()
    parameters = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alarm"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "task", "code"],
                condition=models.Q(cleared_at=None),
                nulls_distinct=False,
                name="alarm_raised_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} of {f'task {self.task_id}' if self.task_id else f'account {self.account_id}'}"
