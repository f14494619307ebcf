"""Which reports are kept as they came."""

from __future__ import annotations

from tests.rig.handed_over import DELIVERED, ENROUTE, NUMBER, UNDELIVERABLE, Sender


async def test_only_reports_with_a_history_are_kept(sender: Sender) -> None:
    sent = await sender.send([NUMBER, NUMBER + 1, NUMBER + 2])
    await sent.told(
        (sent.key(0), DELIVERED, "a"),
        (sent.key(1), ENROUTE, "b"),
        (sent.key(2), UNDELIVERABLE, "c"),
    )
    await sent.told((sent.key(1), DELIVERED, "d"), (sent.key(2), UNDELIVERABLE, "c"))
    assert sent.kept() == [(2, 0, "UNDELIV", "c")]
    await sent.told((sent.key(2), DELIVERED, "late"))
    assert sent.kept() == [(2, 0, "UNDELIV", "c"), (2, 0, "DELIVRD", "late")]
    assert sent.message(2) == (1, "DELIVRD")


async def test_reports_of_parts_are_kept_by_part(sender: Sender) -> None:
    sent = await sender.send([NUMBER], parts=2)
    await sent.told((sent.key(0, 1), DELIVERED, "one"), (sent.key(0, 2), UNDELIVERABLE, "two"))
    assert sent.kept() == [(0, 2, "UNDELIV", "two")]
    await sent.told((sent.key(0, 2), DELIVERED, "late"))
    assert sent.kept() == [(0, 2, "UNDELIV", "two"), (0, 2, "DELIVRD", "late")]


async def test_a_report_that_settles_an_uncertain_message_is_kept(sender: Sender) -> None:
    sent = await sender.send([NUMBER + 77], unknown=True)
    await sent.orphan("lost", NUMBER + 77, DELIVERED)
    assert await sent.retry() == 1
    assert sent.kept() == [(0, 0, "DELIVRD", "raw")]
