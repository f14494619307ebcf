"""Commands that do the work without the console: send a file, fetch the results."""

from __future__ import annotations

import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.commands.check import FILE, checking, cost_in_words
from sendmill.cli.errors import INTERRUPTED, CommandError, NotRunningError, RefusedError
from sendmill.cli.lookup import find_task
from sendmill.cli.output import note, show_json, working
from sendmill.schemas.task import ResultFileSchema, SentTaskSchema

if TYPE_CHECKING:
    from sendmill.accounts.models import Account, Member
    from sendmill.billing.charges import Quote
    from sendmill.tasks.models import Task
    from sendmill.tasks.result_files import What
    from sendmill.tasks.results import Counters

POLL = 0.25


@tells(SentTaskSchema)
def send(
    caller: Caller,
    file: FILE,
    application: Annotated[str, typer.Option(help="Name of the application.")],
    template: Annotated[str, typer.Option(help="Name of the template.")],
    signature: Annotated[str | None, typer.Option(help="Name of the signature (mainland).")] = None,
    at: Annotated[
        str | None, typer.Option(help="When to send, in the account's time zone: 2026-05-01T09:30.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Task name; the file's name otherwise.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every recipient has a result.")] = False,
) -> None:
    """Check a number file and send it: creates a task, as the console would."""
    member = caller.member
    need_worker()
    if wait:
        need_sender()
    task, quote = create_task(
        member, file, application=application, template=template, signature=signature, at=at, name=name
    )
    if not caller.as_json:
        note(cost_in_words(quote))
    if wait:
        try:
            wait_until_completed(task, progress=not caller.as_json)
        except KeyboardInterrupt:
            note(f"The task goes on; look with: sendmill task show {task.pk}")
            raise typer.Exit(INTERRUPTED) from None
    counted = counters_of(task)
    if caller.as_json:
        show_json(SentTaskSchema.of(task, counted, quote))
        return
    typer.echo(f"Task {task.pk}: {task.accepted:,} numbers, {task.status}.")
    if wait:
        typer.echo(f"{counted.successful:,} successful, {counted.failed:,} failed.")


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


def need_sender() -> None:
    """Raise NotRunningError unless a sender runs: without one nobody would ever be waited for."""
    from sendmill.cli.commands.doctor import look_at_senders

    found = look_at_senders()
    if not found.fine:
        raise NotRunningError(f"No sender: {found.sentence} Nothing was created.")


def create_task(
    member: Member,
    file: Path,
    *,
    application: str,
    template: str,
    signature: str | None,
    at: str | None,
    name: str | None = None,
) -> tuple[Task, Quote]:
    """Check a file and confirm it at once, as `OK` in the console does; the task, and what it cost at most.

    Raises RefusedError.
    """
    from sendmill.catalog.association_by_name import select
    from sendmill.tasks.charging import quote_draft
    from sendmill.tasks.drafts import confirm, create_draft
    from sendmill.tasks.models import DraftState

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
        with working(checking(file)):
            while draft.state == DraftState.CHECKING:
                time.sleep(POLL)
                draft.refresh_from_db()
        if draft.state == DraftState.REFUSED:
            refusal = draft.refusal or {}
            raise RefusedError(refusal.get("message", "Refused.") % refusal.get("parameters", {}))
        _, quote = quote_draft(draft)
        return confirm(draft, member), quote
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

    from sendmill.domain.task_life import ImportState, TaskStatus

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
                completed=counted.successful + counted.failed + counted.not_sent,
                description=_progress(task, counted),
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


def _progress(task: Task, counted: Counters) -> str:
    held = "Ending" if task.ending else "Paused" if task.paused else ""
    status = held or str(task.get_status_display())
    return f"{status}, {counted.uncertain:,} uncertain" if counted.uncertain else status


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
        "waiting": counted.waiting,
        "not_sent": counted.not_sent,
    }


@tells(ResultFileSchema)
def results(
    caller: Caller,
    task: Annotated[int, typer.Argument(help="Number of the task.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="An .xlsx or .csv file to write.")],
    failed: Annotated[
        bool, typer.Option("--failed", help="Failed numbers only; the file can be sent again as it is.")
    ] = False,
    deleted: Annotated[
        bool, typer.Option("--deleted", help="The rows of the file that were not taken, with their reasons.")
    ] = False,
) -> None:
    """Write what became of a task's recipients to a file."""
    if failed and deleted:
        raise RefusedError("Choose one of --failed and --deleted.")
    kind = output.suffix.removeprefix(".").lower()
    if kind not in ("xlsx", "csv"):
        raise RefusedError(f"{output.name} must end in .xlsx or .csv.")
    chosen, member = find_task(caller, task)
    from sendmill.tasks.result_files import count, download

    what: What = "failed" if failed else "deleted" if deleted else "results"
    unfinished = output.with_name(f".{output.name}.part")
    try:
        with working("Writing …"):
            written = download(what, chosen, member, "csv" if kind == "csv" else "xlsx")
            with written.file, unfinished.open("wb") as target:
                shutil.copyfileobj(written.file, target)
        unfinished.replace(output)
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    numbers = count(what, chosen)
    caller.tell(
        ResultFileSchema(task=task, numbers=numbers, file=str(output)),
        f"{numbers:,} numbers written to {output}.",
    )
