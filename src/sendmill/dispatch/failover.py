"""Fail-over: waiting chunks of routed tasks are moved from carriers that are out to the next carrier of the route."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import structlog

from sendmill.domain.routing import is_failing
from sendmill.message_store.engine.failover import Standing, any_routed, move, note_out, standings
from sendmill.postgres.connections import Connection

log = structlog.get_logger(__name__)

PERIOD = 300.0  # seconds of which the failure rate is compared with the usual one

RESTING, DOWN, FAILING, REFUSING = "resting", "down", "failing", "refusing"


class Failover:
    """Looks at the carriers once a call.

    A sender that has just begun calls no carrier down: it has not watched for long enough.
    """

    def __init__(self, seconds: int, messages: int, now: Callable[[], float] = monotonic) -> None:
        """A carrier is down when it was not bound for `seconds`, and failing after `messages` results at least."""
        self._seconds, self._messages = seconds, messages
        self._now = now
        self._began = now()

    async def look(self, conn: Connection) -> None:
        """Move the waiting chunks of routed tasks away from carriers that are out, or take nothing of their task.

        A note that a carrier is out ends with its cause, also one that an earlier sender left behind: when the
        carrier takes messages again, is switched off or gone, or when no task may be moved any more.
        """
        routed, noted, tripped = await any_routed(conn)
        if not routed:
            if noted:
                await note_out(conn, {})
            return
        watched = self._now() - self._began >= self._seconds
        found = await standings(conn, self._seconds, PERIOD)
        out = {
            one.carrier_id: reason
            for one in found
            if (reason := why_out(one, self._messages, watched=watched))
        }
        said = {key: reason for key, reason in out.items() if reason != RESTING}
        unsure = () if watched else [one.carrier_id for one in found if one.takes and not one.bound]
        if said or noted:
            await note_out(conn, said, unsure)
        if not (out or tripped):
            return
        for moved in await move(conn, out):
            log.warning(
                "chunks go over another carrier",
                carrier=moved.from_carrier,
                to=moved.to_carrier,
                chunks=moved.chunks,
                reason=out.get(moved.from_carrier, REFUSING),
            )


def why_out(standing: Standing, least_messages: int, *, watched: bool) -> str | None:
    """Why a carrier takes nothing of routed tasks now: resting (switched off, drained), down, or failing."""
    if not standing.takes:
        return RESTING
    if watched and not standing.bound:
        return DOWN
    if is_failing(standing.lately, standing.usually, least_messages):
        return FAILING
    return None
