"""Commands that do the work without the console: check a file, send it, fetch the results."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.environment import need_database, prepare
from sendmill.cli.errors import CommandError, NotRunningError, RefusedError

if TYPE_CHECKING:
    from sendmill.accounts.models import Account, Member
    from sendmill.domain.recipients import CheckedFile
    from sendmill.tasks.models import Task
    from sendmill.tasks.results import Counters

AS_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
FILE = Annotated[Path, typer.Argument(help="An .xlsx or .csv file: first row header, column A numbers.")]
SHOWN = 10  # deleted rows shown by `check`
POLL = 0.25


def check(
    file: FILE,
    type_: Annotated[
        str, typer.Option("--type", help="Number rules: international or mainland.")
    ] = "international",
    variables: Annotated[
        int, typer.Option(min=0, max=20, help="Columns behind the number that need a value.")
    ] = 0,
    as_json: AS_JSON = False,
) -> None:
    """Check a number file as an upload would; needs neither database nor server."""
    # Nothing is signed here; so the check works for somebody who may not write the data folder.
    os.environ.setdefault("SENDMILL_SECRET_KEY", secrets.token_urlsafe())
    prepare("cli", quiet=True)
    from rich.console import Console

    from sendmill.domain.kinds import ApplicationType
    from sendmill.domain.numbers import NumberRules
    from sendmill.domain.templates import parse
    from sendmill.tasks.check import check_file, upload_limits
    from sendmill.tasks.spreadsheet import SpreadsheetError, check_name

    if type_ not in tuple(ApplicationType):
        raise typer.BadParameter("choose international or mainland", param_hint="--type")
    kind = ApplicationType(type_)
    names = [f"column{chr(ord('B') + at)}" for at in range(variables)]
    content = "text " + " and ".join(f"${{{name}}}" for name in names)
    # Any text will do as a value here: which ones fit is decided by the template when the file is sent.
    template = parse(content, ApplicationType.MAINLAND, dict.fromkeys(names, "TEXT"))
    console = Console(stderr=True)
    try:
        refused_name = check_name(file.name)
        if refused_name is not None:
            raise refused_name
        with console.status(f"Checking {file.name} …"):
            checked, outcome = check_file(file, NumberRules.of(kind), template, limits=upload_limits())
    except SpreadsheetError as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error
    kept = ("rows", "accepted", "invalid", "duplicate", "unfit", "unusual", "repaired", "reasons")
    if as_json:
        typer.echo(json.dumps({name: outcome[name] for name in kept}))
    else:
        _show_check(checked, outcome)
    if outcome["accepted"] == 0:
        from sendmill.domain.recipients import announce

        raise RefusedError(str(announce(checked.counts)))


def _show_check(checked: CheckedFile, outcome: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from sendmill.domain.recipients import announce, explain

    console = Console()
    table = Table.grid(padding=(0, 3))
    for name in ("rows", "accepted", "invalid", "duplicate", "unfit", "unusual", "repaired"):
        note = {"unusual": "(accepted, in a range not known)", "repaired": "(accepted, after repair)"}.get(
            name, ""
        )
        table.add_row(name, f"{outcome[name]:,}", f"[dim]{note}[/]")
    console.print(table)
    deleted = checked.deleted.head(SHOWN)
    if deleted.is_empty():
        return
    console.print(f"\n{announce(checked.counts)}\n", markup=False)
    rows = Table("row", "text", "reason", box=None)
    for row in deleted.iter_rows(named=True):
        rows.add_row(str(row["row"]), row["text"], str(explain(row["reason"], row["detail"] or "")))
    console.print(rows)
    if checked.deleted.height > SHOWN:
        console.print(f"… and {checked.deleted.height - SHOWN:,} more")


def send(
    file: FILE,
    application: Annotated[str, typer.Option(help="Name of the application.")],
    template: Annotated[str, typer.Option(help="Name of the template.")],
    signature: Annotated[str | None, typer.Option(help="Name of the signature (mainland).")] = None,
    at: Annotated[
        str | None, typer.Option(help="When to send, in the account's time zone: 2026-05-01T09:30.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Task name; the file's name otherwise.")] = None,
    account: Annotated[str | None, typer.Option(help="Account, when there are several.")] = None,
    as_: Annotated[
        str | None, typer.Option("--as", help="Member to act as; the first administrator otherwise.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every recipient has a result.")] = False,
    as_json: AS_JSON = False,
) -> None:
    """Check a number file and send it: creates a task, as the console would."""
    prepare("cli", quiet=True)
    need_database()
    need_worker()
    member = choose_member(choose_account(account), as_)
    task = create_task(
        member, file, application=application, template=template, signature=signature, at=at, name=name
    )
    if wait:
        wait_until_completed(task, progress=not as_json)
    outcome = outcome_of(task)
    if as_json:
        typer.echo(json.dumps({"task": task.pk, "status": task.status} | outcome))
        return
    typer.echo(f"Task {task.pk}: {outcome['accepted']:,} numbers, {task.status}.")
    if wait:
        typer.echo(f"{outcome['successful']:,} successful, {outcome['failed']:,} failed.")


def choose_account(name: str | None) -> Account:
    """The account of that name, or the only one there is. Raises RefusedError naming the choices."""
    from sendmill.accounts.models import Account

    accounts = list(Account.objects.order_by("name"))
    if name is not None:
        accounts = [account for account in accounts if account.name == name]
    if len(accounts) == 1:
        return accounts[0]
    if name is not None:
        raise RefusedError(f"There is no account {name!r}.")
    if not accounts:
        raise RefusedError("There is no account yet: run `sendmill createadmin`.")
    names = ", ".join(account.name for account in accounts)
    raise RefusedError(f"There are several accounts; choose one with --account: {names}.")


def choose_member(account: Account, username: str | None) -> Member:
    """Who acts: the member of that name, else the account's first active administrator."""
    from sendmill.accounts.models import Member, Role

    members = Member.objects.filter(account=account, is_active=True).order_by("pk")
    if username is not None:
        found = members.filter(username=username).first()
        if found is None:
            raise RefusedError(f"The account {account.name} has no active member {username!r}.")
        return found
    found = members.filter(role=Role.ADMIN).first()
    if found is None:
        raise RefusedError(f"The account {account.name} has no administrator: run `sendmill createadmin`.")
    return found


