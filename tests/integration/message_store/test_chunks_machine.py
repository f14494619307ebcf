"""Whatever senders do and in whatever order they die, nothing is sent twice, nothing is forgotten, and the books
are right after every step."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.rig.store import Account, add_task, check_books

from sendmill.dispatch.recovery import Recovery
from sendmill.message_store.engine.batches import BatchRecord, intend, record
from sendmill.message_store.engine.chunks import (
    Chunk,
    Recipient,
    claim,
    recipients,
    release,
)
from sendmill.message_store.engine.report_matching import ReportToMatch, match
from sendmill.message_store.fault_log import FaultLog
from sendmill.message_store.sender_locks import register
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.connections import Connection, connect

ACCEPTED, REFUSED, UNKNOWN, HELD_BACK = "accepted", "refused", "unknown", "held back"


def window_record(
    chunk: Chunk, window: Sequence[Recipient], fates: Sequence[str], batch_hi: int
) -> BatchRecord:
    """What a lane writes of a window whose messages met `fates`."""
    accepted = [one.seq for one, fate in zip(window, fates, strict=True) if fate == ACCEPTED]
    held_back = [one.seq for one, fate in zip(window, fates, strict=True) if fate == HELD_BACK]
    results: list[tuple[int, int, str | None]] = [
        (one.seq, 2 if fate == REFUSED else 3, "SMPP-0x0000000B" if fate == REFUSED else "UNCERTAIN")
        for one, fate in zip(window, fates, strict=True)
        if fate in (REFUSED, UNKNOWN)
    ]
    ids = [f"{chunk.task_id}-{seq}" for seq in accepted]
    next_seq = min(held_back, default=batch_hi)
    return BatchRecord(next_seq, accepted, [0] * len(accepted), ids, None, [], results)


@dataclass
class Work:
    """A lease that a sender believes to have, and its open window."""

    chunk: Chunk
    window: list[Recipient] | None = None
    batch_hi: int = 0
    left: int = 0


class SenderModel:
    """One sender: its control connection with the lock, one lane, and what it is working on."""

    def __init__(self, address: str) -> None:
        self.control: Connection
        self.lane: Connection
        self.id = 0
        self.work: Work | None = None
        self.recovery = Recovery(FaultLog(Pool(address, "faults", 2)))

    async def start(self, address: str) -> None:
        self.control, self.lane = await connect(address, "control"), await connect(address, "lane")
        self.id = await register(self.control, "here", 1, uuid4())

    async def end(self) -> None:
        await self.control.close()
        await self.lane.close()


class Sending(RuleBasedStateMachine):
    """Two senders on one task. `left` counts for each message how often its bytes left for the carrier."""

    address: str
    account: Account
    carrier: int
    runner: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        # A task of an earlier run would be looked at too, when the dead are looked for.
        self.rows = psycopg.connect(self.address, autocommit=True)
        self.rows.execute("UPDATE task SET status = 'canceled'")
        self.task = add_task(self.rows, self.account, self.carrier, range(120200, 120214), chunk_size=6)
        self.left: Counter[int] = Counter()
        self.told: dict[int, str] = {}
        self.zombies: list[tuple[SenderModel, Work]] = []
        self.senders = [SenderModel(self.address), SenderModel(self.address)]
        for sender in self.senders:
            self.run(sender.start(self.address))

    def run(self, step: Any) -> Any:
        return self.runner.run(step)

    @rule(which=st.integers(0, 1))
    def claim(self, which: int) -> None:
        sender = self.senders[which]
        if sender.work is None:
            chunk = self.run(claim(sender.lane, sender.id, self.task))
            sender.work = Work(chunk) if chunk else None

    @rule(which=st.integers(0, 1))
    def lose_the_answer_to_a_claim(self, which: int) -> None:
        self.run(claim(self.senders[which].lane, self.senders[which].id, self.task))

    @rule(which=st.integers(0, 1), size=st.integers(1, 4), leaving=st.integers(0, 4))
    def open_window(self, which: int, size: int, leaving: int) -> None:
        sender = self.senders[which]
        work = sender.work
        if work is None or work.window is not None:
            return
        waiting = self.run(recipients(sender.lane, work.chunk))
        window, behind = waiting[:size], waiting[size:]
        batch_hi = behind[0].seq if behind else work.chunk.hi
        if not self.run(intend(sender.lane, work.chunk, sender.id, batch_hi)):
            self.run(release(sender.lane, work.chunk, sender.id))
            sender.work = None
            return
        work.window, work.batch_hi, work.left = window, batch_hi, min(leaving, len(window))
        for one in window[: work.left]:
            self.left[one.seq] += 1

    @rule(which=st.integers(0, 1), data=st.data(), twice=st.booleans())
    def record(self, which: int, data: st.DataObject, twice: bool) -> None:
        sender = self.senders[which]
        work = sender.work
        if work is None or work.window is None:
            return
        answered = data.draw(st.lists(st.sampled_from([ACCEPTED, REFUSED, UNKNOWN]), min_size=4, max_size=4))
        fates = [answered[at] if at < work.left else HELD_BACK for at in range(len(work.window))]
        written = window_record(work.chunk, work.window, fates, work.batch_hi)
        if self.run(record(sender.lane, work.chunk, sender.id, self.carrier, written)):
            self.told |= {
                one.seq: fate for one, fate in zip(work.window, fates, strict=True) if fate != HELD_BACK
            }
            if twice:
                assert not self.run(record(sender.lane, work.chunk, sender.id, self.carrier, written))
            # A lane goes on in the same chunk; a new look at what waits is the same thing.
            work.chunk = work.chunk._replace(next_seq=written.next_seq)
            work.window = None
            if written.next_seq >= work.chunk.hi:
                sender.work = None
        else:
            sender.work = None

    @rule(which=st.integers(0, 1))
    def release(self, which: int) -> None:
        sender = self.senders[which]
        if sender.work is not None and sender.work.window is None:
            self.run(release(sender.lane, sender.work.chunk, sender.id))
            sender.work = None

    @rule(which=st.integers(0, 1))
    def die(self, which: int) -> None:
        self.run(self.senders[which].end())
        self.replace(which)

    def replace(self, which: int) -> None:
        """A new sender, once the server has noticed that the old one's connection is gone."""
        lock = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
        while self.rows.execute(lock, (self.senders[which].id,)).fetchall():
            time.sleep(0.001)
        self.senders[which] = SenderModel(self.address)
        self.run(self.senders[which].start(self.address))

    @rule(which=st.integers(0, 1))
    def lose_the_lock_but_live(self, which: int) -> None:
        """What others take for dead may go on and write: the fence has to stop it."""
        sender = self.senders[which]
        self.run(sender.control.close())
        if sender.work is not None:
            self.zombies.append((sender, sender.work))
        else:
            self.run(sender.lane.close())
        self.replace(which)

    @precondition(lambda self: self.zombies)
    @rule()
    def zombie_writes(self) -> None:
        sender, work = self.zombies.pop()
        if work.window is None:
            size = min(2, work.chunk.hi - work.chunk.next_seq)
            if self.run(intend(sender.lane, work.chunk, sender.id, work.chunk.next_seq + size)):
                self.run(release(sender.lane, work.chunk, sender.id))
        else:
            fates = [UNKNOWN if at < work.left else HELD_BACK for at in range(len(work.window))]
            written = window_record(work.chunk, work.window, fates, work.batch_hi)
            if self.run(record(sender.lane, work.chunk, sender.id, self.carrier, written)):
                self.run(release(sender.lane, work.chunk, sender.id))
        self.run(sender.lane.close())

    @rule(which=st.integers(0, 1), looks=st.integers(1, 3))
    def look_for_the_dead(self, which: int, looks: int) -> None:
        sender = self.senders[which]
        held = {sender.work.chunk.lease} if sender.work else set()
        for _ in range(looks):
            self.run(sender.recovery.look(sender.control, sender.id, held))

    @rule(paused=st.booleans())
    def pause(self, paused: bool) -> None:
        self.rows.execute("UPDATE task SET paused = %s WHERE id = %s", (paused, self.task))

    @rule(seq=st.integers(0, 13), result=st.sampled_from([None, 1, 2]))
    def report(self, seq: int, result: int | None) -> None:
        seq = seq // 6 * 1000 + seq % 6
        code = {None: "ENROUTE", 1: "DELIVRD", 2: "UNDELIV"}[result]
        receipt = ReportToMatch(f"{self.task}-{seq}", result, code)
        places = self.run(match(self.senders[0].control, self.carrier, [receipt]))
        assert places == ({0} if self.told.get(seq) == ACCEPTED else set())

    @invariant()
    def books_are_right(self) -> None:
        check_books(self.rows, self.task)

    @invariant()
    def nothing_left_twice(self) -> None:
        assert not [seq for seq, times in self.left.items() if times > 1]

    @invariant()
    def what_left_is_known_or_in_an_open_window(self) -> None:
        unknown = self.rows.execute(
            "SELECT m.seq FROM message m WHERE task_id = %s AND submitted_at IS NULL AND NOT EXISTS ("
            "SELECT FROM chunk c "
            "WHERE c.task_id = m.task_id AND m.seq >= c.next_seq AND m.seq < c.batch_hi)",
            (self.task,),
        ).fetchall()
        assert not {seq for (seq,) in unknown} & set(self.left)

    def teardown(self) -> None:
        try:
            self.finish()
        finally:
            for sender in [*self.senders, *(zombie for zombie, _ in self.zombies)]:
                self.run(sender.end())
            self.rows.close()

    def finish(self) -> None:
        """Whatever happened: with one sender that goes on, every message ends with a result or was sent."""
        self.pause(paused=False)
        self.die(1)
        self.senders[0].work = None
        self.look_for_the_dead(0, 2)
        while True:
            self.claim(0)
            work = self.senders[0].work
            if work is None:
                break
            self.open_window(0, 100, 100)
            if work.window is None:
                continue
            fates = [ACCEPTED] * len(work.window)
            written = window_record(work.chunk, work.window, fates, work.batch_hi)
            assert self.run(
                record(self.senders[0].lane, work.chunk, self.senders[0].id, self.carrier, written)
            )
            self.senders[0].work = None
        books = check_books(self.rows, self.task)
        assert books.submitted == books.messages == 14
        assert not self.rows.execute(
            "SELECT FROM chunk WHERE task_id = %s AND state <> 2", (self.task,)
        ).fetchall()
        self.nothing_left_twice()


def test_nothing_is_sent_twice_or_forgotten_whatever_happens(
    store_url: str, account: Account, carrier: int
) -> None:
    with asyncio.Runner() as runner:
        machine = type(
            "Sending",
            (Sending,),
            {"address": store_url, "account": account, "carrier": carrier, "runner": runner},
        )
        run_state_machine_as_test(
            machine,
            settings=settings(
                phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
                max_examples=25,
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
