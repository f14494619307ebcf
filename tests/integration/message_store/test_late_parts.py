"""Responses to parts of long messages that came after the part was given up as unknown."""

from __future__ import annotations

import pytest
from tests.rig.handed_over import DELIVERED, NUMBER, Sender, Sent
from tests.rig.store import add_task

from sendmill.message_store.engine.chunks import WindowRecord, claim, intend, record
from sendmill.message_store.engine.report_matching import LateResponse, settle_late


async def long_with_one_unknown(sender: Sender) -> Sent:
    """A message of two parts, the first accepted, the second never answered."""
    task = add_task(sender.rows, sender.account, sender.carrier, [NUMBER], parts=2)
    sent = Sent(sender.conn, sender.rows, sender.carrier, task, sender.owner)
    chunk = await claim(sender.conn, sender.owner, task)
    assert chunk is not None
    assert await intend(sender.conn, chunk, sender.owner, chunk.hi)
    window = WindowRecord(
        chunk.hi,
        [0],
        [1],
        [sent.key(0, 1)],
        None,
        [(0, 1, 0, None), (0, 2, 3, "UNCERTAIN")],
        [(0, 3, "UNCERTAIN")],
        chunk.hi,
    )
    assert await record(sender.conn, chunk, sender.owner, sender.carrier, window)
    return sent


@pytest.mark.parametrize("order", ["report first", "response first"])
async def test_a_late_refusal_of_a_part_fails_its_message(sender: Sender, order: str) -> None:
    sent = await long_with_one_unknown(sender)
    late = LateResponse(sent.task, 0, 2, "", "", 2, "SMPP-0x0000000B")
    if order == "report first":
        await sent.report((sent.key(0, 1), DELIVERED))
    await settle_late(sent.conn, sent.carrier, late)
    if order == "response first":
        await sent.report((sent.key(0, 1), DELIVERED))
    parts = sender.rows.execute(
        "SELECT result FROM part WHERE task_id = %s ORDER BY part", (sent.task,)
    ).fetchall()
    assert parts == [(1,), (2,)]  # everything is known of every part
    assert sent.message()[0] == 2  # "Failed when one is"


async def test_a_late_acceptance_of_the_unknown_part_ends_the_uncertainty(sender: Sender) -> None:
    sent = await long_with_one_unknown(sender)
    late = LateResponse(sent.task, 0, 2, sent.key(0, 2), sent.key(0, 2), 0, None)
    await settle_late(sent.conn, sent.carrier, late)
    parts = sender.rows.execute(
        "SELECT result FROM part WHERE task_id = %s ORDER BY part", (sent.task,)
    ).fetchall()
    assert parts == [(0,), (0,)]  # both accepted for certain
    assert sent.message()[0] == 0  # so that it expires as any other when no report comes