def need_worker() -> None:
    """Raise NotRunningError unless a worker has shown itself lately: without one nothing is checked."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - interval '60 s')"
        )
        row = cursor.fetchone()
    if not (row and row[0]):
        raise NotRunningError("No worker runs, so nothing was created. Start one with `sendmill up`.")


def create_task(
    member: Member,
    file: Path,
    *,
    application: str,
    template: str,
    signature: str | None,
    at: str | None,
    name: str | None = None,
) -> Task:
    """Check a file and confirm it at once, as `OK` in the console does. Raises RefusedError."""
    from rich.console import Console

    from sendmill.catalog.selection import SelectionError, select
    from sendmill.tasks.drafts import confirm, create_draft
    from sendmill.tasks.models import DraftState
    from sendmill.tasks.refusals import FormError, Refused

    console = Console(stderr=True)
    try:
        chosen = select(member.account, application=application, signature=signature, template=template)
        with file.open("rb") as content:
            draft = create_draft(
                member,
                name=name or file.stem[:64],
                application=chosen.application,
                signature=chosen.signature,
                template=chosen.template,
                scheduled_at=read_time(at, member.account),
                file_name=file.name,
                content=content,
            )
        with console.status(f"Checking {file.name} …"):
            while draft.state == DraftState.CHECKING:
                time.sleep(POLL)
                draft.refresh_from_db()
        if draft.state == DraftState.REFUSED:
            refusal = draft.refusal or {}
            raise RefusedError(refusal.get("message", "Refused.") % refusal.get("parameters", {}))
        return confirm(draft, member)
    except (FormError, Refused, SelectionError) as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error


def read_time(text: str | None, account: Account) -> datetime | None:
    """A time as typed; without an offset it is in the account's time zone."""
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(f"{text!r} is not a time; write it like 2026-05-01T09:30.") from error
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(account.time_zone))


