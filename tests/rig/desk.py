"""A small account with everything that tasks need, and short ways to drafts and tasks."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from sendmill.accounts.models import Account, Member, Role
from sendmill.billing import ledger
from sendmill.billing.models import Price
from sendmill.catalog.models import Application, Carrier, Signature, Template
from sendmill.domain.results import Result
from sendmill.domain.types import ServiceType
from sendmill.message_store.partition_names import across
from sendmill.message_store.result_changes import counted
from sendmill.tasks import drafts, message_import
from sendmill.tasks import file_check as check
from sendmill.tasks.models import Draft, Task

FIRST = 4915100000000


@dataclass
class Desk:
    """An account at work: its resources, and what a person does with them."""

    account: Account
    sender: Member
    viewer: Member
    international: Application
    mainland: Application
    signature: Signature
    templates: dict[str, Template] = field(default_factory=dict)

    def create_draft(self, text: str = "", **changes: Any) -> Draft:
        """Fill in the form as `changes` say, with a CSV file of `text`."""
        template = changes.pop("template", self.templates["plain"])
        form: dict[str, Any] = {
            "name": "Task 1",
            "application": template.application,
            "signature": self.signature if template.application_id == self.mainland.pk else None,
            "template": template,
            "scheduled_at": None,
            "file_name": "Numbers.csv",
            "content": io.BytesIO(text.encode()),
        }
        return drafts.create_draft(self.sender, **(form | changes))

    def check(self, text: str, **changes: Any) -> Draft:
        """A draft of a CSV file, checked."""
        return self.check_again(self.create_draft(text, **changes))

    def check_again(self, draft: Draft) -> Draft:
        check.check_draft(draft.pk)
        draft.refresh_from_db()
        return draft

    def task(self, count: int = 3, text: str | None = None, **changes: Any) -> Task:
        """A confirmed and imported task of `count` numbers from FIRST on, or of the file `text`."""
        return self.import_draft(self.check(text or numbers(count), **changes))

    def import_draft(self, draft: Draft) -> Task:
        task = drafts.confirm(draft, self.sender)
        message_import.import_task(task.pk)
        task.refresh_from_db()
        return task

    def scheduled_task(self, at: datetime, count: int = 3, **changes: Any) -> Task:
        """An imported task whose time is `at`, which may be in the past."""
        task = self.task(count, **changes)
        Task.objects.filter(pk=task.pk).update(status="pending", started_at=None, scheduled_at=at)
        task.refresh_from_db()
        return task


def numbers(count: int) -> str:
    return "number\n" + "".join(f"+{FIRST + place}\n" for place in range(count))


def report(task: Task, result: Result, seqs: list[int], code: str | None = None) -> None:
    """Let messages be sent and have a result, as the sender and the reports would."""
    with connection.cursor() as cursor:
        cursor.execute(
            across(
                "WITH "
                + counted(
                    "UPDATE <message> m SET result = %s, code = %s, "
                    "submitted_at = coalesce(submitted_at, now()) WHERE task_id = %s AND seq = ANY(%s)",
                    mends=True,
                )
                + " SELECT count(*) FROM changed"
            ),
            [int(result), code, task.pk, seqs],
        )


def finish_chunks(task: Task) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE chunk SET state = 2, next_seq = hi, attempt = greatest(attempt, 1) WHERE task_id = %s",
            [task.pk],
        )


def fetch(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def furnish() -> Desk:
    """Make the account and its resources."""
    account = Account.objects.create(name="Account", time_zone="Europe/Berlin")
    ledger.top_up(account, Decimal(1000))
    for kind in tuple(ServiceType):
        Price.objects.create(
            account=account, type=kind, region="*", price=Decimal("0.01"), valid_from=date(2010, 1, 1)
        )
    sender = Member.objects.create(account=account, username="sender", role=Role.SENDER)
    viewer = Member.objects.create(account=account, username="viewer", role=Role.VIEWER)
    carrier = Carrier.objects.create(account=account, name="Carrier", host="127.0.0.1", system_id="a")
    common = {"account": account, "carrier": carrier}
    international = Application.objects.create(
        **common, name="World", type="international", add_86=False, app_key="1", sender_id="Sendmill"
    )
    mainland = Application.objects.create(**common, name="China", type="mainland", add_86=True, app_key="2")
    signature = Signature.objects.create(
        account=account, application=mainland, name="云帆", type="notification", state="approved",
        channel_number="1069",
    )  # fmt: skip
    desk = Desk(account, sender, viewer, international, mainland, signature)
    for name, application, kind, content, attributes in (
        ("plain", international, "notification", "The office is closed today.", {}),
        ("values", international, "notification", "Hello ${TXT_20}, see you at ${TIME}.", {}),
        ("sale", international, "promotion", "Sale today. Reply STOP to opt out.", {}),
        ("china", mainland, "notification", "您的订单${1}已发货。", {"1": "CHARDIGIT"}),
    ):
        desk.templates[name] = Template.objects.create(
            account=account, application=application, name=name, type=kind, content=content,
            attributes=attributes, state="approved", active=True, universal=application is mainland,
        )  # fmt: skip
    return desk
