"""A carrier that takes nothing of a task, as a sender writes it into the store."""

from __future__ import annotations

from tests.rig.moved_clock import BRIDGE, run

from sendmill.domain.breaker import Cause, Trip
from sendmill.message_store.engine.breakers import probe_accepted, take_probe, trip
from sendmill.message_store.engine.chunks import Chunk, claim
from sendmill.tasks.models import Task

NO_CREDIT = 0x040B


def refuse(task: Task, *, status: int = NO_CREDIT, words: str = "", wait: float = 60.0) -> None:
    """The breaker of a task on its carrier trips."""
    run(trip(BRIDGE, task.pk, task.carrier_id or 0, Trip(Cause.PAUSE, status, 1), words, wait))


def lease(task: Task, owner: int = 4711) -> Chunk:
    """A chunk of a task, as a sender claims it."""
    found = run(claim(BRIDGE, owner, task.pk, task.carrier_id))
    assert found is not None
    return found


def probe(task: Task, chunk: Chunk) -> tuple[int, int] | None:
    """What a sender gets that wants to send the probe: the status, and how many have failed."""
    return run(take_probe(BRIDGE, chunk, task.carrier_id or 0))


def accept_probe(task: Task, chunk: Chunk) -> None:
    """The carrier accepts the probe."""
    run(probe_accepted(BRIDGE, chunk, task.carrier_id or 0))
