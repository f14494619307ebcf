"""A note that a carrier is out does not outlive its cause, whichever sender left it."""

from __future__ import annotations

import pytest
from tests.rig.handed_over import NUMBER, Sender
from tests.rig.store import add_carrier, add_task

from sendmill.dispatch.failover import Failover
from sendmill.domain.breaker import Cause, Trip
from sendmill.message_store.engine.breakers import trip

SECONDS = 60  # for which a carrier may be without a bind


def noted(sender: Sender) -> list[str]:
    found = sender.rows.execute("SELECT reason FROM carrier_out WHERE carrier_id = %s", (sender.carrier,))
    return [reason for (reason,) in found.fetchall()]


def leave_note(sender: Sender, reason: str = "down") -> None:
    """What a sender wrote that was killed since."""
    sender.rows.execute(
        "INSERT INTO carrier_out (carrier_id, reason) VALUES (%s, %s)", (sender.carrier, reason)
    )


def bound(sender: Sender) -> None:
    sender.rows.execute(
        "INSERT INTO bind_state (carrier_id, slot, owner, state) VALUES (%s, 0, %s, 'bound')",
        (sender.carrier, sender.owner),
    )


@pytest.fixture
def routed(sender: Sender) -> int:
    return add_task(sender.rows, sender.account, sender.carrier, [NUMBER], via=[sender.carrier])


@pytest.fixture(autouse=True)
def _nothing_routed(sender: Sender) -> None:
    sender.rows.execute("UPDATE task SET status = 'completed'")
    sender.rows.execute("DELETE FROM carrier_out")


async def test_it_ends_with_the_last_task_that_may_be_moved(sender: Sender) -> None:
    leave_note(sender)
    await Failover(SECONDS, 200).look(sender.conn)
    assert noted(sender) == []


@pytest.mark.usefixtures("routed")
@pytest.mark.parametrize("reason", ["down", "failing"])
async def test_it_ends_when_the_carrier_is_well_again(sender: Sender, reason: str) -> None:
    leave_note(sender, reason)
    bound(sender)
    await Failover(SECONDS, 200).look(sender.conn)  # a sender that has just begun
    assert noted(sender) == []


@pytest.mark.usefixtures("routed")
@pytest.mark.parametrize("change", ["enabled = false", "draining = true"])
async def test_it_ends_when_the_carrier_is_switched_off_or_drained(sender: Sender, change: str) -> None:
    leave_note(sender)
    sender.rows.execute(f"UPDATE carrier SET {change} WHERE id = %s", (sender.carrier,))
    await Failover(SECONDS, 200).look(sender.conn)
    assert noted(sender) == []


async def test_it_ends_when_the_carrier_is_deleted(sender: Sender, routed: int) -> None:
    leave_note(sender)
    sender.rows.execute("DELETE FROM task WHERE id = %s", (routed,))
    sender.rows.execute("DELETE FROM carrier WHERE id = %s", (sender.carrier,))
    await Failover(SECONDS, 200).look(sender.conn)
    assert noted(sender) == []


@pytest.mark.usefixtures("routed")
async def test_a_sender_that_has_not_watched_for_long_enough_leaves_it(sender: Sender) -> None:
    now = 0.0
    failover = Failover(SECONDS, 200, lambda: now)
    leave_note(sender)
    await failover.look(sender.conn)
    assert noted(sender) == ["down"]
    now = SECONDS + 1.0
    await failover.look(sender.conn)
    assert noted(sender) == ["down"]
    bound(sender)
    await failover.look(sender.conn)
    assert noted(sender) == []


async def test_a_carrier_that_takes_nothing_of_a_task_is_passed_over_for_that_task_alone(
    sender: Sender,
) -> None:
    second = add_carrier(sender.rows, sender.account, port=2999)
    via = [sender.carrier, second]
    refused = add_task(sender.rows, sender.account, sender.carrier, [NUMBER], via=via)
    other = add_task(sender.rows, sender.account, sender.carrier, [NUMBER], via=via)
    await trip(sender.conn, refused, sender.carrier, Trip(Cause.PAUSE, 0x040B, 1), "", 60.0)
    await Failover(SECONDS, 200).look(sender.conn)
    carriers = sender.rows.execute(
        "SELECT task_id, carrier_id FROM chunk WHERE task_id = ANY(%s) ORDER BY task_id", ([refused, other],)
    ).fetchall()
    assert carriers == [(refused, second), (other, sender.carrier)]
    why = sender.rows.execute("SELECT reason FROM moved_chunk WHERE task_id = %s", (refused,)).fetchall()
    assert why == [("refusing",)]
    # Both refuse it: it stays where it is.
    await trip(sender.conn, refused, second, Trip(Cause.PAUSE, 0x040B, 1), "", 60.0)
    await Failover(SECONDS, 200).look(sender.conn)
    moved = sender.rows.execute("SELECT count(*) FROM moved_chunk WHERE task_id = %s", (refused,)).fetchone()
    assert moved == (1,)
