"""Real processes, killed at random moments: senders and PostgreSQL by kill -9, connections cut.

What is promised, and checked by `tests.crash.verdict` when all has come to rest:

- nothing is sent twice;
- what the carrier accepted is in the database, with a result or Uncertain;
- what the database says was submitted, the carrier accepted;
- every final report that the carrier got acknowledged settled its message, or is kept as an orphan;
- the counters add up, and no chunk is left behind.

What is Uncertain after a kill -9 of a sender is at most one window of 500 for each of its binds: the lanes of
a bind share that window, so the intents that they have committed never cover more. It is an upper bound of
what had left: messages of an intent that still waited for room in the carrier's own window were never
written, but the database cannot know. A report settles an Uncertain message of one part through its number;
a long one stays Uncertain until somebody decides. `Rig.uncertain_by_recovery` tells what was measured, before
reports settled anything.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from tests.crash.verdict import Verdict, compare
from tests.rig.databases import migrate
from tests.rig.processes import SenderProcess, SimulatorProcess
from tests.rig.store import CHINESE, LONG, SHORT, Account, add_account, add_carrier, add_task

from sendmill.dispatch.bind import LANES
from sendmill.dispatch.pacing import LARGEST_WINDOW
from sendmill.storage.postgres import Embedded

FIRST_NUMBER = 12020000000
PATIENCE = 180.0
PLENTY = 6_000  # messages that wait, below which another task is added

# (content, parts, kind of application)
TEXTS = [
    (SHORT, 1, "international"),
    (SHORT, 1, "international"),
    (LONG, 3, "international"),
    (CHINESE, 1, "mainland"),
]

# What the carrier is like, for a while. Responses are only dropped in long runs: they take 30 s each.
MOODS: list[dict[str, Any]] = [
    {},
    {"report_delay": [0.0, 1.0], "failure_rate": 0.1},
    {"report_before_response": True, "duplicate_reports": 0.2},
    {"throttle_rate": 3000.0},
    {"report_delay": [0.1, 2.0], "reorder_reports": True, "report_on_another_bind": True},
    {"response_delay": [0.0, 0.2], "intermediate_reports": 0.3, "refuse_rate": 0.02},
    {"receipt": "text", "odd_receipts": 0.5, "split_writes": 1400},
]


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder of a run's own, removed at the end.

    As root the server runs as a system user, who must be able to enter the folder.
    """
    with tempfile.TemporaryDirectory(prefix="sendmill-crash-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "data").mkdir(mode=0o755)
        yield folder


class Rig:
    """A server, a carrier with two binds, and two senders, in `folder`; all choices come from `seed`."""

    def __init__(self, folder: Path, seed: int, say: Callable[[str], None] = lambda line: None) -> None:
        self.folder, self.seed, self._say = folder, seed, say
        self._chance = random.Random(seed)
        self._next_number = FIRST_NUMBER
        self._stack = ExitStack()
        self.server = Embedded(folder / "data", dies_with_parent=True)
        self.dsn = self.server.dsn
        self.server_kills = self.cuts = self.tasks = 0
        self.simulator: SimulatorProcess
        self.senders: list[SenderProcess] = []
        self.account: Account
        self.carrier = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self.server.stop)
            self.dsn = self.server.start()
            migrate(self.dsn)
            self.simulator = stack.enter_context(
                SimulatorProcess(self.folder / "journal", seed=self.seed, faults=MOODS[0])
            )
            with psycopg.connect(self.dsn, autocommit=True) as conn:
                self.account = add_account(conn, "Crash")
                self.carrier = add_carrier(conn, self.account, port=self.simulator.port, binds=2)
            for number in (1, 2):
                sender = SenderProcess(self.dsn, self.folder / "data", self.folder / f"sender{number}.log")
                stack.callback(sender.kill)
                self.senders.append(sender)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # -- a run -------------------------------------------------------------------------------------------

    def run(self, seconds: float, *, drop_responses: bool = False) -> None:
        """Send, and break something every moment, for so many seconds; then let everything come to rest."""
        end = time.monotonic() + seconds
        moods = [*MOODS, {"drop_responses": 0.0005}] if drop_responses else MOODS
        actions: list[Callable[[], None]] = [
            self.kill_sender,
            self.kill_sender,
            self.kill_sender,
            self.kill_server,
            self.cut,
            self.cut,
            self.take_carrier_down,
            self.freeze_sender,
            self.kill_all,
        ]
        while time.monotonic() < end:
            for sender in self.senders:
                sender.start()
            self.feed()
            self.simulator.tell(faults=self._chance.choice(moods))
            self._wait(self._chance.uniform(0.5, 4.0), end)
            self._chance.choice(actions)()
            self._wait(self._chance.uniform(0.0, 1.0), end)
        self.rest()

    def _wait(self, seconds: float, end: float) -> None:
        time.sleep(max(0.0, min(seconds, end - time.monotonic())))

    def feed(self) -> None:
        """Add a task when little is left to send."""
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            row = conn.execute("SELECT count(*) FROM message WHERE submitted_at IS NULL").fetchone()
            assert row is not None
            if row[0] < PLENTY:
                content, parts, kind = self._chance.choice(TEXTS)
                count = self._chance.randint(2_000, 9_000) // parts
                numbers = range(self._next_number, self._next_number + count)
                self._next_number += count
                signature = "Mill" if kind == "mainland" else None
                add_task(
                    conn,
                    self.account,
                    self.carrier,
                    numbers,
                    content=content,
                    parts=parts,
                    priority=self._chance.randint(1, 3),
                    application_type=kind,
                    signature=signature,
                )
                self.tasks += 1

    # -- what breaks -------------------------------------------------------------------------------------

    def kill_sender(self) -> None:
        sender = self._chance.choice(self.senders)
        self._say("kill -9 of a sender")
        sender.kill()

    def kill_server(self) -> None:
        """kill -9 of the postmaster; its children end by themselves, some of them after a last commit."""
        pid = self.server.status().pid
        assert pid is not None
        self._say("kill -9 of PostgreSQL")
        self.server_kills += 1
        os.kill(pid, signal.SIGKILL)
        time.sleep(self._chance.uniform(0.0, 1.5))
        self.server.start()

    def kill_all(self) -> None:
        for sender in self.senders:
            sender.kill()
        self.kill_server()

    def cut(self) -> None:
        self._say("connections cut")
        self.cuts += 1
        self.simulator.tell(disconnect=True)

    def take_carrier_down(self) -> None:
        self._say("carrier down")
        self.cuts += 1
        self.simulator.tell(down=True)
        time.sleep(self._chance.uniform(0.2, 2.0))
        self.simulator.tell(down=False)

    def freeze_sender(self) -> None:
        sender = self._chance.choice(self.senders)
        self._say("a sender frozen")
        sender.freeze(True)
        time.sleep(self._chance.uniform(0.5, 3.0))
        sender.freeze(False)

    # -- the end -----------------------------------------------------------------------------------------

    def rest(self) -> None:
        """Everything up and well behaved, until nothing is left to be sent, settled or acknowledged.

        Senders that waited long for a carrier are started anew, or the end would wait for their back-off.
        """
        self.simulator.tell(faults={})
        for sender in self.senders:
            sender.kill()
            sender.start()
        self._say("waiting for rest")
        deadline = time.monotonic() + PATIENCE
        while not self._at_rest():
            assert time.monotonic() < deadline, f"no rest: {self._state()}"
            for sender in self.senders:
                assert sender.running, f"a sender ended by itself with status {sender.exit_status}"
            time.sleep(0.3)

    def _at_rest(self) -> bool:
        chunks, sending, due, _ = self._state()
        return chunks == sending == due == 0 and self.simulator.tell(statistics=True)["pending"] == 0

    def _state(self) -> tuple[Any, ...]:
        """Chunks not done, messages sending, orphans not yet tried, and what is uncertain."""
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            row = conn.execute(
                "SELECT (SELECT count(*) FROM chunk WHERE state <> 2), "
                "(SELECT sum(messages - successful - failed - uncertain) FROM tally), "
                "(SELECT count(*) FROM orphan WHERE retry_at IS NOT NULL AND tries = 0), "
                "(SELECT sum(uncertain) FROM tally)"
            ).fetchone()
        assert row is not None
        return row

    def verdict(self) -> Verdict:
        """Compare the carrier's journal with the database, and look at what the senders logged."""
        verdict = compare(self.dsn, self.simulator.journal)
        for chunks, uncertain in self.uncertain_by_recovery:
            if uncertain > chunks * (LARGEST_WINDOW // LANES):
                verdict.problems.append(f"{uncertain} messages of {chunks} windows became uncertain")
        errors = {
            event["event"]
            for sender in self.senders
            for event in sender.events()
            if event.get("level") in ("error", "critical")
        }
        verdict.problems.extend(sorted(errors))
        return verdict

    @property
    def uncertain_by_recovery(self) -> list[tuple[int, int]]:
        """For each recovery: chunks that were freed, and messages that became Uncertain."""
        return [
            (event["chunks"], event["uncertain"])
            for sender in self.senders
            for event in sender.events()
            if event.get("event") == "recovered abandoned chunks"
        ]

    def describe(self) -> dict[str, Any]:
        """What was done to the poor thing, and the most that one kill left Uncertain."""
        kills = sum(sender.kills for sender in self.senders)
        recovered = [uncertain for _, uncertain in self.uncertain_by_recovery]
        return {
            "seed": self.seed,
            "tasks": self.tasks,
            "sender_kills": kills,
            "server_kills": self.server_kills,
            "cuts": self.cuts,
            "recoveries": len(recovered),
            "uncertain_at_most": max(recovered, default=0),
            "uncertain_in_all": sum(recovered),
            "allowed_per_kill_and_bind": LARGEST_WINDOW,
        }
