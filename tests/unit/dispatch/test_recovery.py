"""When a lease counts as abandoned."""

from __future__ import annotations

from typing import Any

import pytest

from sendmill.dispatch import recovery
from sendmill.dispatch.recovery import Recovery
from sendmill.message_store.engine.chunks import Lease

CONN: Any = None
ONE, OTHER = Lease(1, 0, 1), Lease(1, 1, 1)


class Counts:
    """In place of the faults of a sender."""

    def __init__(self) -> None:
        self.tasks: list[object] = []

    def count(self, part: str, error: BaseException, carrier_id: int = 0, **about: object) -> None:
        self.tasks.append(about["task"])


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[set[Lease]]:
    """What was recovered, one entry a statement; both leases are abandoned in the store."""
    ended: list[set[Lease]] = []

    async def abandoned(conn: Any, owner: int, held: Any) -> set[Lease]:
        return {ONE, OTHER} - set(held)

    async def nothing(*_: Any) -> dict[Lease, set[int]]:
        return {}

    async def recover(conn: Any, leases: Any, written: Any) -> tuple[int, int]:
        ended.append(set(leases))
        return len(leases), 0

    monkeypatch.setattr(recovery, "abandoned", abandoned)
    monkeypatch.setattr(recovery, "recover", recover)
    monkeypatch.setattr(recovery, "written_messages", nothing)
    monkeypatch.setattr(recovery, "remove_unneeded", nothing)
    return ended


async def test_two_looks_in_a_hurry_are_one(ended: list[set[Lease]]) -> None:
    """Looks come when something is told, too: after a restart of the database senders need a moment for their locks."""
    now = 0.0
    counts: Any = Counts()
    looks = Recovery(counts, 1.8, lambda: now)
    for _ in range(5):
        await looks.look(CONN, 1, {OTHER})
    assert ended == []
    now = 2.0
    await looks.look(CONN, 1, set())
    assert ended == [{ONE}], "the other one is seen for the first time"
    now = 4.0
    await looks.look(CONN, 1, {ONE})
    assert ended == [{ONE}, {OTHER}]


async def test_a_lease_that_cannot_be_ended_keeps_no_other_one_from_it(
    ended: list[set[Lease]], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = recovery.recover

    async def recover(conn: Any, leases: Any, written: Any) -> tuple[int, int]:
        if ONE in leases:
            raise ValueError
        return await real(conn, leases, written)

    monkeypatch.setattr(recovery, "recover", recover)
    counts: Any = Counts()
    looks = Recovery(counts)
    await looks.look(CONN, 1, set())
    await looks.look(CONN, 1, set())
    assert ended == [{OTHER}]
    assert counts.tasks == [ONE.task_id]
