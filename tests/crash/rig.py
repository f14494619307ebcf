"""Real processes, killed at random moments: senders, the worker, the console and PostgreSQL by kill -9;
connections cut, or dead without a word; imports and downloads killed in the middle.

What is promised, and checked by `tests.crash.verdict` and `tests.crash.money` when all has come to rest:

- nothing is sent twice;
- what the carrier accepted is in the database, with a result or Uncertain;
- what the database says was submitted, the carrier accepted;
- every result is what the carrier says became of that message, and not of another with its id or its number: one of
  the carriers counts its ids anew all the time, and both repeat their reports;
- every final report that the carrier got acknowledged settled its message, or is kept as an orphan;
- the counters add up, and no chunk is left behind;
- an OK makes one task, with all of its numbers; an ordered download is made, whole;
- what is charged is what was sent, and the ledger adds up.

What is Uncertain after a kill -9 of a sender is at most one window of 500 for each of its binds: the lanes of
a bind share that window, so the intents that they have committed never cover more. It is an upper bound of
what had left: messages of an intent that still waited for room in the carrier's own window were never
written, but the database cannot know. A report settles an Uncertain message of one part through its number;
a long one stays Uncertain until somebody decides. `Rig.uncertain_by_recovery` tells what was measured, before
reports settled anything.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.conninfo import make_conninfo
from tests.crash.breakages import ALWAYS, FAILOVER_SECONDS, MOODS, Breakages
from tests.crash.console import Browser
from tests.crash.money import compare_orders, wait_until_charged
from tests.crash.person import Person
from tests.crash.verdict import Verdict, compare
from tests.rig.processes import (
    Program,
    SenderProcess,
    SimulatorProcess,
    WebProcess,
    WorkerProcess,
    environment,
)
from tests.rig.proxy import Proxy
from tests.rig.store import CHINESE, LONG, SHORT, Account, add_task

from sendmill.dispatch.bind import LANES
from sendmill.dispatch.rate_limiter import LARGEST_BATCH
from sendmill.postgres.embedded.folders import SUPERUSER
from sendmill.postgres.embedded.server import Embedded

FIRST_NUMBER = 12020000000
PATIENCE = 240.0
REPEATED = 0.4  # share of tasks that go to the numbers of another one
PLENTY = 6_000  # messages that wait, below which another task is added
SIZES = range(1_500, 9_000)  # numbers in a file of the person's

# The worker makes every download. (Carriers are known to be dead sooner than in the field: `furnish`.)
SETTINGS = {
    "SENDMILL_DIRECT_DOWNLOAD_ROWS": "0",
    "SENDMILL_FAILOVER_SECONDS": str(FAILOVER_SECONDS),
}

# (content, parts, kind of application) of tasks that are written straight into the store
TEXTS = [
    (SHORT, 1, "international"),
    (SHORT, 1, "international"),
    (LONG, 3, "international"),
    (CHINESE, 1, "mainland"),
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
    """A server, carriers behind lines, senders that share their binds (of the first carrier, one for each),
    workers, consoles, and a person, in `folder`; all choices come from `seed`."""

    def __init__(
        self,
        folder: Path,
        seed: int,
        say: Callable[[str], None] = lambda line: None,
        *,
        senders: int = 2,
        workers: int = 1,
        consoles: int = 1,
        carriers: int = 2,
        sizes: range = SIZES,
    ) -> None:
        self.folder, self.seed, self.say = folder, seed, say
        self._counts, self._carriers = (senders, workers, consoles), carriers
        self._sizes = sizes
        self._chance = random.Random(seed)
        self._next_number = FIRST_NUMBER
        self._stack = ExitStack()
        self.server = Embedded(folder / "data", dies_with_parent=True)
        self.dsn = self.server.dsn
        self.breakages = Breakages(self, self._chance)
        self.tasks = self.repeated = 0
        self._sent: dict[int, range] = {}
        self.simulators: list[SimulatorProcess] = []
        self.proxies: list[Proxy] = []
        self.senders: list[SenderProcess] = []
        self.workers: list[WorkerProcess] = []
        self.consoles: list[WebProcess] = []
        self.person: Person
        self.account: Account
        self.carriers: list[int] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self.server.stop)
            self.dsn = self.server.start()
            self._commit_asynchronously()
            for number in range(1, self._carriers + 1):
                journal = self.folder / f"journal{number}"
                always = self._always(number - 1)
                simulator = SimulatorProcess(journal, seed=self.seed, faults=always, first_id=number * 10**12)
                self.simulators.append(stack.enter_context(simulator))
                self.proxies.append(stack.enter_context(Proxy(simulator.port)))
            stock = self._furnish()
            self.carriers = stock["carriers"]
            chosen = stock["international"]
            self.account = Account(stock["account"], chosen["application"], chosen["template"])
            self._make_programs()
            for program in self.programs:
                stack.callback(program.kill)
            # Like a load balancer that does not look: a request may meet a dead console, and is made again.
            ports = cycle([console.port for console in self.consoles])
            browser = Browser(lambda: next(ports), stock["username"], stock["password"])
            self.person = Person(browser, self.dsn, stock, self.seed, self._sizes)
            self._stack = stack.pop_all()
        return self

    def _commit_asynchronously(self) -> None:
        """Let the server forget its last commits when it is killed, unless a session asks for more."""
        with psycopg.connect(make_conninfo(self.dsn, user=SUPERUSER), autocommit=True) as conn:
            conn.execute("ALTER SYSTEM SET synchronous_commit = off")
            conn.execute("ALTER ROLE sendmill SET synchronous_commit = off")
            conn.execute("SELECT pg_reload_conf()")

    def _make_programs(self) -> None:
        def logs(name: str, count: int) -> list[Path]:
            return [self.folder / f"{name}{number}.log" for number in range(1, count + 1)]

        place = (self.dsn, self.folder / "data")
        senders, workers, consoles = self._counts
        self.senders = [SenderProcess(*place, log, **SETTINGS) for log in logs("sender", senders)]
        self.workers = [WorkerProcess(*place, log, **SETTINGS) for log in logs("worker", workers)]
        self.consoles = [WebProcess(*place, log, **SETTINGS) for log in logs("console", consoles)]

    def _furnish(self) -> dict[str, Any]:
        """Tables, an account, and what it sends with: what `tests.crash.furnish` printed."""
        ports = [str(proxy.port) for proxy in self.proxies]
        done = subprocess.run(
            [sys.executable, "-m", "tests.crash.furnish", str(self._counts[0]), *ports],
            env=environment(self.dsn, self.folder / "data"),
            check=True,
            capture_output=True,
            text=True,
        )
        stock: dict[str, Any] = json.loads(done.stdout)
        return stock

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.person.stop.set()
        self._stack.close()

    @property
    def programs(self) -> list[Program]:
        """Everything of ours that runs and is killed."""
        return [*self.senders, *self.workers, *self.consoles]

    # -- a run -------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start everything, and the person as soon as a console answers."""
        for program in self.programs:
            program.start()
        self.person.wait_for_console()
        self.person.start()

    def run(self, seconds: float) -> None:
        """Send, and break something every moment, for so many seconds; then let everything come to rest."""
        self.begin()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for program in self.programs:
                program.start()
            self.feed()
            for number, simulator in enumerate(self.simulators):
                simulator.tell(faults=self._always(number) | self._chance.choice(MOODS))
            self._wait(self._chance.uniform(0.5, 4.0), end)
            self.breakages.next()
            self._wait(self._chance.uniform(0.0, 1.0), end)
        self.rest()

    @staticmethod
    def _always(number: int) -> dict[str, Any]:
        """What a carrier is like, whatever its mood."""
        return ALWAYS[number % len(ALWAYS)]

    def _wait(self, seconds: float, end: float) -> None:
        time.sleep(max(0.0, min(seconds, end - time.monotonic())))

    def feed(self) -> None:
        """Add a task when little is left to send."""
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            row = conn.execute("SELECT count(*) FROM message WHERE submitted_at IS NULL").fetchone()
            assert row is not None
            if row[0] < PLENTY:
                content, parts, kind = self._chance.choice(TEXTS)
                numbers = self._choose_numbers(conn, self._chance.randint(2_000, 9_000) // parts)
                signature = "Mill" if kind == "mainland" else None
                via = self._chance.sample(self.carriers, len(self.carriers))
                task = add_task(
                    conn,
                    self.account,
                    via[0],
                    numbers,
                    content=content,
                    parts=parts,
                    priority=self._chance.randint(1, 3),
                    application_type=kind,
                    signature=signature,
                    via=via if len(via) > 1 else (),
                    source=f"Mill {self.tasks}",
                )
                self._sent[task] = numbers
                self.tasks += 1

    def _choose_numbers(self, conn: psycopg.Connection[tuple[Any, ...]], count: int) -> range:
        """So many new numbers, or those of a task that has all its reports: the sender address tells them apart."""
        if self._chance.random() < REPEATED:
            known = conn.execute(
                "SELECT task_id FROM tally WHERE task_id = ANY(%s) GROUP BY task_id "
                "HAVING sum(messages - successful - failed) = 0 ORDER BY task_id",
                (list(self._sent),),
            ).fetchall()
            if known:
                self.repeated += 1
                return self._sent[self._chance.choice(known)[0]]
        numbers = range(self._next_number, self._next_number + count)
        self._next_number += count
        return numbers

    # -- the end -----------------------------------------------------------------------------------------

    def rest(self) -> None:
        """Everything up and well behaved, until nothing is left to be sent, settled or acknowledged.

        Senders that waited long for a carrier are started anew, or the end would wait for their back-off.
        """
        for number, simulator in enumerate(self.simulators):
            simulator.tell(faults=self._always(number))
        for sender in self.senders:
            sender.kill()
        for program in self.programs:
            program.start()
        self.say("waiting for the person")
        self.person.stop.set()
        self.person.join(PATIENCE)
        assert not self.person.is_alive(), "the person waits for ever"
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is left to be sent, settled or acknowledged.

        How long that takes grows with what the kills left to be reported again; what counts is that it goes on.
        """
        self.say("waiting for rest")
        deadline, seen = time.monotonic() + PATIENCE, self._state()
        while not self._at_rest():
            if (state := self._state()) != seen:
                deadline, seen = time.monotonic() + PATIENCE, state
            assert time.monotonic() < deadline, f"no rest: {state}"
            for program in self.programs:
                assert program.running, f"{program.name} ended by itself with status {program.exit_status}"
            time.sleep(0.3)

    def _at_rest(self) -> bool:
        imports, chunks, sending, due, _ = self._state()
        nothing_left = imports == chunks == sending == due == 0
        return nothing_left and not any(
            simulator.tell(statistics=True)["pending"] for simulator in self.simulators
        )

    def _state(self) -> tuple[Any, ...]:
        """Imports not done, chunks not done, messages sending, orphans not yet tried, what is uncertain."""
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            row = conn.execute(
                "SELECT (SELECT count(*) FROM task WHERE import_state <> 'imported'), "
                "(SELECT count(*) FROM chunk WHERE state <> 2), "
                "(SELECT sum(messages - successful - failed - uncertain - not_sent) FROM tally), "
                "(SELECT count(*) FROM orphan WHERE retry_at IS NOT NULL AND tries = 0), "
                "(SELECT sum(uncertain) FROM tally)"
            ).fetchone()
        assert row is not None
        return row

    def verdict(self) -> Verdict:
        """Compare the carrier's journal with the database, let the person close what is uncertain, add the
        money up, and look at what the senders logged."""
        # What two carriers took is twice as bad as what one took twice.
        journal = self.folder / "journal"
        journal.write_bytes(b"".join(simulator.journal.read_bytes() for simulator in self.simulators))
        verdict = compare(self.dsn, journal)
        for chunks, uncertain in self.uncertain_by_recovery:
            if uncertain > chunks * (LARGEST_BATCH // LANES):
                verdict.problems.append(f"{uncertain} messages of {chunks} windows became uncertain")
        verdict.problems += self.person.problems
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            # Killed, frozen, cut off: none of it makes the store older than what was sent.
            held = conn.execute("SELECT kind, parameters::text FROM hold").fetchall()
        verdict.problems += [f"held without a reason: {kind} {parameters}" for kind, parameters in held]
        self.say("waiting for the charges")
        wait_until_charged(self.dsn, self.person, PATIENCE)
        verdict.problems += compare_orders(self.dsn, self.person)
        checked = subprocess.run(
            [sys.executable, "-m", "sendmill", "balance", "check"],
            env=environment(self.dsn, self.folder / "data"),
            capture_output=True,
            text=True,
        )
        if checked.returncode:
            verdict.problems.append(checked.stderr)
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

    def moved(self) -> int:
        """Chunks that went from one carrier to another."""
        with psycopg.connect(self.dsn) as conn:
            row = conn.execute("SELECT count(*) FROM moved_chunk").fetchone()
        return row[0] if row else 0

    def describe(self) -> dict[str, Any]:
        """What was done to the poor thing, and the most that one kill left Uncertain."""
        recovered = [uncertain for _, uncertain in self.uncertain_by_recovery]
        return {
            "seed": self.seed,
            "tasks": self.tasks,
            "tasks_with_numbers_of_others": self.repeated,
            "tasks_of_the_person": len(self.person.orders),
            "answers_lost": self.person.lost,
            "sender_kills": sum(sender.kills for sender in self.senders),
            "worker_kills": sum(worker.kills for worker in self.workers),
            "console_kills": sum(console.kills for console in self.consoles),
            "server_kills": self.breakages.server_kills,
            "killed_in_the_middle": self.breakages.aimed,
            "cuts": self.breakages.cuts,
            "lines_gone_dark": self.breakages.darkened,
            "chunks_moved": self.moved(),
            "recoveries": len(recovered),
            "uncertain_at_most": max(recovered, default=0),
            "uncertain_in_all": sum(recovered),
            "allowed_per_kill_and_bind": LARGEST_BATCH,
        }