def counters_of(task: Task) -> Counters:
    """The counters of one task now."""
    from sendmill.tasks.results import counters

    return counters([task.pk])[task.pk]


def wait_until_completed(task: Task, *, patience: float | None = None, progress: bool = True) -> None:
    """Wait until the task ended. Raises CommandError when it was canceled or time is up."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from sendmill.tasks.models import ImportState, TaskStatus

    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    from rich.console import Console

    with Progress(*columns, console=Console(stderr=True), disable=not progress) as bar:
        line = bar.add_task("Sending", total=task.accepted)
        while True:
            task.refresh_from_db()
            counted = counters_of(task)
            bar.update(
                line,
                completed=counted.successful + counted.failed,
                description=f"{task.get_status_display()}",
            )
            if task.status == TaskStatus.COMPLETED:
                return
            if task.status == TaskStatus.CANCELED:
                raise CommandError(f"The task was canceled: {task.reason or 'by a person'}.")
            if task.import_state == ImportState.FAILED:
                raise CommandError(f"The import failed: {task.reason}")
            if patience is not None and time.monotonic() - began > patience:
                raise NotRunningError(
                    f"The task is not finished after {patience:.0f} s. Look with `sendmill doctor`."
                )
            time.sleep(POLL)


def outcome_of(task: Task) -> dict[str, int]:
    """What became of a task, as numbers that add up."""
    counted = counters_of(task)
    return {
        "accepted": task.accepted,
        "invalid": task.invalid,
        "duplicate": task.duplicate,
        "unfit": task.unfit,
        "parts": task.parts,
        "successful": counted.successful,
        "failed": counted.failed,
        "sending": counted.sending,
        "uncertain": counted.uncertain,
    }


def results(
    task: Annotated[int, typer.Argument(help="Number of the task.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="An .xlsx or .csv file to write.")],
    failed: Annotated[
        bool, typer.Option("--failed", help="Failed numbers only; the file can be sent again as it is.")
    ] = False,
    as_: Annotated[
        str | None, typer.Option("--as", help="Member to act as; the first administrator otherwise.")
    ] = None,
    as_json: AS_JSON = False,
) -> None:
    """Write what became of a task's recipients to a file."""
    prepare("cli", quiet=True)
    need_database()
    from rich.console import Console

    from sendmill.accounts.permissions import NotAllowed
    from sendmill.tasks.exports import all_results, failed_numbers
    from sendmill.tasks.models import Task
    from sendmill.tasks.refusals import Refused

    chosen = Task.objects.select_related("account").filter(pk=task).first()
    if chosen is None:
        raise RefusedError(f"There is no task {task}.")
    kind = output.suffix.removeprefix(".")
    if kind not in ("xlsx", "csv"):
        raise RefusedError(f"{output.name} must end in .xlsx or .csv.")
    member = choose_member(chosen.account, as_)
    unfinished = output.with_name(f".{output.name}.part")
    try:
        with Console(stderr=True).status("Writing …"):
            download = (failed_numbers if failed else all_results)(chosen, member, kind)  # type: ignore[arg-type]
            with download.file, unfinished.open("wb") as target:
                shutil.copyfileobj(download.file, target)
        unfinished.replace(output)
    except (Refused, NotAllowed) as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    counted = counters_of(chosen)
    numbers = counted.failed if failed else chosen.accepted
    if as_json:
        typer.echo(json.dumps({"task": task, "numbers": numbers, "file": str(output)}))
    else:
        typer.echo(f"{numbers:,} numbers written to {output}.")
