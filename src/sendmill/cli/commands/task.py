"""`sendmill task`: what was sent, what waits, and what can be done about it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.lookup import find_task
from sendmill.cli.output import AS_JSON, YES, answers, make_sure, note, show_fields, show_json, show_table
from sendmill.cli.schemas import DeletedAnswer, SettledAnswer, TaskAnswer, of_task
from sendmill.domain.task_life import TaskStatus

if TYPE_CHECKING:
    from sendmill.tasks.models import Task

app = typer.Typer(help="Tasks are batch sends; `sendmill send` creates one.", no_args_is_help=True)
KEY = Annotated[int, typer.Argument(metavar="TASK", help="Number of the task.", show_default=False)]


@app.command("list")
@answers(TaskAnswer, many=True)
def list_tasks(
    name: Annotated[str, typer.Option(help="Part of the name.")] = "",
    status: Annotated[TaskStatus | None, typer.Option(help="Only with this status.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=1000)] = 50,
    below: Annotated[int | None, typer.Option(help="Only older ones than this task: the next page.")] = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """List tasks, newest first."""
    member = act(account, as_)
    from sendmill.accounts.permissions import visible
    from sendmill.catalog.listing import page
    from sendmill.tasks.diagnosis import waits
    from sendmill.tasks.models import Task
    from sendmill.tasks.results import counters

    rows = Task.objects.select_related("application", "signature", "template").order_by("-id")
    rows = visible(rows, member)
    rows = rows.filter(name__icontains=name) if name else rows
    rows = rows.filter(status=status.value) if status is not None else rows
    shown, following = page(rows, below, limit)
    counted = counters(shown)
    waiting = waits(shown, counted)
    found = [of_task(row, counted[row.pk], waiting.get(row.pk)) for row in shown]
    if not found:
        note(
            "No task fits."
            if name or status or below
            else "There is no task yet: see `sendmill send --help`."
        )
    if as_json:
        show_json(found)
    elif found:
        show_table(
            ["id", "name", "status", "template", "numbers", "successful", "failed", "sending", "uncertain",
             "waiting", "not sent", "scheduled", "created"],
            [
                [row["id"], row["name"], _status(row), row["template"],
                 *(f"{row[key]:,}" for key in ("accepted", "successful", "failed", "sending", "uncertain",
                                               "waiting", "not_sent")),
                 row["scheduled_at"], row["created_at"]]
                for row in found
            ],
        )  # fmt: skip
    if following is not None:
        note(f"There are more: add --below {following}")


@app.command()
@answers(TaskAnswer)
def show(task: KEY, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Show a task with its counters; what became of each number is in `sendmill results`."""
    found, _ = find_task(task, account, as_)
    if as_json:
        show_json(_answer(found))
        return
    answer = _answer(found)
    counted = {
        key: f"{answer[key]:,}"
        for key in (
            "accepted",
            "successful",
            "failed",
            "sending",
            "uncertain",
            "waiting",
            "not_sent",
            "invalid",
            "duplicate",
            "unfit",
        )
    }
    times = {
        name: answer[key]  # type: ignore[literal-required]
        for name, key in (("created", "created_at"), ("scheduled", "scheduled_at"),
                          ("started", "started_at"), ("ended", "ended_at"))
        if answer[key]  # type: ignore[literal-required]
    }  # fmt: skip
    show_fields(
        {
            "id": found.pk,
            "name": found.name,
            "status": _status(answer),
            **({"waits for": answer["waits_because"]} if answer["waits_because"] else {}),
            **({"reason": found.reason} if found.reason and not answer["waits_because"] else {}),
            "application": answer["application"],
            **({"signature": answer["signature"]} if answer["signature"] else {}),
            "template": answer["template"],
            **{key.replace("_", " "): value for key, value in counted.items()},
            "parts": f"{answer['parts']:,}",
            **times,
        }
    )


