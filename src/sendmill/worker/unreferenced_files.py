"""Removes files that no row names: a process was killed after it wrote the file, or after it deleted the row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from sendmill.tasks import stored_files
from sendmill.tasks.models import Draft, Export

YOUNG = timedelta(days=1)  # the row of a younger file may still be about to be written
MOST = 10_000  # files in one run


def remove_unreferenced() -> int:
    """Remove files of drafts and downloads that no row names and that are over a day old; return how many."""
    before = timezone.now() - YOUNG
    found = list(islice((name for name in _unreferenced() if _is_older(name, before)), MOST))
    stored_files.remove(*found)
    return len(found)


def _unreferenced() -> Iterator[str]:
    named = Draft.objects.exclude(file="", accepted_file="", deleted_file="", written_file="")
    keys = set(named.values_list("key", flat=True))
    for folder in stored_files.listed("drafts")[0]:
        if (key := _key(folder)) and key not in keys:
            yield from (f"drafts/{folder}/{name}" for name in stored_files.listed(f"drafts/{folder}")[1])
    keys = set(Export.objects.values_list("key", flat=True))
    for name in stored_files.listed("exports")[1]:
        if (key := _key(name)) and key not in keys:
            yield f"exports/{name}"


def _is_older(name: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < moment
    except FileNotFoundError:
        return False  # removed meanwhile


def _key(name: str) -> UUID | None:
    """Return the key at the beginning of the name of a file; None when it is not one of ours."""
    try:
        return UUID(name[:36])
    except ValueError:
        return None
