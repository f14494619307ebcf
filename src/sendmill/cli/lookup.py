"""Finding what a person named: by its name, or by its id when the name is not enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import act, ready

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from sendmill.accounts.models import Member
    from sendmill.catalog.models import Application, Carrier, Signature, Template
    from sendmill.cli.caller import Caller
    from sendmill.tasks.models import Task

Row = TypeVar("Row", bound="Model")
OFFERED = 12  # names told when none fits


def find_application(member: Member, named: str) -> Application:
    """The application of the member's account with this name or id. Raises RefusedError, as all of these."""
    from sendmill.catalog.models import Application

    return _find(member, Application.objects.select_related("account", "carrier"), "application", named)


def find_carrier(member: Member, named: str) -> Carrier:
    """The carrier of the member's account with this name or id."""
    from sendmill.catalog.models import Carrier

    return _find(member, Carrier.objects.all(), "carrier", named)


def find_signature(
    member: Member, named: str, type_: str | None = None, application: Application | None = None
) -> Signature:
    """The signature with this name or id; the type tells those of one name apart."""
    from sendmill.catalog.models import Signature

    rows = Signature.objects.select_related("application", "account")
    rows = rows.filter(type=type_) if type_ is not None else rows
    rows = rows.filter(application=application) if application is not None else rows
    return _find(member, rows, "signature", named, lambda row: f"{row.type} of {row.application.name}")


def find_template(member: Member, named: str, application: str | None = None) -> Template:
    """The template with this name or id; the application tells those of one name apart."""
    from sendmill.catalog.models import Template

    rows = Template.objects.select_related("application", "signature", "account")
    if application is not None:
        rows = rows.filter(application=find_application(member, application))
    return _find(member, rows, "template", named, lambda row: f"of {row.application.name}")


def find_member(member: Member, named: str) -> Member:
    """The member of the same account with this user name or id."""
    from sendmill.accounts.models import Member

    rows = Member.objects.select_related("account")
    return _find(member, rows, "member", named, field="username")


def find_task(caller: Caller, key: int) -> tuple[Task, Member]:
    """The task with this id, and who acts on it: unless the caller chose, a member of the task's own account."""
    ready()
    from sendmill.accounts.permissions import visible
    from sendmill.tasks.models import Task

    rows = Task.objects.select_related("account", "application", "signature", "template")
    account = caller.account
    if account is None and caller.username is None:
        found = rows.filter(pk=key).first()
        if found is None:
            raise RefusedError(f"There is no task {key}.")
        account = found.account.name
    member = act(account, caller.username)
    task = visible(rows, member).filter(pk=key).first()
    if task is None:
        raise RefusedError(f"There is no task {key} in the account “{member.account.name}”.")
    return task, member


def _find(
    member: Member,
    rows: QuerySet[Row],
    kind: str,
    named: str,
    describe: Callable[[Row], str] = str,
    field: str = "name",
) -> Row:
    from sendmill.accounts.permissions import visible

    mine = visible(rows, member)
    found = list(mine.filter(**{field: named}).order_by("pk"))
    if not found and named.isascii() and named.isdigit() and len(named) < 19:
        found = list(mine.filter(pk=int(named)))
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"{row.pk} ({describe(row)})" for row in found)
        raise RefusedError(f"There are several {kind}s “{named}”. Name one by its id: {several}.")
    names = list(mine.order_by(field).values_list(field, flat=True).distinct()[: OFFERED + 1])
    offered = ", ".join(names[:OFFERED]) + (", …" if len(names) > OFFERED else "")
    there = f"There are: {offered}." if names else f"There is no {kind} at all yet."
    raise RefusedError(f"There is no {kind} “{named}”. {there}")
