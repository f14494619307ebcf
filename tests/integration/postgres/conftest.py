"""Embedded servers of one test's own, in folders of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sendmill.postgres.embedded import folders
from sendmill.postgres.embedded.postmaster import processes_of
from sendmill.postgres.embedded.server import Embedded

Maker = Callable[..., Embedded]


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty data folder that the server's user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="sm-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make(place: Path) -> Iterator[Maker]:
    """Makes servers on ``place``; whatever still runs there is stopped at the end."""
    made: list[Embedded] = []

    def maker(data_dir: Path = place, **options: Any) -> Embedded:
        made.append(Embedded(data_dir, **{"durable": False, "dies_with_parent": True, **options}))
        return made[-1]

    yield maker
    for server in made:
        server.stop()
    for server in made:
        assert processes_of(cluster(server)) == []


def cluster(server: Embedded) -> Path:
    return folders.Folders.below(server.data_dir).cluster
