"""Tasks, drafts and files as lists and pages need them: searched, narrowed, and read with the rows they refer to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from sendmill.accounts.models import Account
from sendmill.tasks.models import Draft, Export, Task


def tasks(account: Account, *, text: str = "", status: str = "") -> QuerySet[Task]:
    """Tasks of an account whose name contains `text`, in a status if one is given; in no order."""
    rows = Task.objects.filter(account=account).select_related("application", "signature", "template")
    if text:
        rows = rows.filter(name__icontains=text)
    return rows.filter(status=status) if status else rows


def tasks_by_id(account: Account, ids: Iterable[int]) -> list[Task]:
    """Those of the tasks that belong to the account."""
    return list(Task.objects.filter(account=account, pk__in=list(ids)))


def detailed_tasks() -> QuerySet[Task]:
    """Tasks of every account with all that their details name; the caller narrows them to one account."""
    return Task.objects.select_related(
        "account", "application", "signature", "template", "carrier", "created_by"
    )


def task_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of tasks by id; a task that was deleted is left out."""
    return dict(Task.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def detailed_drafts() -> QuerySet[Draft]:
    """Drafts of every account with all that their pages name; the caller narrows them to one account."""
    return Draft.objects.select_related(
        "application__account", "application__carrier", "signature", "template", "task"
    )


def find_draft(account: Account, key: uuid.UUID) -> Draft | None:
    """The draft of an account; None when there is none, or it belongs to another account."""
    return Draft.objects.filter(account=account, key=key).first()


def find_export(account: Account, key: uuid.UUID) -> Export | None:
    """The file of an account with its source; None when there is none, or it belongs to another account."""
    rows = Export.objects.select_related("task__account", "draft__account")
    return rows.filter(account=account, key=key).first()
