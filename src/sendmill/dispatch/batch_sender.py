"""One lane of a bind: claims one chunk after another and has each sent.

Each of the steps takes a connection of the process's pool and gives it back before the carrier is waited for.
"""

from __future__ import annotations

import asyncio

import structlog
from psycopg import Error

from sendmill.dispatch.bind_context import BindContext
from sendmill.dispatch.breakers import SOON
from sendmill.dispatch.chunk_sender import ChunkSender
from sendmill.dispatch.compiled_task import UnsendableError, tell_unsendable
from sendmill.dispatch.fair_queue import ClaimError
from sendmill.dispatch.intents import AGAIN, Intents
from sendmill.dispatch.store_guard import StoreChangedError
from sendmill.message_store.engine.chunks import Chunk, recipients, release
from sendmill.postgres.error_kinds import passes
from sendmill.postgres.outages import database

log = structlog.get_logger(__name__)

UNEXAMINED = 0.1  # seconds between looks whether the store was examined
AT_A_TIME = 200  # chunks of a lane that are not done: all but one wait for answers only


class BatchSender:
    """Sends chunks until `stopping` is set; survives the loss of the carrier and of the database.

    A chunk is sent by a task of its own, which goes on when the lane turns to the next: answers may take seconds.
    After an unforeseen error the task is set aside. Its chunk is left to the recovery, like that of a sender that
    died: what is open becomes Uncertain, and the rest is sent when the task goes on.
    """

    def __init__(self, context: BindContext, name: str) -> None:
        self._context = context
        self._name = name
        self._intents = Intents(context, name)
        self._chunks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until `stopping` is set: claim a chunk and send it. Ends when no chunk is being sent any more."""
        try:
            while not self._context.stopping.is_set():
                try:
                    await self._turn()
                    database.back(self._name)
                except StoreChangedError:
                    await asyncio.sleep(UNEXAMINED)
                except Error as error:
                    if not passes(error):
                        raise
                    database.lost(self._name, error)
                    await asyncio.sleep(AGAIN)
            await asyncio.gather(*self._chunks)
        finally:
            for task in self._chunks:
                task.cancel()
            await asyncio.gather(*self._chunks, return_exceptions=True)
            database.forget(self._name)

    async def _turn(self) -> None:
        context = self._context
        for task in [one for one in self._chunks if one.done()]:
            self._chunks.discard(task)
            await task  # raises what nobody foresaw
        if not context.guard.open:
            await asyncio.sleep(UNEXAMINED)
            return
        if context.link.session is None:
            await self._rest()  # until it is bound, too
            return
        if len(self._chunks) >= AT_A_TIME:
            await asyncio.wait(self._chunks, return_when=asyncio.FIRST_COMPLETED)
            return
        try:
            chunk = await context.fair_queue.next_chunk(context.pool)
        except ClaimError as error:
            await self._set_aside(error.task_id, error.__cause__ or error)
            return
        if chunk is None:
            await self._rest()
            return
        # Whatever ends the work on a chunk, a lost database too: a lease that is held no longer and still
        # stands in the database is one that the recovery ends.
        context.held.add(chunk.lease)
        passed_on = asyncio.Event()
        task = asyncio.create_task(self._send(chunk, passed_on))
        self._chunks.add(task)
        try:
            await passed_on.wait()
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def _rest(self) -> None:
        """Wait until there may be something to send, or a chunk is done."""
        if not self._context.stopping.is_set():
            await self._context.work.news()

    async def _send(self, chunk: Chunk, passed_on: asyncio.Event) -> None:
        """Send one chunk; `passed_on` is set when the lane may turn to the next."""
        context = self._context
        try:
            async with self._intents.store() as conn:
                text = await context.compiled_tasks.of(conn, chunk.task_id)
                waiting = await recipients(conn, chunk)
            probe = await context.breakers.take_probe(chunk) if chunk.tripped else None
            if chunk.tripped and probe is None:
                context.fair_queue.set_aside(chunk.task_id, SOON)
                await self._intents.release(chunk)
                return
            await ChunkSender(context, self._intents, chunk, text, waiting, passed_on, probe).run()
        except UnsendableError as error:
            log.error("task cannot be sent", task=chunk.task_id, reason=str(error))
            context.fair_queue.set_aside(chunk.task_id)
            async with context.pool.use() as conn:
                await tell_unsendable(conn, chunk.task_id)
                await release(conn, chunk, context.owner)
        except StoreChangedError:
            await asyncio.sleep(UNEXAMINED)
        except Exception as error:
            if not passes(error):
                await self._set_aside(chunk.task_id, error)
                return
            database.lost(self._name, error)
            await asyncio.sleep(AGAIN)
        finally:
            context.held.discard(chunk.lease)
            passed_on.set()

    async def _set_aside(self, task_id: int, error: BaseException) -> None:
        """Stop sending a task after a fault: in this process at once, in all processes through the store."""
        self._context.fair_queue.set_aside(task_id)
        await self._context.faults.of_task(error, task_id, self._context.carrier_id)
