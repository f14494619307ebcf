"""What `sendmill backup verify --deep` asks of a restored database: do all counters and all money add up?

A process of its own, because Django works with one database: `python -m sendmill.cli.deep_verify` prints a
JSON array of sentences about what does not, for the database that DATABASE_URL names.
"""

from __future__ import annotations

import json

import typer

from sendmill.cli.startup import prepare


def contradictions() -> list[str]:
    """Everything in the store that contradicts something else."""
    from sendmill.billing.ledger import discrepancies
    from sendmill.domain.task_life import ImportState
    from sendmill.message_store.queries import reconciliation
    from sendmill.tasks.models import Task
    from sendmill.tasks.results import span

    found = [f"Money: {one}." for one in discrepancies()]
    for task in Task.objects.filter(import_state=ImportState.IMPORTED).order_by("pk").iterator():
        counted = reconciliation.messages(task.pk)
        if counted == 0:
            continue  # its messages were too old to be kept
        differing = reconciliation.mismatches(task.pk, span(task))
        if differing:
            found.append(f"Task {task.pk}: {len(differing)} counter(s) differ from the messages.")
        elif counted != task.accepted:
            found.append(f"Task {task.pk}: {task.accepted} numbers were accepted and {counted} are there.")
    return found


if __name__ == "__main__":
    prepare("cli", quiet=True)
    typer.echo(json.dumps(contradictions()))