@app.command()
@answers(TaskAnswer)
def cancel(task: KEY, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Cancel a pending task, while at least 5 minutes (SENDMILL_CANCEL_MINUTES) remain."""
    _move(task, account, as_, as_json, "cancel", "was canceled")


@app.command()
@answers(TaskAnswer)
def pause(task: KEY, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Hold back what is not sent yet of an executing task."""
    _move(task, account, as_, as_json, "pause", "is paused")


@app.command()
@answers(TaskAnswer)
def resume(task: KEY, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Send on what was held back."""
    _move(task, account, as_, as_json, "resume", "goes on")


@app.command()
@answers(TaskAnswer)
def end(
    task: KEY, yes: YES = False, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """End a task that stands still: what was not handed over is not sent, for good, and not charged.

    It stands still while it is paused, outside its hours, or when its messages cannot be made. What was handed
    over goes on, and the task is completed when the results of that are known.
    """
    found, _ = find_task(task, account, as_)
    make_sure(f"End the task {found.pk} “{found.name}”? What waits of it is never sent.", yes)
    _move(task, account, as_, as_json, "end", "was ended: nothing more of it is sent")


@app.command()
@answers(DeletedAnswer)
def delete(
    task: KEY, yes: YES = False, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Delete a canceled task with its numbers and files."""
    found, member = find_task(task, account, as_)
    from sendmill.tasks import lifecycle

    make_sure(f"Delete the task {found.pk} “{found.name}” with its numbers?", yes)
    lifecycle.delete(found, member)
    answer: DeletedAnswer = {"deleted": task, "name": found.name}
    if as_json:
        show_json(answer)
    else:
        typer.echo(f"Task {task} “{found.name}” was deleted.")


class As(StrEnum):
    """What becomes of uncertain messages."""

    FAILED = "failed"
    RESEND = "resend"


@app.command()
@answers(SettledAnswer)
def settle(
    task: KEY,
    as_what: Annotated[
        As, typer.Argument(metavar="failed|resend", help="What becomes of them.", show_default=False)
    ],
    number: Annotated[
        str, typer.Option(help="Only those with these digits in their number; with + its first ones.")
    ] = "",
    yes: YES = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Decide about a task's uncertain messages: let them fail, or send them again.

    What is sent again may arrive twice.
    """
    found, member = find_task(task, account, as_)
    from sendmill.tasks import uncertain

    which = f"the uncertain messages with “{number}” in their number" if number else "all uncertain messages"
    done = "count as failed" if as_what is As.FAILED else "are sent again, and may arrive twice"
    question = "count as failed" if as_what is As.FAILED else "be sent again, and perhaps arrive twice"
    make_sure(f"Shall {which} of the task {found.pk} “{found.name}” {question}?", yes)
    choice: uncertain.Choice = "failed" if as_what is As.FAILED else "resend"
    count = uncertain.settle(found, None, choice, member, number=number)
    if as_json:
        show_json({"task": task, "settled": count, "choice": as_what.value})
    else:
        typer.echo(f"{count:,} messages {done}.")


def _move(
    key: int,
    account: str | None,
    as_: str | None,
    as_json: bool,
    step: str,
    became: str,
) -> None:
    found, member = find_task(key, account, as_)
    from sendmill.tasks import lifecycle

    steps = {
        "cancel": lifecycle.cancel,
        "pause": lifecycle.pause,
        "resume": lifecycle.resume,
        "end": lifecycle.end,
    }
    moved = steps[step](found, member)
    if as_json:
        show_json(_answer(moved))
    else:
        typer.echo(f"Task {moved.pk} “{moved.name}” {became}.")


def _answer(task: Task) -> TaskAnswer:
    from sendmill.tasks.diagnosis import waits
    from sendmill.tasks.results import counters

    counted = counters([task])
    return of_task(task, counted[task.pk], waits([task], counted).get(task.pk))


def _status(row: TaskAnswer) -> str:
    held = "ending" if row["ending"] else "paused" if row["paused"] else ""
    return f"{row['status']}, {held}" if held else row["status"]
