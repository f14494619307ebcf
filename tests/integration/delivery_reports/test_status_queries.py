"""Which Uncertain messages a carrier is asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.rig.handed_over import NUMBER, Sender

from sendmill.delivery_reports.status_queries import AT_ONCE, StatusQueries
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool


async def test_those_the_carrier_does_not_know_do_not_keep_others_from_being_asked_for(
    sender: Sender, pool: Pool, faults: FaultLog
) -> None:
    count = AT_ONCE + 1
    sent = await sender.send(range(NUMBER, NUMBER + count))
    # Responses came and the connection was lost: Uncertain, ids known. The last one was submitted last.
    sender.rows.execute("UPDATE message SET result = 3, code = 'UNCERTAIN' WHERE task_id = %s", (sent.task,))
    sender.rows.execute(
        "UPDATE message SET submitted_at = submitted_at - interval '1 s' WHERE task_id = %s AND seq < %s",
        (sent.task, AT_ONCE),
    )
    sender.rows.execute("UPDATE tally SET uncertain = %s WHERE task_id = %s", (count, sent.task))
    asked: set[str] = set()

    class Session:
        async def query(self, identifier: str, source: str) -> Any:
            asked.add(identifier)
            if identifier == sent.key(AT_ONCE):
                return SimpleNamespace(final=True, stat="DELIVRD", error_code=0, done="")
            return None  # forgotten there: a carrier keeps what it knows for a day or two

    queries = StatusQueries(pool, faults, sender.carrier, "as_is", SimpleNamespace(session=Session()))  # type: ignore[arg-type]
    for _ in range(5):
        await queries.ask()
    assert sent.key(AT_ONCE) in asked
