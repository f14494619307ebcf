"""Commands that do the work without the console: check a file, send it, fetch the results."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.acting import ACCOUNT, AS, act
from sendmill.cli.answers import CheckAnswer, SentAnswer, WrittenAnswer
from sendmill.cli.environment import prepare
from sendmill.cli.errors import INTERRUPTED, CommandError, NotRunningError, RefusedError
from sendmill.cli.finding import find_task
from sendmill.cli.showing import AS_JSON, answers, note, plain, show_fields, show_json, show_table
from sendmill.domain.kinds import ApplicationType

if TYPE_CHECKING:
    from sendmill.accounts.models import Account, Member
    from sendmill.domain.recipients import CheckedFile
    from sendmill.tasks.models import Task
    from sendmill.tasks.results import Counters

FILE = Annotated[Path, typer.Argument(help="An .xlsx or .csv file: first row header, column A numbers.")]
SHOWN = 10  # deleted rows shown by `check`
POLL = 0.25


@answers(CheckAnswer)
def check(
    file: FILE,
    type_: Annotated[
        ApplicationType, typer.Option("--type", help="Whose number rules.")
    ] = ApplicationType.INTERNATIONAL,
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

    from sendmill.domain.numbers import NumberRules
    from sendmill.domain.templates import parse
    from sendmill.tasks.check import check_file, upload_limits
    from sendmill.tasks.spreadsheet import check_name

    names = [f"column{chr(ord('B') + at)}" for at in range(variables)]
    content = "text " + " and ".join(f"${{{name}}}" for name in names)
    # Any text will do as a value here: which ones fit is decided by the template when the file is sent.
    template = parse(content, ApplicationType.MAINLAND, dict.fromkeys(names, "TEXT"))
    console = Console(stderr=True)
    try:
        refused_name = check_name(file.name)
        if refused_name is not None:
            raise refused_name
        with console.status(checking(file)):
            checked, outcome = check_file(file, NumberRules.of(type_), template, limits=upload_limits())
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error
    kept = ("rows", "accepted", "invalid", "duplicate", "unfit", "unusual", "repaired", "reasons")
    if as_json:
        show_json({name: outcome[name] for name in kept})
    else:
        _show_check(checked, outcome)
    if outcome["accepted"] == 0:
        from sendmill.domain.recipients import announce

        raise RefusedError(str(announce(checked.counts)))


def checking(file: Path) -> str:
    """What is said while a file is checked; brackets in its name are no markup."""
    from rich.markup import escape

    return f"Checking {escape(plain(file.name))} …"


def _show_check(checked: CheckedFile, outcome: dict[str, Any]) -> None:
    from sendmill.domain.recipients import announce, explain

    notes = {"unusual": "  (accepted, in a range not known)", "repaired": "  (accepted, after repair)"}
    names = ("rows", "accepted", "invalid", "duplicate", "unfit", "unusual", "repaired")
    show_fields({name: f"{outcome[name]:,}{notes.get(name, '')}" for name in names})
    deleted = checked.deleted.head(SHOWN)
    if deleted.is_empty():
        return
    typer.echo(f"\n{announce(checked.counts)}\n")
    show_table(
        ["row", "text", "reason"],
        [
            [row["row"], row["text"], explain(row["reason"], row["detail"] or "")]
            for row in deleted.iter_rows(named=True)
        ],
    )
    if checked.deleted.height > SHOWN:
        typer.echo(f"… and {checked.deleted.height - SHOWN:,} more")


@answers(SentAnswer)
def send(
    file: FILE,
    application: Annotated[str, typer.Option(help="Name of the application.")],
    template: Annotated[str, typer.Option(help="Name of the template.")],
    signature: Annotated[str | None, typer.Option(help="Name of the signature (mainland).")] = None,
    at: Annotated[
        str | None, typer.Option(help="When to send, in the account's time zone: 2026-05-01T09:30.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Task name; the file's name otherwise.")] = None,
    account: ACCOUNT = None,
    as_: AS = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every recipient has a result.")] = False,
    as_json: AS_JSON = False,
) -> None:
    """Check a number file and send it: creates a task, as the console would."""
    member = act(account, as_)
    need_worker()
    if wait:
        need_sender()
    task = create_task(
        member, file, application=application, template=template, signature=signature, at=at, name=name
    )
    if wait:
        try:
            wait_until_completed(task, progress=not as_json)
        except KeyboardInterrupt:
            note(f"The task goes on; look with: sendmill task show {task.pk}")
            raise typer.Exit(INTERRUPTED) from None
    outcome = outcome_of(task)
    if as_json:
        show_json({"task": task.pk, "status": task.status} | outcome)
        return
    typer.echo(f"Task {task.pk}: {outcome['accepted']:,} numbers, {task.status}.")
    if wait:
        typer.echo(f"{outcome['successful']:,} successful, {outcome['failed']:,} failed.")


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
    from sendmill.cli.doctor import look_at_senders

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
) -> Task:
    """Check a file and confirm it at once, as `OK` in the console does. Raises RefusedError."""
    from rich.console import Console

    from sendmill.catalog.selection import select
    from sendmill.tasks.drafts import confirm, create_draft
    from sendmill.tasks.models import DraftState

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
        with console.status(checking(file)):
            while draft.state == DraftState.CHECKING:
                time.sleep(POLL)
                draft.refresh_from_db()
        if draft.state == DraftState.REFUSED:
            refusal = draft.refusal or {}
            raise RefusedError(refusal.get("message", "Refused.") % refusal.get("parameters", {}))
        return confirm(draft, member)
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
    status = "Paused" if task.paused else str(task.get_status_display())
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
    }


@answers(WrittenAnswer)
def results(
    task: Annotated[int, typer.Argument(help="Number of the task.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="An .xlsx or .csv file to write.")],
    failed: Annotated[
        bool, typer.Option("--failed", help="Failed numbers only; the file can be sent again as it is.")
    ] = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Write what became of a task's recipients to a file."""
    kind = output.suffix.removeprefix(".").lower()
    if kind not in ("xlsx", "csv"):
        raise RefusedError(f"{output.name} must end in .xlsx or .csv.")
    chosen, member = find_task(task, account, as_)
    from rich.console import Console

    from sendmill.tasks.exports import all_results, failed_numbers

    unfinished = output.with_name(f".{output.name}.part")
    try:
        with Console(stderr=True).status("Writing …"):
            download = (failed_numbers if failed else all_results)(chosen, member, kind)  # type: ignore[arg-type]
            with download.file, unfinished.open("wb") as target:
                shutil.copyfileobj(download.file, target)
        unfinished.replace(output)
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    counted = counters_of(chosen)
    numbers = counted.failed if failed else chosen.accepted
    if as_json:
        show_json({"task": task, "numbers": numbers, "file": str(output)})
    else:
        typer.echo(f"{numbers:,} numbers written to {output}.")
