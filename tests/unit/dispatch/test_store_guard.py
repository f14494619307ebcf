"""A connection is compared with what was noted before it was asked, not with what lanes note meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sendmill.dispatch.store_guard import StoreChangedError, StoreGuard
from sendmill.message_store.marks.surroundings import Surroundings

BORN = datetime(2026, 1, 1, tzinfo=UTC)


class Store:
    """A connection whose store holds some marks; `meanwhile` happens before it answers."""

    postmaster = None

    def __init__(self, counts: dict[str, int], meanwhile: Any = lambda: None) -> None:
        self._counts, self._meanwhile = counts, meanwhile

    async def execute(self, *_: object) -> Any:
        self._meanwhile()
        return self

    async def fetchone(self) -> tuple[datetime, dict[str, int]]:
        return BORN, self._counts


@pytest.fixture
def guard(tmp_path: Path) -> StoreGuard:
    guard = StoreGuard(Surroundings((tmp_path,), None))
    guard._postmaster = BORN
    guard.notes.noted[guard.notes.run, 1] = 10
    return guard


async def test_a_mark_noted_while_the_store_answers_does_not_make_it_older(guard: StoreGuard) -> None:
    def note_more() -> None:
        guard.notes.noted[guard.notes.run, 1] = 11

    assert await guard.admit(Store({"1": 10}, note_more)) == BORN  # type: ignore[arg-type]
    assert guard.open


async def test_a_store_that_lacks_what_was_noted_before_is_not_admitted(guard: StoreGuard) -> None:
    with pytest.raises(StoreChangedError):
        await guard.admit(Store({"1": 9}))  # type: ignore[arg-type]
    assert not guard.open
