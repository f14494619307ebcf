"""The number files and drafts that are measured with."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from sendmill.tasks.models import Draft

TEMPLATES = {0: "Maintenance", 1: "Benchmark"}


def make_file(path: Path, rows: int, variables: int) -> None:
    """An XLSX file of valid, different numbers, with a value behind each if wanted; at most 20 million."""
    from sendmill.spreadsheets.writer import write_xlsx

    numbers = pl.int_range(0, rows, eager=True)
    # Singapore mobile numbers: eight digits from 8 or 9 on.
    columns = {"c0": "+65" + (80_000_000 + numbers).cast(pl.String)}
    if variables:
        columns["c1"] = "Guest " + numbers.cast(pl.String)
    frame = pl.DataFrame(columns)
    with path.open("wb") as target:
        write_xlsx(target, ["Number", "Name"][: 1 + variables], frame.iter_slices(50_000))


def make_template() -> None:
    """A template of the demo's international application with one variable."""
    from sendmill.catalog.models import Application, Template
    from sendmill.domain.review import ReviewState

    Template.objects.get_or_create(
        application=Application.objects.get(name="International Demo"),
        name=TEMPLATES[1],
        defaults={
            "account": Application.objects.get(name="International Demo").account,
            "type": "notification",
            "content": "Hello ${TXT_20}, our service pauses for maintenance on Saturday.",
            "state": ReviewState.APPROVED,
            "active": True,
        },
    )


def make_draft(path: Path, variables: int) -> Draft:
    """A draft with this file, as the console makes one; its check is left to the worker."""
    from sendmill.accounts.models import Member
    from sendmill.catalog.models import Application, Template
    from sendmill.tasks.drafts import create_draft

    application = Application.objects.get(name="International Demo")
    member = Member.objects.get(username="demo")
    with path.open("rb") as content:
        return create_draft(
            member,
            name="Benchmark",
            application=application,
            signature=None,
            template=Template.objects.get(application=application, name=TEMPLATES[variables]),
            scheduled_at=None,
            file_name=path.name,
            content=content,
        )


def wait_for_check(draft: Draft) -> None:
    """Until the draft's file was checked; it must have been accepted."""
    while draft.state == "checking":
        time.sleep(0.02)
        draft.refresh_from_db()
    if draft.state != "checked":
        raise RuntimeError(f"the file was refused: {draft.refusal}")
