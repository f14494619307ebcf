"""`sendmill task`: what was sent, what waits, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.lookup import find_task
from sendmill.cli.output import YES, make_sure, note
from sendmill.domain.task_life import TaskStatus
from sendmill.schemas.deleted import DeletedSchema
from sendmill.schemas.task import SettledSchema, TaskSchema

if TYPE_CHECKING:
    from sendmill.tasks.models import Task

app = typer.Typer(help="Tasks are batch sends; `sendmill send` creates one.", no_args_is_help=True)
KEY = Annotated[int, typer.Argument(metavar="TASK", help="Number of the task.", show_default=False)]
COUNTERS = ("accepted", "successful", "failed", "sending", "uncertain", "waiting", "not_sent")


@app.command("list")
@tells(TaskSchema, many=True)
def list_tasks(
    caller: Caller,
    name: Annotated[str, typer.Option(help="Part of the name.")] = "",
    status: Annotated[TaskStatus | None, typer.Option(help="Only with this status.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=1000)] = 50,
    below: Annotated[int | None, typer.Option(help="Only older ones than this task: the next page.")] = None,
) -> None:
    """List tasks, newest first."""
    member = caller.member
    from sendmill.accounts.permissions import visible
    from sendmill.catalog.listing import page
    from sendmill.tasks.models import Task

    rows = Task.objects.select_related("application", "signature", "template").order_by("-id")
    rows = visible(rows, member)
    rows = rows.filter(name__icontains=name) if name else rows
    rows = rows.filter(status=status.value) if status is not None else rows
    shown, following = page(rows, below, limit)
    caller.tell_rows(
        _answers(shown),
        {
            "id": "id",
            "name": "name",
            "status": _status,
            "template": "template",
            "numbers": lambda row: f"{row.accepted:,}",
            **{name.replace("_", " "): _counter(name) for name in COUNTERS[1:]},
            "scheduled": "scheduled_at",
            "created": "created_at",
        },
        none="No task fits."
        if name or status or below
        else "There is no task yet: see `sendmill send --help`.",
    )
    if following is not None:
        note(f"There are more: add --below {following}")


@app.command()
@tells(TaskSchema)
def show(caller: Caller, task: KEY) -> None:
    """Show a task with its counters; what became of each number is in `sendmill results`."""
    found, _ = find_task(caller, task)
    (answer,) = _answers([found])
    counted = {name: getattr(answer, name) for name in (*COUNTERS, "invalid", "duplicate", "unfit")}
    times = {
        "created": answer.created_at,
        "scheduled": answer.scheduled_at,
        "started": answer.started_at,
        "ended": answer.ended_at,
    }
    caller.tell(
        answer,
        {
            "id": found.pk,
            "name": found.name,
            "status": _status(answer),
            **({"waits for": answer.waits_because} if answer.waits_because else {}),
            **({"reason": found.reason} if found.reason and not answer.waits_because else {}),
            "application": answer.application,
            **({"signature": answer.signature} if answer.signature else {}),
            "template": answer.template,
            **{name.replace("_", " "): f"{value:,}" for name, value in counted.items()},
            "parts": f"{answer.parts:,}",
            **{name: at for name, at in times.items() if at},
        },
    )


@app.command()
@tells(TaskSchema)
def cancel(caller: Caller, task: KEY) -> None:
    """Cancel a pending task, while at least 5 minutes (SENDMILL_CANCEL_MINUTES) remain."""
    _move(caller, task, "cancel", "was canceled")


@app.command()
@tells(TaskSchema)
def pause(caller: Caller, task: KEY) -> None:
    """Pause an executing task: what is not sent yet waits."""
    _move(caller, task, "pause", "is paused")


@app.command()
@tells(TaskSchema)
def resume(caller: Caller, task: KEY) -> None:
    """Let a paused task send on."""
    _move(caller, task, "resume", "goes on")


@app.command()
@tells(TaskSchema)
def release(caller: Caller, task: KEY) -> None:
    """Let a task go on over a carrier that took nothing of it: see what it waits for in `task show`."""
    _move(caller, task, "release", "goes on: the carrier is tried again")


@app.command()
@tells(TaskSchema)
def end(caller: Caller, task: KEY, yes: YES = False) -> None:
    """End a task that stands still: what was not handed over is not sent, for good, and not charged.

    It stands still while it is paused, outside its hours, when its messages cannot be made, or while no carrier
    takes anything of it. What was handed over goes on, and the task is completed when the results of that are known.
    """
    found, _ = find_task(caller, task)
    make_sure(f"End the task {found.pk} “{found.name}”? What waits of it is never sent.", yes)
    _move(caller, task, "end", "was ended: nothing more of it is sent")


@app.command()
@tells(DeletedSchema)
def delete(caller: Caller, task: KEY, yes: YES = False) -> None:
    """Delete a canceled task with its numbers and files."""
    found, member = find_task(caller, task)
    from sendmill.tasks import lifecycle

    make_sure(f"Delete the task {found.pk} “{found.name}” with its numbers?", yes)
    lifecycle.delete(found, member)
    caller.tell(DeletedSchema(deleted=task, name=found.name), f"Task {task} “{found.name}” was deleted.")


class As(StrEnum):
    """What becomes of uncertain messages."""

    FAILED = "failed"
    RESEND = "resend"


@app.command()
@tells(SettledSchema)
def settle(
    caller: Caller,
    task: KEY,
    as_what: Annotated[
        As, typer.Argument(metavar="failed|resend", help="What becomes of them.", show_default=False)
    ],
    number: Annotated[
        str, typer.Option(help="Only those with these digits in their number; with + its first ones.")
    ] = "",
    yes: YES = False,
) -> None:
    """Decide about a task's uncertain messages: let them fail, or send them again.

    What is sent again may arrive twice.
    """
    found, member = find_task(caller, task)
    from sendmill.tasks import uncertain

    which = f"the uncertain messages with “{number}” in their number" if number else "all uncertain messages"
    done = "count as failed" if as_what is As.FAILED else "are sent again, and may arrive twice"
    question = "count as failed" if as_what is As.FAILED else "be sent again, and perhaps arrive twice"
    make_sure(f"Shall {which} of the task {found.pk} “{found.name}” {question}?", yes)
    choice: uncertain.Choice = "failed" if as_what is As.FAILED else "resend"
    count = uncertain.settle(found, None, choice, member, number=number)
    caller.tell(SettledSchema(task=task, settled=count, choice=as_what.value), f"{count:,} messages {done}.")


def _move(caller: Caller, key: int, step: str, became: str) -> None:
    found, member = find_task(caller, key)
    from sendmill.tasks import lifecycle
    from sendmill.tasks.breaker_release import release_breakers

    steps = {
        "cancel": lifecycle.cancel,
        "pause": lifecycle.pause,
        "resume": lifecycle.resume,
        "end": lifecycle.end,
        "release": release_breakers,
    }
    moved = steps[step](found, member)
    (answer,) = _answers([moved])
    caller.tell(answer, f"Task {moved.pk} “{moved.name}” {became}.")


def _answers(rows: Sequence[Task]) -> list[TaskSchema]:
    from django.utils import translation

    from sendmill.console.diagnosis import explain
    from sendmill.tasks.diagnosis import waits
    from sendmill.tasks.results import counters

    counted = counters(rows)
    waiting = waits(rows, counted)
    with translation.override("en"):
        because = {key: explain(wait) for key, wait in waiting.items()}
    return [TaskSchema.of(row, counted[row.pk], waiting.get(row.pk), because.get(row.pk, "")) for row in rows]


def _counter(name: str) -> Callable[[TaskSchema], str]:
    return lambda row: f"{getattr(row, name):,}"


def _status(row: TaskSchema) -> str:
    held = "ending" if row.ending else "paused" if row.paused else ""
    return f"{row.status}, {held}" if held else row.status
