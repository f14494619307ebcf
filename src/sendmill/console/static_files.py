"""Addresses of the console's own files: they change with the file, so browsers may keep what they have."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class Versioned(StaticFilesStorage):
    """Adds a short hash of the file to its address; a new version is loaded at once, an old one never again."""

    def url(self, name: str | None) -> str:
        """The address of a file, with its version."""
        address: str = super().url(name)
        version = version_of(name or "")
        return f"{address}?{version}" if version else address


@cache
def version_of(name: str) -> str:
    """A short hash of what the file holds when it is first asked for; empty when there is none."""
    path = finders.find(name)
    return sha256(Path(path).read_bytes()).hexdigest()[:8] if path else ""
