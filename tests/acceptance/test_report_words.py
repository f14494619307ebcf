"""Words of carriers in reports: known everywhere, known by the carrier's table, and known to nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from sendmill.simulator.faults import Faults, Outcome, ReceiptForm, State

if TYPE_CHECKING:
    from tests.rig.stage import Stage

Begin = Callable[..., Awaitable["Stage"]]
FIRST = 8613100000000
COUNT = 20
FAILS = {"0007": Outcome(state=State.UNDELIVERABLE)}


async def test_a_word_that_nobody_knows_is_not_final_and_is_counted(begin: Begin) -> None:
    words = {"ACCEPTED": "PARKED", "UNDELIVERABLE": "MBBLINK"}
    stage = await begin(
        Faults(words=words, intermediate_reports=1.0, suffixes=FAILS, receipt=ReceiptForm.TEXT)
    )
    task = stage.add(range(FIRST, FIRST + COUNT))
    async with stage.sender():
        await stage.until(
            lambda: stage.smsc.statistics.acknowledged == 2 * COUNT, "every report acknowledged"
        )
        await stage.until(lambda: stage.books(task).successful == COUNT - 1, "the others delivered")
    assert stage.results(task)[FIRST + 7] == (0, "MBBLINK")
    counted = dict(
        stage.rows.execute(
            "SELECT word, reports FROM report_word WHERE carrier_id = %s ORDER BY 1", (stage.carrier,)
        ).fetchall()
    )
    assert counted["MBBLINK"] == 1
    assert set(counted) <= {"MBBLINK", "PARKED"}
    kept = stage.rows.execute("SELECT code, result FROM report WHERE task_id = %s AND seq = 7", (task,))
    assert ("MBBLINK", None) in kept.fetchall()


async def test_a_carriers_table_says_what_its_words_mean(begin: Begin) -> None:
    words = {"DELIVERED": "OK", "UNDELIVERABLE": "MBBLINK", "EXPIRED": "PARKED"}
    outcomes = FAILS | {"0008": Outcome(state=State.EXPIRED)}
    stage = await begin(
        Faults(words=words, suffixes=outcomes, receipt=ReceiptForm.TEXT),
        report_words="OK=delivered, mbblink=failed, PARKED=not final",
    )
    task = stage.add(range(FIRST, FIRST + COUNT))
    async with stage.sender():
        await stage.finish(successful=COUNT - 2, failed=1)
        await stage.until(lambda: stage.results(task)[FIRST + 8] == (0, "PARKED"), "the parked one")
    assert stage.results(task)[FIRST + 7] == (2, "MBBLINK")
    assert stage.results(task)[FIRST] == (1, "DELIVRD")
    assert stage.rows.execute(
        "SELECT count(*) FROM report_word WHERE carrier_id = %s", (stage.carrier,)
    ).fetchone() == (0,)


async def test_error_codes_say_why_and_win_over_words(begin: Begin) -> None:
    outcomes = FAILS | {"0008": Outcome(state=State.REJECTED)}
    stage = await begin(
        Faults(suffixes=outcomes), report_errors="001=failed: number not in service, 008=delivered"
    )
    task = stage.add(range(FIRST, FIRST + COUNT))
    async with stage.sender():
        await stage.finish(successful=COUNT - 1, failed=1)
    assert stage.results(task)[FIRST + 7] == (2, "001: number not in service")
    assert stage.results(task)[FIRST + 8] == (1, "DELIVRD")
