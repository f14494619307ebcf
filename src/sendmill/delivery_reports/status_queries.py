"""Asks carriers what became of Uncertain messages whose id is known (query_sm, SMPP 3.4 §4.8)."""

from __future__ import annotations

import asyncio

import structlog
from psycopg import Error

from sendmill.carriers.message_ids import IdForm, normalise_id
from sendmill.carriers.protocol import Connection
from sendmill.carriers.status_mapping import reported
from sendmill.message_store.engine.report_candidates import ReportToMatch
from sendmill.message_store.engine.report_matching import match
from sendmill.message_store.engine.status_queries import Askable, Position, askable
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.error_kinds import passes
from sendmill.postgres.outages import database

log = structlog.get_logger(__name__)

PAUSE = 30.0  # seconds between rounds
AT_ONCE = 100  # parts asked for in a round
TOGETHER = 10  # questions under way


class StatusQueries:
    """Asks for one carrier over one of its binds. An answer counts as a report does, by the same rules.

    A message whose state is not final, or that the carrier does not know, is asked for again after all others.
    """

    def __init__(self, pool: Pool, faults: FaultLog, carrier_id: int, form: IdForm, link: Connection) -> None:
        self._pool = pool
        self._faults = faults
        self._carrier_id = carrier_id
        self._form = form
        self._link = link
        self._after = Position()
        self.asked = self.settled = 0

    async def run(self) -> None:
        """Ask in rounds. Never returns."""
        while True:
            await asyncio.sleep(PAUSE)
            if self._link.session is None:
                continue
            try:
                await self.ask()
            except Exception as error:
                # The next round asks for the next ones.
                if not (isinstance(error, Error) and passes(error)):
                    self._faults.count("query", error, self._carrier_id)
                elif not database.on:
                    log.warning("queries are tried again", reason=type(error).__name__)

    async def ask(self) -> int:
        """Ask one round; return how many answers settled something."""
        async with self._pool.use() as conn:
            waiting = await askable(conn, self._carrier_id, AT_ONCE, self._after)
        self._after = waiting[-1].position if len(waiting) == AT_ONCE else Position()
        if not waiting:
            return 0
        room = asyncio.Semaphore(TOGETHER)
        answers = await asyncio.gather(*(self._ask_one(one, room) for one in waiting))
        reports = [report for report in answers if report is not None]
        self.asked += len(waiting)
        if not reports:
            return 0
        async with self._pool.use() as conn:
            # Whoever asks what became of such a message wants to read the answer.
            matched = await match(conn, self._carrier_id, reports, keep_all=True)
        self.settled += len(matched)
        log.info(
            "carrier was asked",
            carrier=self._carrier_id,
            asked=len(waiting),
            final=len(reports),
            settled=len(matched),
        )
        return len(matched)

    async def _ask_one(self, one: Askable, room: asyncio.Semaphore) -> ReportToMatch | None:
        async with room:
            session = self._link.session
            if session is None:
                return None
            try:
                answer = await session.query(one.message_id, one.source)
            except ValueError:
                return None
        if answer is None or not answer.final:
            return None
        key = normalise_id(one.message_id, self._form).replace("\n", " ")
        raw = f"query_sm: {answer.stat} err:{answer.error_code:03d} done:{answer.done}"
        return ReportToMatch(key, reported(answer.stat, True), answer.stat, raw, one.number)
